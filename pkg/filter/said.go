package filter

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// Said is the name by which events say the attribute, of those that are values in JSON; else "".
func (a Attribute) Said() string {
	if a.Level == Event && a.isJSON() {
		return a.custom
	}
	return ""
}

// SaidOf is the one attribute that a node speaks of, if it is one that events say.
func (c *Compiler) SaidOf(n Node) (Attribute, bool) {
	return c.onlyAttribute(n, func(a Attribute) bool { return a.Said() != "" })
}

// saidEventsSQL are events e that say one value each of an attribute, after one that says none.
const saidEventsSQL = `(
       select 0 as n, '{}'::jsonb as attributes
        union all
       select v.n, jsonb_build_object(%s::text, v.said::jsonb)
         from unnest(%s::text[]) with ordinality v (said, n)) e`

// SaidValues asks for which of some values, JSON as PostgreSQL writes it, a condition on the attribute holds: the statement yields their
// numbers from 1 on, and 0 where it holds for events that say none.
func (c *Compiler) SaidValues(a Attribute, values []string, n Node) (store.Statement, error) {
	condition, err := c.Events(n)
	events := fmt.Sprintf(saidEventsSQL, c.Params.Add(a.Said()), c.Params.Add(values))
	return store.Statement{SQL: "select e.n::integer\n  from " + events + "\n where " + condition, Args: c.Params.Values}, err
}

// ElementsOf are the texts that a value is shown as, each once, as Compiler.Elements has them: of JSON as PostgreSQL writes it. nil is
// none.
func (a Attribute) ElementsOf(value string) []*string {
	if !strings.HasPrefix(value, "[") {
		text := a.shown(value)
		return []*string{&text}
	}
	var elements []json.RawMessage
	var texts []string
	_ = json.Unmarshal([]byte(value), &elements) // PostgreSQL wrote it
	for _, element := range elements {
		if string(element) != "null" {
			texts = append(texts, a.shown(string(element)))
		}
	}
	slices.Sort(texts)
	texts = slices.Compact(texts)
	list := make([]*string, len(texts), len(texts)+1)
	for i := range texts {
		list[i] = &texts[i]
	}
	if len(list) == 0 {
		list = append(list, nil)
	}
	return list
}

// shown is the text that a value is shown as: equal numbers are equal texts, but for those of versions.
func (a Attribute) shown(value string) string {
	isNumber := value != "" && (value[0] == '-' || value[0] >= '0' && value[0] <= '9')
	if isNumber && !a.IsVersion() && strings.Contains(value, ".") {
		return strings.TrimSuffix(strings.TrimRight(value, "0"), ".")
	}
	return textOf(value)
}

// textOf is the text that PostgreSQL makes of JSON: what a string says, else the JSON.
func textOf(value string) string {
	var text string
	if !strings.HasPrefix(value, `"`) || json.Unmarshal([]byte(value), &text) != nil {
		return value
	}
	return text
}

// NumberOf is the number that a value is, as Compiler.Number has it.
func NumberOf(value string) (number float64, is bool) {
	text := textOf(value)
	if !event.IsNumber(text) {
		return 0, false
	}
	number, err := strconv.ParseFloat(text, 64)
	return number, err == nil
}
