package top

import (
	"fmt"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

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
select l.value, l.events, l.sessions, l.users, t.median
  from listed l
  left join (select name, percentile_cont(0.5) within group (order by "time") as median
               from matched
              where name in (select name from listed)
              group by name) t using (name)
 order by l.events desc, l.value`

// topEventsSQL reads the events, for filters on what the arrays lack.
var topEventsSQL = map[event.Type]string{
	event.View: `select ` + filter.ShownPage + ` as name, e.user_key, e.session_key,
       extract(epoch from ` + query.NextView(" and n.ts <= s.end_ts") + ` - e.ts) * 1000 as "time"
  from footfall.sessions s
  join footfall.events e on e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
  join footfall.tokens k on k.id = e.token and k.type = 'view'%[1]s
 where %[2]s
   and k.page is not null and %[3]s and %[4]s`,
	event.Action: `select k.name, e.user_key, e.session_key, extract(epoch from e.ts - s.start_ts) * 1000 as "time"
  from footfall.sessions s
  join footfall.events e on e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
  join footfall.tokens k on k.id = e.token and k.type = 'action'%[1]s
 where %[2]s
   and k.name is not null and %[3]s and %[4]s`,
}

// events counts events themselves, for filters on what sessions' arrays lack.
func (q *Top) events(by filter.Attribute, c query.Context, compiler *filter.Compiler, condition string, limit int) *store.Statement {
	from, to := compiler.Params.Add(c.From), compiler.Params.Add(c.To)
	sessions := filter.Overlap(from, to)
	if q.User != "" {
		sessions += "\n   and s.user_key = " + q.Key(compiler.Params)
	}
	times := fmt.Sprintf("e.ts >= %s and e.ts < %s", from, to)
	matched := fmt.Sprintf(topEventsSQL[q.what.eventType], compiler.Needs.Joins("s"), sessions, times, condition)
	if q.User == "" {
		columns := by.TokenValue() + ", e.user_key, e.session_key, null"
		named := fmt.Sprintf("k.type = '%s' and %s is not null and %s", q.what.eventType, by.TokenValue(), condition)
		matched += "\n union all\n" + query.OutsideSessions(c, compiler, columns, named)
	}
	counts := "p.anonymous = false"
	if q.IncludeAnonymous {
		counts = "p.user_key is not null"
	}
	sql := fmt.Sprintf(topNamesSQL, matched, counts, compiler.Params.Add(limit))
	return &store.Statement{SQL: sql, Args: compiler.Params.Values}
}
