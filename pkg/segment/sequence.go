package segment

import (
	"fmt"
	"strings"
)

// plan is a sequence taken apart: steps that must happen, and after each of them those that must not.
type plan struct {
	events []int   // indices of filters
	nots   [][]int // nots[i] must not happen between events[i] and events[i+1], or after the last one
}

func (s Sequence) plan() plan {
	var p plan
	for i, step := range s.Steps {
		if step.Event != "" {
			p.events, p.nots = append(p.events, i), append(p.nots, nil)
			continue
		}
		last := len(p.nots) - 1
		p.nots[last] = append(p.nots[last], i)
	}
	return p
}

// unit is what a sequence happens in, as columns of the hits.
func (s Sequence) unit() string {
	if s.Scope == ScopeUser {
		return "user_key"
	}
	return "user_key, session_key"
}

// sequence compiles to a SELECT of user_key.
//
// The events that match any step are put in order, and r0, r1, ... tell for each whether the sequence can have come so
// far with it: r0 is the first step, and an event of the next step has come so far where one before it has, with none of
// the forbidden events between the two. That is so where the last event before it that has come so far is not older than
// the last forbidden one.
func (b *builder) sequence(s Sequence, path string) (string, error) {
	ctes, err := b.orderedHits(s, path)
	if err != nil {
		return "", err
	}
	p := s.plan()
	unit, first := s.unit(), "c0"
	if s.Within != "" {
		within, err := parseDuration(s.Within)
		if err != nil {
			return "", invalid(path+".within", "%s", err)
		}
		ctes = append(ctes, b.startsSQL(s, within.Milliseconds()))
		unit, first = unit+", start_n", "n = start_n"
	}
	from := map[bool]string{true: "starts", false: "ordered"}[s.Within != ""]
	ctes = append(ctes, fmt.Sprintf("reached_0 as (\nselect *, %s as r0 from %s\n)", first, from))
	for i := 1; i < len(p.events); i++ {
		ctes = append(ctes, fmt.Sprintf(reachedSQL, i, p.events[i], reachable(i-1, p.nots[i-1]), i-1, unit))
	}
	return "with " + strings.Join(ctes, ", ") + "\n" + b.lastSQL(s, p, unit), nil
}

// reachedSQL: whether the sequence can have come to step %[1]d with an event.
const reachedSQL = `reached_%[1]d as (
select *, coalesce(c%[2]d and %[3]s, false) as r%[1]d
  from reached_%[4]d
window before as (partition by %[5]s order by n rows between unbounded preceding and 1 preceding)
)`

// reachable: an event before has come to step i, and no forbidden one lies between.
func reachable(i int, nots []int) string {
	if len(nots) == 0 {
		return fmt.Sprintf("bool_or(r%d) over before", i)
	}
	return fmt.Sprintf("max(n) filter (where r%d) over before >= coalesce(max(n) filter (where %s) over before, 0)", i, anyOf(nots))
}

func anyOf(steps []int) string {
	columns := make([]string, len(steps))
	for i, step := range steps {
		columns[i] = fmt.Sprintf("c%d", step)
	}
	return "(" + strings.Join(columns, " or ") + ")"
}

// startsSQL repeats the hits for each event that the sequence can begin with, up to its duration after that.
func (b *builder) startsSQL(s Sequence, within int64) string {
	match := "h.user_key = a.user_key"
	if s.Scope != ScopeUser {
		match += " and h.session_key = a.session_key"
	}
	duration := fmt.Sprintf("%s::bigint * interval '1 ms'", b.params.Add(within))
	where := "a.c0"
	if nots := s.plan().nots; s.Pending != PendingInclude && len(nots[len(nots)-1]) > 0 {
		// Until the time has passed nobody knows that something does not happen.
		where += fmt.Sprintf(" and a.ts + %s <= %s::timestamptz", duration, b.params.Add(b.env.Now))
	}
	return fmt.Sprintf(`starts as (
select h.*, a.n as start_n
  from ordered a
  join ordered h on %s and h.n >= a.n and h.ts <= a.ts + %s
 where %s
)`, match, duration, where)
}

// lastSQL selects the users who came to the last step, and after it did nothing that is forbidden.
func (b *builder) lastSQL(s Sequence, p plan, unit string) string {
	last := len(p.events) - 1
	if len(p.nots[last]) == 0 {
		return fmt.Sprintf("select user_key from reached_%d where r%[1]d", last)
	}
	return fmt.Sprintf(`select user_key
  from reached_%d
 group by %s
having max(n) filter (where r%[1]d) >= coalesce(max(n) filter (where %[3]s), 0)`, last, unit, anyOf(p.nots[last]))
}

// orderedHits makes the common table "ordered" of all events that matter, numbered in event order within the unit.
func (b *builder) orderedHits(s Sequence, path string) ([]string, error) {
	h := hits{filters: make([]eventFilter, len(s.Steps))}
	for i, step := range s.Steps {
		var err error
		if h.filters[i], err = b.event(step.Event+step.Not, fmt.Sprintf("%s.steps[%d]", path, i)); err != nil {
			return nil, err
		}
	}
	var err error
	if h.from, h.to, err = b.times(s.Window, path+".window"); err != nil {
		return nil, err
	}
	if s.Scope != ScopeUser {
		h.candidates = everyStep(s, h.filters)
		return []string{"ordered as materialized (\n" + h.ofSessions() + "\n)"}, nil
	}
	if tokens := anyTokens(h.filters); tokens != "" {
		h.candidates = "s.tokens && (" + tokens + ")"
	}
	if h.columns() {
		return []string{"ordered as materialized (\n" + h.fill(rowsSQL, h.sessions(""), byUser) + "\n)"}, nil
	}
	return h.acrossSessions(), nil
}

// everyStep wants a token of each step that must happen, since all happen in one session.
func everyStep(s Sequence, filters []eventFilter) string {
	var wanted []string
	for _, i := range s.plan().events {
		if filters[i].Tokens != "" {
			wanted = append(wanted, "s.tokens && "+filters[i].Tokens)
		}
	}
	return strings.Join(wanted, " and ")
}

// acrossSessions orders the hits of arrays by time. Where two sessions of a user have one at the same millisecond, or a
// session's arrays are cut off, only footfall.events knows the order: the user's events are read from there.
func (h hits) acrossSessions() []string {
	return []string{
		"arrays as materialized (\n" + h.fill(arraysSQL, h.sessions("not s.truncated"), "") + "\n)",
		`unclear as materialized (
select user_key from arrays group by user_key, ts having min(session_key) <> max(session_key)
 union
select s.user_key from footfall.sessions s where s.truncated
)`,
		`ordered as materialized (
select user_key, session_key, ts, row_number() over (partition by user_key order by ts, n) as n, ` + h.flags() + `
  from arrays
 where user_key not in (select user_key from unclear)
 union all
` + h.fill(rowsSQL, h.overlap("s.user_key in (select user_key from unclear)"), byUser) + "\n)",
	}
}

func (h hits) flags() string {
	columns := make([]string, len(h.filters))
	for i := range h.filters {
		columns[i] = fmt.Sprintf("c%d", i)
	}
	return strings.Join(columns, ", ")
}
