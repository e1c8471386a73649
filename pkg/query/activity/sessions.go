// Package activity holds the questions about what was done: lists of sessions and of events, one session, and marks in
// charts. Sessions of a step of pathways rest on package pathways, which counts them.
package activity

import (
	"context"
	"fmt"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/query/pathways"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Sessions lists the sessions that start in the dashboard's range, one row each.
type Sessions struct {
	query.Selection
	query.Person
	Sort             query.Sort            `json:"sort"` // by a column of the frame; by default the latest first
	Limit            int                   `json:"limit"`
	Offset           int                   `json:"offset"`
	IncludeTotal     bool                  `json:"includeTotal"`
	IncludeAnonymous bool                  `json:"includeAnonymous"` // also those of anonymous users and of nobody
	Pathway          *pathways.PathwayStep `json:"pathway"`          // only those counted in a node or link of pathways
	Course           bool                  `json:"course"`           // a column with the course of each, of at most 100 sessions
}

const maxSessions = 10_000

// NewSessions has the options' defaults: the hundred latest.
func NewSessions() *Sessions { return &Sessions{Limit: 100} }

// sessionColumns are over session s and user u.
var sessionColumns = []sqlColumn{
	{Column: query.Column{ID: "session_start", Name: "Session start", Kind: query.Moment, Links: query.SessionLinks}, SQL: "s.start_ts"},
	{
		Column: query.Column{ID: "duration", Name: "Duration", Kind: query.Fraction, Unit: "ms"},
		SQL:    "(extract(epoch from s.end_ts - s.start_ts) * 1000)::double precision",
	},
	{Column: query.Column{ID: "user_id", Name: "User ID", Links: query.UserLinks}, SQL: "u.id"},
	{Column: query.Column{ID: "user_name", Name: "User name"}, SQL: "u.name"},
	{Column: query.Column{ID: "user_kind", Name: "Kind of user"}, SQL: "u.kind::text"}, // which of the two an id is of
	sessionText("application"),
	sessionText("device_type"),
	sessionText("os_name"),
	sessionText("browser_name"),
	sessionText("country"),
	sessionText("city"),
	countColumn("events", "Events"),
	countColumn("views", "Views"),
	countColumn("actions", "Actions"),
	countColumn("errors", "Errors"),
	countColumn("frustrations", "Frustrations"),
	sessionText("entry_page"),
	sessionText("exit_page"),
	{Column: query.Column{ID: "session_id", Name: "Session ID"}, SQL: "s.session_id"},
}

// sessionsPlan is a prepared Sessions.
type sessionsPlan struct {
	table     sessionTable
	rows      store.Statement
	limit     int                   // rows has one more
	total     *store.Statement      // nil where nobody asked
	truncated *store.Statement      // nil where it does not matter
	pathway   *pathways.PathwayStep // nil where nobody asked
}

// Prepare makes the statements.
func (q *Sessions) Prepare(c query.Context) (query.Answer, error) {
	plan, err := q.plan(c)
	if err != nil {
		return nil, err
	}
	return plan.answer, nil
}

func (q *Sessions) plan(c query.Context) (*sessionsPlan, error) {
	if err := q.check(c); err != nil {
		return nil, err
	}
	plan := &sessionsPlan{table: newSessionTable(c, q.Course), limit: c.AtMost(q.Limit), pathway: q.Pathway}
	rows := c.Compiler()
	where, err := q.conditions(c, rows)
	if err != nil {
		return nil, err
	}
	if plan.rows, err = q.rows(rows, where, plan.table.list, plan.limit+1); err != nil {
		return nil, err
	}
	if rows.Needs.Arrays {
		plan.truncated = c.TruncatedIn(q.Person)
	}
	if q.IncludeTotal {
		total := c.Compiler()
		if where, err = q.conditions(c, total); err != nil {
			return nil, err
		}
		sql := "select count(*)\n  from footfall.sessions s" + total.Needs.Joins("s") + "\n where " + where
		plan.total = &store.Statement{SQL: sql, Args: total.Params.Values}
	}
	return plan, nil
}

func (q *Sessions) check(c query.Context) error {
	if err := q.Person.Check(); err != nil {
		return err
	}
	if err := query.CheckPage(q.Limit, maxSessions, q.Offset); err != nil {
		return err
	}
	if q.Course && q.Limit > maxCourses {
		return query.Invalid("limit", "must be at most %d with course, not %d", maxCourses, q.Limit)
	}
	return c.CheckRange()
}

// conditions are what both statements share.
func (q *Sessions) conditions(c query.Context, compiler *filter.Compiler) (string, error) {
	n, err := q.Node(c)
	if err != nil {
		return "", err
	}
	selected, err := compiler.Sessions(n)
	if err != nil {
		return "", query.InvalidFilter("options.filter", err)
	}
	where := fmt.Sprintf("s.start_ts >= %s and s.start_ts < %s", compiler.Params.Add(c.From), compiler.Params.Add(c.To))
	switch {
	case q.User != "":
		where += "\n   and s.user_key = " + q.Key(compiler.Params)
	case !q.IncludeAnonymous && q.Pathway == nil: // pathways have said whom they count
		compiler.Needs.Profiles = true
		where += "\n   and p.anonymous = false"
	}
	if q.Pathway != nil {
		counted, err := q.Pathway.Condition(c, compiler)
		if err != nil {
			return "", err
		}
		where += "\n   and " + counted
	}
	return where + "\n   and " + selected, nil
}

// sessionsSQL finds the page of sessions first, on narrow rows.
const sessionsSQL = `with page as (
select s.user_key, s.session_key, %[1]s as sort
  from footfall.sessions s%[2]s
 where %[3]s
 order by %[4]s
 limit %[5]s offset %[6]s
)
select %[7]s
  from page
  join footfall.sessions s using (user_key, session_key)
  left join footfall.users u on u.key = s.user_key and u.kind <> 'none'
 order by %[4]s`

func (q *Sessions) rows(compiler *filter.Compiler, where, list string, limit int) (store.Statement, error) {
	value, joins, err := q.sort(compiler)
	if err != nil {
		return store.Statement{}, err
	}
	order := "sort nulls last, s.start_ts desc, s.user_key, s.session_key"
	if q.Sort.Descending {
		order = "sort desc nulls last, s.start_ts desc, s.user_key, s.session_key"
	}
	if value == "s.start_ts" { // as the indexes have it
		order = strings.ReplaceAll(strings.ReplaceAll(order, "s.start_ts desc, ", ""), " nulls last", "")
	}
	sql := fmt.Sprintf(sessionsSQL, value, compiler.Needs.Joins("s")+joins, where, order,
		compiler.Params.Add(limit), compiler.Params.Add(q.Offset), list)
	return store.Statement{SQL: sql, Args: compiler.Params.Values}, nil
}

// sort is what sessions are sorted by, and the joins it takes.
func (q *Sessions) sort(compiler *filter.Compiler) (value, joins string, err error) {
	if q.Sort.Column == "" {
		q.Sort = query.Sort{Column: "session_start", Descending: true}
	}
	var ids []string
	for _, c := range sessionColumns {
		if c.ID != q.Sort.Column {
			ids = append(ids, c.ID)
			continue
		}
		if c.Kind == query.TextID {
			a, err := compiler.Names.Find(c.ID)
			return "ranked.rank", query.JoinRanks(a, c.SQL, compiler.Params), err
		}
		if strings.HasPrefix(c.SQL, "u.") {
			compiler.Needs.Users = true
		}
		return c.SQL, "", nil
	}
	return "", "", query.Invalid("sort.column", "is %q; it must be one of %s", q.Sort.Column, strings.Join(ids, ", "))
}

// answer reads the page, then the texts it refers to, and the total.
func (plan *sessionsPlan) answer(ctx context.Context, db store.Querier) (data.Frames, error) {
	if plan.pathway != nil {
		if err := plan.pathway.Load(ctx, db); err != nil {
			return nil, err
		}
	}
	frame, rows, more, err := plan.table.read(ctx, db, "sessions", plan.rows, plan.limit)
	if err != nil {
		return nil, err
	}
	if err := query.DescribePage(ctx, db, frame, "sessions", rows, more, plan.rows, plan.total); err != nil {
		return nil, err
	}
	return data.Frames{frame}, query.NoteTruncated(ctx, db, frame, plan.truncated)
}
