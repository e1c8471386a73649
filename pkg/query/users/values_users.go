package users

import (
	"context"
	"fmt"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Users are looked up one by one, as offset 0 makes sure: the planner would rather read all of them, which takes long
// where there are many.
const (
	latestUsersSQL = `select u.id, coalesce(u.name, case when %[4]s then u.email end, u.id), null::bigint
  from (select p.user_key, p.last_seen
          from footfall.profiles p
         where not p.anonymous
         order by p.last_seen desc, p.user_key
         limit %[3]s) p
 cross join lateral (select u.* from footfall.users u where u.key = p.user_key offset 0) u
 where %[1]s
 order by p.last_seen desc, p.user_key
 limit %[2]s`
	matchingUsersSQL = `select u.id, coalesce(u.name, case when %[3]s then u.email end, u.id), null::bigint
  from footfall.users u
 cross join lateral (select p.user_key, p.last_seen from footfall.profiles p where p.user_key = u.key offset 0) p
 where u.kind = 'usr' and %[1]s
 order by p.last_seen desc, p.user_key
 limit %[2]s`
)

const (
	latestUsers = 10_000
	// What is found less often than once in so many of the latest users has few enough matches to be read by the index.
	usersPerMatch = 40
)

// users finds them by part of id, name or e-mail, those seen last first: what many have among the latest users, what few
// have by the index among all.
func (q *Values) users(c query.Context, limit int) suggester {
	if !q.isIndexed() {
		return q.usersBy(c, latestUsersSQL, limit, latestUsers)
	}
	latest, matching := q.usersBy(c, latestUsersSQL, limit, usersPerMatch*limit), q.usersBy(c, matchingUsersSQL, limit)
	return func(ctx context.Context, db store.Querier) ([]Suggestion, []store.Statement, error) {
		list, executed, err := latest(ctx, db)
		if err != nil || len(list) == limit {
			return list, executed, err
		}
		list, more, err := matching(ctx, db)
		return list, append(executed, more...), err
	}
}

// usersBy completes a statement by the condition on users and the limits.
func (q *Values) usersBy(c query.Context, sql string, limits ...int) suggester {
	compiler := &filter.Compiler{Params: &store.Params{}}
	var words filter.Node
	if q.Search != "" {
		words = filter.Words{Text: q.Search}
	}
	condition, err := compiler.Users(words)
	parts := []any{condition}
	for _, limit := range limits {
		parts = append(parts, compiler.Params.Add(limit))
	}
	parts = append(parts, compiler.Params.Add(!c.HideEmails)+"::boolean")
	statement := store.Statement{SQL: fmt.Sprintf(sql, parts...), Args: compiler.Params.Values}
	return func(ctx context.Context, db store.Querier) ([]Suggestion, []store.Statement, error) {
		if err != nil {
			return nil, nil, err
		}
		return readSuggestions(ctx, db, statement)
	}
}

// isIndexed: from three letters on an index finds users by their ids, names and e-mails.
func (q *Values) isIndexed() bool { return len([]rune(q.Search)) >= 3 }
