package query

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// hop is where a path that is at a node goes next. To 0 is nowhere: the path ends.
type hop struct {
	from, to int32
	took     int64 // ms
}

// hopList is a list in blocks, so that it grows without being copied.
type hopList struct{ blocks [][]hop }

const hopsPerBlock = 1 << 14

func (l *hopList) add(h hop) {
	last := len(l.blocks) - 1
	if last < 0 || len(l.blocks[last]) == hopsPerBlock {
		l.blocks = append(l.blocks, make([]hop, 0, hopsPerBlock))
		last++
	}
	l.blocks[last] = append(l.blocks[last], h)
}

func (l *hopList) all() iter.Seq2[int, hop] {
	return func(yield func(int, hop) bool) {
		for i, block := range l.blocks {
			for j, h := range block {
				if !yield(i*hopsPerBlock+j, h) {
					return
				}
			}
		}
	}
}

// pathwayCounts are the paths of a question. Each path that reaches a step has one hop there, so that what comes in
// equals what goes out by construction. Hops are kept one by one, 16 bytes each, since medians need them all.
type pathwayCounts struct {
	nodes *pathwayNodes
	hops  []hopList // by step, from 0
	shown [][]shownNode
	place []map[int32]int // by step: where a node stands in shown

	counted, withoutAnchor, empty, truncated int

	// The sessions behind the hops of one step, for drilling down.
	sessions []sessionRef
	behind   []span // by hop of that step, in sessions
}

// span is a part of a list.
type span struct{ from, to int }

// shownNode is a node of a step as it is drawn; the last of a step may be (other).
type shownNode struct {
	pathwayNode
	Count, Ended int // Ended: paths that end here
	Outgoing     int // paths that go on
}

// count reads all paths, and for step keep (from 1; 0: for none) the sessions behind its hops.
func (plan *pathwaysPlan) count(ctx context.Context, db store.Querier, keep int) (*pathwayCounts, error) {
	nodes, err := plan.readNodes(ctx, db)
	if err != nil {
		return nil, err
	}
	c := &pathwayCounts{nodes: nodes, hops: make([]hopList, plan.Steps)}
	c.truncated, err = plan.readPaths(ctx, db, nodes, func(path []stop, isEmpty bool, of []sessionRef) {
		switch {
		case isEmpty:
			c.empty++
			return
		case path == nil:
			c.withoutAnchor++
			return
		}
		c.counted++
		for step := range min(len(path), plan.Steps) {
			c.hops[step].add(hopAt(path, step))
		}
		if keep > 0 && len(path) >= keep {
			from := len(c.sessions)
			c.sessions = append(c.sessions, of...)
			c.behind = append(c.behind, span{from, len(c.sessions)})
		}
	})
	if err != nil {
		return nil, err
	}
	for step := range c.hops {
		shown, place := plan.rank(nodes, &c.hops[step])
		c.shown, c.place = append(c.shown, shown), append(c.place, place)
	}
	return c, nil
}

func hopAt(path []stop, step int) hop {
	h := hop{from: path[step].node}
	if step+1 < len(path) {
		next := path[step+1]
		h.to, h.took = next.node, max(next.at-path[step].at, path[step].at-next.at) // read backward, next was earlier
	}
	return h
}

// rank finds the nodes that a step shows and where each of its nodes stands among them.
func (q *Pathways) rank(nodes *pathwayNodes, hops *hopList) ([]shownNode, map[int32]int) {
	counts, ended := map[int32]int{}, map[int32]int{}
	for _, h := range hops.all() {
		counts[h.from]++
		if h.to == 0 {
			ended[h.from]++
		}
	}
	order := make([]int32, 0, len(counts))
	for node := range counts {
		order = append(order, node)
	}
	slices.SortFunc(order, func(a, b int32) int {
		x, y := nodes.list[a], nodes.list[b]
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(x.Name, y.Name), cmp.Compare(y.Kind, x.Kind))
	})
	var shown []shownNode
	place := make(map[int32]int, len(order))
	hasOther := false
	for _, node := range order {
		switch {
		case hasOther: // all that follow have no more than the first of it
		case len(shown) == q.NodesPerStep || counts[node] < q.MinCount:
			hasOther = true
			shown = append(shown, shownNode{pathwayNode: pathwayNode{otherNode, "(other)"}})
		default:
			shown = append(shown, shownNode{pathwayNode: nodes.list[node]})
		}
		at := len(shown) - 1
		place[node] = at
		shown[at].Count += counts[node]
		shown[at].Ended += ended[node]
		shown[at].Outgoing += counts[node] - ended[node]
	}
	return shown, place
}

// shownLink goes from a shown node of a step to one of the next: places in shown, To -1 for the terminal.
type shownLink struct {
	From, To, Count int
	Median          *float64 // ms; nil to the terminal
}

// links are those from a step, which is not the last, to the next, in the order of their nodes, the terminal last.
func (c *pathwayCounts) links(step int) []shownLink {
	times := map[span][]int64{} // places from and to
	for _, h := range c.hops[step].all() {
		key := span{c.place[step][h.from], -1}
		if h.to != 0 {
			key.to = c.place[step+1][h.to]
		}
		times[key] = append(times[key], h.took)
	}
	var links []shownLink
	for key, took := range times {
		link := shownLink{From: key.from, To: key.to, Count: len(took)}
		if key.to >= 0 {
			link.Median = median(took)
		}
		links = append(links, link)
	}
	slices.SortFunc(links, func(a, b shownLink) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(uint(a.To), uint(b.To)))
	})
	return links
}

// median is the mean of the two in the middle where their number is even, as percentile_cont(0.5) has it.
func median(values []int64) *float64 {
	slices.Sort(values)
	n := len(values)
	middle := (float64(values[(n-1)/2]) + float64(values[n/2])) / 2
	return &middle
}
