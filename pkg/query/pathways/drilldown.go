package pathways

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// PathwayStep is a node or a link of pathways, for asking which sessions are counted in it. Per user, these are all
// sessions that the user's path is made of. Exactly one of Node and Link is given.
type PathwayStep struct {
	Options Pathways     `json:"options"`
	Node    *PathwayNode `json:"node,omitempty"`
	Link    *PathwayLink `json:"link,omitempty"`
	// Compared means the paths of options.compare, not those of the options' own selection.
	Compared bool `json:"compared,omitempty"`

	plan     *pathwaysPlan
	users    []int32 // of sessions, once loaded
	sessions []int64
}

// PathwayNode is a row of frame nodes. Without a kind, the name says which node is meant, a page before anything else.
type PathwayNode struct {
	Step int         `json:"step"`
	Name string      `json:"name"`
	Kind pathwayKind `json:"kind,omitempty"`
}

// PathwayLink is a row of frame edges: Step is its field step, From the node of its source and To that of its target.
type PathwayLink struct {
	Step     int         `json:"step"`
	From     string      `json:"from"`
	To       string      `json:"to"`
	FromKind pathwayKind `json:"fromKind,omitempty"`
	ToKind   pathwayKind `json:"toKind,omitempty"`
}

// UnmarshalJSON reads the options over their defaults and refuses unknown ones.
func (s *PathwayStep) UnmarshalJSON(text []byte) error {
	type plain PathwayStep // without this method
	read := plain{Options: *NewPathways()}
	if err := query.DecodeOptions(text, &read); err != nil {
		return err
	}
	*s = PathwayStep(read)
	return nil
}

// Condition selects the sessions s that are counted. load must have run before the statement does: only what is shown
// of all paths tells which nodes are (other), so the sessions are found first and given as values. It may be compiled
// into several statements.
func (s *PathwayStep) Condition(c query.Context, compiler *filter.Compiler) (string, error) {
	if err := s.prepare(c, compiler); err != nil {
		return "", err
	}
	users, sessions := compiler.Params.Add(&s.users), compiler.Params.Add(&s.sessions)
	return "(s.user_key, s.session_key) in (select * from unnest(" + users + "::integer[], " + sessions + "::bigint[]))", nil
}

// UserCondition selects the users p whose sessions Condition does.
func (s *PathwayStep) UserCondition(c query.Context, compiler *filter.Compiler) (string, error) {
	if err := s.prepare(c, compiler); err != nil {
		return "", err
	}
	return "p.user_key = any (" + compiler.Params.Add(&s.users) + "::integer[])", nil
}

func (s *PathwayStep) prepare(c query.Context, compiler *filter.Compiler) (err error) {
	if err := s.check(); err != nil {
		return err
	}
	if s.plan, err = s.Options.plan(c); err != nil {
		return within("pathway.options.", err)
	}
	compiler.Needs.Arrays = true // which paths are made of
	return nil
}

// within says that an option stands in another one.
func within(field string, err error) error {
	const options = "options."
	wrong := query.InvalidError{}
	if errors.As(err, &wrong) && strings.HasPrefix(wrong.Field, options) {
		return query.InvalidError{Field: options + field + strings.TrimPrefix(wrong.Field, options), Problem: wrong.Problem}
	}
	return err
}

func (s *PathwayStep) check() error {
	kinds := []pathwayKind{"", pageNode, actionNode, otherNode, dropoffNode, entryNode}
	checkKind := func(field string, kind pathwayKind) error {
		if !slices.Contains(kinds, kind) {
			return query.Invalid(field, "is %q; it must be page, action, other, dropoff or entry", kind)
		}
		return nil
	}
	steps := s.Options.Steps
	switch {
	case (s.Node == nil) == (s.Link == nil):
		return query.Invalid("pathway", "must have either a node or a link")
	case s.Compared && s.Options.Compare == nil:
		return query.Invalid("pathway.compared", "is true, but pathway.options.compare is missing")
	case s.Node != nil && (s.Node.Step < 1 || s.Node.Step > steps):
		return query.Invalid("pathway.node.step", "must be 1 to %d, not %d", steps, s.Node.Step)
	case s.Node != nil:
		return checkKind("pathway.node.kind", s.Node.Kind)
	case s.Link.Step < 1 || s.Link.Step >= steps:
		return query.Invalid("pathway.link.step", "must be 1 to %d, not %d", steps-1, s.Link.Step)
	}
	if err := checkKind("pathway.link.fromKind", s.Link.FromKind); err != nil {
		return err
	}
	return checkKind("pathway.link.toKind", s.Link.ToKind)
}

// Load finds the sessions, in the transaction in which they are then read.
func (s *PathwayStep) Load(ctx context.Context, db store.Querier) error {
	s.users, s.sessions = []int32{}, []int64{}
	step, from, to := s.target()
	which := 0
	if s.Compared {
		which = 1
	}
	counts, err := s.plan.count(ctx, db, which, step)
	if err != nil {
		return err
	}
	defer counts.room.Clear()
	side := counts.sides[which]
	isFrom, isTo := side.choose(s.plan.terminal(), step, from), side.choose(s.plan.terminal(), step+1, to)
	for i, h := range side.placed(step - 1) {
		if isFrom(h.from) && isTo(h.to) {
			for _, ref := range side.sessions[side.behind[i].from:side.behind[i].to] {
				s.users, s.sessions = append(s.users, ref.User), append(s.sessions, ref.Session)
			}
		}
	}
	return nil
}

// target says which hops are meant: those at a step, from a node and to a node; nil: from or to wherever.
func (s *PathwayStep) target() (step int, from, to *pathwayNode) {
	if s.Node == nil {
		from, to = &pathwayNode{s.Link.FromKind, s.Link.From}, &pathwayNode{s.Link.ToKind, s.Link.To}
		if s.plan.backward() {
			from, to = to, from
		}
		return s.Link.Step, from, to
	}
	node := &pathwayNode{s.Node.Kind, s.Node.Name}
	if s.Node.Step > 1 { // by the step before, since the terminal's paths end there
		return s.Node.Step - 1, nil, node
	}
	return 1, node, nil
}

// choose tells which places of hops belong to a node that is shown at a step.
func (c *pathwaySide) choose(terminal pathwayNode, step int, wanted *pathwayNode) func(place int32) bool {
	if wanted == nil {
		return func(int32) bool { return true }
	}
	for _, kind := range []pathwayKind{pageNode, actionNode, otherNode, terminal.Kind} {
		node := pathwayNode{kind, wanted.Name}
		if wanted.Kind != "" && wanted.Kind != kind {
			continue
		}
		if node == terminal {
			return func(place int32) bool { return place < 0 }
		}
		if at := slices.IndexFunc(c.shown[step-1], func(n shownNode) bool { return n.pathwayNode == node }); at >= 0 {
			return func(place int32) bool { return place == int32(at) } //nolint:gosec // a place among the nodes of a step
		}
	}
	return func(int32) bool { return false }
}
