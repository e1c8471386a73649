package explorer

import (
	"fmt"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
)

// source is where some of the counted rows come from; all sources of a statement select the same.
type source struct {
	from, where string
	time        string // of a row, for its bucket
	weight      string // how many rows it stands for
	timeOnPage  string // where a measure takes it
}

// sources are over the aliases of filter.Compiler.
func (b *build) sources() []source {
	switch {
	case b.Over == overUsers:
		return []source{b.usersSource()}
	case b.Over == overSessions:
		return []source{b.sessionsSource()}
	case b.compiler.Needs.Events:
		return []source{b.eventsSource()}
	case b.eventFree:
		return []source{b.wholeSessions(), b.arrays(b.partly()), b.truncated(b.partly()), b.nobodys()}
	}
	return []source{b.arrays(b.reaching()), b.truncated(b.reaching()), b.nobodys()}
}

// during wants a time in the dashboard's range.
func (b *build) during(time string) string {
	return fmt.Sprintf("%s >= %s and %[1]s < %[3]s", time, b.from, b.to)
}

// usersSource has a row for each user and bucket, with the number of sessions that start there.
func (b *build) usersSource() source {
	bucket, keys := "", "s.user_key"
	if b.buckets != nil {
		bucket, keys = b.bucket("s.start_ts")+" as bucket, ", "s.user_key, bucket"
	}
	sql := fmt.Sprintf(`(select %ss.user_key, count(*)::integer as sessions
          from footfall.sessions s
         where %s
         group by %s) a
  join footfall.profiles p on p.user_key = a.user_key`, bucket, b.during("s.start_ts"), keys)
	sql += filter.Needs{Users: b.compiler.Needs.Users}.JoinsOfUsers("a")
	where := b.where
	if !b.IncludeAnonymous {
		where = "not p.anonymous and " + where
	}
	return source{from: sql, where: where, weight: "a.sessions"}
}

func (b *build) sessionsSource() source {
	return source{
		from: "footfall.sessions s" + b.compiler.Needs.Joins("s"), where: b.during("s.start_ts") + and(b.where), time: "s.start_ts", weight: "1",
	}
}

// ofView is the time on page, for views of sessions.
var ofView = "case when e.session_key <> 0 and e.token in (select v.id from footfall.tokens v where v.type = 'view')" +
	" then extract(epoch from " + query.NextView("") + " - e.ts) * 1000 end"

// ofNoRemovedSession leaves out events whose session retention has removed. Later ones than it has reached need no look.
const ofNoRemovedSession = `(
     e.ts >= coalesce((select w.sessions_from from footfall.worker w), '-infinity') or e.session_key = 0
     or exists (select from footfall.sessions r where r.user_key = e.user_key and r.session_key = e.session_key))`

// eventsSource reads single events, for what only they know.
func (b *build) eventsSource() source {
	from := "footfall.events e"
	if b.compiler.Needs.Sessions {
		from += "\n  left join footfall.sessions s on s.user_key = e.user_key and s.session_key = e.session_key"
	}
	return source{
		from: from + b.compiler.Needs.Joins("e"), where: b.during("e.ts") + and(ofNoRemovedSession) + and(b.where),
		time: "e.ts", weight: "1", timeOnPage: ofView,
	}
}

// sessionEvents are filter.SessionEvents, in the way that is faster where all events of many sessions are read.
const sessionEvents = `(select unnest(s.tokens) as token, unnest(s.offsets) as "offset") a
  cross join lateral (select s.user_key, s.session_key, s.start_ts + a."offset" * interval '1 ms' as ts, a.token) e`

// sessionViews are sessionEvents and each view's time on page.
const sessionViews = `(
       select s.user_key, s.session_key, s.start_ts + v."offset" * interval '1 ms' as ts, v.token,
              case when v.is_view then lead(v."offset") over (partition by v.is_view order by v.place) - v."offset" end
              as time_on_page
         from (select a.token, a."offset", a.place, a.token in (select k.id from footfall.tokens k where k.type = 'view') as is_view
                 from unnest(s.tokens, s.offsets) with ordinality a (token, "offset", place)) v) e`

// stored are rows of sessions s.
type stored struct{ from, where string }

// reaching are the sessions that reach into the range.
func (b *build) reaching() stored { return stored{"footfall.sessions s", filter.Overlap(b.from, b.to)} }

// partly are those of them that are not among wholeSessions.
func (b *build) partly() stored {
	if len(b.buckets) <= 1 {
		return stored{filter.OverEdges(b.from, b.to), "true"}
	}
	s := b.reaching()
	s.where += "\n   and not (" + b.inside() + ")"
	return s
}

// arrays reads events out of sessions.
func (b *build) arrays(of stored) source {
	events := sessionEvents
	if b.timeOnPage {
		events = sessionViews
	}
	within := fmt.Sprintf("(s.start_ts >= %s and s.end_ts < %s or %s)", b.from, b.to, b.during("e.ts")) // mostly the former
	where := "not s.truncated and " + of.where + and(within) + and(b.where)
	if b.tokens != "" {
		where += " and s.tokens && " + b.tokens
	}
	return source{
		from:  of.from + "\n  cross join lateral " + events + b.compiler.Needs.Joins("s"),
		where: where, time: "e.ts", weight: "1", timeOnPage: "e.time_on_page",
	}
}

// truncated reads the events of sessions whose arrays do not hold all.
func (b *build) truncated(of stored) source {
	from := of.from + "\n  join footfall.events e on e.user_key = s.user_key and e.session_key = s.session_key" +
		" and e.ts between s.start_ts and s.end_ts" + b.compiler.Needs.Joins("s")
	where := "s.truncated and " + of.where + and(b.during("e.ts")) + and(b.where)
	return source{from: from, where: where, time: "e.ts", weight: "1", timeOnPage: ofView}
}

// wholeSessions counts the events of sessions that lie within the range, and in one bucket of it.
func (b *build) wholeSessions() source {
	return source{
		from:  "footfall.sessions s" + b.compiler.Needs.Joins("s"),
		where: b.during("s.start_ts") + and(b.inside()) + and(b.where), time: "s.start_ts", weight: "s.events",
	}
}

// inside is of sessions that end in the bucket they start in; said with >= the planner expects some, with = hardly any.
func (b *build) inside() string {
	inside := fmt.Sprintf("s.start_ts >= %s and s.end_ts < %s", b.from, b.to)
	if len(b.buckets) > 1 {
		inside += and(b.bucket("s.start_ts") + " >= " + b.bucket("s.end_ts"))
	}
	return inside
}

// nobodys reads the events that are in no session; the worker keeps them under few user keys.
func (b *build) nobodys() source {
	from := "footfall.users n\n  join footfall.events e on e.user_key = n.key and e.session_key = 0"
	if b.compiler.Needs.Sessions {
		from += "\n  left join footfall.sessions s on false"
	}
	return source{
		from:  from + b.compiler.Needs.Joins("e"),
		where: "n.kind = 'none' and n.id like 'event:%' and " + b.during("e.ts") + and(b.where),
		time:  "e.ts", weight: "1", timeOnPage: "null",
	}
}

func and(condition string) string {
	if condition == "" {
		return ""
	}
	return "\n   and " + condition
}
