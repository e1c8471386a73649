package activity

import (
	"context"
	"fmt"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// eventColumns are over event e with its token k, session s and user u.
var eventColumns = []sqlColumn{
	{Column: query.Column{ID: "time", Name: "Time", Kind: query.Moment, Links: query.SessionLinks}, SQL: "e.ts"},
	{
		Column: query.Column{ID: "offset", Name: "Since start", Kind: query.Fraction, Unit: "ms"},
		SQL:    "(extract(epoch from e.ts - s.start_ts) * 1000)::double precision",
	},
	{Column: query.Column{ID: "type", Name: "Event type"}, SQL: "k.type::text"},
	{Column: query.Column{ID: "page", Name: "Page", Kind: query.TextID}, SQL: filter.ShownPage},
	{Column: query.Column{ID: "path", Name: "Path"}, SQL: "e.path"},
	{
		Column: query.Column{ID: "name", Name: "Name", Kind: query.TextID},
		SQL:    "case k.type when 'view' then e.view_name when 'action' then e.action_name when 'error' then e.error_type end",
	},
	{Column: query.Column{ID: "action_type", Name: "Action type", Kind: query.TextID}, SQL: "e.action_type"},
	{Column: query.Column{ID: "target", Name: "Target", Kind: query.TextID}, SQL: "e.action_target"},
	{Column: query.Column{ID: "error_message", Name: "Error message"}, SQL: "e.error_message"},
	{Column: query.Column{ID: "frustration", Name: "Frustration"}, SQL: frustrationNames},
	{Column: query.Column{ID: "duration", Name: "Duration", Kind: query.Fraction, Unit: "ms"}, SQL: "e.duration"},
	{Column: query.Column{ID: "user_id", Name: "User ID", Links: query.UserLinks}, SQL: "u.id"},
	{Column: query.Column{ID: "user_name", Name: "User name"}, SQL: "u.name"},
	{Column: query.Column{ID: "session_id", Name: "Session ID"}, SQL: "s.session_id"},
	sessionText("application"),
	sessionText("country"),
	sessionText("device_type"),
	{Column: query.Column{ID: "attributes", Name: "Attributes"}, SQL: "e.attributes::text"},
}

// frustrationNames lists an event's frustrations.
const frustrationNames = `nullif(concat_ws(',',
       case when k.frustration & 1 <> 0 then 'rage_click' end, case when k.frustration & 2 <> 0 then 'dead_click' end,
       case when k.frustration & 4 <> 0 then 'error_click' end, case when k.frustration & 8 <> 0 then 'rage_tap' end,
       case when k.frustration & 16 <> 0 then 'error_tap' end), '')`

// eventList reads the latest events of a range that a filter selects.
//
// Events have no index on time alone: they are found through their sessions, those that end last first, a few at a time. All
// events since the end of the n-th session belong to those n; their events are read, and if they do not suffice, the next n
// sessions follow, with those of before that had begun then.
type eventList struct {
	columns       []query.Column
	wanted        *store.Statement // tells whether the tokens that events may have are few; nil where tokens tell nothing
	few, many     eventSteps       // for few of them, and for many
	from, to      time.Time
	limit, offset int
	truncated     *store.Statement // nil where it does not matter
}

// eventSteps are what is asked again and again until there are enough events.
type eventSteps struct {
	boundary store.Statement // tells how far back the next n sessions go
	chunk    store.Statement // reads the latest events of a part of the range
}

// slot is a parameter whose value is known only later.
type slot string

// The slots of an eventList's statements, the first of each one's parameters.
const (
	slotFrom  slot = "from"
	slotTo    slot = "to"
	slotCount slot = "count"
)

// fill gives the slots their values.
func fill(s store.Statement, from, to time.Time, count int) store.Statement {
	return store.Statement{SQL: s.SQL, Args: append([]any{from, to, count}, s.Args[3:]...)}
}

// boundarySQL counts the sessions it looks at, since the last of fewer than asked for is no boundary.
const boundarySQL = `select count(*), min(end_ts)
  from (select s.end_ts
          from footfall.sessions s%s
         where s.end_ts >= $1::timestamptz and s.end_ts < $2::timestamptz
           and %s
         order by s.end_ts desc
         limit $3::bigint) latest`

// chunkSQL finds the events, also those in no session, and then reads what is shown of them alone. Sessions come first and
// the events of each by their key, which offset 0 is for: the planner, who takes a few sessions for many, went through the
// last hours of all users instead, and sorted all events to join them with those found. The user's key comes last in the
// order: events of several users may be alike in all else, and pages must not overlap.
const chunkSQL = `with found as (
select e.user_key, e.ts, e.seq, e.event_key
  from footfall.sessions s%[1]s
 cross join lateral (
       select *
         from footfall.events e
        where e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
          and e.ts >= $1::timestamptz and e.ts < $2::timestamptz
       offset 0) e
 where %[2]s
   and %[3]s
   and %[4]s%[5]s
 order by ts desc, seq desc nulls last, event_key desc, user_key desc
 limit $3::bigint
)
select %[6]s
  from found f
 cross join lateral (
       select *
         from footfall.events e
        where e.user_key = f.user_key and e.ts = f.ts and e.event_key = f.event_key
       offset 0) e
  join footfall.tokens k on k.id = e.token
  left join footfall.sessions s on s.user_key = e.user_key and s.session_key = e.session_key
  left join footfall.users u on u.key = e.user_key and u.kind <> 'none'
 order by e.ts desc, e.seq desc nulls last, e.event_key desc, e.user_key desc`

// outsideSQL adds the events in no session. They have no session's attributes and, since they are nobody's, no user's.
const outsideSQL = `
 union all
select e.user_key, e.ts, e.seq, e.event_key
  from footfall.events e
  left join footfall.sessions s on false%[1]s
 where e.user_key = any (%[2]s) and e.session_key = 0
   and e.ts >= $1::timestamptz and e.ts < $2::timestamptz and %[3]s`

// newEventList makes the statements for the events that n selects.
func newEventList(c query.Context, list []sqlColumn, n filter.Node, limit, offset int, includeAnonymous bool) (*eventList, error) {
	l := &eventList{from: c.From, to: c.To, limit: c.AtMost(limit), offset: offset}
	var expressions string
	l.columns, expressions = columnsOf(list)

	chunk := c.Compiler()
	if _, err := chunk.Events(n); err != nil {
		return nil, query.InvalidFilter("options.filter", err)
	}
	if chunk.Needs.Arrays {
		l.truncated = c.TruncatedIn(query.Person{})
	}
	counted := c.Compiler()
	tokens, err := counted.WantedTokens(n)
	if err != nil {
		return nil, query.InvalidFilter("options.filter", err)
	}
	if tokens != "" {
		l.wanted = &store.Statement{SQL: fmt.Sprintf(fewSQL, tokens, fewTokens), Args: counted.Params.Values}
		if l.many, err = stepsFor(c, n, expressions, includeAnonymous, true); err != nil {
			return nil, err
		}
	}
	l.few, err = stepsFor(c, n, expressions, includeAnonymous, false)
	return l, err
}

// fewSQL asks whether an array has few elements. Over hundreds of tokens, such as those of all errors on all pages, an index
// scan compares each with each, and so does &&: the latest errors of 350,000 sessions took seconds that way.
const (
	fewSQL    = `select cardinality(%s) <= %d`
	fewTokens = 50
)

// stepsFor makes the statements, for few or many wanted tokens. "is true" keeps the planner from joining events with many, which it
// compares each with each where it takes the events for few.
func stepsFor(c query.Context, n filter.Node, columns string, includeAnonymous, many bool) (eventSteps, error) {
	holds, tested := filter.HoldsOneOfFew, "%s"
	if many {
		holds, tested = filter.HoldsOneOfMany, "(%s) is true"
	}
	boundary := slotted(c)
	possible, err := candidates(c, n, boundary, includeAnonymous, holds)
	if err != nil {
		return eventSteps{}, err
	}
	chunk := slotted(c)
	possibleInChunk, err := candidates(c, n, chunk, includeAnonymous, holds)
	if err != nil {
		return eventSteps{}, err
	}
	condition, err := chunk.Events(n)
	if err != nil {
		return eventSteps{}, query.InvalidFilter("options.filter", err)
	}
	condition = fmt.Sprintf(tested, condition)
	outside := ""
	if includeAnonymous {
		outside = fmt.Sprintf(outsideSQL, chunk.Needs.JoinsOfNobody(), query.OutsideKeys(chunk.Params), condition)
	}
	return eventSteps{
		boundary: store.Statement{
			SQL: fmt.Sprintf(boundarySQL, boundary.Needs.Joins("s"), possible), Args: boundary.Params.Values,
		},
		chunk: store.Statement{
			SQL:  fmt.Sprintf(chunkSQL, chunk.Needs.Joins("s"), filter.Overlap("$1", "$2"), possibleInChunk, condition, outside, columns),
			Args: chunk.Params.Values,
		},
	}, nil
}

// slotted is a compiler whose first parameters are the slots.
func slotted(c query.Context) *filter.Compiler {
	compiler := c.Compiler()
	for _, s := range []slot{slotFrom, slotTo, slotCount} {
		compiler.Params.Add(s)
	}
	return compiler
}

// identified is a condition on sessions of users with an id. A join with their profiles was taken for one of a few, and compared each
// with each, where thousands of sessions had just come in.
const identified = `
   and (select not p.anonymous from footfall.profiles p where p.user_key = s.user_key)`

// candidates is a condition on sessions that all those with a selected event fulfil, and that is quick to check.
func candidates(
	c query.Context, n filter.Node, compiler *filter.Compiler, includeAnonymous bool, holds func(tokens string) string,
) (string, error) {
	condition, err := compiler.Sessions(compiler.EventFree(n))
	if err != nil {
		return "", query.InvalidFilter("options.filter", err)
	}
	if !includeAnonymous {
		condition += identified
	}
	tokens, err := compiler.WantedTokens(n)
	if err != nil {
		return "", query.InvalidFilter("options.filter", err)
	}
	if tokens != "" { // a truncated session may have others beyond those it holds
		condition = fmt.Sprintf("(s.truncated or %s)\n   and %s", holds(tokens), condition)
	}
	return condition, nil
}

// How many sessions are looked at at a time, at first and at most.
const (
	firstSessions = 200
	mostSessions  = 20_000
)

// read takes the events into a table and tells how many there are, whether there are more, and what was executed.
func (l *eventList) read(ctx context.Context, db store.Querier, t *query.Table) (rows int, more bool, executed []store.Statement, err error) {
	asked, err := l.chosen(ctx, db)
	if err != nil {
		return 0, false, nil, err
	}
	skip, to := l.offset, l.to
	for n := firstSessions; to.After(l.from) && !more; n = min(4*n, mostSessions) {
		boundary := fill(asked.boundary, l.from, to, n)
		from, err := earliest(ctx, db, boundary, l.from, n)
		if err != nil {
			return 0, false, nil, err
		}
		chunk := fill(asked.chunk, from, to, skip+l.limit-rows+1)
		if len(executed) == 0 {
			executed = []store.Statement{boundary, chunk}
		}
		err = chunk.Each(ctx, db, t.Targets(), func() error {
			switch {
			case skip > 0:
				skip--
			case rows == l.limit:
				more = true
			default:
				rows++
				t.Take()
			}
			return nil
		})
		if err != nil {
			return 0, false, nil, err
		}
		to = from
	}
	return rows, more, executed, nil
}

// chosen are the statements for as many tokens as there are now.
func (l *eventList) chosen(ctx context.Context, db store.Querier) (eventSteps, error) {
	if l.wanted == nil {
		return l.few, nil
	}
	few, err := query.IsTrue(ctx, db, *l.wanted)
	if few {
		return l.few, err
	}
	return l.many, err
}

// earliest is how far back the latest n sessions go: not beyond from, and to there if they are fewer.
func earliest(ctx context.Context, db store.Querier, boundary store.Statement, from time.Time, n int) (time.Time, error) {
	var found int
	var end *time.Time
	err := boundary.Each(ctx, db, []any{&found, &end}, func() error { return nil })
	if err != nil || found < n || end == nil {
		return from, err
	}
	return *end, nil
}

// frame reads the list.
func (l *eventList) frame(ctx context.Context, db store.Querier, name string) (*data.Frame, error) {
	table := query.NewTable(l.columns)
	rows, more, executed, err := l.read(ctx, db, table)
	if err != nil {
		return nil, err
	}
	frame, err := table.Frame(ctx, db, name)
	if err != nil {
		return nil, err
	}
	frame.Meta = query.TableMeta(executed...)
	if more {
		query.NoteMore(frame, rows, "events")
	}
	return frame, query.NoteTruncated(ctx, db, frame, l.truncated)
}
