package query

import (
	"context"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
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
	if q.Anchor == anchorBefore {
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
func (n *pathwayNodes) of(token uint32) int32 {
	if int(token) >= len(n.ofTokens) {
		return 0
	}
	return n.ofTokens[token]
}

const pathwayTokensSQL = `select k.id, k.type = 'action', d.value
  from footfall.tokens k
  join footfall.dictionary d on d.id = case k.type when 'view' then ` + filter.ShownPage + ` when 'action' then k.name end`

// readNodes finds the node of each kind of event: views with a page, actions with a name.
func (q *Pathways) readNodes(ctx context.Context, db store.Querier) (*pathwayNodes, error) {
	nodes := &pathwayNodes{list: make([]pathwayNode, 1), anchor: make([]bool, 1)}
	name, isAnchor := q.naming(), q.anchored()
	numbers := map[pathwayNode]int32{{}: 0}
	var token int32
	var isAction bool
	var text string
	statement := store.Statement{SQL: pathwayTokensSQL}
	return nodes, statement.Each(ctx, db, []any{&token, &isAction, &text}, func() error {
		node := name(isAction, text)
		number, known := numbers[node]
		if !known {
			number = int32(len(nodes.list))
			numbers[node] = number
			nodes.list = append(nodes.list, node)
			nodes.anchor = append(nodes.anchor, isAnchor(node))
		}
		if missing := int(token) + 1 - len(nodes.ofTokens); missing > 0 {
			nodes.ofTokens = append(nodes.ofTokens, make([]int32, missing)...)
		}
		nodes.ofTokens[token] = number
		return nil
	})
}

// naming returns what names the node of an event by its page or its action's name; the zero node is none.
func (q *Pathways) naming() func(isAction bool, text string) pathwayNode {
	group, hides := q.grouping(), matchesAny(q.Hide)
	return func(isAction bool, text string) pathwayNode {
		node := pathwayNode{pageNode, text}
		if isAction {
			node.Kind = actionNode
		} else {
			node.Name = group(text)
		}
		if isAction && !q.Actions || hides(text) || hides(node.Name) {
			return pathwayNode{}
		}
		return node
	}
}

// grouping returns what a page is shown as: the first group that takes it in.
func (q *Pathways) grouping() func(page string) string {
	patterns := pathwayPatterns(q.Groups)
	return func(page string) string {
		for i, pattern := range patterns {
			if pattern.Matches(page) {
				return q.Groups[i]
			}
		}
		return page
	}
}

// anchored tells the anchor among nodes. A page without wildcard is looked for as it is shown.
func (q *Pathways) anchored() func(pathwayNode) bool {
	matches := matchesAny([]string{q.Page})
	if !strings.Contains(q.Page, "*") {
		shown := q.grouping()(q.Page)
		matches = func(name string) bool { return name == shown }
	}
	return func(n pathwayNode) bool { return n.Kind == pageNode && matches(n.Name) }
}

func matchesAny(patterns []string) func(text string) bool {
	list := pathwayPatterns(patterns)
	return func(text string) bool {
		for _, pattern := range list {
			if pattern.Matches(text) {
				return true
			}
		}
		return false
	}
}

func pathwayPatterns(texts []string) []filter.Pattern {
	list := make([]filter.Pattern, len(texts))
	for i, text := range texts {
		list[i] = strings.Split(text, "*")
	}
	return list
}
