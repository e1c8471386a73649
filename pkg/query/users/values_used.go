package users

import (
	"context"
	"fmt"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// The latest users and sessions are those that values are counted in, so that it takes the same time however many there
// are. Each is counted once for each of its values.
const (
	usersSampleSQL = `select %[3]s as value
          from (select %[1]s as value
                  from footfall.profiles p%[2]s
                 where not p.anonymous
                 order by p.last_seen desc, p.user_key
                 limit 10000) recent`
	sessionsSampleSQL = `select recent.value
          from (select %[1]s as value
                  from footfall.sessions s
                 order by s.start_ts desc
                 limit 10000) recent`
	// Sessions may hold up to 20,000 tokens each, so that there is a bound on the events as well.
	tokensSampleSQL = `select distinct recent.n, %[1]s as value
          from (select s.tokens, row_number() over () as n,
                       sum(cardinality(s.tokens)) over (rows between unbounded preceding and 1 preceding) as before
                  from (select s.tokens from footfall.sessions s order by s.start_ts desc limit 5000) s) recent
         cross join lateral unnest(recent.tokens) e (token)
          join footfall.tokens k on k.id = e.token
         where coalesce(recent.before, 0) < 100000`
	eventsSampleSQL = `select distinct s.n, %[2]s as value
          from (select s.user_key, s.session_key, s.start_ts, s.end_ts, row_number() over () as n
                  from footfall.sessions s
                 order by s.start_ts desc
                 limit 500) s
         cross join lateral (
               select %[1]s as value
                 from footfall.events e
                where e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
                limit 100) recent`
	// namedUsersSQL are not the latest users but all whose names the index finds.
	namedUsersSQL = `select %[1]s as value
          from footfall.users u
         where u.kind = 'usr' and footfall.folded(%[1]s) like footfall.folded(%[2]s::text)`
)

// latest is a SELECT of an attribute's values among the latest users or sessions.
func latest(compiler *filter.Compiler, a filter.Attribute) string {
	if a.IsToken() {
		return fmt.Sprintf(tokensSampleSQL, a.TokenValue())
	}
	value, each := compiler.Value(a), "recent.value"
	if a.HasElements() {
		value, each = compiler.Elements(a), "unnest(recent.value)"
	}
	switch a.Level {
	case filter.Profile:
		return fmt.Sprintf(usersSampleSQL, value, compiler.Needs.JoinUser(), each)
	case filter.Session:
		return fmt.Sprintf(sessionsSampleSQL, value)
	}
	return fmt.Sprintf(eventsSampleSQL, value, each)
}

// ofDictionarySQL has the texts that come closest to what was typed, of these those that the sample has, the most frequent
// first, then others. Among the few of the sample what
// was typed is looked for in all of a text, among all others at its beginning, which an index knows.
const ofDictionarySQL = `with used as (
select value as id, count(*) as n
  from (%[1]s) latest
 group by value
), often as materialized (
select d.id, d.value, used.n
  from used
  join footfall.dictionary d using (id)
 where %[6]s
 order by %[7]sused.n desc, %[4]s
 limit %[5]s
), others as (
select d.id, d.value, null::bigint as n
  from footfall.dictionary d
 where d.kind = '%[2]s' and %[3]s and not exists (select from often where often.id = d.id)
 order by %[4]s
 limit %[5]s
)
select d.value, d.value, d.n
  from (select * from often union all select * from others) d
 order by %[7]sd.n desc nulls last, %[4]s
 limit %[5]s`

// wantedTexts are those of an attribute's dictionary d that are wanted, in SQL.
type wantedTexts struct {
	condition, ofSample string // what they fulfil, and what those of the sample do
	closest             string // in order, with a comma behind it; ""
	order               string // of those used equally often
}

// ofDictionary finds texts.
func ofDictionary(compiler *filter.Compiler, a filter.Attribute, find wantedTexts, limit int, inWords func(value string) string) suggester {
	sql := fmt.Sprintf(ofDictionarySQL, latest(compiler, a), a.Dictionary, find.condition, find.order, compiler.Params.Add(limit),
		find.ofSample, find.closest)
	statement := store.Statement{SQL: sql, Args: compiler.Params.Values}
	return func(ctx context.Context, db store.Querier) ([]Suggestion, []store.Statement, error) {
		list, executed, err := readSuggestions(ctx, db, statement)
		for i := range list {
			list[i].Text = inWords(list[i].Value)
		}
		return list, executed, err
	}
}

const usedSQL = `select value, value, count(*)
  from (%s) latest
 where footfall.folded(value) like footfall.folded(%s::text)
 group by value
 order by %scount(*) desc, value collate "C"
 limit %s`

// used finds values of attributes without a dictionary among those of the latest users or sessions. Names and e-mails are
// found among those of all users once there are enough letters for their index.
func (q *Values) used(c query.Context, a filter.Attribute, limit int) suggester {
	compiler := c.Compiler()
	value := compiler.Value(a)
	pattern, isName := part(q.Search), strings.HasPrefix(value, "u.")
	if isName {
		pattern = beginning(q.Search)
	}
	search := compiler.Params.Add(pattern)
	values := latest(compiler, a)
	if isName && q.isIndexed() {
		values = fmt.Sprintf(namedUsersSQL, value, search)
	}
	statement := store.Statement{SQL: fmt.Sprintf(usedSQL, values, search, q.closest(compiler, "value"), compiler.Params.Add(limit)), Args: compiler.Params.Values}
	return func(ctx context.Context, db store.Querier) ([]Suggestion, []store.Statement, error) {
		return readSuggestions(ctx, db, statement)
	}
}

func readSuggestions(ctx context.Context, db store.Querier, statement store.Statement) ([]Suggestion, []store.Statement, error) {
	list := []Suggestion{}
	var value, text string
	var count *int64
	err := statement.Each(ctx, db, []any{&value, &text, &count}, func() error {
		list = append(list, Suggestion{Value: value, Text: text, Count: count})
		return nil
	})
	return list, []store.Statement{statement}, err
}
