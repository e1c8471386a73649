package query

import (
	"context"
	"fmt"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// cheapToCountSQL tells of what the store has so few that counting them takes no time.
const cheapToCountSQL = `select sessions <= 100000, users + anonymous <= 100000 from footfall.worker`

const (
	countSessionsSQL = `select s.%[1]s, count(*) from footfall.sessions s where s.%[1]s = any (%[2]s::int[]) group by s.%[1]s`
	countUsersSQL    = `select p.%[1]s, count(*) from footfall.profiles p where not p.anonymous and p.%[1]s = any (%[2]s::int[]) group by p.%[1]s`
)

// counted reads ids and values of texts, and counts the sessions or users that have them, if they are not too many.
func counted(a filter.Attribute, texts store.Statement, inWords func(value string) string) suggester {
	return func(ctx context.Context, db store.Querier) ([]Suggestion, []store.Statement, error) {
		list, ids := []Suggestion{}, []int32{}
		var id int32
		var value string
		err := texts.Each(ctx, db, []any{&id, &value}, func() error {
			list, ids = append(list, Suggestion{Value: value, Text: inWords(value)}), append(ids, id)
			return nil
		})
		if err != nil || a.Level == filter.Event || len(ids) == 0 {
			return list, []store.Statement{texts}, err
		}
		counts, executed, err := countTexts(ctx, db, a, ids)
		for i := range list {
			if counts != nil {
				n := counts[ids[i]]
				list[i].Count = &n
			}
		}
		return list, append([]store.Statement{texts}, executed...), err
	}
}

// countTexts counts by id of a text; nil where there are too many to count.
func countTexts(ctx context.Context, db store.Querier, a filter.Attribute, ids []int32) (map[int32]int64, []store.Statement, error) {
	var fewSessions, fewUsers bool
	cheap := store.Statement{SQL: cheapToCountSQL}
	if err := cheap.Each(ctx, db, []any{&fewSessions, &fewUsers}, func() error { return nil }); err != nil {
		return nil, nil, err
	}
	sql, few := countSessionsSQL, fewSessions
	if a.Level == filter.Profile {
		sql, few = countUsersSQL, fewUsers
	}
	if !few {
		return nil, nil, nil
	}
	params := &store.Params{}
	statement := store.Statement{SQL: fmt.Sprintf(sql, a.ID, params.Add(ids)), Args: params.Values}
	counts := map[int32]int64{}
	var id int32
	var n int64
	return counts, []store.Statement{statement}, statement.Each(ctx, db, []any{&id, &n}, func() error {
		counts[id] = n
		return nil
	})
}

// Users are looked up one by one, as offset 0 makes sure: the planner would rather read all of them, which takes long
// where there are many.
const (
	latestUsersSQL = `select u.id, coalesce(u.name, case when %[4]s then u.email end, u.id)
  from (select p.user_key, p.last_seen
          from footfall.profiles p
         where not p.anonymous
         order by p.last_seen desc, p.user_key
         limit %[3]s) p
 cross join lateral (select u.id, u.name, u.email from footfall.users u where u.key = p.user_key offset 0) u
 where %[1]s
 order by p.last_seen desc, p.user_key
 limit %[2]s`
	matchingUsersSQL = `select u.id, coalesce(u.name, case when %[3]s then u.email end, u.id)
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
func (q *Values) users(c Context, limit int) suggester {
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
func (q *Values) usersBy(c Context, sql string, limits ...int) suggester {
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

func readSuggestions(ctx context.Context, db store.Querier, statement store.Statement) ([]Suggestion, []store.Statement, error) {
	list := []Suggestion{}
	var value, text string
	err := statement.Each(ctx, db, []any{&value, &text}, func() error {
		list = append(list, Suggestion{Value: value, Text: text})
		return nil
	})
	return list, []store.Statement{statement}, err
}

// recentSQL looks for values in a bounded number of rows.
const recentSQL = `select value, value
  from (select distinct recent.value
          from (%s) recent
         where footfall.folded(recent.value) like footfall.folded(%s::text)) found
 order by value collate "C"
 limit %s`

// The rows that values of attributes without a dictionary are taken from.
const (
	namedUsersSQL = `select %[1]s as value
          from footfall.users u
         where u.kind = 'usr' and footfall.folded(%[1]s) like footfall.folded(%[2]s::text)`
	recentUsersSQL = `select %s as value
          from footfall.profiles p%s
         where not p.anonymous
         order by p.last_seen desc, p.user_key
         limit 10000`
	recentSessionsSQL = `select %s as value
          from footfall.sessions s
         order by s.start_ts desc
         limit 10000`
	recentEventsSQL = `select e.value
          from (select s.user_key, s.session_key, s.start_ts, s.end_ts
                  from footfall.sessions s
                 order by s.start_ts desc
                 limit 500) s
         cross join lateral (
               select %s as value
                 from footfall.events e
                where e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
                limit 100) e`
)

// recent finds values among those of the latest users, sessions or events. Names and e-mails are found among those of
// all users once there are enough letters for their index.
func (q *Values) recent(c Context, a filter.Attribute, limit int) suggester {
	compiler := c.compiler()
	value := ""
	if a.HasElements() {
		value = "unnest(" + compiler.Elements(a) + ")"
	} else {
		value = compiler.Value(a)
	}
	search := compiler.Params.Add(beginning(q.Search))
	var rows string
	switch {
	case strings.HasPrefix(value, "u.") && q.isIndexed():
		rows = fmt.Sprintf(namedUsersSQL, value, search)
	case a.Level == filter.Profile:
		rows = fmt.Sprintf(recentUsersSQL, value, joinUsers(compiler.Needs.Users))
	case a.Level == filter.Session:
		rows = fmt.Sprintf(recentSessionsSQL, value)
	default:
		rows = fmt.Sprintf(recentEventsSQL, value)
	}
	statement := store.Statement{SQL: fmt.Sprintf(recentSQL, rows, search, compiler.Params.Add(limit)), Args: compiler.Params.Values}
	return func(ctx context.Context, db store.Querier) ([]Suggestion, []store.Statement, error) {
		return readSuggestions(ctx, db, statement)
	}
}
