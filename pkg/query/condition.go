package query

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Filter is one condition on an attribute.
type Filter struct {
	Attribute string   `json:"attribute"`
	Operator  string   `json:"operator"` // one of operators
	Values    []string `json:"values"`
}

const (
	maxFilters     = 50
	maxValues      = 1000
	maxValueLength = 1024
)

// operators and how many values each takes.
var operators = []struct {
	name     string
	min, max int
}{
	{"=", 1, maxValues},  // any of the values
	{"!=", 1, maxValues}, // none of them; true without a value
	{"<", 1, 1},
	{"<=", 1, 1},
	{">", 1, 1},
	{">=", 1, 1},
	{"contains", 1, 1}, // text only, case-insensitive
	{"exists", 0, 0},
	{"not exists", 0, 0},
}

// conditions collects what the rows must fulfil.
type conditions struct {
	params   parameters
	location *time.Location
	terms    []string
	users    bool // a term speaks of table users u
}

// where joins the terms; there is always one.
func (c *conditions) where() string { return strings.Join(c.terms, "\n   and ") }

func (c *conditions) add(format string, args ...any) {
	c.terms = append(c.terms, fmt.Sprintf(format, args...))
}

// search wants the text in the user's id, name or e-mail. The index users_search answers it from three characters on.
func (c *conditions) search(text string) error {
	if len(text) > maxValueLength {
		return invalid("search", "is longer than %d bytes", maxValueLength)
	}
	if err := checkText(text, "search"); err != nil || text == "" {
		return err
	}
	pattern := c.params.add(containing(text))
	c.users = true
	c.add("(u.id ilike %[1]s or u.name ilike %[1]s or u.email ilike %[1]s)", pattern)
	return nil
}

// filters adds all of them.
func (c *conditions) filters(filters []Filter) error {
	if len(filters) > maxFilters {
		return invalid("filters", "has %d entries, more than %d", len(filters), maxFilters)
	}
	for i, filter := range filters {
		if err := c.filter(filter, fmt.Sprintf("filters[%d]", i)); err != nil {
			return err
		}
	}
	return nil
}

func (c *conditions) filter(f Filter, field string) error {
	a, err := find(f.Attribute, field+".attribute")
	if err != nil {
		return err
	}
	if err := checkOperator(f, field); err != nil {
		return err
	}
	c.users = c.users || a.ofUsers()
	switch {
	case f.Operator == "exists":
		c.add("%s is not null", a.expression(&c.params))
	case f.Operator == "not exists":
		c.add("%s is null", a.expression(&c.params))
	case f.Operator == "contains" && a.Type != Text:
		return invalid(field+".operator", "contains works on text; %s is a %s", a.ID, a.Type)
	case f.Operator == "!=":
		term, err := c.anyOf(a, "=", f.Values, field)
		c.add("(%s) is not true", term)
		return err
	default:
		term, err := c.anyOf(a, f.Operator, f.Values, field)
		c.add("%s", term)
		return err
	}
	return nil
}

// anyOf is true where the attribute compares with one of the values.
func (c *conditions) anyOf(a Attribute, operator string, values []string, field string) (string, error) {
	switch {
	case a.Type == Number:
		return c.compareAs("double precision", a, operator, values, field, parseNumber)
	case a.Type == Time:
		return c.compareAs("timestamptz", a, operator, values, field, c.parseTime)
	case a.isCustom():
		return c.compareCustom(a, operator, values), nil
	case a.dictionary != "":
		// As a list of ids, the texts are compared once each instead of once per profile.
		return fmt.Sprintf("%s = any (array(select d.id from footfall.dictionary d where d.kind = '%s' and %s))",
			a.column, a.dictionary, c.compareText("d.value", operator, values)), nil
	default:
		return c.compareText(a.column, operator, values), nil
	}
}

func (c *conditions) compareAs(sqlType string, a Attribute, operator string, values []string, field string,
	parse func(string) (string, error),
) (string, error) {
	parsed := make([]string, len(values))
	for i, value := range values {
		var err error
		if parsed[i], err = parse(value); err != nil {
			return "", invalid(fmt.Sprintf("%s.values[%d]", field, i), "%s", err)
		}
	}
	return fmt.Sprintf("%s %s any (%s::text[]::%s[])", a.column, operator, c.params.add(parsed), sqlType), nil
}

func (c *conditions) compareText(expression, operator string, values []string) string {
	if operator == "contains" {
		return fmt.Sprintf("%s ilike %s", expression, c.params.add(containing(values[0])))
	}
	return fmt.Sprintf("%s %s any (%s::text[])", expression, operator, c.params.add(values))
}

// numeric matches what compares as a number. The exponent is short, since numeric has room for no more.
const numeric = `'^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?$'`

var numericPattern = regexp.MustCompile(strings.Trim(numeric, "'"))

// compareCustom compares as numbers where the attribute and the value both are, else as texts.
func (c *conditions) compareCustom(a Attribute, operator string, values []string) string {
	value := a.expression(&c.params)
	var numbers, texts []string
	for _, v := range values {
		if numericPattern.MatchString(v) {
			numbers = append(numbers, v)
		} else {
			texts = append(texts, v)
		}
	}
	if operator == "contains" || numbers == nil {
		return c.compareText(value, operator, values)
	}
	return fmt.Sprintf(`case when %[1]s ~ %[2]s
        then %[1]s::numeric %[3]s any (%[4]s::text[]::numeric[]) or %[5]s
        else %[6]s end`,
		value, numeric, operator, c.params.add(numbers),
		c.compareText(value, operator, texts), c.compareText(value, operator, values))
}

func checkOperator(f Filter, field string) error {
	var names []string
	for _, o := range operators {
		if o.name != f.Operator {
			names = append(names, o.name)
			continue
		}
		if n := len(f.Values); n < o.min || n > o.max {
			return invalid(field+".values", "has %d entries; %q takes %s", n, o.name, amount(o.min, o.max))
		}
		for i, value := range f.Values {
			if err := checkValue(value, fmt.Sprintf("%s.values[%d]", field, i)); err != nil {
				return err
			}
		}
		return nil
	}
	return invalid(field+".operator", "is %q; it must be one of %s", f.Operator, strings.Join(names, ", "))
}

func amount(least, most int) string {
	if least == most {
		return strconv.Itoa(least)
	}
	return fmt.Sprintf("%d to %d", least, most)
}

func checkValue(value, field string) error {
	if len(value) > maxValueLength {
		return invalid(field, "is longer than %d bytes", maxValueLength)
	}
	return checkText(value, field)
}

// checkText refuses what PostgreSQL's text cannot hold.
func checkText(text, field string) error {
	if strings.ContainsRune(text, 0) {
		return invalid(field, "contains a NUL character")
	}
	return nil
}

// containing is the LIKE pattern for texts that contain the text.
func containing(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

func parseNumber(text string) (string, error) {
	number, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(number) || math.IsInf(number, 0) {
		return "", fmt.Errorf("must be a number such as 10 or 2.5, not %q", text)
	}
	return strconv.FormatFloat(number, 'g', -1, 64), nil
}

// parseTime takes RFC 3339, a date with or without time in the query's zone, or milliseconds since 1970 as dashboard
// variables such as ${__from} have them.
func (c *conditions) parseTime(text string) (string, error) {
	if ms, err := strconv.ParseInt(text, 10, 64); err == nil && ms >= 0 && ms <= 1e14 {
		return time.UnixMilli(ms).UTC().Format(time.RFC3339Nano), nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly, time.DateTime, "2006-01-02T15:04:05"} {
		if at, err := time.ParseInLocation(layout, text, c.location); err == nil {
			return at.UTC().Format(time.RFC3339Nano), nil
		}
	}
	return "", fmt.Errorf("must be a time such as 2026-01-31T12:00:00Z, a date or milliseconds since 1970, not %q", text)
}
