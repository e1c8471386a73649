package segment

import (
	"fmt"
	"slices"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/country"
	"github.com/footfall-analytics/footfall/pkg/filter"
)

// Sentence says in one English sentence who belongs to the segment.
func (d Definition) Sentence() string {
	who := "users"
	if d.IncludeAnonymous {
		who = "users, known or anonymous,"
	}
	text := who + " " + d.Where.sentence()
	if d.Identity != "" && d.Identity != "usr.id" && d.Identity != "user_id" {
		text += fmt.Sprintf(", and all who share their %s", d.Identity)
	}
	if d.hasDates() {
		text += " (dates in " + withDefault(d.TimeZone, DefaultZone) + ")"
	}
	return text
}

// sentence is what stands behind "users".
func (c Condition) sentence() string {
	switch {
	case len(c.All) > 0:
		return joinSentences(c.All, "and")
	case len(c.Any) > 0:
		return joinSentences(c.Any, "or")
	case c.Not != nil:
		return c.Not.negated()
	case c.Users != "":
		return "with " + describeFilter(c.Users)
	case c.Did != nil:
		return c.Did.sentence()
	case c.Sequence != nil:
		return c.Sequence.sentence()
	case c.Segment != "":
		return "of segment " + c.Segment
	}
	return "on the list " + c.Table
}

// negated is what stands behind "users" for those whom the condition leaves.
func (c Condition) negated() string {
	switch {
	case c.Users != "":
		what := describeFilter(c.Users)
		if n, _ := filter.Parse(c.Users); isAnd(n) {
			what = "(" + what + ")"
		}
		return "without " + what
	case c.Did.isPlain():
		return "who never " + pastOf(c.Did.Event) + c.Did.Window.sentence()
	case c.Sequence.isPlain():
		return "who never first " + strings.TrimPrefix(c.Sequence.sentence(), "who ")
	case c.Segment != "", c.Table != "":
		return "not " + c.sentence()
	}
	return "for whom it is not true that they are users " + c.sentence()
}

func isAnd(n filter.Node) bool {
	_, ok := n.(filter.And)
	return ok
}

// isPlain tells that nothing is said of how often, or the first time.
func (d *Did) isPlain() bool {
	return d != nil && !d.FirstTime && d.AtLeast == nil && d.AtMost == nil && d.Exactly == nil
}

// isPlain tells that all steps are events.
func (s *Sequence) isPlain() bool {
	return s != nil && !slices.ContainsFunc(s.Steps, func(step Step) bool { return step.Not != "" })
}

func joinSentences(parts []Condition, word string) string {
	list := make([]string, len(parts))
	for i, part := range parts {
		list[i] = part.sentence()
		if len(part.All)+len(part.Any) > 1 {
			list[i] = "(" + list[i] + ")"
		}
	}
	return strings.Join(list, " "+word+" ")
}

func (d Did) sentence() string {
	event := pastOf(d.Event)
	switch {
	case d.FirstTime:
		return "who " + event + " for the first time" + d.Window.sentence()
	case d.Exactly != nil && *d.Exactly == 0:
		return "who never " + event + d.Window.sentence()
	case d.AtLeast != nil && *d.AtLeast > 1:
		return fmt.Sprintf("who %s at least %s%s", event, times(*d.AtLeast), d.Window.sentence())
	case d.AtMost != nil:
		return fmt.Sprintf("who %s at most %s%s", event, times(*d.AtMost), d.Window.sentence())
	case d.Exactly != nil:
		return fmt.Sprintf("who %s exactly %s%s", event, times(*d.Exactly), d.Window.sentence())
	}
	return "who " + event + d.Window.sentence()
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

func (s Sequence) sentence() string {
	var b strings.Builder
	b.WriteString("who ")
	for i, step := range s.Steps {
		if i > 0 {
			b.WriteString(" and then ")
		}
		if step.Not != "" {
			b.WriteString("never ")
		}
		b.WriteString(pastOf(step.Event + step.Not))
	}
	if s.Within != "" {
		b.WriteString(" within " + spell(s.Within))
	}
	if s.Scope == ScopeUser {
		b.WriteString(", in one session or several")
	} else {
		b.WriteString(" in the same session")
	}
	return b.String() + s.Window.sentence()
}

func (w *Window) sentence() string {
	switch {
	case w == nil:
		return ""
	case w.Last != "":
		return ", in the last " + spell(w.Last)
	case w.To == "":
		return ", since " + w.From
	case w.From == "":
		return ", before " + w.To
	}
	return fmt.Sprintf(", from %s to %s", w.From, w.To)
}

// spell writes a duration such as 30m as 30 minutes.
func spell(text string) string {
	parts := durationPattern.FindStringSubmatch(text)
	if parts == nil {
		return text
	}
	unit := map[string]string{
		"ms": "millisecond", "s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week",
	}[parts[2]]
	if parts[1] != "1" {
		unit += "s"
	}
	return parts[1] + " " + unit
}

// verbs say what happened by attribute, where the value completes it.
var verbs = map[string]string{"page": "were on", "action": "did", "error": "ran into the error", "view_name": "saw the view"}

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
	verb, object, viewed := "", "", false
	var rest []string
	for _, node := range nodes {
		t, isTerm := node.(filter.Term)
		a, err := filter.Names{}.Find(t.Name)
		value, exact := valueOf(t.Match)
		switch {
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
	if len(rest) > 0 {
		object += " (" + strings.Join(rest, " and ") + ")"
	}
	return verb + " " + object
}

// valueOf is the value that an exact match or a pattern wants.
func valueOf(m filter.Match) (string, bool) {
	p, ok := m.(filter.Pattern)
	return strings.Join(p, "*"), ok && strings.Join(p, "") != ""
}

// describeFilter says what a filter on users describes.
func describeFilter(text string) string {
	n, err := filter.Parse(text)
	if err != nil || n == nil {
		return text
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
