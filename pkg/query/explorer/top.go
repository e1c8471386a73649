package explorer

import (
	"fmt"
	"slices"
	"strings"
)

// amounts are what a measure is made of.
func (m measure) amounts() []amount {
	if m.divisor == nil {
		return []amount{m.amount}
	}
	return []amount{m.amount, *m.divisor}
}

// parts are the amounts, to be changed.
func (m *measure) parts() []*amount {
	if m.divisor == nil {
		return []*amount{&m.amount}
	}
	return []*amount{&m.amount, m.divisor}
}

// counted is overUsers or overSessions where an amount counts each of these once, "" where it adds up rows.
func (b *build) counted(a amount) Over {
	switch {
	case b.Over == overEvents && a.function == countUsers, b.Over == overSessions && a.function == countUsers,
		b.Over == overUsers && a.function != countSessions && functions[a.function] == "":
		return overUsers
	case b.Over == overEvents && a.function == countSessions,
		b.Over == overSessions && a.function == countSessions && slices.ContainsFunc(b.facets, facet.hasSeveral):
		return overSessions
	}
	return ""
}

// group is what cells c are put together by.
type group struct {
	facets int  // the first so many of them
	bucket bool // each by itself
}

// apart tells whether no two cells of a group can be of the same user, or session where these are told apart.
func (b *build) apart(g group) bool {
	mixes := func(f facet) bool { return f.other || f.hasSeveral() }
	return (len(b.values) == 0 || b.Over == overUsers) && g.facets == len(b.facets) && (g.bucket || b.buckets == nil) &&
		!slices.ContainsFunc(b.facets, mixes)
}

// aggregate is a measure of cells in SQL.
func (b *build) aggregate(m measure, g group) string {
	sql := b.amount(m.amount, g)
	if m.divisor != nil {
		sql += "::double precision / nullif(" + b.amount(*m.divisor, g) + ", 0)"
	}
	return "(" + sql + ")::double precision"
}

func (b *build) amount(a amount, g group) string {
	number := fmt.Sprintf("c.number_%d", a.condition)
	if function := functions[a.function]; function != "" {
		return fmt.Sprintf(function, fmt.Sprintf("c.value_%d", a.value), number+" > 0")
	}
	column, distinct := "", "distinct "
	switch b.counted(a) {
	case overUsers:
		column = "c.user_key"
		if b.apart(g) && !b.sessions {
			distinct = ""
		}
	case overSessions:
		column = "c.session"
		if b.apart(g) {
			distinct = ""
		}
	default:
		return "coalesce(sum(" + number + "), 0)"
	}
	return fmt.Sprintf("count(%s%s) filter (where %s > 0)", distinct, column, number)
}

// place is the rank of a cell's value of facet i; (other) comes last.
func (b *build) place(i int) string {
	place := fmt.Sprintf("top_%d.place_%[1]d", i+1)
	if f := b.facets[i]; f.other {
		return fmt.Sprintf("coalesce(%s, %d)", place, f.limit+1)
	}
	return place
}

// places are those of the first n facets, each named.
func (b *build) places(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("%s as place_%d", b.place(i), i+1)
	}
	return list
}

// cellsOf joins cells c to the places of the first n facets.
func (b *build) cellsOf(ranked string, n int) string {
	sql := ranked + " c"
	for i := range n {
		value := b.facetColumn(i)
		sql += b.each(i)
		left := ""
		if b.facets[i].other {
			left = "left "
		}
		sql += fmt.Sprintf("\n  %sjoin top_%d on top_%[2]d.value = %s", left, i+1, value)
		for before := range i {
			sql += fmt.Sprintf(" and top_%d.place_%d = %s", i+1, before+1, b.place(before))
		}
	}
	return sql
}

// each makes a cell one of each value of facet i, where it may have several.
func (b *build) each(i int) string {
	switch f := b.facets[i]; {
	case f.isFrustration():
		return fmt.Sprintf("\n  join frustrations on frustrations.bits = c.facet_%d", i+1)
	case f.hasSeveral():
		return fmt.Sprintf("\n  cross join lateral unnest(c.facet_%d) each_%[1]d (value)", i+1)
	}
	return ""
}

func (b *build) facetColumn(i int) string {
	switch f := b.facets[i]; {
	case f.isFrustration():
		return "frustrations.value"
	case f.hasSeveral():
		return fmt.Sprintf("coalesce(each_%d.value, '')", i+1)
	}
	return fmt.Sprintf("c.facet_%d", i+1)
}

// topSQL ranks the values of a facet within those of the facets before: its name, its place column, the partition,
// its label and what must be joined for it, the groups, and its limit.
const topSQL = `top_%[1]d as (
select *
  from (select g.*, %[3]s as label,
               row_number() over (%[2]sorder by g.rank desc nulls last, %[3]s collate "C") as place_%[1]d,
               count(*) over (%[2]s) as number
          from (%[5]s) g%[4]s) ranked
 where place_%[1]d <= %[6]d
)`

// top makes topSQL of facet i.
func (b *build) top(i int, ranked string, first measure) string {
	label, join := "g.value", ""
	if b.facets[i].Dictionary != "" {
		label, join = "coalesce(d.value, '')", "\n          left join footfall.dictionary d on d.id = g.value"
	}
	if b.facets[i].other { // what the store itself calls so belongs to it
		join += "\n         where " + label + " <> '" + otherText + "'"
	}
	partition := ""
	if i > 0 {
		parents := make([]string, i)
		for parent := range parents {
			parents[parent] = fmt.Sprintf("g.place_%d", parent+1)
		}
		partition = "partition by " + strings.Join(parents, ", ") + " "
	}
	g := group{facets: i + 1, bucket: ranked == "whole"}
	list := append(b.places(i), b.facetColumn(i)+" as value", b.aggregate(first, g)+" as rank")
	from := b.cellsOf(ranked, i) + b.each(i)
	groups := "select " + strings.Join(list, ", ") + "\n                  from " + from + "\n                 group by " + ordinals(i+1)
	return fmt.Sprintf(topSQL, i+1, partition, label, join, groups, b.facets[i].limit)
}

// ordinals are the first n columns of a select.
func ordinals(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint(i + 1)
	}
	return strings.Join(list, ", ")
}

// latestSQL is when the last event of cells c was, and the key of its user; of those at one time, the user stored last.
var latestSQL = []string{
	"max(c.at) filter (where c.user_key is not null) as latest",
	"(array_agg(c.user_key order by c.at desc, c.user_key desc) filter (where c.user_key is not null))[1] as latest_user",
}

// result selects bucket, then place, label and number of values of each facet, then the measures.
func (b *build) result(measures []measure) string {
	list := b.places(len(b.facets))
	shown, order := []string{}, []string{}
	if b.buckets != nil {
		list, shown = append([]string{"c.bucket"}, list...), append(shown, "r.bucket")
	}
	keys, tops := len(list), ""
	for i := range b.facets {
		place := fmt.Sprintf("r.place_%d", i+1)
		order = append(order, place)
		shown = append(shown, place, fmt.Sprintf("top_%d.label", i+1), fmt.Sprintf("top_%d.number", i+1))
		tops += fmt.Sprintf("\n  left join top_%d on ", i+1)
		for before := range i + 1 {
			if before > 0 {
				tops += " and "
			}
			tops += fmt.Sprintf("top_%d.place_%d = r.place_%[2]d", i+1, before+1)
		}
	}
	if b.buckets != nil {
		order = append(order, "r.bucket")
	}
	for i, m := range measures {
		list = append(list, fmt.Sprintf("%s as measure_%d", b.aggregate(m, group{len(b.facets), true}), i))
		shown = append(shown, fmt.Sprintf("r.measure_%d", i))
	}
	if b.latest {
		list, shown = append(list, latestSQL...), append(shown, "r.latest", "r.latest_user")
	}
	sql := ", result as (\nselect " + strings.Join(list, ",\n       ") + "\n  from " + b.cellsOf("cells", len(b.facets))
	if keys > 0 {
		sql += "\n group by " + ordinals(keys)
	}
	sql += "\n)\nselect " + strings.Join(shown, ", ") + "\n  from result r" + tops
	if len(order) > 0 {
		sql += "\n order by " + strings.Join(order, ", ")
	}
	return sql
}
