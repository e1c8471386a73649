package filter

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// A custom attribute's value is JSON: a text, a number, true or false, an object, or a list of those, of which a match wants
// one. Columns of reference tables are texts.

// isJSON is true for attributes whose values are JSON.
func (a Attribute) isJSON() bool { return a.IsCustom() && a.table == nil }

// HasElements is true for attributes of which one row may have several values, see Compiler.Elements.
func (a Attribute) HasElements() bool { return a.isJSON() }

// inJSON is a value in SQL: as JSON, and as the text that PostgreSQL makes of it. The numbers of versions are texts: 1.1 is
// not 1.10.
type inJSON struct {
	value, text string
	isVersion   bool
}

// json is the attribute's value. The null of JSON is no value, nor is an empty list.
func (c *Compiler) json(a Attribute) inJSON {
	if a.Level == Profile {
		c.Needs.Profiles = true
		return c.jsonIn("p.attributes", a)
	}
	c.Needs.Events = true
	return c.jsonIn("e.attributes", a)
}

// jsonIn is the attribute's value in an object of attributes.
func (c *Compiler) jsonIn(of string, a Attribute) inJSON {
	value, text := event.AttributeSQL(of, a.custom, c.Params.Add)
	return inJSON{value, text, a.IsVersion()}
}

// shown is the text that the value is shown as; equal numbers are equal texts.
func (j inJSON) shown() string {
	if j.isVersion {
		return j.text
	}
	return fmt.Sprintf("case jsonb_typeof(%[1]s) when 'number' then trim_scale(%[1]s::numeric)::text else %[2]s end", j.value, j.text)
}

// element is one of a list's, as x.
func (j inJSON) element() inJSON { return inJSON{"x", "x #>> '{}'", j.isVersion} }

// Elements is an array in SQL of the texts of an attribute's values, each once: of one value, or of a list of them. Where
// there is none it holds a null.
func (c *Compiler) Elements(a Attribute) string {
	j := c.json(a)
	return fmt.Sprintf(`case when jsonb_typeof(%[1]s) = 'array'
       then coalesce(nullif(array(select distinct %[3]s from jsonb_array_elements(%[1]s) x where x <> 'null'), '{}'), array[null::text])
       else array[%[2]s] end`, j.value, j.shown(), j.element().shown())
}

// custom compiles a match of an attribute whose values are JSON.
func (c *Compiler) custom(a Attribute, m Match) (string, error) { return c.matchJSON(c.json(a), a, m) }

func (c *Compiler) matchJSON(j inJSON, a Attribute, m Match) (string, error) {
	for _, text := range textsOf(m) {
		if err := checkText(text); err != nil {
			return "", err
		}
	}
	switch m := m.(type) {
	case Pattern:
		if isExists(m) {
			return j.exists(), nil
		}
		if len(m) == 1 {
			return c.equalsJSON(j, m), nil
		}
		pattern := c.Params.Add(likePattern(m))
		return j.someElement(func(text string) string { return text + " like " + pattern }), nil
	case anyOf:
		return c.equalsJSON(j, m), nil
	case Contains:
		pattern := c.Params.Add(containing(string(m)))
		return j.someElement(func(text string) string { return store.Like(text, pattern) }), nil
	case Range: // of which one end may be a number and the other a text
		parts := []string{j.exists()}
		for _, end := range []Compare{{">=", m.From}, {"<=", m.To}} {
			if end.Value != "" {
				parts = append(parts, c.ordersJSON(a, j, end))
			}
		}
		return "(" + strings.Join(parts, " and ") + ")", nil
	case Compare:
		return c.ordersJSON(a, j, m), nil
	}
	return "", fmt.Errorf("unknown match %T", m)
}

func (j inJSON) exists() string { return j.value + " not in ('null', '[]')" }

// equalsJSON finds the value, or the element of a list, that is one of the texts. A number is also found by another way to
// write it. Containment says both at once, and of objects too much: these are compared one by one.
func (c *Compiler) equalsJSON(j inJSON, texts []string) string {
	if j.isVersion {
		wanted := c.Params.Add(texts)
		return j.someElement(func(text string) string { return fmt.Sprintf("%s = any (%s::text[])", text, wanted) })
	}
	var scalars, objects []string
	for _, text := range texts {
		quoted, err := json.Marshal(text)
		if err != nil {
			panic("filter: a text must encode: " + err.Error())
		}
		scalars = append(scalars, string(quoted))
		switch {
		case event.IsNumber(text):
			scalars = append(scalars, jsonNumber(text))
		case text == "true" || text == "false":
			scalars = append(scalars, text)
		case strings.HasPrefix(text, "{") || strings.HasPrefix(text, "["):
			if event.IsJSON(text) {
				objects = append(objects, text)
			}
		}
	}
	sql := fmt.Sprintf("%s @> any (%s::text[]::jsonb[])", j.value, c.Params.Add(scalars))
	if len(objects) > 0 {
		sql = fmt.Sprintf("(%s or (%s))", sql, fmt.Sprintf(eachElement, j.value, fmt.Sprintf("x = any (%s::text[]::jsonb[])", c.Params.Add(objects))))
	}
	return sql
}

// jsonNumber writes +.5 as JSON does.
func jsonNumber(text string) string {
	text = strings.Replace(strings.TrimPrefix(text, "+"), "-.", "-0.", 1)
	if strings.HasPrefix(text, ".") {
		text = "0" + text
	}
	return text
}

const eachElement = "exists (select from jsonb_array_elements(case jsonb_typeof(%[1]s) when 'array' then %[1]s else jsonb_build_array(%[1]s) end) x where %[2]s)"

// someElement wants a condition of the text of the value, or of an element of a list.
func (j inJSON) someElement(condition func(text string) string) string {
	return fmt.Sprintf("case jsonb_typeof(%[1]s) when 'array' then exists (select from jsonb_array_elements(%[1]s) x where %[3]s) else %[2]s end",
		j.value, condition(j.shown()), condition(j.element().shown()))
}

// ordersJSON compares numbers with numbers, versions with versions and texts with texts; a list has no order.
func (c *Compiler) ordersJSON(a Attribute, j inJSON, m Compare) string {
	sql := c.orders(a, j.text, m)
	if !event.IsNumber(m.Value) && !(a.IsVersion() && versionPattern.MatchString(m.Value)) {
		sql = fmt.Sprintf("(jsonb_typeof(%s) = 'string' and %s)", j.value, sql)
	}
	return sql
}

// orders compares a text: a version with a version, a number with a number, and else by code point, so that the database's
// language makes no difference.
func (c *Compiler) orders(a Attribute, value string, m Compare) string {
	wanted := c.Params.Add(m.Value)
	switch {
	case a.IsVersion() && versionPattern.MatchString(m.Value):
		return compareVersions(value, m.Operator, wanted)
	case event.IsNumber(m.Value) && c.Params.Literals:
		return fmt.Sprintf("footfall.number(%s) %s %s", value, m.Operator, m.Value)
	case event.IsNumber(m.Value):
		return fmt.Sprintf("case when %s then %s::numeric %s %s::text::numeric end", IsNumber(value), value, m.Operator, wanted)
	}
	return fmt.Sprintf(`%s collate "C" %s %s`, value, m.Operator, wanted)
}

// Number is an attribute's value in SQL as the measures of it take it: null where it is no number.
func (c *Compiler) Number(a Attribute) string {
	value := ""
	if a.isJSON() {
		value = c.json(a).text
	} else {
		value = c.Value(a)
	}
	if a.IsCustom() {
		return fmt.Sprintf("case when %s then %s::double precision end", IsNumber(value), value)
	}
	return value + "::double precision"
}

// IsNumber is a condition in SQL: the text is a number.
func IsNumber(value string) string {
	return fmt.Sprintf("length(%[1]s) <= %[2]d and %[1]s ~ '%[3]s'", value, event.MaxNumber, event.Number)
}
