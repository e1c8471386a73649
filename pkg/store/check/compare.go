package check

import (
	"fmt"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// problem says what is wrong with a session, "" where nothing is.
func (s *session) problem() string {
	if problem := s.rowProblem(); problem != "" {
		return problem + "; `footfall rebuild` computes it anew"
	}
	switch {
	case len(s.copies) > 1:
		return fmt.Sprintf("stands in blocks %d times", len(s.copies))
	case len(s.copies) == 1 && s.steps != nil:
		return "stands in footfall.tail and in a block"
	case len(s.copies) == 1:
		return s.copyProblem(s.copies[0])
	case s.steps == nil && s.expected:
		return "is not packed"
	case s.steps == nil:
		return ""
	case !s.packedStart.Equal(s.start):
		return "is packed with another start"
	case !s.packedEnd.Equal(s.end):
		return "is packed with another end"
	}
	var p packed.Session
	if err := packed.Decode(s.steps, &p); err != nil {
		return "is not readable: " + err.Error()
	}
	if problem := s.compareSession(&p); problem != "" {
		return problem
	}
	return s.compareEvents(&p)
}

// copyProblem says what is wrong with a session's copy in a block, which starts with it.
func (s *session) copyProblem(c copyOf) string {
	if c.End != s.end.UnixMilli() {
		return "is packed with another end"
	}
	if problem := s.compareSession(&c.Session.Session); problem != "" {
		return problem
	}
	return s.compareEvents(&c.Session.Session)
}

// rowProblem compares the session's row with its events.
func (s *session) rowProblem() string {
	if len(s.events) != len(s.tokens) || !s.truncated && len(s.events) != int(s.counts.Events) {
		return fmt.Sprintf("has %d events of the %d its row holds", len(s.events), len(s.tokens))
	}
	for i, e := range s.events {
		if s.tokens[i] != e.token || s.offsets[i] != e.ts.Sub(s.start).Milliseconds() {
			return fmt.Sprintf("has an event %d that its row holds otherwise", i)
		}
	}
	return ""
}

func (s *session) compareSession(p *packed.Session) string {
	var counts packed.Counts
	if s.truncated {
		counts = s.counts
	}
	switch {
	case packed.Kinds[s.kind] != p.Kind:
		return "is packed as another kind of user's"
	case s.truncated != p.Truncated || counts != p.Counts:
		return "is packed with other counts"
	case s.attributes != p.Attributes:
		return "is packed with other attributes"
	case !slices.Equal(s.tokens, p.Tokens):
		return "is packed with other tokens"
	case !slices.Equal(s.offsets, p.Offsets):
		return "is packed with other times"
	}
	return ""
}

// compareEvents walks through the events and what is packed of some.
func (s *session) compareEvents(p *packed.Session) string {
	durations := 0
	var listed [packed.Fields]int
	for i, e := range s.events {
		told := durations < len(p.Durations.At) && int(p.Durations.At[durations]) == i
		if told != (e.duration != nil) || told && p.Durations.MS[durations] != *e.duration {
			return fmt.Sprintf("is packed with another duration of event %d", i)
		}
		if told {
			durations++
		}
		for field := range packed.Fields {
			ids, want := p.Fields[field], packed.Default(field, e.tokenType, e.tokenName)
			if n := listed[field]; n < len(ids.At) && int(ids.At[n]) == i {
				want = ids.ID[n]
				listed[field]++
			}
			if want != e.fields[field] {
				return fmt.Sprintf("is packed with another %s of event %d", fieldNames[field], i)
			}
		}
	}
	return ""
}

var fieldNames = [packed.Fields]string{"view name", "action type", "action target", "error type"}
