package segment

import (
	"fmt"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// plainStepsSQL numbers events in event order and tells which step of the sequence each can be.
const plainStepsSQL = `select *
  from (select e.user_key, e.session_key, e.ts,
               row_number() over (partition by %[1]s order by e.ts, e.seq nulls first, e.event_key) as place,
               %[2]s
          from footfall.plain_events e%[3]s
         where %[4]s) e
 where %[5]s`

// plainFirstSQL are the events that a sequence can begin with.
const plainFirstSQL = `select a.user_key, a.session_key, %[2]sa.place
  from %[1]s a
 where a.step_1`

// plainNextSQL are the events of a step that some choice of events before can have led to.
const plainNextSQL = `select distinct b.user_key, b.session_key, %[7]sb.place
  from %[1]s a
  join %[2]s b on %[3]s and b.place > a.place%[4]s
 where b.step_%[5]d%[6]s`

// plainLastSQL are the users of whom some choice of events has come to the end.
const plainLastSQL = `select distinct a.user_key
  from %s a
 where %s`

// sequence writes one table for each step: the events at which the sequence can have come so far, and when it began where that matters.
func (p *plainly) sequence(s Sequence) (string, error) {
	steps, err := p.steps(s)
	if err != nil {
		return "", err
	}
	within, asBegan, began := "", "", ""
	if s.Within != "" {
		asBegan, began = "a.ts as began, ", "a.began, "
		if within, err = p.within(s); err != nil {
			return "", err
		}
	}
	plan := s.plan()
	reached := p.table("reached", "step 1: "+s.Steps[0].Event, fmt.Sprintf(plainFirstSQL, steps, asBegan))
	for i := 1; i < len(plan.events); i++ {
		step, until, without := plan.events[i], "", ""
		if within != "" {
			until = " and b.ts <= a.began + " + within
		}
		if nots := plan.nots[i-1]; len(nots) > 0 {
			without = "\n   and " + s.noneOf(nots, steps, " and x.place < b.place")
		}
		reached = p.table("reached", fmt.Sprintf("step %d: %s", step+1, s.Steps[step].Event),
			fmt.Sprintf(plainNextSQL, reached, steps, s.plainUnit("b"), until, step+1, without, began))
	}
	where := "true"
	if nots := plan.nots[len(plan.events)-1]; len(nots) > 0 {
		where = p.atTheEnd(s, nots, steps, within)
	}
	name := p.table("came_through", "users who came to the end", fmt.Sprintf(plainLastSQL, reached, where))
	return "u.user_key in (select user_key from " + name + ")", nil
}

// atTheEnd is that nothing forbidden follows the last step, and if the time for it is limited, that it has passed.
func (p *plainly) atTheEnd(s Sequence, nots []int, steps, within string) string {
	if within == "" {
		return s.noneOf(nots, steps, "")
	}
	where := s.noneOf(nots, steps, " and x.ts <= a.began + "+within)
	if s.Pending != PendingInclude {
		where = "a.began + " + within + " <= " + store.Literal(p.env.Now) + "\n   and " + where
	}
	return where
}

// steps is the table of events that are some step.
func (p *plainly) steps(s Sequence) (string, error) {
	where, err := p.events(s.Window)
	if err != nil {
		return "", err
	}
	filters := p.filters()
	columns, names := make([]string, len(s.Steps)), make([]string, len(s.Steps))
	for i, step := range s.Steps {
		matches, err := p.event(filters, step.Event+step.Not)
		if err != nil {
			return "", err
		}
		names[i] = fmt.Sprintf("step_%d", i+1)
		columns[i] = fmt.Sprintf("(%s) as %s", matches, names[i])
	}
	by := "e.user_key, e.session_key"
	if s.Scope == ScopeUser {
		by = "e.user_key"
	}
	return p.table("steps", "events that are a step, in event order", fmt.Sprintf(plainStepsSQL, by,
		strings.Join(columns, ",\n               "), filters.Joins("e"), where, strings.Join(names, " or "))), nil
}

// plainUnit is that an event is of the same user as event a, or of the same session.
func (s Sequence) plainUnit(alias string) string {
	unit := alias + ".user_key = a.user_key"
	if s.Scope != ScopeUser {
		unit += " and " + alias + ".session_key = a.session_key"
	}
	return unit
}

// noneOf is that no forbidden event comes after event a, up to an end.
func (s Sequence) noneOf(nots []int, steps, until string) string {
	forbidden := make([]string, len(nots))
	for i, not := range nots {
		forbidden[i] = fmt.Sprintf("x.step_%d", not+1)
	}
	return fmt.Sprintf("not exists (select from %s x where %s and x.place > a.place%s and (%s))",
		steps, s.plainUnit("x"), until, strings.Join(forbidden, " or "))
}

// within is the duration of a sequence.
func (p *plainly) within(s Sequence) (string, error) {
	duration, err := parseDuration(s.Within)
	if err != nil {
		return "", invalid("within", "%s", err)
	}
	switch {
	case duration%time.Minute == 0:
		return fmt.Sprintf("interval '%d minutes'", duration/time.Minute), nil
	case duration%time.Second == 0:
		return fmt.Sprintf("interval '%d seconds'", duration/time.Second), nil
	}
	return fmt.Sprintf("interval '%d milliseconds'", duration.Milliseconds()), nil
}
