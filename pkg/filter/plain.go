package filter

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// Plain writes filters as conditions for people, who can read them, take them elsewhere and change them: over the views
// footfall.plain_events, plain_sessions and plain_users, with their values in the text. What a Compiler makes of a filter gives the
// same answer from the tables behind; tests run both. The aliases of a statement are:
//
//	e  plain_events      s  plain_sessions      u  plain_users
//
// Rows of events need a left join of s by user_key and session_key, and of u by user_key, where Needs tells so; rows of sessions
// one of u.
type Plain struct {
	Needs PlainNeeds
	// With are tables that conditions speak of, for the statement's "with": "name as (select ...)".
	With []string

	compiler *Compiler
}

// PlainNeeds tells which views conditions speak of beside that of their rows.
type PlainNeeds struct{ Sessions, Users bool }

// NewPlain writes filters that a Compiler of the scope has compiled before, which says what is wrong with them.
func NewPlain(of Scope) *Plain {
	of.Used, of.Asked, of.Did = nil, nil, nil
	return &Plain{compiler: &Compiler{Scope: of, Params: &store.Params{Literals: true}}}
}

// Joins are those that Needs asks for, to rows of e or s.
func (p *Plain) Joins(of string) string {
	joins := ""
	if p.Needs.Sessions && of == "e" {
		joins += "\n  left join footfall.plain_sessions s on s.user_key = e.user_key and s.session_key = e.session_key"
	}
	if p.Needs.Users {
		joins += "\n  left join footfall.plain_users u on u.user_key = " + of + ".user_key"
	}
	return joins
}

// plainRow names what a condition is about, by the aliases of its event, session and user.
type plainRow struct {
	of      rows
	e, s, u string
	needs   *PlainNeeds
}

// row is one of a statement's own.
func (p *Plain) row(of rows) plainRow { return plainRow{of, "e", "s", "u", &p.Needs} }

// rowsOf are the rows that have one value of a level's attributes.
var rowsOf = map[Level]rows{Profile: users, Session: sessions, Event: events}

// itself is the alias of the row's own view.
func (r plainRow) itself() string { return [...]string{users: r.u, sessions: r.s, events: r.e}[r.of] }

// Events is a condition on events e.
func (p *Plain) Events(n Node) (string, error) { return p.all(n, events) }

// Sessions is a condition on sessions s.
func (p *Plain) Sessions(n Node) (string, error) { return p.all(n, sessions) }

// Users is a condition on users u.
func (p *Plain) Users(n Node) (string, error) { return p.all(n, users) }

func (p *Plain) all(n Node, of rows) (string, error) {
	if n == nil {
		return "true", nil
	}
	sql, err := p.node(n, p.row(of))
	if _, isAnd := n.(And); isAnd && err == nil { // a line for each of its parts
		sql = strings.TrimSuffix(strings.TrimPrefix(sql, "("), ")")
	}
	return sql, err
}

func (p *Plain) node(n Node, r plainRow) (string, error) {
	switch n := n.(type) {
	case And:
		return p.and(n, r)
	case Or:
		if p.compiler.isBelow(n, r.of) {
			return p.has(n, r)
		}
		return p.join(mergeExact(n.Nodes), " or ", r)
	case Not:
		inner, err := p.node(n.Node, r)
		if strings.HasPrefix(inner, "exists (") {
			return "not " + inner, err
		}
		return "(" + inner + ") is not true", err
	case Has:
		return p.has(n.Node, r)
	case Words:
		pattern := p.compiler.Params.Add(containing(n.Text))
		of := r.itself()
		return "(" + store.Like(of+".user_id", pattern) + " or " + store.Like(of+".user_name", pattern) + " or " + store.Like(of+".user_email", pattern) + ")", nil
	case Members:
		return p.members(n, r)
	case Term:
		return p.term(n, r)
	}
	return "", fmt.Errorf("unknown node %T", n)
}

// and is Compiler.and: what is said of that below a row is said of one and the same.
func (p *Plain) and(n And, r plainRow) (string, error) {
	var below, rest []Node
	for _, node := range n.Nodes {
		if p.compiler.isBelow(node, r.of) {
			below = append(below, node)
		} else {
			rest = append(rest, node)
		}
	}
	if len(below) > 0 {
		rest = append(rest, Has{Node: All(below...)})
	}
	return p.join(rest, "\n   and ", r)
}

func (p *Plain) join(nodes []Node, with string, r plainRow) (string, error) {
	parts := make([]string, len(nodes))
	for i, node := range nodes {
		var err error
		if parts[i], err = p.node(node, r); err != nil {
			return "", err
		}
	}
	return "(" + strings.Join(parts, with) + ")", nil
}

// has wants one event of the row's session, or of its user in the scope's range.
func (p *Plain) has(n Node, r plainRow) (string, error) {
	inner := r
	inner.of, inner.e = events, "h"
	var needs PlainNeeds
	if r.of == users {
		inner.s, inner.needs = "hs", &needs
	}
	condition, err := p.node(n, inner)
	if err != nil {
		return "", err
	}
	from, where := "footfall.plain_events h", "h.user_key = "+r.itself()+".user_key"
	if r.of != users {
		where += " and h.session_key = " + r.itself() + ".session_key"
	} else if !p.compiler.From.IsZero() || !p.compiler.To.IsZero() {
		where += " and " + During("h.ts", p.compiler.From, p.compiler.To)
	}
	if needs.Sessions {
		from += " join footfall.plain_sessions hs on hs.user_key = h.user_key and hs.session_key = h.session_key"
	}
	return "exists (select from " + from + " where " + where + " and " + condition + ")", nil
}

// During is that a time lies in [from, to).
func During[T any](at string, from, to T) string {
	return at + " >= " + store.Literal(from) + " and " + at + " < " + store.Literal(to)
}

// ErrNotPlain is for what cannot be said in plain SQL.
var ErrNotPlain = errors.New("no plain SQL")

func (p *Plain) members(n Members, r plainRow) (string, error) {
	if n.Plain == nil {
		return "", fmt.Errorf("%w for %s", ErrNotPlain, n.Label)
	}
	sql, err := n.Plain()
	if err != nil {
		return "", err
	}
	return r.itself() + ".user_key in (select user_key from " + p.Table("members", sql) + ")", nil
}

// Table adds a table to With, unless there is the same one, and returns its name.
func (p *Plain) Table(name, sql string) string {
	for i := 1; ; i++ {
		numbered := fmt.Sprintf("%s_%d", name, i)
		at := slices.IndexFunc(p.With, func(known string) bool { return strings.HasPrefix(known, numbered+" as ") })
		if at < 0 {
			p.With = append(p.With, numbered+" as (\n"+sql+"\n)")
			return numbered
		}
		if p.With[at] == numbered+" as (\n"+sql+"\n)" {
			return numbered
		}
	}
}

func (p *Plain) term(t Term, r plainRow) (string, error) {
	a, err := p.compiler.Names.Find(t.Name)
	if err != nil {
		return "", err
	}
	if levelDepth[a.Level] > depth[r.of] {
		return p.has(t, r)
	}
	switch {
	case a.ID == membership.ID:
		return p.member(t.Match, r)
	case a.isJSON():
		return p.compiler.matchJSON(p.json(a, r), a, t.Match)
	}
	value := p.value(a, r)
	switch {
	case isExists(t.Match):
		return value + " is not null", nil
	case len(a.values) > 0:
		return possiblePlain(a, value, t.Match)
	case a.table != nil:
		return p.compiler.column(a, value, t.Match)
	case a.Dictionary == "page":
		return p.page(a, value, t.Match)
	case a.Type == Time:
		return p.compiler.times(value, a, t.Match)
	case a.Type == Number || a.Type == Duration:
		return p.compiler.numbers(value, a, t.Match)
	case a.IsCountry():
		return p.compiler.texts(a, value, countryCodes(t.Match))
	}
	return p.compiler.texts(a, value, t.Match)
}

// possiblePlain is of event types and frustrations, of which an event may have several.
func possiblePlain(a Attribute, value string, m Match) (string, error) {
	found, err := a.possible(m)
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "false", nil
	case a.token == "frustration":
		return value + " && " + store.Literal(found), nil
	}
	return among(value, found), nil
}

// page finds a page by the name it is shown as, and by its own.
func (p *Plain) page(a Attribute, value string, m Match) (string, error) {
	alias, column, _ := strings.Cut(value, ".")
	ungrouped := alias + ".ungrouped_" + column
	if exact := p.exactPages(m); exact != nil {
		for i, page := range exact {
			exact[i] = store.Literal(page) + " in (" + value + ", " + ungrouped + ")"
		}
		if len(exact) == 1 {
			return exact[0], nil
		}
		return "(" + strings.Join(exact, " or ") + ")", nil
	}
	shown, err := p.compiler.pageMatch(a, value, m)
	if err != nil {
		return "", err
	}
	own, err := p.compiler.pageMatch(a, ungrouped, m)
	return "(" + shown + " or " + own + ")", err
}

// exactPages are the pages that a match means, nil where it means others too.
func (p *Plain) exactPages(m Match) []string {
	var list []string
	for _, one := range patternsOf(m) {
		for _, page := range p.compiler.Names.Pages(one) {
			if len(page) > 1 {
				return nil
			}
			list = append(list, page[0])
		}
	}
	return list
}

// member is of the segments that are stored: of their members as they were computed last.
func (p *Plain) member(m Match, r plainRow) (string, error) {
	keys, err := p.compiler.segments(m)
	if err != nil {
		return "", err
	}
	return p.isMember(keys, r), nil
}

func (p *Plain) isMember(keys []int32, r plainRow) string {
	var ids []string
	for _, id := range sortedKeys(p.compiler.Names.Segments) {
		if slices.Contains(keys, p.compiler.Names.Segments[id]) {
			ids = append(ids, id)
		}
	}
	return fmt.Sprintf("exists (select from footfall.segment_members m where m.user_key = %s.user_key and m.segment_key = any (%s::integer[])) /* %s */",
		r.itself(), store.Literal(keys), named(strings.Join(ids, ", ")))
}

// Value is an attribute's value: a text, a number, a time, of frustrations a list of texts.
func (p *Plain) Value(a Attribute, of Level) string {
	r := p.row(rowsOf[of])
	if a.isJSON() {
		return p.json(a, r).text
	}
	return p.value(a, r)
}

// Shared is the value of users u that the members of a segment share; "" where it is the user.
func (p *Plain) Shared(a Attribute) string {
	switch {
	case a.ID == "user_id":
		return ""
	case a.ID == "user_email":
		return "lower(btrim(u.user_email))"
	case a.isJSON():
		return p.compiler.jsonIn("u.attributes", a).shown()
	}
	return "u." + a.ID
}

// Texts are a custom attribute's values, as a list of the texts that they are shown as.
func (p *Plain) Texts(a Attribute, of Level) string {
	r := p.row(rowsOf[of])
	exact := ""
	if a.IsVersion() {
		exact = ", exact => true"
	}
	return "footfall.texts(" + p.json(a, r).value + exact + ")"
}

func (p *Plain) json(a Attribute, r plainRow) inJSON {
	if a.Level == Profile {
		r.needs.Users = r.needs.Users || r.of != users
		return p.compiler.jsonIn(r.u+".attributes", a)
	}
	return p.compiler.jsonIn(r.e+".attributes", a)
}

// ofAllViews are columns that each of the views has.
var ofAllViews = []string{"user_id", "user_name", "user_email"}

// value is a column of the view that has it; that of the row itself, where it does.
func (p *Plain) value(a Attribute, r plainRow) string {
	switch {
	case a.table != nil:
		return fmt.Sprintf("(select r.value ->> %s from footfall.reference_rows r where r.table_id = %d and r.key = %s)",
			store.Literal(a.custom), a.table.ID, p.identity(a.table, r))
	case slices.Contains(ofAllViews, a.ID):
		return r.itself() + "." + a.ID
	case a.Level == Profile:
		r.needs.Users = r.needs.Users || r.of != users
		return r.u + "." + a.ID
	case a.ID == "time":
		return r.e + ".ts"
	case a.Level == Session && r.of == events && (a.Dictionary != "" && a.viewed == "" || a.ID == "session_id" || a.ID == "session_start"):
		return r.e + "." + a.ID
	case a.Level == Session:
		r.needs.Sessions = r.needs.Sessions || r.of != sessions
		return r.s + "." + a.ID
	}
	return r.e + "." + a.ID
}

// identity is what the keys of a reference table are compared with.
func (p *Plain) identity(t *Table, r plainRow) string {
	value := r.itself() + "." + t.Identity
	switch {
	case t.Identity == "user_email":
		return "lower(btrim(" + value + "))"
	case identities[t.Identity] == "":
		return p.json(Names{}.userAttribute(t.Identity), r).shown()
	}
	return value
}

// InTable is a condition on users u whose identity is a key of a reference table.
func (p *Plain) InTable(t *Table) string {
	return fmt.Sprintf("exists (select from footfall.reference_rows r where r.table_id = %d and r.key = %s) /* %s */",
		t.ID, p.identity(t, p.row(users)), named(t.Name))
}

// named is a name within a comment, which it cannot end.
func named(text string) string { return strings.ReplaceAll(text, "*", "") }

// InSegment is a condition on users u who are members of a segment.
func (p *Plain) InSegment(key int32) string {
	return p.isMember([]int32{key}, p.row(users))
}
