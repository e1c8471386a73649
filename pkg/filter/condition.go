package filter

import (
	"fmt"
	"regexp"
	"strings"
)

// Condition is a condition on one attribute as a form or a dashboard's ad-hoc filter has it.
type Condition struct {
	Attribute string   `json:"attribute"`
	Operator  string   `json:"operator"` // one of operators
	Values    []string `json:"values"`
}

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
	{"=~", 1, 1}, // the simple regular expressions that Grafana makes: a|b, .*
	{"!~", 1, 1},
	{"=|", 1, maxValues}, // as =, the name that ad-hoc filters use
	{"!=|", 1, maxValues},
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
	case "=", "=|":
		return c.anyOf(), nil
	case "!=", "!=|":
		return Not{c.anyOf()}, nil
	case "contains":
		return term(Contains(c.Values[0])), nil
	case "exists":
		return term(Exists), nil
	case "not exists":
		return Not{term(Exists)}, nil
	case "=~", "!~":
		return c.expression(field)
	}
	return term(Compare{c.Operator, c.Values[0]}), nil
}

func (c Condition) anyOf() Node {
	nodes := make([]Node, len(c.Values))
	for i, value := range c.Values {
		nodes[i] = Term{Name: c.Attribute, Match: Exactly(value)}
	}
	return Any(nodes...)
}

var regularSyntax = regexp.MustCompile(`[\\.+*?()\[\]{}^$|]`)

// expression takes alternatives of texts with .* for any characters, which is what Grafana makes of choices.
func (c Condition) expression(field string) (Node, error) {
	text := strings.TrimSuffix(strings.TrimPrefix(c.Values[0], "^"), "$")
	if inner, ok := strings.CutPrefix(text, "("); ok && strings.HasSuffix(inner, ")") {
		text = strings.TrimSuffix(inner, ")")
	}
	var nodes []Node
	for alternative := range strings.SplitSeq(text, "|") {
		var pattern Pattern
		for part := range strings.SplitSeq(alternative, ".*") {
			part = unescape(part)
			if regularSyntax.MatchString(strings.ReplaceAll(part, ".", "")) {
				return nil, ConditionError{field + ".values[0]", fmt.Sprintf(
					"is %q; of regular expressions only a|b and .* are known: use them, or another operator", c.Values[0])}
			}
			pattern = append(pattern, part)
		}
		nodes = append(nodes, Term{Name: c.Attribute, Match: pattern})
	}
	if c.Operator == "!~" {
		return Not{Any(nodes...)}, nil
	}
	return Any(nodes...), nil
}

// unescape removes the backslashes that Grafana puts before dots and slashes of a value.
func unescape(text string) string {
	return strings.NewReplacer(`\.`, ".", `\/`, "/", `\-`, "-").Replace(text)
}

func (c Condition) check(field string) error {
	var names []string
	for _, o := range operators {
		if o.name != c.Operator {
			names = append(names, o.name)
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
