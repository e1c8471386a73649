package segment

import (
	"fmt"
	"slices"
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
	verb, objects, viewed := "", []string(nil), false
	var rest []string
	for _, node := range nodes {
		id, values := choicesOf(node)
		switch {
		case id == "type" && slices.Equal(values, []string{"view"}):
			viewed = true
		case verbs[id] != "" && verb == "":
			verb, objects = verbs[id], values
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
	what := verb + " " + strings.Join(objects, " or ")
	switch {
	case slices.Equal(objects, []string{"*"}):
		what = anything[verb]
	case verb == verbs["action"]:
		what = actionsText(objects)
	}
	if len(rest) > 0 {
		what += " (" + strings.Join(rest, " and ") + ")"
	}
	return what
}

// choicesOf is what a node wants of one attribute: any of some values or patterns. It is "" for all that says more.
func choicesOf(n filter.Node) (attribute string, values []string) {
	list := []filter.Node{n}
	if or, ok := n.(filter.Or); ok {
		list = or.Nodes
	}
	for _, one := range list {
		t, isTerm := one.(filter.Term)
		a, err := filter.Names{}.Find(t.Name)
		value, exact := valueOf(t.Match)
		if isAny(t.Match) {
			value, exact = "*", true
		}
		if !isTerm || err != nil || !exact || attribute != "" && a.ID != attribute {
			return "", nil
		}
		attribute, values = a.ID, append(values, value)
	}
	return attribute, values
}

// done says what people do to a button, as SDKs name it, in the past tense.
var done = []struct{ name, past string }{{"click on ", "clicked"}, {"tap on ", "tapped"}}

// actionsText says what was done by each verb, and what by several at once: "clicked or tapped on BUY".
func actionsText(actions []string) string {
	type deed struct{ verb, objects string }
	var deeds []deed
	say := func(verb string, objects []string) {
		text := strings.Join(objects, " or ")
		if at := slices.IndexFunc(deeds, func(d deed) bool { return d.objects == text && d.verb != "" }); at >= 0 && verb != "" {
			deeds[at].verb += " or " + verb
		} else if len(objects) > 0 {
			deeds = append(deeds, deed{verb, text})
		}
	}
	rest := actions
	for _, d := range done {
		var objects, others []string
		for _, action := range rest {
			if object, is := strings.CutPrefix(action, d.name); is && object != "" {
				objects = append(objects, object)
			} else {
				others = append(others, action)
			}
		}
		say(d.past, objects)
		rest = others
	}
	say("", rest)
	texts := make([]string, len(deeds))
	for i, d := range deeds {
		texts[i] = d.verb + " on " + d.objects
		if d.verb == "" {
			texts[i] = "did the action " + d.objects
		}
	}
	return strings.Join(texts, " or ")
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
		if length, ok := strings.CutPrefix(m.Value, "now-"); ok && err == nil && a.Type == filter.Time {
			if strings.HasPrefix(m.Operator, ">") {
				return name + " in the last " + strings.TrimPrefix(spell(length), "1 ")
			}
			return name + " more than " + spell(length) + " ago"
		}
		return fmt.Sprintf("%s %s %s", name, m.Operator, m.Value)
	case filter.Contains:
		return fmt.Sprintf("%s containing %q", name, string(m))
	case filter.Range:
		return fmt.Sprintf("%s from %s to %s", name, withDefault(m.From, "anything"), withDefault(m.To, "anything"))
	}
	return "a known " + name
}
