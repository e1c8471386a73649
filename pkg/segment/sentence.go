package segment

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/filter"
)

// Sentence says in one English sentence who belongs to the segment.
func (d Definition) Sentence() string {
	who := "users"
	if d.IncludeAnonymous {
		who = "users, known or anonymous,"
	}
	text := who + " " + d.Where.alone()
	if d.Identity != "" && d.Identity != "usr.id" && d.Identity != "user_id" {
		text += fmt.Sprintf(", and all who share their %s", withDefault(shared[d.Identity], d.Identity))
	}
	if d.hasDates() {
		text += " (dates in " + withDefault(d.TimeZone, DefaultZone) + ")"
	}
	return text
}

// shared names what members have in common with those they bring along.
var shared = map[string]string{"usr.email": "e-mail", "usr.name": "name"}

// alone is what stands behind "users" where no other condition is joined to it.
func (c Condition) alone() string {
	switch {
	case len(c.All) == 1:
		return c.All[0].alone()
	case len(c.Any) == 1:
		return c.Any[0].alone()
	case c.Not != nil && c.Not.Not != nil:
		return c.Not.Not.alone()
	case c.Users != "":
		return "with " + describeAlone(c.Users)
	}
	return c.sentence()
}

// sentence is what stands behind "users", in brackets where it could be mixed up with what is joined to it.
func (c Condition) sentence() string {
	switch {
	case len(c.All) > 0:
		return sentenceOfAll(c.All)
	case len(c.Any) > 0:
		return sentenceOfAny(c.Any, Condition.sentence)
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
	case c.Not != nil:
		return c.Not.sentence()
	case len(c.Any) > 0:
		return joinAll(c.Any, Condition.negated)
	case len(c.All) > 0:
		return sentenceOfAny(c.All, Condition.negated)
	case c.Users != "":
		what := describeFilter(c.Users)
		if n, _ := filter.Parse(c.Users); isAnd(n) {
			what = "(" + what + ")"
		}
		return "without " + what
	case c.Did.isPlain():
		return "who never " + pastOf(c.Did.Event) + behind(c.Did.Window.sentence())
	case c.Sequence.isPlain():
		return "who never first " + c.Sequence.course() + behind(c.Sequence.Window.sentence())
	case c.Segment != "", c.Table != "":
		return "not " + c.sentence()
	}
	return "who are not among those " + c.sentence()
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

// sentenceOfAll says of conditions who fulfils them all. Two in turn can be one thought: who began and never came through.
func sentenceOfAll(parts []Condition) string {
	list := make([]string, 0, len(parts))
	for i := 0; i < len(parts); i++ {
		if i+1 < len(parts) && isThrough(parts[i], parts[i+1]) {
			list = append(list, parts[i+1].Not.Sequence.neverThrough())
			i++
			continue
		}
		list = append(list, parts[i].bracketed(Condition.sentence))
	}
	return joinWho(list)
}

func joinAll(parts []Condition, say func(Condition) string) string {
	return joinWho(sayEach(parts, say))
}

// joinWho joins who somebody is, what they have and what they did: "with plan pro who viewed /cart and who never clicked on BUY".
func joinWho(parts []string) string {
	text := parts[0]
	for i, part := range parts[1:] {
		if strings.HasPrefix(part, "who ") && !strings.HasPrefix(parts[i], "who ") {
			text += " " + part
		} else {
			text += " and " + part
		}
	}
	return text
}

func sentenceOfAny(parts []Condition, say func(Condition) string) string {
	return strings.Join(sayEach(parts, say), " or ")
}

func sayEach(parts []Condition, say func(Condition) string) []string {
	list := make([]string, len(parts))
	for i, part := range parts {
		list[i] = part.bracketed(say)
	}
	return list
}

// bracketed keeps what a condition joins apart from what stands around it.
func (c Condition) bracketed(say func(Condition) string) string {
	inner := c
	for inner.Not != nil {
		inner = *inner.Not
	}
	if len(inner.All)+len(inner.Any) > 1 {
		return "(" + say(c) + ")"
	}
	return say(c)
}

// isThrough tells that somebody did the first step of a sequence, and never the second after it, both in one time.
func isThrough(began, never Condition) bool {
	if !began.Did.isPlain() || never.Not == nil || !never.Not.Sequence.isPlain() {
		return false
	}
	s := never.Not.Sequence
	return len(s.Steps) == 2 && s.Steps[0].Event == began.Did.Event && reflect.DeepEqual(s.Window, began.Did.Window)
}

// neverThrough says who did the first step and never the second one after it.
func (s Sequence) neverThrough() string {
	text := "who " + before(s.Window.sentence()) + pastOf(s.Steps[0].Event) + " and after none of these times " + pastOf(s.Steps[1].Event)
	if s.Within != "" {
		text += " within " + spell(s.Within)
	}
	if s.Scope == ScopeUser {
		return text + " in the same or a later session"
	}
	return text + " in the same session"
}

func (d Did) sentence() string {
	return "who " + d.often() + behind(d.Window.sentence())
}

func (d Did) often() string {
	event := pastOf(d.Event)
	switch {
	case d.FirstTime:
		return event + " for the first time"
	case d.Exactly != nil && *d.Exactly == 0, d.AtMost != nil && *d.AtMost == 0:
		return "never " + event
	case d.AtLeast != nil && *d.AtLeast > 1:
		return event + " at least " + times(*d.AtLeast)
	case d.AtMost != nil:
		return event + " at most " + times(*d.AtMost)
	case d.Exactly != nil:
		return event + " exactly " + times(*d.Exactly)
	}
	return event
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

// sentence has the time in front, where it is not mistaken for that of the last step.
func (s Sequence) sentence() string {
	return "who " + before(s.Window.sentence()) + s.course()
}

// course says what happened one after the other, and where.
func (s Sequence) course() string {
	var b strings.Builder
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
	return b.String()
}

func (w *Window) sentence() string {
	switch {
	case w == nil:
		return ""
	case w.Last != "":
		return "in the last " + strings.TrimPrefix(spell(w.Last), "1 ")
	case w.To == "":
		return "since " + w.From
	case w.From == "":
		return "before " + w.To
	}
	return fmt.Sprintf("from %s to %s", w.From, w.To)
}

// behind is a time that stands behind what happened, where there is one.
func behind(window string) string {
	if window == "" {
		return ""
	}
	return " " + window
}

// before is a time that stands before what happened.
func before(window string) string {
	if window == "" {
		return ""
	}
	return window + " "
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
