package query

import (
	"context"
	"fmt"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Top counts what is viewed or done most in the dashboard's range. Events and sessions are counted whosesoever they
// are; users are those with a usr.id, and the anonymous ones if wanted.
type Top struct {
	Selection
	Person
	Limit            int  `json:"limit"`
	IncludeAnonymous bool `json:"includeAnonymous"`

	what topKind
}

// topKind is what a Top counts.
type topKind struct {
	frame, eventType, column, name, count, countName string
	median                                           string // what the times are
}

var (
	topPages = topKind{
		frame: "topPages", eventType: "view", column: "page", name: "Page", count: "views", countName: "Views",
		median: "Median time on page",
	}
	topActions = topKind{
		frame: "topActions", eventType: "action", column: "action", name: "Action", count: "actions", countName: "Actions",
		median: "Median time since the session's start",
	}
)

const maxTop = 1000

// NewTopPages has the options' defaults. A page's time is that to the same session's next view; the last has none.
func NewTopPages() *Top { return &Top{Limit: 20, what: topPages} }

// NewTopActions has the options' defaults. An action's time is that since its session's start.
func NewTopActions() *Top { return &Top{Limit: 20, what: topActions} }

// topPlan is a prepared Top.
type topPlan struct {
	what      topKind
	columns   []column
	rows      store.Statement
	limit     int // rows has one more
	truncated *store.Statement
}

// Prepare makes the statement.
func (q *Top) Prepare(c Context) (Answer, error) {
	plan, err := q.plan(c)
	if err != nil {
		return nil, err
	}
	return plan.answer, nil
}

func (q *Top) plan(c Context) (*topPlan, error) {
	if err := q.Person.check(); err != nil {
		return nil, err
	}
	if err := checkPage(q.Limit, maxTop, 0); err != nil {
		return nil, err
	}
	if err := c.checkRange(); err != nil {
		return nil, err
	}
	plan := &topPlan{what: q.what, limit: c.atMost(q.Limit), columns: []column{
		{ID: q.what.column, Name: q.what.name, Kind: textID},
		{ID: q.what.count, Name: q.what.countName, Kind: whole},
		{ID: "sessions", Name: "Sessions", Kind: whole},
		{ID: "users", Name: "Users", Kind: whole},
		{ID: "median_time", Name: q.what.median, Kind: fraction, Unit: "ms"},
	}}
	compiler := c.compiler()
	matched, err := q.matched(c, compiler)
	if err != nil {
		return nil, err
	}
	counts := "p.anonymous = false"
	if q.IncludeAnonymous {
		counts = "p.user_key is not null"
	}
	sql := fmt.Sprintf(topNamesSQL, matched, counts, compiler.Params.Add(plan.limit+1))
	plan.rows = store.Statement{SQL: sql, Args: compiler.Params.Values}
	if compiler.Needs.Arrays {
		plan.truncated = c.truncatedIn(q.Person)
	}
	return plan, nil
}

// topNamesSQL counts per session first: that is less to sort than events are.
const topNamesSQL = `with matched as materialized (
%[1]s
), counted as (
select m.name, sum(m.events)::bigint as events, count(*) filter (where m.session_key <> 0) as sessions,
       count(distinct m.user_key) filter (where %[2]s) as users
  from (select name, user_key, session_key, count(*) as events
          from matched
         group by name, user_key, session_key) m
  left join footfall.profiles p on p.user_key = m.user_key
 group by m.name
), listed as (
select c.*, d.value collate "C" as value
  from counted c
  join footfall.dictionary d on d.id = c.name
 order by events desc, value
 limit %[3]s
)
select l.name, l.events, l.sessions, l.users, t.median
  from listed l
  left join (select name, percentile_cont(0.5) within group (order by "time") as median
               from matched
              where name in (select name from listed)
              group by name) t using (name)
 order by l.events desc, l.value`

// matched selects name, user_key, session_key and time, in milliseconds, of the events to count. It reads sessions'
// arrays where they suffice.
func (q *Top) matched(c Context, compiler *filter.Compiler) (string, error) {
	n, err := q.node(c)
	if err != nil {
		return "", err
	}
	condition, err := compiler.Events(n)
	if err != nil {
		return "", invalidFilter("options.filter", err)
	}
	from, to := compiler.Params.Add(c.From), compiler.Params.Add(c.To)
	times := fmt.Sprintf("e.ts >= %s and e.ts < %s", from, to)
	sessions := filter.Overlap(from, to)
	if q.User != "" {
		sessions += "\n   and s.user_key = " + q.key(compiler.Params)
	}
	var sql string
	switch {
	case compiler.Needs.Events:
		sql = fmt.Sprintf(topEventsSQL[q.what.eventType], joinsOfSession(compiler.Needs), sessions, times, condition)
	default:
		compiler.Needs.Arrays = true
		sql = fmt.Sprintf(topArraysSQL[q.what.eventType], joinsOfSession(compiler.Needs), sessions, times, condition)
	}
	if q.User == "" {
		sql += fmt.Sprintf(topOutsideSQL, tokenNames[q.what.eventType], q.what.eventType, noJoins(compiler.Needs),
			outsideKeys(compiler.Params), times, condition)
	}
	return sql, nil
}

// tokenNames are the columns of tokens k that name what is counted, by event type.
var tokenNames = map[string]string{"view": "k.page", "action": "k.name"}

// topArraysSQL reads sessions alone. A view's time is found among all views of its session, also those that the filter
// or the range leaves out.
var topArraysSQL = map[string]string{
	"view": `select e.page as name, e.user_key, e.session_key, e."time"
  from footfall.sessions s
 cross join lateral (
       select s.user_key, s.session_key, s.start_ts + a."offset" * interval '1 ms' as ts, a.token, k.page,
              lead(a."offset") over (order by a.n) - a."offset" as "time"
         from unnest(s.tokens, s.offsets) with ordinality a (token, "offset", n)
         join footfall.tokens k on k.id = a.token and k.type = 'view') e%[1]s
 where %[2]s
   and e.page is not null and %[3]s and %[4]s`,
	"action": `select k.name, e.user_key, e.session_key, e."time"
  from footfall.sessions s
 cross join lateral (
       select s.user_key, s.session_key, s.start_ts + a."offset" * interval '1 ms' as ts, a.token, a."offset" as "time"
         from unnest(s.tokens, s.offsets) a (token, "offset")) e
  join footfall.tokens k on k.id = e.token and k.type = 'action'%[1]s
 where %[2]s
   and k.name is not null and %[3]s and %[4]s`,
}

// topEventsSQL reads the events, for filters on what the arrays lack.
var topEventsSQL = map[string]string{
	"view": `select k.page as name, e.user_key, e.session_key, extract(epoch from later.ts - e.ts) * 1000 as "time"
  from footfall.sessions s
  join footfall.events e on e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
  join footfall.tokens k on k.id = e.token and k.type = 'view'%[1]s
  left join lateral (
       select n.ts
         from footfall.events n
         join footfall.tokens kn on kn.id = n.token and kn.type = 'view'
        where n.user_key = e.user_key and n.session_key = e.session_key and n.ts between e.ts and s.end_ts
          and (n.ts, n.seq is not null, coalesce(n.seq, 0), n.event_key) > (e.ts, e.seq is not null, coalesce(e.seq, 0), e.event_key)
        order by n.ts, n.seq nulls first, n.event_key
        limit 1) later on true
 where %[2]s
   and k.page is not null and %[3]s and %[4]s`,
	"action": `select k.name, e.user_key, e.session_key, extract(epoch from e.ts - s.start_ts) * 1000 as "time"
  from footfall.sessions s
  join footfall.events e on e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
  join footfall.tokens k on k.id = e.token and k.type = 'action'%[1]s
 where %[2]s
   and k.name is not null and %[3]s and %[4]s`,
}

// topOutsideSQL adds the events in no session, which have no time.
const topOutsideSQL = `
 union all
select %[1]s, e.user_key, e.session_key, null
  from footfall.events e
  join footfall.tokens k on k.id = e.token and k.type = '%[2]s'
  left join footfall.sessions s on false%[3]s
 where e.user_key = any (%[4]s) and e.session_key = 0
   and %[1]s is not null and %[5]s and %[6]s`

func (plan *topPlan) answer(ctx context.Context, db store.Querier) (data.Frames, error) {
	table := newTable(plan.columns)
	rows, more, err := table.read(ctx, db, plan.rows, plan.limit)
	if err != nil {
		return nil, err
	}
	frame, err := table.frame(ctx, db, plan.what.frame)
	if err != nil {
		return nil, err
	}
	frame.Meta = tableMeta(plan.rows)
	if more {
		noteMore(frame, rows, plan.what.column+"s")
	}
	return data.Frames{frame}, noteTruncated(ctx, db, frame, plan.truncated)
}
