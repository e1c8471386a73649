// Package users holds the questions about users: lists of them, one of them, how many have which values, and which values
// there are.
package users

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/query/pathways"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// WhichUsers is whom a question is about. Profiles are lifetime values: the dashboard's range matters only for has(...) in
// filters and for ActiveInRange.
type WhichUsers struct {
	query.Selection
	Search           string             `json:"search"`  // substring of user id, name or e-mail, case-insensitive
	Filters          []filter.Condition `json:"filters"` // joined by AND
	IncludeAnonymous bool               `json:"includeAnonymous"`
	ActiveInRange    bool               `json:"activeInRange"` // only users with an event in the dashboard's range
	// only those who are counted in a node or link of pathways, which say themselves whether anonymous ones are
	Pathway *pathways.PathwayStep `json:"pathway"`
}

// Profiles lists users with what is known of them, one row each.
type Profiles struct {
	WhichUsers
	Columns      []string   `json:"columns"` // attributes of profiles; none: the built-in ones
	Sort         query.Sort `json:"sort"`
	Limit        int        `json:"limit"` // 1 to 10,000
	Offset       int        `json:"offset"`
	IncludeTotal bool       `json:"includeTotal"`
}

const (
	maxProfiles = 10_000
	maxColumns  = 100
	maxSearch   = 1024
)

// NewProfiles has the options' defaults: the hundred users seen last.
func NewProfiles() *Profiles { return &Profiles{Limit: 100} }

// profilesPlan is a prepared Profiles.
type profilesPlan struct {
	columns   []query.Column
	rows      store.Statement
	limit     int              // rows has one more
	total     *store.Statement // nil where nobody asked
	truncated *store.Statement // nil where it does not matter
}

// Prepare makes the statements.
func (q *Profiles) Prepare(c query.Context) (query.Answer, error) {
	plan, err := q.plan(c)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, db store.Querier) (data.Frames, error) {
		if err := q.load(ctx, db); err != nil {
			return nil, err
		}
		return plan.answer(ctx, db)
	}, nil
}

func (q *Profiles) plan(c query.Context) (*profilesPlan, error) {
	if err := q.check(c); err != nil {
		return nil, err
	}
	plan := &profilesPlan{limit: c.AtMost(q.Limit)}
	attributes, err := q.attributes(c)
	if err != nil {
		return nil, err
	}
	withID := slices.ContainsFunc(attributes, func(a filter.Attribute) bool { return a.ID == "user_id" })
	for _, a := range attributes {
		column := query.ColumnOf(a)
		column.Links = query.AttributeLinks(a.ID, withID)
		plan.columns = append(plan.columns, column)
	}
	compiler := c.Compiler()
	if plan.rows, err = q.statement(c, compiler, attributes, int64(plan.limit+1)); err != nil {
		return nil, err
	}
	plan.truncated = q.truncated(c, compiler)
	if q.IncludeTotal {
		total, err := q.total(c)
		plan.total = &total
		return plan, err
	}
	return plan, nil
}

// truncated asks whether sessions are too long for what was compiled to see all of them; nil where it looks into none.
func (q *Profiles) truncated(c query.Context, compiler *filter.Compiler) *store.Statement {
	if !compiler.Needs.Arrays {
		return nil
	}
	return c.TruncatedIn(query.Person{})
}

func (q *Profiles) check(c query.Context) error {
	if err := query.CheckPage(q.Limit, maxProfiles, q.Offset); err != nil {
		return err
	}
	return q.WhichUsers.check(c)
}

func (q WhichUsers) check(c query.Context) error {
	if err := query.CheckText("search", q.Search, maxSearch); err != nil {
		return err
	}
	return c.CheckRange()
}

// attributes are those to show.
func (q *Profiles) attributes(c query.Context) ([]filter.Attribute, error) {
	if len(q.Columns) == 0 {
		return filter.BuiltIn(filter.Profile), nil
	}
	if len(q.Columns) > maxColumns {
		return nil, query.Invalid("columns", "has %d entries, more than %d", len(q.Columns), maxColumns)
	}
	columns := make([]filter.Attribute, len(q.Columns))
	for i, id := range q.Columns {
		field := fmt.Sprintf("columns[%d]", i)
		if slices.Contains(q.Columns[:i], id) {
			return nil, query.Invalid(field, "repeats %q", id)
		}
		var err error
		if columns[i], err = findProfileAttribute(c, id, field); err != nil {
			return nil, err
		}
	}
	return columns, nil
}

// findProfileAttribute finds an attribute that profiles have one value of.
func findProfileAttribute(c query.Context, id, field string) (filter.Attribute, error) {
	a, err := c.Names.Find(id)
	if err != nil {
		return a, query.Invalid(field, "names no attribute of profiles: %s", err)
	}
	if a.FilterOnly {
		return a, query.SeveralValues(a, field)
	}
	if a.Level != filter.Profile {
		return a, query.Invalid(field, "is %q, an attribute of %ss; profiles have first_... and last_...", id, a.Level)
	}
	return a, nil
}

// wanted is what must hold of a user, nil where nothing must.
func (q WhichUsers) wanted(c query.Context) (filter.Node, error) {
	selected, err := q.Node(c)
	if err != nil {
		return nil, err
	}
	simple, err := c.JoinConditions("options.filters", q.Filters)
	if err != nil {
		return nil, err
	}
	var search filter.Node
	if q.Search != "" {
		search = filter.Words{Text: q.Search}
	}
	return filter.All(search, simple, selected), nil
}

// isEverybody tells whether these are all users, or all that are not anonymous.
func (q WhichUsers) isEverybody(c query.Context) (bool, error) {
	wanted, err := q.wanted(c)
	return wanted == nil && !q.ActiveInRange && q.Pathway == nil, err
}

// conditions are what all statements about these users share.
func (q WhichUsers) conditions(c query.Context, compiler *filter.Compiler) (string, error) {
	wanted, err := q.wanted(c)
	if err != nil {
		return "", err
	}
	where, err := compiler.Users(wanted)
	if err != nil {
		return "", query.InvalidFilter("options.filter", err)
	}
	switch {
	case q.Pathway != nil:
		counted, err := q.Pathway.UserCondition(c, compiler)
		if err != nil {
			return "", err
		}
		where = counted + " and " + where
	case !q.IncludeAnonymous:
		where = "not p.anonymous and " + where
	}
	if q.ActiveInRange {
		from, to := compiler.Params.Add(c.From), compiler.Params.Add(c.To)
		where += fmt.Sprintf(activeSQL, filter.Overlap(from, to), from, to, filter.SessionEvents)
	}
	return where, nil
}

// load finds whom the pathway counts, in the transaction of the statements that conditions is part of, before these run.
func (q WhichUsers) load(ctx context.Context, db store.Querier) error {
	if q.Pathway == nil {
		return nil
	}
	return q.Pathway.Load(ctx, db)
}

// activeSQL wants an event in the range: the first or the last of a session, or one between, which the arrays of a
// truncated session may lack.
const activeSQL = ` and exists (
  select from footfall.sessions s
   where s.user_key = p.user_key and %[1]s
   and (s.start_ts >= %[2]s or s.end_ts < %[3]s or exists (select from %[4]s where e.ts >= %[2]s and e.ts < %[3]s)
        or s.truncated and exists (
           select from footfall.events e
            where e.user_key = s.user_key and e.session_key = s.session_key and e.ts >= %[2]s and e.ts < %[3]s)))`

// The worker keeps count of all users, whom it would take a while to count.
const (
	allUsersSQL  = `select users from footfall.worker`
	withVisitors = `select users + anonymous from footfall.worker`
)

func (q *Profiles) total(c query.Context) (store.Statement, error) {
	all, err := q.isEverybody(c)
	switch {
	case err != nil:
		return store.Statement{}, err
	case all && q.IncludeAnonymous:
		return store.Statement{SQL: withVisitors}, nil
	case all:
		return store.Statement{SQL: allUsersSQL}, nil
	}
	compiler := c.Compiler()
	where, err := q.conditions(c, compiler)
	sql := "select count(*)\n  from footfall.profiles p" + compiler.Needs.JoinUser() + "\n where " + where
	return store.Statement{SQL: sql, Args: compiler.Params.Values}, err
}

// profilesSQL finds the page of users first, on narrow rows, and then reads the columns of that page alone.
const profilesSQL = `with page as (
select p.user_key%[1]s
  from footfall.profiles p%[2]s
 where %[3]s
 order by %[4]s
 limit %[5]s offset %[6]s
)
select %[7]s
  from page
  join footfall.profiles p using (user_key)
  join footfall.users u on u.key = p.user_key%[8]s
 order by %[4]s`

// shown is how a statement selects a column: its value in SQL, and what has to be joined for it.
type shown func(*filter.Compiler, filter.Attribute) (value, join string)

// storedValue leaves texts of the dictionary as ids, which are looked up once for all rows.
func storedValue(compiler *filter.Compiler, a filter.Attribute) (value, join string) {
	return compiler.Value(a), ""
}

// profilesParts are what statements that list users are made of.
type profilesParts struct {
	where, list, joins string // joins: of the columns
	by                 ordering
}

// parts selects the columns as show says.
func (q *Profiles) parts(c query.Context, compiler *filter.Compiler, columns []filter.Attribute, show shown) (profilesParts, error) {
	where, err := q.conditions(c, compiler)
	if err != nil {
		return profilesParts{}, err
	}
	by, err := q.sort(c, compiler)
	if err != nil {
		return profilesParts{}, err
	}
	by.joins = compiler.Needs.JoinUser() + by.joins
	var list, joins strings.Builder
	for i, column := range columns {
		if i > 0 {
			list.WriteString(", ")
		}
		value, join := show(compiler, column)
		list.WriteString(value)
		joins.WriteString(join)
	}
	return profilesParts{where, list.String(), joins.String(), by}, nil
}

func (q *Profiles) statement(c query.Context, compiler *filter.Compiler, columns []filter.Attribute, limit int64) (store.Statement, error) {
	parts, err := q.parts(c, compiler, columns, storedValue)
	if err != nil {
		return store.Statement{}, err
	}
	var keys, order strings.Builder
	for i, expression := range parts.by.expressions {
		fmt.Fprintf(&keys, ", %s as sort_%d", expression, i)
		fmt.Fprintf(&order, "sort_%d%s, ", i, parts.by.direction)
	}
	order.WriteString("user_key")
	sql := fmt.Sprintf(profilesSQL, keys.String(), parts.by.joins, parts.where, order.String(),
		compiler.Params.Add(limit), compiler.Params.Add(q.Offset), parts.list, parts.joins)
	return store.Statement{SQL: sql, Args: compiler.Params.Values}, nil
}

// ordering is how a statement sorts: all expressions in the same direction.
type ordering struct {
	expressions []string
	direction   string
	joins       string
}

func (q *Profiles) sort(c query.Context, compiler *filter.Compiler) (ordering, error) {
	sort := q.Sort
	if sort.Column == "" {
		sort = query.Sort{Column: "last_seen", Descending: true}
	}
	a, err := findProfileAttribute(c, sort.Column, "sort.column")
	if err != nil {
		return ordering{}, err
	}
	var by ordering
	if sort.Descending {
		by.direction = " desc"
	}
	if a.Nullable { // said of other columns it would keep the planner from their index
		by.direction += " nulls last"
	}
	value := compiler.Value(a)
	switch {
	case a.IsCustom(): // numbers before texts
		by.expressions = []string{fmt.Sprintf("case when %s then %s::numeric end", filter.IsNumber(value), value), value}
	case a.Dictionary != "":
		by.expressions = []string{"ranked.rank"}
		by.joins = query.JoinRanks(a, value, compiler.Params)
	default:
		by.expressions = []string{value}
	}
	return by, nil
}

// answer reads the page, then the texts it refers to, and the total.
func (plan *profilesPlan) answer(ctx context.Context, db store.Querier) (data.Frames, error) {
	table := query.NewTable(plan.columns)
	rows, more, err := table.Read(ctx, db, plan.rows, plan.limit)
	if err != nil {
		return nil, err
	}
	frame, err := table.Frame(ctx, db, "profiles")
	if err != nil {
		return nil, err
	}
	frame.Meta = query.TableMeta(plan.rows)
	if err := query.DescribePage(ctx, db, frame, "users", rows, more, plan.rows, plan.total); err != nil {
		return nil, err
	}
	return data.Frames{frame}, query.NoteTruncated(ctx, db, frame, plan.truncated)
}
