package query

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Selection narrows what a question is asked of; every query type has it.
type Selection struct {
	Filter          string     `json:"filter"`           // in the filter language
	IncludeSegments []Members  `json:"includeSegments"`  // only users who belong to one of them
	ExcludeSegments []Members  `json:"excludeSegments"`  // no users who belong to any of them
	Within          *Selection `json:"within,omitempty"` // must hold as well, such as the query of a panel, in which somebody chooses
}

// Members is a segment: the id of a stored one, or a definition.
type Members struct {
	ID         string
	Definition *segment.Definition
}

// UnmarshalJSON reads a string or an object. A list stays a text, which is no id: the option that it stands in says so.
func (m *Members) UnmarshalJSON(raw []byte) error {
	if err := json.Unmarshal(raw, &m.ID); err == nil {
		return nil
	}
	if raw[0] == '[' {
		m.ID = string(raw)
		return nil
	}
	d, err := segment.Decode(raw)
	m.Definition = &d
	return err
}

// MarshalJSON writes what UnmarshalJSON reads.
func (m Members) MarshalJSON() ([]byte, error) {
	if m.Definition != nil {
		return json.Marshal(m.Definition)
	}
	return json.Marshal(m.ID)
}

// MaxSegments is how many segments one option may name.
const MaxSegments = 100

const maxWithin = 10 // selections one in the other

// Node joins the selection and the dashboard's ad-hoc filters.
func (s Selection) Node(c Context) (filter.Node, error) {
	own, err := s.own(c, "")
	if err != nil {
		return nil, err
	}
	adHoc, err := c.JoinConditions("adHocFilters", c.Conditions)
	return filter.WithoutAlways(filter.All(own, adHoc), c.Names), err
}

// own is what the selection itself says, with those that it stands within; errors name its fields behind a prefix.
func (s Selection) own(c Context, prefix string) (filter.Node, error) {
	own, err := filter.Parse(s.Filter)
	if err != nil {
		return nil, InvalidFilter("options."+prefix+"filter", err)
	}
	include, err := anySegment(c, prefix+"includeSegments", s.IncludeSegments)
	if err != nil {
		return nil, err
	}
	exclude, err := anySegment(c, prefix+"excludeSegments", s.ExcludeSegments)
	if exclude != nil {
		exclude = filter.Not{Node: exclude}
	}
	if err != nil || s.Within == nil {
		return filter.All(own, include, exclude), err
	}
	prefix += "within."
	if strings.Count(prefix, ".") > maxWithin {
		return nil, Invalid(strings.TrimSuffix(prefix, "."), "is one more selection within another, of which there may be %d", maxWithin)
	}
	within, err := s.Within.own(c, prefix)
	return filter.All(own, include, exclude, within), err
}

// anySegment matches users who belong to one of the segments; none at all is no condition.
func anySegment(c Context, field string, list []Members) (filter.Node, error) {
	if len(list) > MaxSegments {
		return nil, Invalid(field, "has %d entries, more than %d", len(list), MaxSegments)
	}
	nodes := make([]filter.Node, len(list))
	for i, members := range list {
		var err error
		if nodes[i], err = members.Node(c, fmt.Sprintf("%s[%d]", field, i)); err != nil {
			return nil, err
		}
	}
	return filter.Any(nodes...), nil
}

// Node matches the segment's users; field holds it.
func (m Members) Node(c Context, field string) (filter.Node, error) {
	if m.Definition == nil {
		if _, known := c.Names.Segments[m.ID]; !known {
			return nil, Invalid(field, "names no segment: %q", m.ID)
		}
		return filter.Term{Name: "segment", Match: filter.Exactly(m.ID)}, nil
	}
	env := segment.Env{Now: c.Now, Names: c.Names, Used: c.Used, Asked: c.Asked}
	if _, err := m.Definition.Compile(env, &store.Params{}); err != nil {
		if wrong := (segment.Error{}); errors.As(err, &wrong) {
			return nil, Invalid(field+"."+wrong.Path, "%s", wrong.Problem)
		}
		return nil, err
	}
	plain := func() (string, error) { return m.Definition.Plain(env) }
	selected := func(params *store.Params) (string, error) { return m.Definition.Compile(env, params) }
	return filter.Members{Label: m.Definition.Sentence(), Select: selected, Keys: c.members(*m.Definition, env), Plain: plain}, nil
}
