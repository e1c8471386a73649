package users

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/country"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Facets counts users by the values of attributes, to narrow a list of users by clicking: one frame per attribute. A facet
// leaves out what Filter says of its own attribute (at its top, by AND), and that of segments leaves out IncludeSegments and
// ExcludeSegments, so that the other values can still be chosen. Within always counts.
type Facets struct {
	WhichUsers
	Attributes []CountedAttribute `json:"attributes"`
	Limit      int                `json:"limit"` // values of each attribute
}

// CountedAttribute is an attribute of users whose values are counted: those that most users have, ties by value.
type CountedAttribute struct {
	Attribute string   `json:"attribute"`
	Search    string   `json:"search,omitempty"` // part of a value, or of a country's or segment's name, in any case
	Values    []string `json:"values,omitempty"` // these are counted too, however few users have them
}

const (
	maxFacetAttributes = 30
	maxFacetValues     = 1000
)

// NewFacets has the options' defaults: the ten most frequent values.
func NewFacets() *Facets { return &Facets{Limit: 10} }

// facetCount is the attribute at a place of Attributes with what its values are in a statement.
type facetCount struct {
	filter.Attribute
	asked CountedAttribute
	place int
}

// facetStatement counts facets that are asked of the same users.
type facetStatement struct {
	facets []facetCount
	arrays bool // what narrows the users is looked for in sessions' arrays
	store.Statement
}

// Prepare makes a statement for all facets that nothing is left out for, and one for each of the others.
func (q *Facets) Prepare(c query.Context) (query.Answer, error) {
	if err := q.check(c); err != nil {
		return nil, err
	}
	node, err := filter.Parse(q.Filter)
	if err != nil {
		return nil, query.InvalidFilter("options.filter", err)
	}
	var shared []facetCount
	var statements []facetStatement
	for i, f := range q.Attributes {
		a, err := findFacet(c, f.Attribute, fmt.Sprintf("attributes[%d].attribute", i))
		if err != nil {
			return nil, err
		}
		facet := facetCount{a, f, i}
		selection := q.Selection
		selection.Filter = filter.String(filter.Without(node, c.Names, a.ID))
		if a.ID == segmentFacet {
			selection.IncludeSegments, selection.ExcludeSegments = nil, nil
		}
		if a.ID != segmentFacet && selection.Filter == filter.String(node) {
			shared = append(shared, facet)
			continue
		}
		statement, err := q.statement(c, selection, facet)
		if err != nil {
			return nil, err
		}
		statements = append(statements, statement)
	}
	if len(shared) > 0 {
		statement, err := q.statement(c, q.Selection, shared...)
		if err != nil {
			return nil, err
		}
		statements = append(statements, statement)
	}
	return func(ctx context.Context, db store.Querier) (data.Frames, error) {
		if err := q.load(ctx, db); err != nil {
			return nil, err
		}
		return q.answer(ctx, db, c, statements)
	}, nil
}

func (q *Facets) check(c query.Context) error {
	switch {
	case len(q.Attributes) == 0:
		return query.Invalid("attributes", "is empty: give a list such as [{\"attribute\": \"last_country\"}]")
	case len(q.Attributes) > maxFacetAttributes:
		return query.Invalid("attributes", "has %d entries, more than %d", len(q.Attributes), maxFacetAttributes)
	}
	for i, f := range q.Attributes {
		field := fmt.Sprintf("attributes[%d]", i)
		if slices.ContainsFunc(q.Attributes[:i], func(before CountedAttribute) bool { return before.Attribute == f.Attribute }) {
			return query.Invalid(field, "repeats %q", f.Attribute)
		}
		if len(f.Values) > maxFacetValues {
			return query.Invalid(field+".values", "has %d entries, more than %d", len(f.Values), maxFacetValues)
		}
		for j, text := range append([]string{f.Search}, f.Values...) {
			name := field + ".search"
			if j > 0 {
				name = fmt.Sprintf("%s.values[%d]", field, j-1)
			}
			if err := query.CheckText(name, text, maxSearch); err != nil {
				return err
			}
		}
	}
	if err := query.CheckPage(q.Limit, maxFacetValues, 0); err != nil {
		return err
	}
	return q.WhichUsers.check(c)
}

// findFacet finds an attribute whose values users can be counted by.
func findFacet(c query.Context, id, field string) (filter.Attribute, error) {
	if id == segmentFacet {
		return c.Names.Find(id)
	}
	a, err := findProfileAttribute(c, id, field)
	switch {
	case err != nil:
		return a, err
	case a.ID == "user_id":
		return a, query.Invalid(field, "is %q, which every user has one of; ask for profiles instead", a.ID)
	case a.Type == filter.Time:
		return a, query.Invalid(field, "is %q, a time, which hardly two users share; use it in filter", a.ID)
	}
	return a, c.RefuseEmails(a, field)
}

// facetsSQL reads the users once for all facets: v0, v1 ... are what each counts by, and other0, other1 ... are 1 in the
// rows that count another one. Read one by one from a set of users, they take twice as long. Users who are alike in all
// facets are counted together first, which PostgreSQL can do in parallel and grouping sets it cannot: that leaves a few
// hundred rows for these.
const facetsSQL = `with counted as (
select %[1]s, sum(users)::bigint as users
  from (select %[2]s, count(*) as users
          from footfall.profiles p%[3]s
         where %[4]s
         group by %[5]s) alike
 group by grouping sets (%[6]s)
)
%[7]s`

// facetSQL has the values that were asked for first, so that the limit cuts none of them.
const facetSQL = `(select %[1]d as facet, %[2]s as value, null as text, counted.users
  from %[7]s%[3]s
 where counted.other%[1]d = 0 and %[4]s
 order by coalesce(%[2]s = any (%[5]s::text[]), false) desc, counted.users desc, %[2]s collate "C"
 limit %[6]s)`

// elementsSQL counts a user once in each element of a list.
const elementsSQL = `(
       select each.value as v%[1]d, 0 as other%[1]d, sum(users)::bigint as users
         from counted
        cross join lateral unnest(counted.v%[1]d) each (value)
        where other%[1]d = 0
        group by each.value) counted`

func (q *Facets) statement(c query.Context, selection query.Selection, facets ...facetCount) (facetStatement, error) {
	users := q.WhichUsers
	users.Selection = selection
	compiler := c.Compiler()
	where, err := users.conditions(c, compiler)
	if err != nil {
		return facetStatement{}, err
	}
	sql := ""
	if facets[0].ID == segmentFacet {
		all, err := users.isEverybody(c)
		if err != nil {
			return facetStatement{}, err
		}
		sql = q.countSegments(c, compiler, facets[0], q.members(compiler, where, all))
	} else {
		var columns, names, keys, sets, counts []string
		for _, f := range facets {
			value := ""
			if f.HasElements() {
				value = compiler.Elements(f.Attribute)
			} else {
				value = compiler.Value(f.Attribute)
			}
			columns = append(columns, fmt.Sprintf("%s as v%d", value, f.place))
			names = append(names, fmt.Sprintf("v%d", f.place))
			keys = append(keys, fmt.Sprintf("v%[1]d, grouping(v%[1]d) as other%[1]d", f.place))
			sets = append(sets, fmt.Sprintf("(v%d)", f.place))
			counts = append(counts, q.count(c, compiler.Params, f))
		}
		sql = fmt.Sprintf(facetsSQL, strings.Join(keys, ", "), strings.Join(columns, ", "), compiler.Needs.JoinUser(), where,
			strings.Join(names, ", "), strings.Join(sets, ", "), strings.Join(counts, "\nunion all\n"))
	}
	return facetStatement{facets, compiler.Needs.Arrays, store.Statement{SQL: sql, Args: compiler.Params.Values}}, nil
}

// count is the part of facetsSQL that counts one facet.
func (q *Facets) count(c query.Context, params *store.Params, f facetCount) string {
	value, join := fmt.Sprintf("nullif(counted.v%d::text, '')", f.place), ""
	if f.Dictionary != "" {
		value, join = "d.value", fmt.Sprintf("\n  left join footfall.dictionary d on d.id = counted.v%d", f.place)
	}
	search := matches(params, f.asked.Search, value)
	if f.IsCountry() && f.asked.Search != "" {
		search = fmt.Sprintf("(%s or %s = any (%s::text[]))", search, value, params.Add(countriesNamed(f.asked.Search)))
	}
	counted := "counted"
	if f.HasElements() {
		counted = fmt.Sprintf(elementsSQL, f.place)
	}
	return fmt.Sprintf(facetSQL, f.place, value, join, search, f.wanted(params), params.Add(q.rows(c, f)), counted)
}

// matches tells whether one of some texts in SQL contains a part, in any case.
func matches(params *store.Params, part string, texts ...string) string {
	if part == "" {
		return "true"
	}
	pattern := params.Add("%" + beginning(part))
	conditions := make([]string, len(texts))
	for i, text := range texts {
		conditions[i] = store.Like(text, pattern)
	}
	return "(" + strings.Join(conditions, " or ") + ")"
}

// countriesNamed are the codes of the countries whose names contain a part.
func countriesNamed(part string) []string {
	codes := []string{}
	for _, code := range country.ByName() {
		if strings.Contains(strings.ToLower(country.Name(code)), strings.ToLower(part)) {
			codes = append(codes, code)
		}
	}
	return codes
}

func (f facetCount) wanted(params *store.Params) string {
	return params.Add(append([]string{}, f.asked.Values...))
}

// rows are enough for the values asked for, the most frequent others, and to tell whether there are more.
func (q *Facets) rows(c query.Context, f facetCount) int { return q.limit(c) + len(f.asked.Values) + 1 }

func (q *Facets) limit(c query.Context) int { return c.AtMost(q.Limit) }

// segmentText is what a segment is called, and who belongs to it.
type segmentText struct{ name, sentence string }

// facetValue is one value of a facet; Value is null for users without any.
type facetValue struct {
	Value *string
	Count int64 // of users
}

func (q *Facets) answer(ctx context.Context, db store.Querier, c query.Context, statements []facetStatement) (data.Frames, error) {
	frames := make(data.Frames, len(q.Attributes))
	for _, s := range statements {
		found := map[int][]facetValue{}
		texts := map[string]segmentText{}
		ofSegments := s.facets[0].ID == segmentFacet
		var place int
		var value, text *string
		var users, listed int64
		var definition []byte
		targets := []any{&place, &value, &text, &users}
		if ofSegments {
			targets = append(targets, &definition, &listed)
		}
		err := s.Each(ctx, db, targets, func() error {
			found[place] = append(found[place], facetValue{value, users})
			if !ofSegments {
				return nil
			}
			sentence, err := segment.StoredSentence(definition, listed)
			texts[*value] = segmentText{*text, sentence}
			definition = nil
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, f := range s.facets {
			frames[f.place] = f.frame(found[f.place], texts, q.limit(c))
			frames[f.place].Meta.ExecutedQueryString = s.Statement.String()
		}
		if ofSegments && c.Used != nil {
			for id := range texts {
				c.Used(c.Names.Segments[id])
			}
		}
	}
	if slices.ContainsFunc(statements, func(s facetStatement) bool { return s.arrays }) {
		return frames, query.NoteTruncated(ctx, db, frames[0], c.TruncatedIn(query.Person{}))
	}
	return frames, nil
}

// frame has the most frequent values, and those that were asked for, also where no user has them.
func (f facetCount) frame(found []facetValue, texts map[string]segmentText, limit int) *data.Frame {
	slices.SortFunc(found, compareFacetValues)
	values, shown, counts, sentences := []*string{}, []string{}, []int64{}, []string{}
	add := func(v facetValue) {
		values, shown, counts = append(values, v.Value), append(shown, f.text(v.Value, texts)), append(counts, v.Count)
		if f.ID == segmentFacet {
			sentences = append(sentences, texts[*v.Value].sentence)
		}
	}
	asked := map[string]bool{}
	for _, value := range f.asked.Values {
		asked[value] = true
	}
	more := false
	for i, v := range found {
		wanted := v.Value != nil && asked[*v.Value]
		if wanted {
			delete(asked, *v.Value)
		}
		if i < limit || wanted {
			add(v)
		} else {
			more = true
		}
	}
	for _, value := range f.asked.Values {
		if asked[value] {
			delete(asked, value)
			add(facetValue{&value, 0})
		}
	}
	frame := data.NewFrame(f.ID, data.NewField("value", nil, values), data.NewField("text", nil, shown), data.NewField("count", nil, counts))
	if f.ID == segmentFacet {
		frame.Fields = append(frame.Fields, data.NewField("sentence", nil, sentences))
	}
	for i, name := range []string{f.Name, "Text", "Users", "Sentence"}[:len(frame.Fields)] {
		frame.Fields[i].Config = &data.FieldConfig{DisplayNameFromDS: name}
	}
	frame.Meta = query.TableMeta()
	frame.Meta.Custom = map[string]any{"more": more}
	return frame
}

// compareFacetValues has the most frequent first, ties by value, those without value last among them.
func compareFacetValues(a, b facetValue) int {
	if n := cmp.Compare(b.Count, a.Count); n != 0 {
		return n
	}
	switch {
	case a.Value == nil:
		return 1
	case b.Value == nil:
		return -1
	}
	return cmp.Compare(*a.Value, *b.Value)
}

// text is what people call a value.
func (f facetCount) text(value *string, texts map[string]segmentText) string {
	switch {
	case value == nil:
		return query.NoneText
	case texts[*value].name != "":
		return texts[*value].name
	case f.IsCountry() && country.Name(*value) != "":
		return country.Name(*value)
	}
	return *value
}
