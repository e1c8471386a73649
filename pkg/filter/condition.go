package filter

import (
	"fmt"
	"strings"
	"unicode"
)

// Condition is a condition on one attribute as a form or a dashboard's ad-hoc filter has it.
type Condition struct {
	Attribute string   `json:"attribute"`
	Operator  Operator `json:"operator"`
	Values    []string `json:"values,omitempty"`
}

// Operator is how a condition compares.
type Operator string

const (
	opEqual        Operator = "="  // any of the values
	opNotEqual     Operator = "!=" // none of them; true without a value
	opLess         Operator = "<"
	opLessEqual    Operator = "<="
	opGreater      Operator = ">"
	opGreaterEqual Operator = ">="
	opContains     Operator = "contains" // text only, case-insensitive
	opExists       Operator = "exists"
	opNotExists    Operator = "not exists"
	opMatches      Operator = "=~" // the simple regular expressions that Grafana makes: a|b, .*
	opMatchesNot   Operator = "!~"
	opOneOf        Operator = "=|" // as =, the name that ad-hoc filters use
	opNoneOf       Operator = "!=|"
)

// Limits of a list of conditions.
const (
	MaxConditions  = 50
	maxValues      = 1000
	maxValueLength = 1024
)

// ConditionError is a mistake in a condition.
type ConditionError struct {
	Field   string // such as [0].values
	Problem string
}

func (e ConditionError) Error() string { return e.Field + " " + e.Problem }

// operators and how many values each takes.
var operators = []struct {
	name     Operator
	min, max int
}{
	{opEqual, 1, maxValues},
	{opNotEqual, 1, maxValues},
	{opLess, 1, 1},
	{opLessEqual, 1, 1},
	{opGreater, 1, 1},
	{opGreaterEqual, 1, 1},
	{opContains, 1, 1},
	{opExists, 0, 0},
	{opNotExists, 0, 0},
	{opMatches, 1, 1},
	{opMatchesNot, 1, 1},
	{opOneOf, 1, maxValues},
	{opNoneOf, 1, maxValues},
}

// Conditions makes one node of a list; its errors are of type ConditionError.
func Conditions(list []Condition) (Node, error) {
	if len(list) > MaxConditions {
		return nil, ConditionError{"", fmt.Sprintf("has %d entries, more than %d", len(list), MaxConditions)}
	}
	nodes := make([]Node, len(list))
	for i, condition := range list {
		n, err := condition.node(fmt.Sprintf("[%d]", i))
		if err != nil {
			return nil, err
		}
		nodes[i] = n
	}
	return All(nodes...), nil
}

func (c Condition) node(field string) (Node, error) {
	if err := c.check(field); err != nil {
		return nil, err
	}
	term := func(m Match) Node { return Term{Name: c.Attribute, Match: m} }
	switch c.Operator {
	case opEqual, opOneOf:
		return c.anyOf(), nil
	case opNotEqual, opNoneOf:
		return Not{c.anyOf()}, nil
	case opContains:
		return term(Contains(c.Values[0])), nil
	case opExists:
		return term(Exists), nil
	case opNotExists:
		return Not{term(Exists)}, nil
	case opMatches, opMatchesNot:
		return c.expression(field)
	}
	return term(Compare{string(c.Operator), c.Values[0]}), nil
}

func (c Condition) anyOf() Node {
	nodes := make([]Node, len(c.Values))
	for i, value := range c.Values {
		nodes[i] = Term{Name: c.Attribute, Match: Exactly(value)}
	}
	return Any(nodes...)
}

// expression takes alternatives of texts with .* for any characters, which is what Grafana makes of choices. An escaped
// character is that character.
func (c Condition) expression(field string) (Node, error) {
	alternatives, ok := readExpression(c.Values[0])
	if !ok {
		return nil, ConditionError{field + ".values[0]", fmt.Sprintf(
			`is %q; of regular expressions only a|b and .* are known, and \ before a character that means itself, such as \. for a dot: use them, or another operator`, c.Values[0])}
	}
	nodes := make([]Node, len(alternatives))
	for i, pattern := range alternatives {
		nodes[i] = Term{Name: c.Attribute, Match: pattern}
	}
	if c.Operator == opMatchesNot {
		return Not{Any(nodes...)}, nil
	}
	return Any(nodes...), nil
}

// sign is a character of a regular expression: one that stands for itself, or syntax.
type sign struct {
	char   rune
	syntax bool
}

// readExpression returns the texts between the wildcards of each alternative; false for any other syntax than it knows.
func readExpression(text string) (alternatives []Pattern, ok bool) {
	signs, ok := readSigns(text)
	if !ok {
		return nil, false
	}
	signs = within(signs, '^', 0)
	signs = within(signs, 0, '$')
	if bare := within(signs, '(', ')'); len(bare) == len(signs)-2 {
		signs = bare
	}
	pattern := Pattern{""}
	for i := 0; i < len(signs); i++ {
		switch s := signs[i]; {
		case !s.syntax:
			pattern[len(pattern)-1] += string(s.char)
		case s.char == '|':
			alternatives, pattern = append(alternatives, pattern), Pattern{""}
		case s.char == '.' && i+1 < len(signs) && signs[i+1] == (sign{'*', true}):
			pattern = append(pattern, "")
			i++
		default:
			return nil, false
		}
	}
	return append(alternatives, pattern), true
}

// readSigns takes the backslashes away. Before a letter or digit one has a meaning of its own, which is not known here.
func readSigns(text string) (signs []sign, ok bool) {
	escaped := false
	for _, char := range text {
		switch {
		case escaped && (unicode.IsLetter(char) || unicode.IsDigit(char)):
			return nil, false
		case escaped:
			signs, escaped = append(signs, sign{char, false}), false
		case char == '\\':
			escaped = true
		default:
			signs = append(signs, sign{char, strings.ContainsRune(".+*?()[]{}^$|", char)})
		}
	}
	return signs, !escaped
}

// within is what stands between syntax at both ends; 0 is none.
func within(signs []sign, first, last rune) []sign {
	if first != 0 && len(signs) > 0 && signs[0] == (sign{first, true}) {
		signs = signs[1:]
	}
	if last != 0 && len(signs) > 0 && signs[len(signs)-1] == (sign{last, true}) {
		signs = signs[:len(signs)-1]
	}
	return signs
}

func (c Condition) check(field string) error {
	var names []string
	for _, o := range operators {
		if o.name != c.Operator {
			names = append(names, string(o.name))
			continue
		}
		if n := len(c.Values); n < o.min || n > o.max {
			return ConditionError{field + ".values", fmt.Sprintf("has %d entries; %q takes %s", n, o.name, amount(o.min, o.max))}
		}
		for i, value := range c.Values {
			if len(value) > maxValueLength {
				return ConditionError{fmt.Sprintf("%s.values[%d]", field, i), fmt.Sprintf("is longer than %d bytes", maxValueLength)}
			}
			if strings.ContainsRune(value, 0) {
				return ConditionError{fmt.Sprintf("%s.values[%d]", field, i), "contains a NUL character"}
			}
		}
		return nil
	}
	return ConditionError{field + ".operator", fmt.Sprintf("is %q; it must be one of %s", c.Operator, strings.Join(names, ", "))}
}

func amount(least, most int) string {
	if least == most {
		return fmt.Sprint(least)
	}
	return fmt.Sprintf("%d to %d", least, most)
}
