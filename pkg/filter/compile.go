package filter

import (
	"fmt"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// Scope is what the meaning of a filter depends on beside its text.
type Scope struct {
	Location *time.Location // of dates without a zone
	Now      time.Time      // of relative times
	From, To time.Time      // has(...) over users looks for events in [From, To); zero: of all time
	Names    Names
	Used     func(segment int32) // told which segments conditions speak of; may be nil
	Asked    *Asked              // told what may not be there; may be nil

	// Did is told of conditions on one event of a user in [From, To), and of what must hold of the user beside, which may be
	// nil. It returns where the keys of those who fulfil both, and perhaps of others who fulfil the first, will be found before
	// the statement is run; nil where the statement has to look itself. May be nil.
	Did func(n, beside Node) *[]int32

	SegmentsByID bool // segments are named one by one, without wildcards, so that Uses knows them
}

// Compiler turns filters into conditions of one statement. In that statement the tables have these aliases, and the
// statement must join those that Needs names, by user_key, and sessions and events by session_key too:
//
//	p  footfall.profiles      u  footfall.users (key = user_key)
//	s  footfall.sessions      e  events: footfall.events, or user_key, session_key, ts and token of a session's arrays
type Compiler struct {
	Scope
	Params *store.Params
	Needs  Needs

	groups   int  // has(...) over users so far
	beside   Node // what must hold of the users of the condition that is compiled
	unjoined int  // nodes around whose parts PostgreSQL asks user by user, instead of joining them
}

const (
	// maxGroups is how many has(...) a condition on users may have: PostgreSQL plans each of them anew for every month of
	// events, in memory that only ends with the query.
	maxGroups = 20
	// freeGroups is how many of them it may plan together with the rest.
	freeGroups = 1
)

// Needs tells what the conditions compiled so far speak of.
type Needs struct {
	Users, Profiles, Sessions bool
	Events                    bool // columns of footfall.events that a session's arrays lack
	Arrays                    bool // arrays of sessions, which hold no more than a session's first events
}

// rows is what one row of a condition is.
type rows int

const (
	users    rows = iota // profiles p
	sessions             // sessions s
	events               // events e, with the session s it belongs to
	tokens               // footfall.tokens k
)

// depth is the level of attributes that one row has one value of.
var depth = map[rows]int{users: 0, sessions: 1, events: 2, tokens: 2}

var levelDepth = map[Level]int{Profile: 0, Session: 1, Event: 2}

// Users compiles a condition on users. Terms on sessions and events that are joined by AND speak of one event of the
// user's in the scope's range; a negated one means that there is none.
func (c *Compiler) Users(n Node) (string, error) {
	c.beside = c.ofUsers(n)
	return c.compile(n, users)
}

// ofUsers is what a condition on users says of them alone, joined to the rest by AND; nil where it says nothing.
func (c *Compiler) ofUsers(n Node) Node {
	var list []Node
	for _, part := range Conjuncts(n) {
		if c.isOfUser(part) {
			list = append(list, part)
		}
	}
	return All(list...)
}

// Sessions compiles a condition on sessions. Terms on events that are joined by AND speak of one event of the session;
// a negated one means that there is none.
func (c *Compiler) Sessions(n Node) (string, error) { return c.compile(n, sessions) }

// Events compiles a condition on events; has(...) in it speaks of the event's session.
func (c *Compiler) Events(n Node) (string, error) { return c.compile(n, events) }

func (c *Compiler) compile(n Node, of rows) (string, error) {
	if n == nil {
		return "true", nil
	}
	return c.node(n, of)
}

func (c *Compiler) node(n Node, of rows) (string, error) {
	if of == events && c.isToken(n) {
		set, err := c.node(n, tokens)
		return "e.token in " + tokenSet(set), err
	}
	switch n := n.(type) {
	case And:
		return c.and(n, of)
	case Or:
		if c.isMembership(n) {
			return c.membership(n, of)
		}
		return c.or(n, of)
	case Not:
		return c.not(n, of)
	case Has:
		return c.has(n.Node, n.At, of)
	case Words:
		return c.words(n), nil
	case Members:
		return c.membership(n, of)
	case Term:
		return c.term(n, of)
	}
	return "", fmt.Errorf("unknown node %T", n)
}

// and joins conditions; those on what lies below a row, such as a session's events, become one has(...).
func (c *Compiler) and(n And, of rows) (string, error) {
	var below, told, rest []Node
	for _, node := range n.Nodes {
		switch {
		case c.isBelow(node, of):
			below = append(below, node)
		case of == events && c.isToken(node):
			told = append(told, node) // by one set of tokens
		default:
			rest = append(rest, node)
		}
	}
	var parts []string
	for _, node := range append(rest, All(told...)) {
		if node == nil {
			continue
		}
		part, err := c.node(node, of)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	if len(below) > 0 {
		part, err := c.has(All(below...), 0, of)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	return "(" + strings.Join(parts, " and ") + ")", nil
}

func (c *Compiler) or(n Or, of rows) (string, error) {
	if c.isBelow(n, of) {
		return c.has(n, 0, of)
	}
	c.unjoined++
	defer func() { c.unjoined-- }()
	var parts []string
	for _, node := range mergeExact(n.Nodes) {
		part, err := c.node(node, of)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	return "(" + strings.Join(parts, " or ") + ")", nil
}

// not is true also where the value is missing. That no event of a user exists is said with a bare "not", which Postgres
// can turn into an anti-join.
func (c *Compiler) not(n Not, of rows) (string, error) {
	if c.isMembership(n.Node) {
		return c.noMembership(n.Node, of)
	}
	if has, ok := n.Node.(Has); ok && of != events && of != tokens || c.isBelow(n.Node, of) {
		inner := n.Node
		at := 0
		if ok {
			inner, at = has.Node, has.At
		}
		part, err := c.has(inner, at, of)
		if of == users {
			return "not " + part, err
		}
		return "(" + part + ") is not true", err
	}
	c.unjoined++
	defer func() { c.unjoined-- }()
	part, err := c.node(n.Node, of)
	return "(" + part + ") is not true", err
}

// isBelow tells whether a node speaks only, and only positively, of what lies below a row.
func (c *Compiler) isBelow(n Node, of rows) bool {
	switch n := n.(type) {
	case And:
		return allNodes(n.Nodes, func(n Node) bool { return c.isBelow(n, of) })
	case Or:
		return allNodes(n.Nodes, func(n Node) bool { return c.isBelow(n, of) })
	case Term:
		a, err := c.Names.Find(n.Name)
		return err == nil && levelDepth[a.Level] > depth[of]
	}
	return false
}

// isToken tells whether an event's token alone decides about a node.
func (c *Compiler) isToken(n Node) bool {
	return everyTerm(n, func(t Term) bool {
		a, err := c.Names.Find(t.Name)
		return err == nil && a.token != ""
	})
}

// isEventFree tells whether a node says nothing of events.
func (c *Compiler) isEventFree(n Node) bool {
	return everyTerm(n, func(t Term) bool {
		a, err := c.Names.Find(t.Name)
		return err == nil && a.Level != Event
	})
}

// everyTerm is true where all a node consists of are terms of a kind. Words count as one that speaks of users.
func everyTerm(n Node, is func(Term) bool) bool {
	every := func(n Node) bool { return everyTerm(n, is) }
	switch n := n.(type) {
	case And:
		return allNodes(n.Nodes, every)
	case Or:
		return allNodes(n.Nodes, every)
	case Not:
		return every(n.Node)
	case Term:
		return is(n)
	case Words, Members:
		return is(Term{Name: "user_id"})
	}
	return false
}

func allNodes(nodes []Node, is func(Node) bool) bool {
	for _, n := range nodes {
		if !is(n) {
			return false
		}
	}
	return true
}

func tokenSet(condition string) string {
	return "(select k.id from footfall.tokens k where " + condition + ")"
}

// words finds users by substring. The index users_search answers it from three letters on; what is shorter is looked for in
// one text instead of three, whose lines are the id, the name and the e-mail.
func (c *Compiler) words(n Words) string {
	c.Needs.Users = true
	pattern := c.Params.Add(containing(n.Text))
	if len([]rune(n.Text)) < 3 && !strings.Contains(n.Text, "\n") {
		return "u.search like footfall.folded(" + pattern + "::text)"
	}
	return "(" + store.Like("u.id", pattern) + " or " + store.Like("u.name", pattern) + " or " + store.Like("u.email", pattern) + ")"
}

// mergeExact makes one term of those that want exact texts of the same attribute.
func mergeExact(nodes []Node) []Node {
	var merged []Node
	byName := map[string]int{}
	for _, n := range nodes {
		t, isTerm := n.(Term)
		p, isPattern := t.Match.(Pattern)
		if !isTerm || !isPattern || len(p) != 1 {
			merged = append(merged, n)
			continue
		}
		if i, known := byName[t.Name]; known {
			first := merged[i].(Term)
			first.Match = append(first.Match.(anyOf)[:len(first.Match.(anyOf)):len(first.Match.(anyOf))], p[0])
			merged[i] = first
			continue
		}
		byName[t.Name] = len(merged)
		t.Match = anyOf{p[0]}
		merged = append(merged, t)
	}
	return merged
}

// anyOf matches any of several exact texts.
type anyOf []string

func (anyOf) isMatch() {}
