package filter

import (
	"fmt"
	"strings"
)

// Users who belong to a set are found by joins: a condition "not in" becomes a scan of the whole set for every user once
// its hash outgrows work_mem, which some 300,000 members do. So does "in", where it stands beside OR.

// isMembership tells whether a node says nothing but that a user is in one of some sets.
func (c *Compiler) isMembership(n Node) bool {
	switch n := n.(type) {
	case Members:
		return true
	case Or:
		return allNodes(n.Nodes, c.isMembership)
	case Term:
		a, err := c.Names.Find(n.Name)
		return err == nil && a.ID == membership.ID
	}
	return false
}

// membership is the condition that a row's user is in the sets of such a node.
func (c *Compiler) membership(n Node, of rows) (string, error) {
	if m, is := n.(Members); is && m.Keys != nil {
		return c.among(m.Keys, of), nil
	}
	set, err := c.set(n)
	return fmt.Sprintf("%s in (%s)", c.userKey(of), set), err
}

// among is that a row's user is one of some who are found before.
func (c *Compiler) among(keys *[]int32, of rows) string {
	return c.Params.Among(c.userKey(of), keys)
}

// noMembership is the opposite of membership, true also for rows without user. Each set is joined by itself: segments by the
// index on users, and what is computed by a hash.
func (c *Compiler) noMembership(n Node, of rows) (string, error) {
	switch n := n.(type) {
	case Or:
		var parts []string
		for _, node := range mergeExact(n.Nodes) {
			part, err := c.noMembership(node, of)
			if err != nil {
				return "", err
			}
			parts = append(parts, part)
		}
		return "(" + strings.Join(parts, " and ") + ")", nil
	case Term:
		member, err := c.member(n.Match, of)
		return "not " + member, placed(err, n.At)
	case Members:
		if n.Keys != nil {
			return "(" + c.among(n.Keys, of) + ") is not true", nil
		}
	}
	set, err := c.set(n)
	return fmt.Sprintf("not exists (select from (%s) member where member.user_key = %s)", set, c.userKey(of)), err
}

// set selects the keys of the users in the sets of such a node, with repeats.
func (c *Compiler) set(n Node) (string, error) {
	switch n := n.(type) {
	case Members:
		if n.Keys != nil {
			return "select m.user_key from unnest(" + c.Params.Add(n.Keys) + "::integer[]) m (user_key)", nil
		}
		return n.Select(c.Params)
	case Or:
		var parts []string
		for _, node := range mergeExact(n.Nodes) {
			part, err := c.set(node)
			if err != nil {
				return "", err
			}
			parts = append(parts, "select user_key from ("+part+") part")
		}
		return strings.Join(parts, "\nunion all\n"), nil
	case Term:
		keys, err := c.segmentKeys(n.Match)
		return fmt.Sprintf("select m.user_key from footfall.segment_members m where m.segment_key = any (%s::int[])", c.Params.Add(keys)),
			placed(err, n.At)
	}
	return "", fmt.Errorf("no set: %T", n)
}

// member is a condition on users who belong to some of the segments that match. It looks each user up, so that it may
// stand anywhere.
func (c *Compiler) member(m Match, of rows) (string, error) {
	keys, err := c.segmentKeys(m)
	return c.inSegments(keys, c.userKey(of)), err
}

// InSegment is a condition on users p who are members of a segment.
func (c *Compiler) InSegment(key int32) string { return c.inSegments([]int32{key}, "p.user_key") }

func (c *Compiler) inSegments(keys []int32, userKey string) string {
	return fmt.Sprintf("exists (select from footfall.segment_members m where m.user_key = %s and m.segment_key = any (%s::int[]))",
		userKey, c.Params.Add(keys))
}

// segmentKeys are the keys of the segments that match, which are told to Used.
func (c *Compiler) segmentKeys(m Match) ([]int32, error) {
	keys, err := c.segments(m)
	if c.Used != nil {
		for _, key := range keys {
			c.Used(key)
		}
	}
	return keys, err
}
