package explorer

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// plainly writes the SQL that is shown beside an answer: over the views of plain_events, plain_sessions and plain_users, with all
// values in it, so that people can read it, take it elsewhere and get the same. It is made for being understood, not for speed:
//
//	hits     what is counted, a row each
//	top_1    the values of the first facet that are shown
//	named_1  hits with these, or (other)
//	top_2 …  the same within each value of the facets before
type plainly struct {
	*build
	filters *filter.Plain
	columns []string // of hits
	tables  []string
}

// levels of attributes that rows have one value of.
var levels = map[Over]filter.Level{overEvents: filter.Event, overSessions: filter.Session, overUsers: filter.Profile}

// plain is the statement. Its errors are of filter.ErrNotPlain.
func (b *build) plain(measures []measure) (string, error) {
	p := &plainly{build: b, filters: filter.NewPlain(b.compiler.Scope)}
	if b.buckets != nil {
		p.table("buckets", "when each begins, in the query's time zone", b.buckets.plain())
	}
	if err := p.hits(); err != nil {
		return "", err
	}
	ranked, last := "hits", "hits"
	if b.Over == overUsers && b.buckets != nil && len(b.facets) > 0 {
		ranked = p.whole()
	}
	for i := range b.facets {
		ranked, last = p.facet(i, ranked, last, measures[0])
	}
	tables := strings.Join(append(slices.Clone(p.filters.With), p.tables...), ", ")
	return "with " + tables + "\n" + p.result(last, measures), nil
}

func (p *plainly) table(name, comment, sql string) string {
	p.tables = append(p.tables, name+" as (\n"+store.Comment(comment)+"\n"+sql+"\n)")
	return name
}

// hits has a row for each event or session that is counted, or for each user and bucket.
func (p *plainly) hits() error {
	where, err := p.matching(p.selected)
	if err != nil {
		return err
	}
	if err := p.rowColumns(); err != nil {
		return err
	}
	row, from, at, comment := "e", "footfall.plain_events e", "e.ts", "events of the range"
	switch p.Over {
	case overSessions:
		row, from, at, comment = "s", "footfall.plain_sessions s", "s.session_start", "sessions that start in the range"
	case overUsers:
		row, from, comment = "u", p.active()+" a\n  join footfall.plain_users u on u.user_key = a.user_key", "users with a session that starts in the range"
	}
	var conditions []string
	if p.Over != overUsers {
		conditions = append(conditions, filter.During(at, p.From, p.To))
	} else if !p.IncludeAnonymous {
		conditions = append(conditions, "not u.anonymous")
	}
	if p.selected != nil {
		conditions = append(conditions, where)
	}
	if p.Over != overUsers {
		from += p.filters.Joins(row)
		if p.buckets != nil {
			from += "\n  cross join buckets b"
		}
	}
	list := append(p.identities(row, at), p.columns...)
	sql := "select " + strings.Join(list, ",\n       ") + "\n  from " + from
	if len(conditions) > 0 {
		sql += "\n where " + strings.Join(conditions, "\n   and ")
	}
	p.table("hits", comment+p.legend(), sql)
	return nil
}

// identities are the columns of hits by which they are counted, and the start of their bucket.
func (p *plainly) identities(row, at string) []string {
	var list []string
	switch {
	case p.buckets != nil && p.Over == overUsers:
		list = append(list, "a.bucket")
	case p.buckets != nil:
		list = append(list, startOf(at))
	}
	if p.Over == overUsers {
		list = append(list, "a.sessions", "u.user_key")
	} else if p.users || p.sessions {
		list = append(list, row+".user_key", row+".anonymous", row+".session_key")
	}
	if p.latest {
		list = append(list, row+".ts", row+".user_id")
	}
	if len(list)+len(p.columns) == 0 {
		list = append(list, at)
	}
	return list
}

// legend says what the columns of hits are that have numbers for names.
func (p *plainly) legend() string {
	text := ""
	for i, f := range p.facets {
		text += fmt.Sprintf("; facet_%d: %s", i+1, f.ID)
	}
	for i, a := range p.valueAttributes {
		text += fmt.Sprintf("; value_%d: %s", i+1, a.ID)
	}
	for i, n := range p.conditionNodes[1:] {
		text += fmt.Sprintf("; matches_%d: %s", i+1, filter.String(n))
	}
	return text
}

// startOf is the start of a time's bucket b.
func startOf(at string) string { return "b.starts[width_bucket(" + at + ", b.starts)] as bucket" }

// active are the users with a session that starts in the range, in each bucket.
func (p *plainly) active() string {
	bucket, from, by := "", "footfall.plain_sessions s", "s.user_key"
	if p.buckets != nil {
		bucket, from, by = startOf("s.session_start")+", ", from+"\n  cross join buckets b", "s.user_key, bucket"
	}
	return p.table("active", "sessions that start in the range", "select "+bucket+"s.user_key, count(*) as sessions\n  from "+from+"\n where "+
		filter.During("s.session_start", p.From, p.To)+"\n group by "+by)
}

func (p *plainly) matching(n filter.Node) (string, error) {
	switch p.Over {
	case overUsers:
		return p.filters.Users(n)
	case overSessions:
		return p.filters.Sessions(n)
	}
	return p.filters.Events(n)
}

// rowColumns are what facets and measures take of each row.
func (p *plainly) rowColumns() error {
	for i, f := range p.facets {
		p.columns = append(p.columns, fmt.Sprintf("%s as facet_%d", p.facetText(f), i+1))
	}
	for i, n := range p.conditionNodes {
		if i == 0 {
			continue
		}
		matches, err := p.matching(n)
		if err != nil {
			return err
		}
		p.columns = append(p.columns, fmt.Sprintf("(%s) as matches_%d", matches, i))
	}
	for i, a := range p.valueAttributes {
		p.columns = append(p.columns, fmt.Sprintf("%s as value_%d", p.number(a), i+1))
	}
	return nil
}

// facetText is the value that a row is grouped by; of what has several a list of texts.
func (p *plainly) facetText(f facet) string {
	level := levels[p.Over]
	if f.HasElements() {
		return p.filters.Texts(f.Attribute, level)
	}
	value := p.filters.Value(f.Attribute, level)
	switch {
	case f.isFrustration():
		return "coalesce(" + value + ", '{}')"
	case f.Type == filter.Time:
		value = "to_char(" + value + ` at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
	case !f.IsCustom() && f.Type != filter.Text:
		value += "::double precision::text"
	}
	return "coalesce(" + value + ", '')"
}

// number is the value that a measure takes.
func (p *plainly) number(a filter.Attribute) string {
	if a.ID == timeOnPage.ID {
		return "e.time_on_page::double precision"
	}
	value := p.filters.Value(a, levels[p.Over])
	if a.IsCustom() {
		value = "footfall.number(" + value + ")"
	}
	return value + "::double precision"
}

// whole has one row for each user, whatever the buckets: which values come first is decided for the whole range.
func (p *plainly) whole() string {
	list := []string{"user_key"}
	for i := range p.facets {
		list = append(list, fmt.Sprintf("facet_%d", i+1))
	}
	for i := range p.conditionNodes[1:] {
		list = append(list, fmt.Sprintf("matches_%d", i+1))
	}
	for i := range p.valueAttributes {
		list = append(list, fmt.Sprintf("value_%d", i+1))
	}
	by := strings.Join(list, ", ")
	return p.table("whole", "each user once", "select "+by+", sum(sessions) as sessions\n  from hits\n group by "+by)
}

// facet writes top and named of facet i for the rows that are ranked, and of those that are shown where they are others.
func (p *plainly) facet(i int, ranked, shown string, first measure) (nextRanked, nextShown string) {
	f, n := p.facets[i], i+1
	value := fmt.Sprintf("h.facet_%d", n)
	each := ""
	if f.hasSeveral() {
		value, each = "coalesce(each.value, '')", fmt.Sprintf("\n          left join unnest(h.facet_%d) each (value) on true", n)
	}
	within, partition := "", ""
	for before := 1; before < n; before++ {
		within += fmt.Sprintf("h.place_%d, ", before)
		partition += fmt.Sprintf(", g.place_%d", before)
	}
	if partition != "" {
		partition = "partition by " + partition[2:] + " "
	}
	where := ""
	if f.other { // what the store itself calls so belongs to it
		where = "\n         where " + value + " <> " + store.Literal(otherText)
	}
	grouped := fmt.Sprintf("select %s%s as value, %s as rank\n          from %s h%s%s\n         group by %s",
		within, value, p.aggregate(first), ranked, each, where, ordinals(n))
	p.table(fmt.Sprintf("top_%d", n), fmt.Sprintf("the first %d values of %s, by the first measure, then by value", f.limit, f.ID), fmt.Sprintf(
		`select *
  from (select g.*, row_number() over (%sorder by g.rank desc nulls last, g.value collate "C") as place
          from (%s) g) g
 where place <= %d`, partition, grouped, f.limit))
	name := func(from, to string) string {
		on := "t.value = " + value
		for before := 1; before < n; before++ {
			on += fmt.Sprintf(" and t.place_%d = h.place_%[1]d", before)
		}
		left, label, place := "", "t.value", "t.place"
		if f.other {
			left, label, place = "left ", "coalesce(t.value, "+store.Literal(otherText)+")", fmt.Sprintf("coalesce(t.place, %d)", f.limit+1)
		}
		return p.table(to, "rows with the value that they are shown by", fmt.Sprintf("select h.*, %s as shown_%d, %s as place_%[2]d\n  from %[4]s h%[5]s\n  %[6]sjoin top_%[2]d t on %[7]s",
			label, n, place, from, strings.ReplaceAll(each, "          left", "  left"), left, on))
	}
	nextShown = name(shown, fmt.Sprintf("named_%d", n))
	if ranked == shown {
		return nextShown, nextShown
	}
	if n < len(p.facets) {
		return name(ranked, fmt.Sprintf("whole_%d", n)), nextShown
	}
	return "", nextShown
}

// aggregate is a measure of rows h.
func (p *plainly) aggregate(m measure) string {
	sql := p.amount(m.amount)
	if m.divisor != nil {
		sql += "::double precision / nullif(" + p.amount(*m.divisor) + ", 0)"
	}
	return sql
}

// counts is that the user of rows h is one of those that count.
func (p *plainly) counts() string {
	if p.IncludeAnonymous {
		return "h.anonymous is not null"
	}
	return "not h.anonymous"
}

func (p *plainly) amount(a amount) string {
	matches := "true"
	if a.condition > 0 {
		matches = fmt.Sprintf("h.matches_%d", a.condition)
	}
	if function := functions[a.function]; function != "" {
		return strings.TrimSuffix(fmt.Sprintf(function, fmt.Sprintf("h.value_%d", a.value+1), matches), " filter (where true)")
	}
	filtered := func(what string, conditions ...string) string {
		if conditions = slices.DeleteFunc(conditions, func(c string) bool { return c == "true" }); len(conditions) == 0 {
			return what
		}
		return what + " filter (where " + strings.Join(conditions, " and ") + ")"
	}
	switch {
	case p.counted(a) == overUsers && p.Over == overUsers:
		return filtered("count(distinct h.user_key)", matches)
	case p.counted(a) == overUsers:
		return filtered("count(distinct h.user_key)", p.counts(), matches)
	case p.counted(a) == overSessions:
		return filtered("count(distinct (h.user_key, h.session_key))", "h.session_key is not null", matches)
	case p.Over == overUsers:
		return "coalesce(" + filtered("sum(h.sessions)", matches) + ", 0)"
	}
	return filtered("count(*)", matches)
}

// result selects the bucket, each facet's value, and the measures by their names.
func (p *plainly) result(from string, measures []measure) string {
	var list, by, order []string
	if p.buckets != nil {
		list, by = append(list, "h.bucket"), append(by, "h.bucket")
	}
	for i, f := range p.facets {
		shown, place := fmt.Sprintf("h.shown_%d", i+1), fmt.Sprintf("h.place_%d", i+1)
		list = append(list, fmt.Sprintf("coalesce(nullif(%s, ''), %s) as %s", shown, store.Literal(query.NoneText), name(f.ID)))
		by, order = append(by, shown, place), append(order, place)
	}
	if p.buckets != nil {
		order = append(order, "h.bucket")
	}
	for _, m := range measures {
		list = append(list, p.aggregate(m)+" as "+name(m.name))
	}
	if p.latest {
		list = append(list, "max(h.ts) filter (where "+p.counts()+") as latest",
			"(array_agg(h.user_id order by h.ts desc, h.user_key desc) filter (where "+p.counts()+"))[1] as latest_user")
	}
	sql := "select " + strings.Join(list, ",\n       ") + "\n  from " + from + " h"
	if len(by) > 0 {
		sql += "\n group by " + strings.Join(by, ", ") + "\n order by " + strings.Join(order, ", ")
	}
	return sql
}

// maxSeries is how many stretches of buckets of equal length are written as such.
const maxSeries = 4

// plain selects an array of the buckets' starts: of stretches of equally long ones, or one by one.
func (b buckets) plain() string {
	var series []string
	for from := 0; from < len(b); {
		to, length := from, time.Duration(0)
		if from+1 < len(b) {
			length = b[from+1].Sub(b[from])
		}
		for to+1 < len(b) && b[to+1].Sub(b[to]) == length {
			to++
		}
		series = append(series, fmt.Sprintf("select generate_series(%s, %s, interval '%d minutes')",
			store.Literal(b[from]), store.Literal(b[to]), max(1, length/time.Minute)))
		from = to + 1
	}
	if len(series) > maxSeries || len(b) <= maxSeries {
		return "select " + store.Literal(b.times()) + " as starts"
	}
	return "select array(" + strings.Join(series, "\n       union all ") + "\n       order by 1) as starts"
}

// name is a column's.
func name(text string) string {
	const most = 63 // bytes that PostgreSQL keeps
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "")
	}
	return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
}

// maxPlain is how long a statement beside an answer may be, in bytes.
const maxPlain = 64 << 10

// plainText is what is shown behind the statements that were run.
func (b *build) plainText(measures []measure) string {
	sql, err := b.plain(measures)
	switch {
	case errors.Is(err, filter.ErrNotPlain):
		return store.Comment(err.Error())
	case err != nil:
		return store.Comment("no plain SQL: " + err.Error())
	case len(sql) > maxPlain:
		return store.Comment(fmt.Sprintf("no plain SQL: it would take more than %d kB", maxPlain>>10))
	}
	return fmt.Sprintf("-- The same in plain SQL, %s to %s, over views of the store that docs/data-model.md explains:\n%s",
		b.From.UTC().Format(time.DateTime), b.To.UTC().Format(time.DateTime), sql)
}
