package query

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// Profiles lists users with what is known of them, one row each. Profiles are lifetime values: the dashboard's range
// does not matter.
type Profiles struct {
	Search           string   `json:"search"`  // substring of user id, name or e-mail, case-insensitive
	Filters          []Filter `json:"filters"` // joined by AND
	Columns          []string `json:"columns"` // attribute ids; none: all but the custom ones
	Sort             Sort     `json:"sort"`
	Limit            int      `json:"limit"` // 1 to 10,000
	Offset           int      `json:"offset"`
	IncludeTotal     bool     `json:"includeTotal"`
	IncludeAnonymous bool     `json:"includeAnonymous"`
}

// Sort orders by any attribute. Users without it come last; equal ones are in the order they were first stored, so
// that pages do not overlap.
type Sort struct {
	Column     string `json:"column"`
	Descending bool   `json:"descending"`
}

const (
	maxProfiles = 10_000
	maxOffset   = 1_000_000_000
	maxColumns  = 100
)

// NewProfiles has the options' defaults: the hundred users seen last.
func NewProfiles() *Profiles { return &Profiles{Limit: 100} }

// profilesPlan is a prepared Profiles.
type profilesPlan struct {
	columns []Attribute
	rows    Statement
	limit   int        // rows has one more
	offset  int        //
	total   *Statement // nil where nobody asked
}

// Prepare makes the statements.
func (q *Profiles) Prepare(c Context) (Answer, error) {
	plan, err := q.plan(c)
	if err != nil {
		return nil, err
	}
	return plan.answer, nil
}

func (q *Profiles) plan(c Context) (*profilesPlan, error) {
	if q.Limit < 1 || q.Limit > maxProfiles {
		return nil, invalid("limit", "must be 1 to %d, not %d", maxProfiles, q.Limit)
	}
	if q.Offset < 0 || q.Offset > maxOffset {
		return nil, invalid("offset", "must be 0 to %d, not %d", maxOffset, q.Offset)
	}
	plan := &profilesPlan{limit: q.Limit, offset: q.Offset}
	if c.MaxRows > 0 {
		plan.limit = min(plan.limit, c.MaxRows)
	}
	var err error
	if plan.columns, err = q.columns(); err != nil {
		return nil, err
	}
	if plan.rows, err = q.rows(c, plan.columns, plan.limit+1); err != nil {
		return nil, err
	}
	if q.IncludeTotal {
		total, err := q.total(c)
		plan.total = &total
		return plan, err
	}
	return plan, nil
}

// columns are the attributes to show.
func (q *Profiles) columns() ([]Attribute, error) {
	if len(q.Columns) == 0 {
		return builtIn, nil
	}
	if len(q.Columns) > maxColumns {
		return nil, invalid("columns", "has %d entries, more than %d", len(q.Columns), maxColumns)
	}
	columns := make([]Attribute, len(q.Columns))
	for i, id := range q.Columns {
		field := fmt.Sprintf("columns[%d]", i)
		if slices.Contains(q.Columns[:i], id) {
			return nil, invalid(field, "repeats %q", id)
		}
		var err error
		if columns[i], err = find(id, field); err != nil {
			return nil, err
		}
	}
	return columns, nil
}

// conditions are what both statements share.
func (q *Profiles) conditions(c Context) (*conditions, error) {
	where := &conditions{location: c.Location}
	if q.IncludeAnonymous {
		where.add("true")
	} else {
		where.add("not p.anonymous")
	}
	if err := where.search(q.Search); err != nil {
		return nil, err
	}
	return where, where.filters(q.Filters)
}

func (q *Profiles) total(c Context) (Statement, error) {
	where, err := q.conditions(c)
	if err != nil {
		return Statement{}, err
	}
	sql := "select count(*)\n  from footfall.profiles p" + joinUsers(where.users) + "\n where " + where.where()
	return Statement{SQL: sql, Args: where.params.values}, nil
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
  join footfall.users u on u.key = p.user_key
 order by %[4]s`

func (q *Profiles) rows(c Context, columns []Attribute, limit int) (Statement, error) {
	where, err := q.conditions(c)
	if err != nil {
		return Statement{}, err
	}
	by, err := q.sort(where)
	if err != nil {
		return Statement{}, err
	}
	var keys, order, list strings.Builder
	for i, expression := range by.expressions {
		fmt.Fprintf(&keys, ", %s as sort_%d", expression, i)
		fmt.Fprintf(&order, "sort_%d%s, ", i, by.direction)
	}
	order.WriteString("user_key")
	for i, column := range columns {
		if i > 0 {
			list.WriteString(", ")
		}
		list.WriteString(column.expression(&where.params))
	}
	sql := fmt.Sprintf(profilesSQL, keys.String(), by.joins, where.where(), order.String(),
		where.params.add(limit), where.params.add(q.Offset), list.String())
	return Statement{SQL: sql, Args: where.params.values}, nil
}

func joinUsers(needed bool) string {
	if !needed {
		return ""
	}
	return "\n  join footfall.users u on u.key = p.user_key"
}

// ordering is how a statement sorts: all expressions in the same direction.
type ordering struct {
	expressions []string
	direction   string
	joins       string
}

func (q *Profiles) sort(where *conditions) (ordering, error) {
	sort := q.Sort
	if sort.Column == "" {
		sort = Sort{Column: "last_seen", Descending: true}
	}
	a, err := find(sort.Column, "sort.column")
	if err != nil {
		return ordering{}, err
	}
	by := ordering{joins: joinUsers(where.users || a.ofUsers())}
	if sort.Descending {
		by.direction = " desc"
	}
	if a.nullable { // said of other columns it would keep the planner from their index
		by.direction += " nulls last"
	}
	value := a.expression(&where.params)
	switch {
	case a.isCustom(): // numbers before texts
		by.expressions = []string{fmt.Sprintf("case when %s ~ %s then %[1]s::numeric end", value, numeric), value}
	case a.dictionary != "":
		by.expressions = []string{"ranked.rank"}
		by.joins += fmt.Sprintf(rankSQL, rankOrder(a, &where.params), a.dictionary, a.column)
	default:
		by.expressions = []string{value}
	}
	return by, nil
}

// rankSQL numbers the texts of one kind, so that profiles are sorted by numbers: texts compare several times slower.
const rankSQL = `
  left join (select d.id, row_number() over (order by %s) as rank
               from footfall.dictionary d
              where d.kind = '%s') ranked on ranked.id = %s`

// rankOrder sorts countries as they are shown, by name.
func rankOrder(a Attribute, params *parameters) string {
	if !a.isCountry() {
		return "d.value"
	}
	return fmt.Sprintf("array_position(%s::text[], d.value), d.value", params.add(countriesByName()))
}

// answer reads the page, then the texts it refers to, and the total.
func (plan *profilesPlan) answer(ctx context.Context, db store.Querier) (data.Frames, error) {
	table := newTable(plan.columns)
	rows, more := 0, false
	err := plan.rows.each(ctx, db, table.targets(), func() error {
		if rows == plan.limit {
			more = true
			return nil
		}
		rows++
		table.take()
		return nil
	})
	if err != nil {
		return nil, err
	}
	frame, err := table.frame(ctx, db, "profiles")
	if err != nil {
		return nil, err
	}
	frame.Meta = &data.FrameMeta{
		Type:                   data.FrameTypeTable,
		TypeVersion:            data.FrameTypeVersion{0, 1},
		ExecutedQueryString:    plan.rows.String(),
		PreferredVisualization: data.VisTypeTable,
	}
	return data.Frames{frame}, plan.describe(ctx, db, frame, rows, more)
}

// describe adds the total and says what the page leaves out.
func (plan *profilesPlan) describe(ctx context.Context, db store.Querier, frame *data.Frame, rows int, more bool) error {
	print := message.NewPrinter(language.English).Sprintf
	switch {
	case plan.total != nil:
		var total int64
		if err := plan.total.each(ctx, db, []any{&total}, func() error { return nil }); err != nil {
			return err
		}
		frame.Meta.Custom = map[string]any{"total": total}
		frame.Meta.ExecutedQueryString += ";\n\n" + plan.total.String()
		if int64(rows) < total {
			frame.AppendNotices(data.Notice{Text: print("Showing %d of %d users", rows, total)})
		}
	case more:
		frame.AppendNotices(data.Notice{Text: print("Showing %d users; there are more", rows)})
	}
	return nil
}
