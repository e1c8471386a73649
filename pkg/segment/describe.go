package segment

import (
	"fmt"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/country"
	"github.com/footfall-analytics/footfall/pkg/filter"
)

// verbs say what happened by attribute, where the value completes it.
var verbs = map[string]string{
	"page": "were on", "action": "did the action", "error": "ran into the error", "view_name": "saw the view",
	"frustration": "had the frustration",
}

// anything says what happened where any value does.
var anything = map[string]string{
	"were on": "were on any page", "viewed": "viewed any page", "did the action": "did anything", "ran into the error": "ran into an error",
	"saw the view": "saw any view", "had the frustration": "had a frustration",
}

// pastOf says what an event filter describes, in the past tense. What it has no words for is quoted as it stands.
func pastOf(text string) string {
	n, err := filter.Parse(text)
	if err != nil || n == nil {
		return "had an event with " + text
	}
	nodes := []filter.Node{n}
	if and, ok := n.(filter.And); ok {
		nodes = and.Nodes
	}
	if text == "type:*" {
		return "were active"
	}
	verb, object, viewed := "", "", false
	var rest []string
	for _, node := range nodes {
		t, isTerm := node.(filter.Term)
		a, err := filter.Names{}.Find(t.Name)
		value, exact := valueOf(t.Match)
		switch {
		case isTerm && err == nil && verb == "" && verbs[a.ID] != "" && isAny(t.Match):
			verb, object = verbs[a.ID], "*"
		case !isTerm || err != nil || !exact:
			rest = append(rest, describeNode(node))
		case a.ID == "type" && value == "view":
			viewed = true
		case verbs[a.ID] != "" && verb == "":
			verb, object = verbs[a.ID], value
		default:
			rest = append(rest, describeNode(node))
		}
	}
	switch {
	case viewed && verb == verbs["page"]:
		verb = "viewed"
	case viewed:
		rest = append([]string{"type view"}, rest...)
	}
	if verb == "" {
		return "had an event with " + strings.Join(rest, " and ")
	}
	switch target, isClick := strings.CutPrefix(object, "click on "); {
	case object == "*":
		verb, object = anything[verb], ""
	case isClick && verb == verbs["action"]:
		verb, object = "clicked on", target
	}
	if len(rest) > 0 {
		object += " (" + strings.Join(rest, " and ") + ")"
	}
	return strings.TrimSpace(verb + " " + strings.TrimSpace(object))
}

// valueOf is the value that an exact match or a pattern wants.
func valueOf(m filter.Match) (string, bool) {
	p, ok := m.(filter.Pattern)
	return strings.Join(p, "*"), ok && strings.Join(p, "") != ""
}

// isAny tells that any value will do.
func isAny(m filter.Match) bool {
	p, ok := m.(filter.Pattern)
	return ok && strings.Join(p, "") == ""
}

// describeFilter says what a filter on users describes, kept apart from what is joined to it.
func describeFilter(text string) string { return describeText(text, describeNode) }

// describeAlone says what a filter on users describes, where nothing is joined to it.
func describeAlone(text string) string { return describeText(text, describeOnly) }

func describeText(text string, describe func(filter.Node) string) string {
	n, err := filter.Parse(text)
	if err != nil || n == nil {
		return text
	}
	return describe(n)
}

// describeOnly describes what needs no brackets, for nothing is joined to it.
func describeOnly(n filter.Node) string {
	if or, ok := n.(filter.Or); ok {
		return describeAll(or.Nodes, " or ")
	}
	return describeNode(n)
}

func describeNode(n filter.Node) string {
	switch n := n.(type) {
	case filter.And:
		return describeAll(n.Nodes, " and ")
	case filter.Or:
		return "(" + describeAll(n.Nodes, " or ") + ")"
	case filter.Not:
		return "not " + describeNode(n.Node)
	case filter.Words:
		return fmt.Sprintf("%q in id, name or e-mail", n.Text)
	case filter.Term:
		return describeTerm(n)
	}
	return filter.String(n)
}

func describeAll(nodes []filter.Node, with string) string {
	list := make([]string, len(nodes))
	for i, n := range nodes {
		list[i] = describeNode(n)
	}
	return strings.Join(list, with)
}

func describeTerm(t filter.Term) string {
	name := t.Name
	a, err := filter.Names{}.Find(t.Name)
	if err == nil {
		name = a.InSentence()
	}
	if value, ok := valueOf(t.Match); ok {
		if known := country.Name(country.Code(value)); err == nil && a.IsCountry() && known != "" {
			value = known
		}
		return name + " " + value
	}
	switch m := t.Match.(type) {
	case filter.Compare:
		return fmt.Sprintf("%s %s %s", name, m.Operator, m.Value)
	case filter.Contains:
		return fmt.Sprintf("%s containing %q", name, string(m))
	case filter.Range:
		return fmt.Sprintf("%s from %s to %s", name, withDefault(m.From, "anything"), withDefault(m.To, "anything"))
	}
	return "a known " + name
}
