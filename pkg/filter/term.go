package filter

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/country"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// term compiles a term for rows that have one value of its attribute, and else for one event below the row.
func (c *Compiler) term(t Term, of rows) (string, error) {
	a, err := c.Names.Find(t.Name)
	if err == nil && !c.Names.isKnown(a) {
		c.Asked.name(a.ID)
		if name, rest, found := c.Names.withColon(t); found {
			err = problem("there is no attribute %s, but %s: a colon in a name needs quotes around it, write %s:%s", a.ID, name, quote(name), rest)
		}
	} else if err != nil {
		if name, rest, found := c.Names.withColon(t); found {
			err = problem("a colon in a name needs quotes around it, write %s:%s", quote(name), rest)
		}
	}
	if err != nil {
		return "", placed(err, t.At)
	}
	if levelDepth[a.Level] > depth[of] {
		return c.has(t, t.At, of)
	}
	sql, err := c.attribute(a, t.Match, of)
	return sql, placed(err, t.At)
}

// placed adds the position to an error that has none.
func placed(err error, at int) error {
	var e Error
	if errors.As(err, &e) && e.At == 0 {
		e.At = at
		return e
	}
	return err
}

func problem(format string, args ...any) error { return Error{Problem: fmt.Sprintf(format, args...)} }

func (c *Compiler) attribute(a Attribute, m Match, of rows) (string, error) {
	if a.ID == membership.ID {
		return c.member(m, of)
	}
	if a.token != "" {
		return c.tokenAttribute(a, m)
	}
	switch {
	case a.isJSON():
		return c.custom(a, m)
	case a.ID == "path":
		return c.path(a, m)
	case a.viewed != "":
		return c.viewed(a, m)
	}
	value := c.Value(a)
	if isExists(m) {
		return value + " is not null", nil
	}
	switch {
	case a.table != nil:
		return c.column(a, value, m)
	case a.Type == Time:
		return c.times(value, a, m)
	case a.Type == Number || a.Type == Duration:
		return c.numbers(value, a, m)
	case a.Dictionary != "":
		texts, err := c.dictionary(a, m)
		return fmt.Sprintf("%s = any (array%s)", value, texts), err
	}
	return c.texts(a, value, m)
}

// column compiles a match of a column of a reference table. Where all its values are numbers, equal ones may be written
// otherwise.
func (c *Compiler) column(a Attribute, value string, m Match) (string, error) {
	texts := textsOf(m)
	switch m := m.(type) {
	case Pattern:
		if len(m) > 1 {
			texts = nil
		}
	case anyOf:
	default:
		texts = nil
	}
	numbers := slices.DeleteFunc(slices.Clone(texts), func(text string) bool { return !event.IsNumber(text) })
	sql, err := c.texts(a, value, m)
	if a.Type == Number && !a.IsVersion() && len(numbers) > 0 {
		sql = fmt.Sprintf("(%s or case when %s then %s::numeric = any (%s::text[]::numeric[]) end)",
			sql, IsNumber(value), value, c.Params.Add(numbers))
	}
	return sql, err
}

// Value is an attribute in SQL, over the aliases of Compiler: its value, or for texts of the dictionary the text's id.
// Attributes that the token tells are not among those it knows.
func (c *Compiler) Value(a Attribute) string {
	switch {
	case a.table != nil:
		return fmt.Sprintf("(select r.value ->> %s from footfall.reference_rows r where r.table_id = %d and r.key = %s)",
			c.Params.Add(a.custom), a.table.ID, c.Identity(a.table.Identity))
	case a.isJSON():
		return "(" + c.json(a).shown() + ")"
	}
	switch {
	case strings.HasPrefix(a.column, "u."):
		c.Needs.Users = true
	case a.Level == Profile:
		c.Needs.Profiles = true
	case a.Level == Session:
		c.Needs.Sessions = true
	case a.column != "e.ts":
		c.Needs.Events = true
	}
	return a.column
}

// identities are what a reference table's key is compared with, by attribute.
var identities = map[string]string{"user_id": "u.id", "user_name": "u.name", "user_email": "lower(btrim(u.email))"}

// Identity is what a reference table's key is compared with, in SQL over users u or profiles p: a name of identities, or
// an attribute of users, usr.plan, by the text that it is shown as.
func (c *Compiler) Identity(name string) string {
	if sql, ok := identities[name]; ok {
		c.Needs.Users = true
		return sql
	}
	return c.Value(Names{}.userAttribute(name))
}

// dictionary selects the ids of an attribute's texts that match.
func (c *Compiler) dictionary(a Attribute, m Match) (string, error) {
	if a.IsCountry() {
		m = countryCodes(m)
	}
	texts := c.texts
	if a.Dictionary == "page" {
		texts = c.pageMatch
	}
	condition, err := texts(a, "d.value", m)
	return fmt.Sprintf("(select d.id from footfall.dictionary d where d.kind = '%s' and %s)", a.Dictionary, condition), err
}

// countryCodes takes countries by their names too.
func countryCodes(m Match) Match {
	switch m := m.(type) {
	case Pattern:
		if len(m) == 1 {
			return anyOf(codes(m))
		}
	case anyOf:
		return anyOf(codes(m))
	}
	return m
}

func codes(texts []string) []string {
	list := slices.Clone(texts)
	for i, text := range texts {
		if code := country.Code(text); code != "" {
			list[i] = code
		}
	}
	return list
}

func (c *Compiler) texts(a Attribute, value string, m Match) (string, error) {
	for _, text := range textsOf(m) {
		if err := checkText(text); err != nil {
			return "", err
		}
	}
	switch m := m.(type) {
	case Pattern:
		if len(m) == 1 {
			return fmt.Sprintf("%s = %s", value, c.Params.Add(m[0])), nil
		}
		return fmt.Sprintf("%s like %s", value, c.Params.Add(likePattern(m))), nil
	case anyOf:
		return c.isAmongTexts(value, m), nil
	case Contains:
		return store.Like(value, c.Params.Add(containing(string(m)))), nil
	}
	one := func(operator, text string) (string, error) { return c.orders(a, value, Compare{operator, text}), nil }
	return c.ordered(value, m, one)
}

func (c *Compiler) isAmongTexts(value string, texts anyOf) string {
	if c.Params.Literals {
		return among(value, texts)
	}
	return fmt.Sprintf("%s = any (%s::text[])", value, c.Params.Add([]string(texts)))
}

// among is for statements that are shown.
func among(value string, texts []string) string {
	if len(texts) == 1 {
		return value + " = " + store.Literal(texts[0])
	}
	literals := make([]string, len(texts))
	for i, text := range texts {
		literals[i] = store.Literal(text)
	}
	return value + " in (" + strings.Join(literals, ", ") + ")"
}

func textsOf(m Match) []string {
	switch m := m.(type) {
	case Pattern:
		return m
	case anyOf:
		return m
	case Contains:
		return []string{string(m)}
	case Compare:
		return []string{m.Value}
	case Range:
		return []string{m.From, m.To}
	}
	return nil
}

// compare compiles Compare and Range; parse checks a value and writes it as Postgres reads it.
func (c *Compiler) compare(value, sqlType string, m Match, parse func(string) (string, error)) (string, error) {
	one := func(operator, text string) (string, error) {
		parsed, err := parse(text)
		if c.Params.Literals && err == nil {
			return fmt.Sprintf("%s %s %s", value, operator, parsed), nil
		}
		return fmt.Sprintf("%s %s %s::text::%s", value, operator, c.Params.Add(parsed), sqlType), err
	}
	return c.ordered(value, m, one)
}

// ordered compiles Compare and Range, of which one compiles an operator and a value.
func (c *Compiler) ordered(value string, m Match, one func(operator, text string) (string, error)) (string, error) {
	switch m := m.(type) {
	case Compare:
		return one(m.Operator, m.Value)
	case Range:
		return c.bounds(value, m, one)
	}
	return "", fmt.Errorf("unknown match %T", m)
}

func (c *Compiler) bounds(value string, m Range, one func(operator, text string) (string, error)) (string, error) {
	parts := []string{value + " is not null"}
	for _, end := range []struct{ operator, text string }{{">=", m.From}, {"<=", m.To}} {
		if end.text == "" {
			continue
		}
		part, err := one(end.operator, end.text)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	return "(" + strings.Join(parts, " and ") + ")", nil
}

// tokenAttribute is over footfall.tokens k.
func (c *Compiler) tokenAttribute(a Attribute, m Match) (string, error) {
	switch a.token {
	case "type":
		return c.tokenType(a, m)
	case "frustration":
		return c.tokenFrustration(a, m)
	}
	if a.token == "page" {
		return c.tokenPage(a, m)
	}
	if isExists(m) {
		return fmt.Sprintf("(k.type = '%s' and k.name is not null)", a.token), nil
	}
	for _, named := range patternsOf(m) {
		c.Asked.text(a, named, named)
	}
	texts, err := c.dictionary(a, m)
	return fmt.Sprintf("(k.type = '%s' and k.name in %s)", a.token, texts), err
}

// patternsOf are the texts and patterns that a match names.
func patternsOf(m Match) []Pattern {
	switch m := m.(type) {
	case Pattern:
		return []Pattern{m}
	case anyOf:
		list := make([]Pattern, len(m))
		for i, text := range m {
			list[i] = Pattern{text}
		}
		return list
	}
	return nil
}

// tokenPage finds a page by the name it is shown as, and by its own, so that one can ask for a single page of a group.
func (c *Compiler) tokenPage(a Attribute, m Match) (string, error) {
	if isExists(m) {
		return "(k.page is not null)", nil
	}
	texts, err := c.dictionary(a, m)
	return fmt.Sprintf("(k.page in %[1]s or k.page_group in %[1]s)", texts), err
}

// tokenType names the types, which come from a fixed list: of an array that is a parameter and cast, the planner expects
// that nearly every token is meant.
func (c *Compiler) tokenType(a Attribute, m Match) (string, error) {
	found, err := a.possible(m)
	return "k.type = any (" + store.Literal(found) + "::footfall.event_type[])", err
}

// tokenFrustration compares bits, in the order of frustrationTypes. What has none is left out first, since the planner knows
// how many those are.
func (c *Compiler) tokenFrustration(a Attribute, m Match) (string, error) {
	found, err := a.possible(m)
	return fmt.Sprintf("(k.frustration <> 0 and (k.frustration & %d) <> 0)", frustrationBits(found)), err
}

func frustrationBits(names []string) (bits event.Frustration) {
	for _, name := range names {
		bits |= 1 << slices.Index(frustrationTypes, name)
	}
	return bits
}

// possible lists which of the attribute's values match; an exact one must be among them.
func (a Attribute) possible(m Match) ([]string, error) {
	wanted := textsOf(m)
	switch m := m.(type) {
	case Pattern:
		if len(m) > 1 {
			return slices.DeleteFunc(slices.Clone(a.values), func(v string) bool { return !m.Matches(v) }), nil
		}
	case anyOf:
	case Contains:
		return slices.DeleteFunc(slices.Clone(a.values), func(v string) bool {
			return !strings.Contains(v, strings.ToLower(string(m)))
		}), nil
	default:
		return nil, problem("%s has no order; it is one of %s", a.ID, strings.Join(a.values, ", "))
	}
	for _, value := range wanted {
		if !slices.Contains(a.values, value) {
			return nil, problem("%s cannot be `%s`; it is one of %s", a.ID, value, strings.Join(a.values, ", "))
		}
	}
	return wanted, nil
}

// Matches tells whether a pattern with wildcards matches a text.
func (p Pattern) Matches(text string) bool {
	last := len(p) - 1
	if last == 0 {
		return text == p[0]
	}
	if len(text) < len(p[0])+len(p[last]) || !strings.HasPrefix(text, p[0]) || !strings.HasSuffix(text, p[last]) {
		return false
	}
	text = text[len(p[0]) : len(text)-len(p[last])]
	for _, part := range p[1:last] {
		at := strings.Index(text, part)
		if at < 0 {
			return false
		}
		text = text[at+len(part):]
	}
	return true
}

func likePattern(p Pattern) string {
	parts := make([]string, len(p))
	for i, part := range p {
		parts[i] = store.EscapeLike(part)
	}
	return strings.Join(parts, "%")
}

// containing is the LIKE pattern for texts that contain the text.
func containing(text string) string { return "%" + store.EscapeLike(text) + "%" }

// InTable is a condition on users whose identity is a key of a reference table.
func (c *Compiler) InTable(t *Table) string {
	return fmt.Sprintf("exists (select from footfall.reference_rows r where r.table_id = %d and r.key = %s)", t.ID, c.Identity(t.Identity))
}

// userKey names the user of a row. That of an event is its session's, since what is read of sessions has no e.
func (c *Compiler) userKey(of rows) string {
	if of == users {
		return "p.user_key"
	}
	c.Needs.Sessions = true
	return "s.user_key"
}

// segments are the keys of the segments whose id matches; exact ones must be there.
func (c *Compiler) segments(m Match) ([]int32, error) {
	switch m := m.(type) {
	case Pattern:
		if len(m) > 1 {
			return c.segmentsWhere(m.Matches)
		}
	case anyOf:
	case Contains:
		return c.segmentsWhere(func(id string) bool { return strings.Contains(id, strings.ToLower(string(m))) })
	default:
		return nil, problem("segments have no order; they are named by their ids, as in segment:premium or segment:prem*")
	}
	keys := []int32{}
	for _, id := range textsOf(m) {
		key, known := c.Names.Segments[id]
		if !known {
			return nil, problem("there is no segment `%s`; there are %s", id, list(sortedKeys(c.Names.Segments)))
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func (c *Compiler) segmentsWhere(matches func(id string) bool) ([]int32, error) {
	if c.SegmentsByID {
		return nil, problem("the segments that a definition uses are named one by one, as in segment:(a OR b), without wildcards")
	}
	keys := []int32{}
	for _, id := range sortedKeys(c.Names.Segments) {
		if matches(id) {
			keys = append(keys, c.Names.Segments[id])
		}
	}
	return keys, nil
}

// list writes names for people, the first of many.
func list(names []string) string {
	const most = 10
	switch {
	case len(names) == 0:
		return "none"
	case len(names) > most:
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}
