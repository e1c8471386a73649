package pathways

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// hop is where a path that is at a node goes next. To 0 is nowhere: the path ends. Once all paths are read, settle makes
// places of the numbers of nodes.
type hop struct {
	from, to int32
	took     int64 // ms
}

// hopList is a list in blocks, so that it grows without being copied.
type hopList struct{ blocks [][]hop }

const hopsPerBlock = 1 << 11 // 32 kB: most lists are short

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
	nodes, err := plan.readNodes(ctx, db, plan.names)
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
	c.settle(plan)
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

// settle finds the nodes that each step shows, and turns the nodes of hops into their places among these; to -1: the end.
func (c *pathwayCounts) settle(plan *pathwaysPlan) {
	places := make([][]int32, plan.Steps+1)
	c.shown = make([][]shownNode, plan.Steps)
	for step := range c.hops {
		c.shown[step], places[step] = plan.rank(c.nodes, &c.hops[step])
	}
	places[plan.Steps] = make([]int32, len(c.nodes.list)) // behind the last step, where does not matter
	for step := range c.hops {
		for _, block := range c.hops[step].blocks {
			for i, h := range block {
				block[i].from, block[i].to = places[step][h.from], -1
				if h.to != 0 {
					block[i].to = places[step+1][h.to]
				}
			}
		}
	}
}

// rank finds the nodes that a step shows and where each of its nodes, by number, stands among them.
func (q *Pathways) rank(nodes *pathwayNodes, hops *hopList) ([]shownNode, []int32) {
	counts, ended := make([]int, len(nodes.list)), make([]int, len(nodes.list))
	for _, h := range hops.all() {
		counts[h.from]++
		if h.to == 0 {
			ended[h.from]++
		}
	}
	var order []int
	for node, count := range counts {
		if count > 0 {
			order = append(order, node)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := nodes.list[a], nodes.list[b]
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(x.Name, y.Name), cmp.Compare(y.Kind, x.Kind))
	})
	var shown []shownNode
	place := make([]int32, len(nodes.list))
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
		place[node] = int32(at) //nolint:gosec // a place among the nodes of a step
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
	width := len(c.shown[step+1]) + 1
	key := func(h hop) int {
		if h.to < 0 {
			return int(h.from)*width + width - 1
		}
		return int(h.from)*width + int(h.to)
	}
	counts := make([]int, len(c.shown[step])*width)
	for _, h := range c.hops[step].all() {
		counts[key(h)]++
	}
	times := make([][]int64, len(counts))
	for i, count := range counts {
		times[i] = make([]int64, 0, count)
	}
	for _, h := range c.hops[step].all() {
		times[key(h)] = append(times[key(h)], h.took)
	}
	var links []shownLink
	for i, count := range counts {
		link := shownLink{From: i / width, To: i % width, Count: count}
		switch {
		case count == 0:
			continue
		case link.To == width-1:
			link.To = -1
		default:
			link.Median = median(times[i])
		}
		links = append(links, link)
	}
	return links
}

// median is the mean of the two in the middle where their number is even, as percentile_cont(0.5) has it.
func median(values []int64) *float64 {
	slices.Sort(values)
	n := len(values)
	middle := (float64(values[(n-1)/2]) + float64(values[n/2])) / 2
	return &middle
}
