package users

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Profile shows what is known of one user, how the user's totals compare with those of the users that the filter
// selects, or of all, which segments the user is in, and on which of the last days the user was active. Its values are
// lifetime ones: the dashboard's range matters only for has(...) in the filter.
type Profile struct {
	query.Selection
	query.Person
}

// NewProfile has the options' defaults: none.
func NewProfile() *Profile { return &Profile{} }

// profilePlan is a prepared Profile.
type profilePlan struct {
	user       string
	columns    []query.Column
	row        store.Statement
	attributes store.Statement // usr.* of this user
	segments   store.Statement // that have the user
	days       store.Statement // on which the user was active
	totals     store.Statement
	truncated  *store.Statement
}

// Prepare makes the statements.
func (q *Profile) Prepare(c query.Context) (query.Answer, error) {
	plan, err := q.plan(c)
	if err != nil {
		return nil, err
	}
	return plan.answer, nil
}

func (q *Profile) plan(c query.Context) (*profilePlan, error) {
	if q.User == "" {
		return nil, query.Invalid("user", "is missing: give a usr.id, or with anonymous an anonymous id")
	}
	if err := q.Person.Check(); err != nil {
		return nil, err
	}
	if err := c.CheckRange(); err != nil {
		return nil, err
	}
	plan := &profilePlan{user: q.User}
	plan.columns, plan.row = q.row(c)
	plan.attributes, plan.segments = q.ofUser(profileAttributesSQL), q.ofUser(profileSegmentsSQL)
	plan.days = q.days(c)
	return plan, q.compare(c, plan)
}

const profileSQL = `select %s
  from footfall.profiles p
  join footfall.users u on u.key = p.user_key
 where p.user_key = %s`

// medianSession is the median of the durations of the user's sessions.
var medianSession = query.Column{ID: "median_session", Name: "Median session", Kind: query.Fraction, Unit: "ms"}

const medianSessionSQL = `(select percentile_cont(0.5) within group (order by extract(epoch from s.end_ts - s.start_ts)::double precision * 1000)
          from footfall.sessions s
         where s.user_key = p.user_key)`

// row selects the built-in attributes, those of reference tables, and how long the user's sessions are.
func (q *Profile) row(c query.Context) ([]query.Column, store.Statement) {
	compiler := c.Compiler()
	names := filter.Names{Tables: c.Names.Tables}
	var columns []query.Column
	var list []string
	for _, a := range names.All(filter.Profile) {
		columns = append(columns, query.ColumnOf(a))
		list = append(list, compiler.Value(a))
	}
	columns, list = append(columns, medianSession), append(list, medianSessionSQL)
	sql := fmt.Sprintf(profileSQL, strings.Join(list, ", "), q.Key(compiler.Params))
	return columns, store.Statement{SQL: sql, Args: compiler.Params.Values}
}

// profileAttributesSQL reads what this user has: of all names there may be thousands.
const profileAttributesSQL = `select a.key, a.value #>> '{}'
  from footfall.profiles p, jsonb_each(p.attributes) a
 where p.user_key = %s
 order by a.key collate "C"`

// profileSegmentsSQL reads the segments as they were computed last.
const profileSegmentsSQL = `select s.id, s.name, s.kind::text, m.since
  from footfall.segment_members m
  join footfall.segments s on s.key = m.segment_key
 where m.user_key = %s
 order by lower(s.name), s.id`

// ofUser is a statement that takes the user's key.
func (q *Profile) ofUser(sql string) store.Statement {
	params := &store.Params{}
	return store.Statement{SQL: fmt.Sprintf(sql, q.Key(params)), Args: params.Values}
}

// total is a number that users have.
type total struct{ id, name string }

var totals = []total{
	{"sessions", "Sessions"},
	{"views", "Views"},
	{"actions", "Actions"},
	{"errors", "Errors"},
	{"frustrations", "Frustrations"},
	{"events", "Events"},
}

// ownSQL are the totals of the user.
const ownSQL = `with own as (
select p.user_key, p.anonymous, p.sessions, p.views, p.actions, p.errors, p.frustrations, p.events
  from footfall.profiles p
 where p.user_key = %s
)`

// ofAllSQL takes how many users have which totals from what the worker keeps; a visitor without usr.id is not among them.
const ofAllSQL = `counted as (
select total, value, users from footfall.profile_totals
 union all
select o.total, o.value, 1 from own cross join lateral ` + ownTotals + ` where own.anonymous
)`

// ofSelectedSQL counts the users per value of each total in one pass.
var ofSelectedSQL = `compared as (
select p.user_key, p.anonymous, p.sessions, p.views, p.actions, p.errors, p.frustrations, p.events
  from footfall.profiles p%[1]s
 where not p.anonymous and p.user_key <> (select user_key from own)
   and %[2]s
 union all
select * from own
), counted as (` + store.CountTotals("compared") + `
)`

// comparedSQL tells by these counts, which are few, how many users have at most a value, and which value stands in the middle.
const comparedSQL = `ranked as (
select total, value, sum(users) over (partition by total order by value) as upto, sum(users) over (partition by total) as everybody
  from counted
)
select o.total, o.value,
       (max(r.upto) filter (where r.value <= o.value) * 100.0 / max(r.everybody))::double precision,
       ((min(r.value) filter (where r.upto * 2 >= r.everybody) + min(r.value) filter (where r.upto * 2 > r.everybody)) / 2.0)::double precision
  from own
 cross join lateral ` + ownTotals + `
  join ranked r on r.total = o.total
 group by o.total, o.value`

const ownTotals = `(values ('sessions', own.sessions), ('views', own.views), ('actions', own.actions), ('errors', own.errors),
                            ('frustrations', own.frustrations), ('events', own.events)) o (total, value)`

func (q *Profile) compare(c query.Context, plan *profilePlan) error {
	n, err := q.Node(c)
	if err != nil {
		return err
	}
	compiler := c.Compiler()
	own, counted := fmt.Sprintf(ownSQL, q.Key(compiler.Params)), ofAllSQL
	if n != nil {
		condition, err := compiler.Users(n)
		if err != nil {
			return query.InvalidFilter("options.filter", err)
		}
		counted = fmt.Sprintf(ofSelectedSQL, compiler.Needs.JoinUser(), condition)
	}
	plan.totals = store.Statement{SQL: own + ", " + counted + ", " + comparedSQL, Args: compiler.Params.Values}
	if compiler.Needs.Arrays {
		plan.truncated = c.TruncatedIn(query.Person{})
	}
	return nil
}

func (plan *profilePlan) answer(ctx context.Context, db store.Querier) (data.Frames, error) {
	profile, err := plan.profileFrame(ctx, db)
	if err != nil {
		return nil, err
	}
	compared, err := plan.totalsFrame(ctx, db)
	if err != nil {
		return nil, err
	}
	segments, err := plan.segmentsFrame(ctx, db)
	if err != nil {
		return nil, err
	}
	days, err := plan.daysFrame(ctx, db)
	if err != nil {
		return nil, err
	}
	return data.Frames{profile, compared, segments, days}, query.NoteTruncated(ctx, db, compared, plan.truncated)
}

func (plan *profilePlan) profileFrame(ctx context.Context, db store.Querier) (*data.Frame, error) {
	table := query.NewTable(plan.columns)
	rows, _, err := table.Read(ctx, db, plan.row, 1)
	if err != nil {
		return nil, err
	}
	frame, err := table.Frame(ctx, db, "profile")
	if err != nil {
		return nil, err
	}
	frame.Meta = query.TableMeta(plan.row, plan.attributes)
	if rows == 0 {
		frame.AppendNotices(data.Notice{
			Severity: data.NoticeSeverityWarning, Text: fmt.Sprintf("There is no user %q", plan.user),
		})
	}
	var name string
	var value *string
	return frame, plan.attributes.Each(ctx, db, []any{&name, &value}, func() error {
		field := data.NewField(name, nil, []*string{value})
		field.Config = &data.FieldConfig{DisplayNameFromDS: name}
		frame.Fields = append(frame.Fields, field)
		value = nil
		return nil
	})
}

// compared is a total of the user and how it compares.
type compared struct {
	value              int64
	percentile, median float64
}

func (plan *profilePlan) totalsFrame(ctx context.Context, db store.Querier) (*data.Frame, error) {
	var id string
	var next compared
	found := map[string]compared{}
	err := plan.totals.Each(ctx, db, []any{&id, &next.value, &next.percentile, &next.median}, func() error {
		found[id] = next
		return nil
	})
	if err != nil {
		return nil, err
	}
	ids, names, values := []string{}, []string{}, []int64{}
	percentiles, medians := []float64{}, []float64{}
	for _, t := range totals {
		if c, known := found[t.id]; known {
			ids, names, values = append(ids, t.id), append(names, t.name), append(values, c.value)
			percentiles, medians = append(percentiles, c.percentile), append(medians, c.median)
		}
	}
	frame := data.NewFrame("totals", data.NewField("total", nil, ids), data.NewField("name", nil, names),
		data.NewField("value", nil, values), data.NewField("percentile", nil, percentiles), data.NewField("median", nil, medians))
	for i, name := range []string{"Total", "Name", "Value", "Percentile", "Median"} {
		frame.Fields[i].Config = &data.FieldConfig{DisplayNameFromDS: name}
	}
	frame.Fields[3].Config.Unit = "percent"
	frame.Meta = query.TableMeta(plan.totals)
	return frame, nil
}

func (plan *profilePlan) segmentsFrame(ctx context.Context, db store.Querier) (*data.Frame, error) {
	var id, name, kind string
	var since *time.Time
	ids, names, kinds, sinces := []string{}, []string{}, []string{}, []*time.Time{}
	err := plan.segments.Each(ctx, db, []any{&id, &name, &kind, &since}, func() error {
		ids, names, kinds, sinces = append(ids, id), append(names, name), append(kinds, kind), append(sinces, since)
		since = nil
		return nil
	})
	if err != nil {
		return nil, err
	}
	frame := data.NewFrame("segments", data.NewField("id", nil, ids), data.NewField("name", nil, names),
		data.NewField("kind", nil, kinds), data.NewField("since", nil, sinces))
	for i, name := range []string{"ID", "Segment", "Kind", "Member since"} {
		frame.Fields[i].Config = &data.FieldConfig{DisplayNameFromDS: name}
	}
	frame.Meta = query.TableMeta(plan.segments)
	return frame, nil
}
