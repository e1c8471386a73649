package activity

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// OneSession shows one session and its events in event order, whatever the dashboard's range. The filter narrows the
// events. The session is named by its id, or by its user and a moment of it: sessions made of gaps have no id.
type OneSession struct {
	query.Selection
	query.Person
	Session string `json:"session"` // session.id
	Start   string `json:"start"`   // when it starts, or a moment of it: RFC 3339 or milliseconds since 1970
	Course  bool   `json:"course"`  // a column with the session's course
}

// maxSessionEvents is how many events of a session are shown.
const maxSessionEvents = 20_000

// NewSession has the options' defaults: none.
func NewSession() *OneSession { return &OneSession{} }

// oneSessionPlan is a prepared OneSession.
type oneSessionPlan struct {
	table           sessionTable
	eventColumns    []query.Column
	session, events store.Statement
	limit           int // events has one more
	truncated       *store.Statement
}

// Prepare makes the statements.
func (q *OneSession) Prepare(c query.Context) (query.Answer, error) {
	plan, err := q.plan(c)
	if err != nil {
		return nil, err
	}
	return plan.answer, nil
}

func (q *OneSession) plan(c query.Context) (*oneSessionPlan, error) {
	start, err := q.check(c)
	if err != nil {
		return nil, err
	}
	plan := &oneSessionPlan{table: newSessionTable(c, q.Course), limit: c.AtMost(maxSessionEvents)}
	params := &store.Params{}
	found := q.found(params, start)
	plan.session = store.Statement{SQL: fmt.Sprintf(oneSessionSQL, found, plan.table.list), Args: params.Values}

	n, err := q.Node(c)
	if err != nil {
		return nil, err
	}
	compiler := c.Compiler()
	found = q.found(compiler.Params, start)
	condition, err := compiler.Events(n)
	if err != nil {
		return nil, query.InvalidFilter("options.filter", err)
	}
	var list string
	plan.eventColumns, list = columnsOf(without(eventColumns,
		"user_id", "user_name", "session_id", "application", "country", "device_type"))
	for i := range plan.eventColumns { // the session is at hand
		plan.eventColumns[i].Links = nil
	}
	plan.events = store.Statement{
		SQL:  fmt.Sprintf(sessionEventsSQL, found, list, compiler.Needs.Joins("s"), condition, compiler.Params.Add(plan.limit+1)),
		Args: compiler.Params.Values,
	}
	if compiler.Needs.Arrays {
		plan.truncated = q.truncated(start)
	}
	return plan, nil
}

func (q *OneSession) truncated(start time.Time) *store.Statement {
	params := &store.Params{}
	sql := "with s as (\n" + q.found(params, start) + "\n)\nselect exists (select from s where s.truncated)"
	return &store.Statement{SQL: sql, Args: params.Values}
}

func (q *OneSession) check(c query.Context) (start time.Time, err error) {
	if err := q.Person.Check(); err != nil {
		return start, err
	}
	if err := query.CheckText("session", q.Session, query.MaxID); err != nil {
		return start, err
	}
	switch {
	case q.Session == "" && (q.User == "" || q.Start == ""):
		return start, query.Invalid("session", "is missing: give a session's id, or user and start")
	case q.Session != "":
		return start, nil
	}
	start, err = parseMoment(q.Start)
	if err != nil {
		return start, query.Invalid("start", "is %q; give a time such as 2026-05-17T10:05:03.123Z, or milliseconds since 1970", q.Start)
	}
	return start, nil
}

// parseMoment reads RFC 3339 or milliseconds since 1970, within the years that events may be of.
func parseMoment(text string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339Nano, text)
	if ms, notNumber := strconv.ParseInt(text, 10, 64); notNumber == nil {
		at, err = time.UnixMilli(ms), nil
	}
	if err == nil && (at.Year() < 1900 || at.Year() > 9999) {
		err = strconv.ErrRange
	}
	return at.Truncate(time.Millisecond).UTC(), err
}

// foundByIDSQL: one session.id can be that of several users' events. Those with a usr.id come first.
const foundByIDSQL = `select s.*
  from footfall.sessions s
  join footfall.users u on u.key = s.user_key
 where s.session_key = %s::bigint and s.session_id = %s%s
 order by u.kind, s.start_ts, s.user_key
 limit 1`

// foundByTimeSQL prefers the session that starts at the moment, then the one that started last before it.
const foundByTimeSQL = `select s.*
  from footfall.sessions s
 where s.user_key = %[1]s and s.start_ts <= %[2]s::timestamptz and s.end_ts >= %[2]s::timestamptz
 order by s.start_ts desc, s.session_key
 limit 1`

func (q *OneSession) found(params *store.Params, start time.Time) string {
	if q.Session == "" {
		return fmt.Sprintf(foundByTimeSQL, q.Key(params), params.Add(start))
	}
	person := ""
	if q.User != "" {
		person = " and s.user_key = " + q.Key(params)
	}
	return fmt.Sprintf(foundByIDSQL, params.Add(event.SessionKey(q.Session)), params.Add(q.Session), person)
}

const oneSessionSQL = `with s as (
%s
)
select %s
  from s
  left join footfall.users u on u.key = s.user_key and u.kind <> 'none'`

const sessionEventsSQL = `with s as (
%s
)
select %s
  from s
  join footfall.events e on e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
  join footfall.tokens k on k.id = e.token%s
 where %s
 order by e.ts, e.seq nulls first, e.event_key
 limit %s`

func (plan *oneSessionPlan) answer(ctx context.Context, db store.Querier) (data.Frames, error) {
	session, sessions, _, err := plan.table.read(ctx, db, "session", plan.session, 1)
	if err != nil {
		return nil, err
	}
	if sessions == 0 {
		session.AppendNotices(data.Notice{Severity: data.NoticeSeverityWarning, Text: "There is no such session"})
	}
	listed := query.NewTable(plan.eventColumns)
	rows, more, err := listed.Read(ctx, db, plan.events, plan.limit)
	if err != nil {
		return nil, err
	}
	events, err := listed.Frame(ctx, db, "events")
	if err != nil {
		return nil, err
	}
	events.Meta = query.TableMeta(plan.events)
	if more {
		query.NoteMore(events, rows, "events")
	}
	return data.Frames{session, events}, query.NoteTruncated(ctx, db, events, plan.truncated)
}
