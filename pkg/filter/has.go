package filter

import (
	"fmt"
	"strings"
)

// EventCondition is a filter on single events, for statements that look for them in sessions.
type EventCondition struct {
	// SQL is over e, and over s, p and u where the filter speaks of them.
	SQL string
	// Tokens is an array of token ids in SQL: a session that holds none of them has no such event. "" where no token
	// can tell.
	Tokens string
	// Columns is true where SQL reads columns of footfall.events that a session's arrays lack.
	Columns bool
	// TokenOnly is true where an event matches exactly if its token is among Tokens.
	TokenOnly bool
}

// Event compiles a filter on single events. has(...) is refused in it.
func (c *Compiler) Event(n Node) (EventCondition, error) {
	if n == nil {
		return EventCondition{SQL: "true"}, nil
	}
	if at, nested := findHas(n); nested {
		return EventCondition{}, Error{At: at, Problem: "has(...) cannot stand where one event is described"}
	}
	before := c.Needs
	c.Needs.Events = false
	sql, err := c.node(n, events)
	if err != nil {
		return EventCondition{}, err
	}
	e := EventCondition{SQL: sql, Columns: c.Needs.Events, TokenOnly: c.isToken(n)}
	c.Needs.Events = before.Events || e.Columns
	e.Tokens, err = c.WantedTokens(n)
	return e, err
}

// wantedTokens is a weaker node that the token alone decides about, nil where there is none.
func (c *Compiler) wantedTokens(n Node) Node {
	if c.isToken(n) {
		return n
	}
	switch n := n.(type) {
	case And:
		var wanted []Node
		for _, node := range n.Nodes {
			wanted = append(wanted, c.wantedTokens(node))
		}
		return All(wanted...)
	case Or:
		var wanted []Node
		for _, node := range n.Nodes {
			w := c.wantedTokens(node)
			if w == nil {
				return nil
			}
			wanted = append(wanted, w)
		}
		return Any(wanted...)
	}
	return nil
}

// EventFree is what a node, as a condition on events, says of their sessions and users alone: a weaker node, nil where
// it says nothing.
func (c *Compiler) EventFree(n Node) Node {
	if n == nil {
		return nil
	}
	free, _ := c.split(n)
	return free
}

// Parts takes a condition on events apart: what it says of an event's session and user, what the event's token tells,
// and the rest. Joined by AND they are the condition; each may be nil.
func (c *Compiler) Parts(n Node) (ofSession, ofToken, rest Node) {
	var sessions, tokens, others []Node
	for _, node := range Conjuncts(n) {
		switch {
		case c.isOfSession(node):
			sessions = append(sessions, node)
		case c.isToken(node):
			tokens = append(tokens, node)
		default:
			others = append(others, node)
		}
	}
	return All(sessions...), All(tokens...), All(others...)
}

// Conjuncts are the nodes that are joined by AND, however deep.
func Conjuncts(n Node) []Node {
	and, ok := n.(And)
	switch {
	case n == nil:
		return nil
	case !ok:
		return []Node{n}
	}
	var list []Node
	for _, node := range and.Nodes {
		list = append(list, Conjuncts(node)...)
	}
	return list
}

// isOfSession is isEventFree, but for has(...), which speaks of the session too.
func (c *Compiler) isOfSession(n Node) bool {
	switch n := n.(type) {
	case Has:
		return true
	case Not:
		return c.isOfSession(n.Node)
	case And:
		return allNodes(n.Nodes, c.isOfSession)
	case Or:
		return allNodes(n.Nodes, c.isOfSession)
	}
	return c.isEventFree(n)
}

// Token compiles a condition that the token alone decides, over footfall.tokens k.
func (c *Compiler) Token(n Node) (string, error) { return c.compile(n, tokens) }

// WantedTokens is an array of token ids in SQL, of which an event that a node selects has one. "" where no token can
// tell.
func (c *Compiler) WantedTokens(n Node) (string, error) {
	if n == nil {
		return "", nil
	}
	wanted := c.wantedTokens(n)
	if wanted == nil {
		return "", nil
	}
	set, err := c.node(wanted, tokens)
	return "array" + tokenSet(set), err
}

// HoldsOneOfFew is that session s has one of the tokens of WantedTokens. An index answers it.
func HoldsOneOfFew(tokens string) string { return "s.tokens && " + tokens }

// HoldsOneOfMany is HoldsOneOfFew for hundreds of tokens: each of the session's is looked up in a hash table that is made
// once. "is true" keeps the planner from looking each up in the table of tokens instead.
func HoldsOneOfMany(tokens string) string {
	return "exists (select from unnest(s.tokens) t (id) where (t.id in " + strings.TrimPrefix(tokens, "array") + ") is true)"
}

// findHas finds the first has(...).
func findHas(n Node) (at int, found bool) {
	Walk(n, func(n Node) {
		if has, ok := n.(Has); ok && !found {
			at, found = has.At, true
		}
	})
	return at, found
}

// has compiles that one event below the row matches all of a node.
func (c *Compiler) has(n Node, at int, of rows) (string, error) {
	if of == tokens {
		return "", Error{At: at, Problem: "has(...) cannot stand where one event is described"}
	}
	if nested, found := findHas(n); found {
		return "", Error{At: nested, Problem: "has(...) cannot stand in another has(...)"}
	}
	if of == users {
		if c.groups++; c.groups > maxGroups {
			return "", Error{At: at, Problem: fmt.Sprintf("a filter on users can ask for %d events, written as has(...) or apart "+
				"from each other; a segment can ask for more", maxGroups)}
		}
		if c.Did != nil {
			if keys := c.Did(n, c.beside); keys != nil {
				return c.isAmong(keys), nil
			}
		}
		return c.hasOfUser(n)
	}
	c.Needs.Sessions = true
	// What the condition reads of e is inside of it.
	outer := c.Needs.Events
	defer func() { c.Needs.Events = outer }()
	inner, err := c.hasInSession(n)
	if of == events { // some are in no session
		inner = "(s.session_key is not null and " + inner + ")"
	}
	return inner, err
}

// isAmong is that the user of profile p is one of those whom Scope.Did finds.
func (c *Compiler) isAmong(keys *[]int32) string {
	c.Needs.Arrays = true
	return c.among(keys, users)
}

// hasInSession is over the session s.
func (c *Compiler) hasInSession(n Node) (string, error) {
	free, of := c.split(n)
	var parts []string
	if free != nil {
		part, err := c.node(free, sessions)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	if of != nil {
		e, err := c.Event(of)
		if err != nil {
			return "", err
		}
		parts = append(parts, c.ofSession(e, "")...)
	}
	return "(" + strings.Join(parts, "\n   and ") + ")", nil
}

// split parts what a conjunction says of events from what it says of sessions and users.
func (c *Compiler) split(n Node) (free, of Node) {
	if c.isEventFree(n) {
		return n, nil
	}
	and, ok := n.(And)
	if !ok {
		return nil, n
	}
	var frees, ofs []Node
	for _, node := range and.Nodes {
		if c.isEventFree(node) {
			frees = append(frees, node)
		} else {
			ofs = append(ofs, node)
		}
	}
	return All(frees...), All(ofs...)
}

// ofSession wants an event of session s, and of a time if that is not "".
func (c *Compiler) ofSession(e EventCondition, times string) []string {
	var parts []string
	if e.Tokens != "" {
		c.Needs.Arrays = true
		parts = append(parts, "s.tokens && "+e.Tokens)
		if e.TokenOnly && times == "" {
			return parts
		}
	}
	return append(parts, "exists ("+c.eventsOf(e)+also(times)+")")
}

func also(condition string) string {
	if condition == "" {
		return ""
	}
	return " and " + condition
}

// eventsOf selects the events of session s that fulfil a condition.
func (c *Compiler) eventsOf(e EventCondition) string {
	if e.Columns {
		return "select from footfall.events e" +
			" where e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts and " + e.SQL
	}
	c.Needs.Arrays = true
	return "select from " + SessionEvents + " where " + e.SQL
}

// SessionEvents are the events of session s with alias e, out of its arrays.
const SessionEvents = `unnest(s.tokens, s.offsets) a (token, "offset")` +
	` cross join lateral (select s.user_key, s.session_key, s.start_ts + a."offset" * interval '1 ms' as ts, a.token) e`

// hasOfUser is over the profile p: an event in the scope's range. From the second on, each is a set of users that is
// planned by itself and computed once. Joined freely, twenty of them take the planner hundreds of megabytes, since it
// weighs all orders of sessions and of each month's events, and four of them ran for minutes on 47,000 sessions, since it
// takes each for rare and looks them up user by user.
func (c *Compiler) hasOfUser(n Node) (string, error) {
	outer := c.Needs
	c.Needs.Users, c.Needs.Profiles = false, false
	inner, err := c.userSessions(n)
	ofUser := c.Needs.Users || c.Needs.Profiles // reads u or p, which no set by itself can
	c.Needs.Users, c.Needs.Profiles = c.Needs.Users || outer.Users, c.Needs.Profiles || outer.Profiles
	c.Needs.Events, c.Needs.Sessions = outer.Events, outer.Sessions
	if c.groups > freeGroups && c.unjoined == 0 && !ofUser {
		return "exists (\n  select from (with h as materialized (select distinct s.user_key from footfall.sessions s\n   where " + inner +
			") select h.user_key from h) h\n   where h.user_key = p.user_key)", err
	}
	return "exists (\n  select from footfall.sessions s\n   where s.user_key = p.user_key" + also(inner) + ")", err
}

func (c *Compiler) userSessions(n Node) (string, error) {
	matches, err := c.hasInSession(n)
	if err != nil || c.From.IsZero() && c.To.IsZero() {
		return matches, err
	}
	from, to := c.Params.Add(c.From), c.Params.Add(c.To)
	overlap := Overlap(from, to)
	_, of := c.split(n)
	e, err := c.Event(of)
	if err != nil {
		return "", err
	}
	times := fmt.Sprintf("e.ts >= %s and e.ts < %s", from, to)
	inside := fmt.Sprintf("s.start_ts >= %s and s.end_ts < %s", from, to)
	if of == nil { // any event will do: the first or the last if one of them is in the range
		inside = fmt.Sprintf("s.start_ts >= %s or s.end_ts < %s", from, to)
	}
	return fmt.Sprintf("%s\n   and %s\n   and (%s or %s)", overlap, matches, inside, strings.Join(c.ofSession(e, times), " and ")), nil
}

// Overlap is a condition on sessions s that reach into [from, to), two placeholders. Few sessions are longer than a
// day; the index sessions_long has those, so that sessions_start can answer for the rest. Before a time are 24 hours and not
// a day, which would have 23 where the connection's time zone sets its clocks forward.
func Overlap(from, to string) string {
	return fmt.Sprintf(`s.start_ts < %[2]s and s.end_ts >= %[1]s
   and (s.start_ts >= %[1]s::timestamptz - interval '24 hours' or s.end_ts - s.start_ts > interval '1 day')`, from, to)
}

// OverEdges are the sessions s that Overlap tells, without those that lie within [from, to): they start in the day before it or, some few,
// earlier, or they end after it. Where one condition says so, the planner expects many and reads all sessions of the range.
func OverEdges(from, to string) string {
	return fmt.Sprintf(`(
       select * from footfall.sessions where start_ts >= %[1]s::timestamptz - interval '24 hours' and start_ts < %[1]s and end_ts >= %[1]s
        union all
       select * from footfall.sessions
        where start_ts < %[1]s::timestamptz - interval '24 hours' and end_ts >= %[1]s and end_ts - start_ts > interval '1 day'
        union all
       select * from footfall.sessions where start_ts >= %[1]s and start_ts < %[2]s and end_ts >= %[2]s) s`, from, to)
}
