package pathways

import (
	"context"
	"slices"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// pathwayKind tells nodes of the same name apart.
type pathwayKind string

const (
	pageNode    pathwayKind = "page"
	actionNode  pathwayKind = "action"
	otherNode   pathwayKind = "other"
	dropoffNode pathwayKind = "dropoff" // the path ends
	entryNode   pathwayKind = "entry"   // read backward, the path begins
)

// pathwayNode is what a step can be at.
type pathwayNode struct {
	Kind pathwayKind
	Name string
}

// terminal is the node behind the end of paths.
func (q *Pathways) terminal() pathwayNode {
	if q.backward() {
		return pathwayNode{entryNode, "(entry)"}
	}
	return pathwayNode{dropoffNode, "(dropoff)"}
}

// pathwayNodes are all nodes of a question. Number 0 is none.
type pathwayNodes struct {
	list     []pathwayNode
	ofTokens []int32 // number of the node of each token
	anchor   []bool  // by number
}

// of is the number of a token's node.
func (n *pathwayNodes) of(token int32) int32 {
	if int(token) >= len(n.ofTokens) {
		return 0
	}
	return n.ofTokens[token]
}

// text is what names the node of a token: the page of a view, the name of an action; 0 where it has none.
func (q *Pathways) text(t event.Token) int32 {
	switch {
	case t.Type == event.View:
		return t.Page
	case t.Type == event.Action && q.Actions:
		return t.Name
	}
	return 0
}

// readNodes finds the node of each token that has one.
func (plan *pathwaysPlan) readNodes(ctx context.Context, db store.Querier) (*pathwayNodes, []store.Statement, error) {
	tokens, executed, err := plan.context.Tokens.Read(ctx, db)
	if err != nil {
		return nil, executed, err
	}
	var ids []int32
	for _, t := range tokens {
		if id := plan.text(t); id != 0 {
			ids = append(ids, id)
		}
	}
	texts, err := query.ReadTexts(ctx, db, ids)
	if err != nil {
		return nil, executed, err
	}
	nodes := &pathwayNodes{list: make([]pathwayNode, 1), anchor: make([]bool, 1), ofTokens: make([]int32, len(tokens))}
	name, isAnchor := plan.naming(plan.context.Names), plan.anchored(plan.context.Names)
	numbers, ofTexts := map[pathwayNode]int32{{}: 0}, map[int32]int32{}
	for token, t := range tokens {
		id := plan.text(t)
		if id == 0 || texts[id] == nil {
			continue
		}
		number, known := ofTexts[id]
		if !known {
			node := name(t.Type == event.Action, *texts[id])
			if number, known = numbers[node]; !known {
				number = int32(len(nodes.list)) //nolint:gosec // no more nodes than ids of the dictionary, which are int32
				numbers[node] = number
				nodes.list = append(nodes.list, node)
				nodes.anchor = append(nodes.anchor, isAnchor(node))
			}
			ofTexts[id] = number
		}
		nodes.ofTokens[token] = number
	}
	return nodes, executed, nil
}

// naming returns what names the node of an event by its page or its action's name; the zero node is none.
func (q *Pathways) naming(names filter.Names) func(isAction bool, text string) pathwayNode {
	group, hidesPage, hidesAction := q.grouping(names), matchesAny(names.Pages, q.Hide), matchesAny(asWritten, q.Hide)
	return func(isAction bool, text string) pathwayNode {
		node := pathwayNode{pageNode, text}
		if isAction {
			node.Kind = actionNode
			if hidesAction(text) {
				return pathwayNode{}
			}
			return node
		}
		node.Name = group(text)
		if hidesPage(text) || hidesPage(node.Name) {
			return pathwayNode{}
		}
		return node
	}
}

// grouping returns what a page is shown as: the first group that takes it in.
func (q *Pathways) grouping(names filter.Names) func(page string) string {
	patterns := pathwayPatterns(names.Pages, q.Groups)
	return func(page string) string {
		for i, group := range patterns {
			if group.matches(page) {
				return q.Groups[i]
			}
		}
		return page
	}
}

// anchored tells the anchor among nodes. A page without wildcard is looked for as it is shown.
func (q *Pathways) anchored(names filter.Names) func(pathwayNode) bool {
	matches := matchesAny(names.Pages, []string{q.Page})
	if !strings.Contains(q.Page, "*") {
		group, shown := q.grouping(names), map[string]bool{}
		for _, page := range names.Pages(filter.Pattern{q.Page}) {
			shown[group(page[0])] = true
		}
		matches = func(name string) bool { return shown[name] }
	}
	return func(n pathwayNode) bool { return n.Kind == pageNode && matches(n.Name) }
}

// pathwayPattern is what a page that people name can be.
type pathwayPattern []filter.Pattern

func (p pathwayPattern) matches(text string) bool {
	return slices.ContainsFunc(p, func(pattern filter.Pattern) bool { return pattern.Matches(text) })
}

// asWritten takes what is no page.
func asWritten(named filter.Pattern) []filter.Pattern { return []filter.Pattern{named} }

func matchesAny(meant func(filter.Pattern) []filter.Pattern, patterns []string) func(text string) bool {
	list := pathwayPatterns(meant, patterns)
	return func(text string) bool {
		return slices.ContainsFunc(list, func(p pathwayPattern) bool { return p.matches(text) })
	}
}

func pathwayPatterns(meant func(filter.Pattern) []filter.Pattern, texts []string) []pathwayPattern {
	list := make([]pathwayPattern, len(texts))
	for i, text := range texts {
		list[i] = meant(strings.Split(text, "*"))
	}
	return list
}
