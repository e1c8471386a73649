package explorer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
)

// build makes the one statement of an Explorer:
//
//	rows    what is counted, one row each, from all sources
//	cells   rows put together where no measure takes their values, so that what follows reads few
//	top_1 … the values of each facet to be shown, by the values of the facets before
//	result  the measures of each bucket and group
type build struct {
	query.Context
	*Explorer
	compiler *filter.Compiler
	facets   []facet
	buckets  buckets

	from, to        string // placeholders of the range
	selected        filter.Node
	where           string   // the selection's filter
	tokens          string   // array of tokens of which a session must hold one, or ""
	conditions      []string // the measures' filters, the first one is true
	conditionNodes  []filter.Node
	values          []string // what functions take, in SQL
	valueAttributes []filter.Attribute
	facetValues     []string // in SQL, in the order of facets
	eventFree       bool     // nothing depends on single events
	timeOnPage      bool
	latest          bool     // the last event of each group is shown
	among           *[]int32 // the users who count, known when the statement is run; nil: all
	users           bool     // a measure counts them apart from the rows
	sessions        bool
}

const timeOnPageValue = "time_on_page"

// compile compiles all parts, which tells what the sources must have.
func (b *build) compile() ([]measure, error) {
	b.from, b.to = b.compiler.Params.Add(b.From), b.compiler.Params.Add(b.To)
	n, err := b.Node(b.Context)
	if err != nil {
		return nil, err
	}
	if b.among != nil {
		n = filter.All(filter.Members{Label: "the first users", Keys: b.among}, n)
	}
	b.selected = n
	b.eventFree = b.Over == overEvents && b.compiler.IsEventFree(n)
	if err := b.selection(n); err != nil {
		return nil, query.InvalidFilter("options.filter", err)
	}
	b.conditions, b.conditionNodes = []string{"true"}, []filter.Node{nil}
	measures, err := b.prepare()
	if err != nil {
		return nil, err
	}
	for _, f := range b.facets {
		b.facetValues = append(b.facetValues, b.facetValue(f))
		b.eventFree = b.eventFree && f.Level != filter.Event
	}
	b.eventFree = b.eventFree && len(b.values) == 0 && !b.latest
	b.users = b.latest
	for _, m := range measures {
		for _, a := range m.amounts() {
			b.users = b.users || b.counted(a) == overUsers
			b.sessions = b.sessions || b.counted(a) == overSessions
		}
	}
	if b.Over == overUsers {
		b.users = true
	} else if b.users {
		b.compiler.Needs.Profiles = true
	}
	return measures, nil
}

// selection compiles the filter.
func (b *build) selection(n filter.Node) error {
	if b.Over == overEvents {
		if e, err := b.compiler.Event(n); err == nil { // has(...) it refuses
			b.where = e.SQL
			if !b.compiler.OnlyTypes(n) {
				b.tokens = e.Tokens
			}
			return nil
		}
	}
	var err error
	b.where, err = b.matching(n)
	return err
}

// matching compiles a filter on what is counted.
func (b *build) matching(n filter.Node) (string, error) {
	switch b.Over {
	case overUsers:
		return b.compiler.Users(n)
	case overSessions:
		return b.compiler.Sessions(n)
	}
	return b.compiler.Events(n)
}

// facetValue is never null: texts of the dictionary are their ids, 0 where missing, others "". Of what has several values it
// is an array.
func (b *build) facetValue(f facet) string {
	if f.HasElements() {
		return b.compiler.Elements(f.Attribute)
	}
	value := ""
	if f.IsToken() {
		value = f.TokenValue()
	} else {
		value = b.compiler.Value(f.Attribute)
	}
	switch {
	case f.isFrustration():
		return value
	case f.Dictionary != "":
		return "coalesce(" + value + ", 0)"
	case f.IsCustom() || f.Type == filter.Text:
		return "coalesce(" + value + ", '')"
	case f.Type == filter.Time:
		return "coalesce(to_char(" + value + ` at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '')`
	}
	return "coalesce(" + value + "::double precision::text, '')"
}

func (b *build) bucket(time string) string {
	return fmt.Sprintf("width_bucket(%s, %s::timestamptz[])", time, b.compiler.Params.Add(b.buckets.times()))
}

// sql writes the statement.
func (b *build) sql(measures []measure) string {
	ctes := []string{"rows as (\n" + b.rows() + "\n)", "cells as (\n" + b.cells() + "\n)"}
	ranked := "cells"
	if len(b.facets) > 0 && b.Over == overUsers && b.buckets != nil && len(b.values) > 0 {
		ranked = "whole"
		ctes = append(ctes, "whole as (\n"+b.whole()+"\n)")
	}
	for i, f := range b.facets {
		if f.isFrustration() {
			ctes = append(ctes, fmt.Sprintf(frustrationsSQL, b.compiler.Params.Add(f.Values())))
		}
		ctes = append(ctes, b.top(i, ranked, measures[0]))
	}
	return "with " + strings.Join(ctes, ", ") + b.result(measures)
}

// frustrationsSQL has the types of each set of bits.
const frustrationsSQL = `frustrations as (
select bits::smallint, coalesce(t.name, '') as value
  from generate_series(0, 31) bits
  left join unnest(%s::text[]) with ordinality t (name, place) on bits & (1 << t.place::integer - 1) <> 0
)`

// keys are the columns of cells that tell them apart.
func (b *build) keys() []string {
	var keys []string
	if b.buckets != nil {
		keys = append(keys, "bucket")
	}
	for i := range b.facets {
		keys = append(keys, fmt.Sprintf("facet_%d", i+1))
	}
	if b.users {
		keys = append(keys, "user_key")
	}
	if b.sessions {
		keys = append(keys, "session")
	}
	return keys
}

func (b *build) rows() string {
	var parts []string
	for _, s := range b.sources() {
		parts = append(parts, "select "+strings.Join(b.columns(s), ",\n       ")+"\n  from "+s.from+"\n where "+s.where)
	}
	return strings.Join(parts, "\nunion all\n")
}

// columns of rows.
func (b *build) columns(s source) []string {
	var list []string
	if b.buckets != nil && b.Over == overUsers {
		list = append(list, "a.bucket")
	} else if b.buckets != nil {
		list = append(list, b.bucket(s.time)+" as bucket")
	}
	for i, value := range b.facetValues {
		if !b.facets[i].IsToken() {
			list = append(list, fmt.Sprintf("%s as facet_%d", value, i+1))
		}
	}
	if b.tokenFacets() {
		list = append(list, "e.token")
	}
	if b.users {
		list = append(list, b.userKey()+" as user_key")
	}
	if b.sessions {
		list = append(list, b.session(s)+" as session")
	}
	if b.latest {
		list = append(list, s.time+" as at")
	}
	list = append(list, s.weight+" as weight")
	for i, condition := range b.conditions {
		if i > 0 {
			list = append(list, fmt.Sprintf("%s as matches_%d", condition, i))
		}
	}
	for i, value := range b.values {
		if value == timeOnPageValue {
			value = "(" + s.timeOnPage + ")::double precision"
		}
		list = append(list, fmt.Sprintf("%s as value_%d", value, i))
	}
	return list
}

// userKey is null for those who are not counted as users.
func (b *build) userKey() string {
	if b.Over == overUsers || b.IncludeAnonymous {
		return "p.user_key"
	}
	return "case when not p.anonymous then p.user_key end"
}

// session is one integer for the two that tell sessions apart; the session key by itself is of all users with the same
// session.id.
func (b *build) session(s source) string {
	of := "e"
	if s.weight == "s.events" || b.Over == overSessions {
		of = "s"
	}
	return fmt.Sprintf("case when %s.session_key <> 0 then hashint8extended(%[1]s.session_key, %[1]s.user_key) end", of)
}

// tokenFacets tells whether facets need the rows' tokens.
func (b *build) tokenFacets() bool { return slices.ContainsFunc(b.facets, facet.IsToken) }

// cells counts rows; where measures take values, each row stays a cell. Tokens are looked up here, not in the sources,
// where the planner may do it anew for each session.
func (b *build) cells() string {
	list, from := b.keys(), "rows r"
	for i, f := range b.facets {
		if f.IsToken() {
			at := slices.Index(list, fmt.Sprintf("facet_%d", i+1))
			list[at] = b.facetValues[i] + " as " + list[at]
		}
	}
	if b.tokenFacets() {
		from += "\n  join footfall.tokens k on k.id = r.token"
	}
	grouped := len(b.values) == 0 && b.Over != overUsers
	for i := range b.conditions {
		amount := "weight"
		switch {
		case grouped && i == 0:
			amount = "sum(weight)"
		case grouped:
			amount = fmt.Sprintf("sum(weight) filter (where matches_%d)", i)
		case i > 0:
			amount = fmt.Sprintf("case when matches_%d then weight end", i)
		}
		list = append(list, fmt.Sprintf("%s as number_%d", amount, i))
	}
	for i := range b.values {
		list = append(list, fmt.Sprintf("value_%d", i))
	}
	if b.latest && grouped {
		list = append(list, "max(at) as at")
	} else if b.latest {
		list = append(list, "at")
	}
	sql := "select " + strings.Join(list, ",\n       ") + "\n  from " + from
	if keys := b.keys(); grouped && len(keys) > 0 {
		sql += "\n group by " + strings.Join(keys, ", ")
	}
	return sql
}

// whole has one cell for each user, whatever the bucket.
func (b *build) whole() string {
	keys := slices.DeleteFunc(b.keys(), func(key string) bool { return key == "bucket" })
	for i := range b.values {
		keys = append(keys, fmt.Sprintf("value_%d", i))
	}
	list := slices.Clone(keys)
	for i := range b.conditions {
		list = append(list, fmt.Sprintf("sum(number_%d) as number_%[1]d", i))
	}
	return "select " + strings.Join(list, ",\n       ") + "\n  from cells\n group by " + strings.Join(keys, ", ")
}
