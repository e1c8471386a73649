package pathways

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/query/counting"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// pathwayTotals are what paths add up to. Each path that reaches a step has one hop there, so that what comes in equals what
// goes out by construction. Hops are kept one by one, since medians need them all.
type pathwayTotals struct {
	hops []hopList // by step, from 0

	counted, withoutAnchor, empty, truncated int

	// The sessions behind the hops of one step, for drilling down.
	sessions []columns.Ref
	behind   []span // by hop of that step, in sessions
}

// pathwayPart is what one goroutine counts.
type pathwayPart struct {
	pathwayTotals
	reader pathReader
	keep   int // the step whose sessions are kept, from 1; 0: none
	keeper *columns.Keeper
}

// pathwayCounts are the paths of a question.
type pathwayCounts struct {
	sides    []*pathwaySide // as those of the plan
	executed []store.Statement
	room     *columns.Room // to be cleared when the counts are needed no more
}

// pathwaySide are the paths of one selection.
type pathwaySide struct {
	pathwayTotals
	shown  [][]shownNode // by step; the same nodes on all sides
	places [][]int32     // by step and number of the node: its place in shown; as above
}

// span is a part of a list.
type span struct{ from, to int }

// shownNode is a node of a step as it is drawn; the last of a step may be (other).
type shownNode struct {
	pathwayNode
	Count, Ended int // Ended: paths that end here
	Outgoing     int // paths that go on

	Pages, Actions int // of (other): how many different ones it stands for
}

// standFor has (other) stand for a node, too.
func (n *shownNode) standFor(node pathwayNode) {
	if node.Kind == actionNode {
		n.Actions++
	} else {
		n.Pages++
	}
}

// count reads all paths, and on one side for step keep (from 1; 0: for none) the sessions behind its hops. The room of what
// it returns is to be cleared.
func (plan *pathwaysPlan) count(ctx context.Context, db store.Querier, side, keep int) (*pathwayCounts, error) {
	nodes, executed, err := plan.readNodes(ctx, db)
	if err != nil {
		return nil, err
	}
	c := &pathwayCounts{executed: executed, room: columns.Default.Room()}
	for i := range plan.sides {
		kept := 0
		if i == side {
			kept = keep
		}
		parts, more, err := plan.readPaths(ctx, db, nodes, plan.sides[i].sessions, kept, c.room)
		if err != nil {
			c.room.Clear()
			return nil, err
		}
		c.executed = append(c.executed, more...)
		read := &pathwaySide{pathwayTotals: pathwayTotals{hops: make([]hopList, plan.Steps)}}
		for _, part := range parts {
			read.join(&part.pathwayTotals)
		}
		c.sides = append(c.sides, read)
	}
	plan.settle(nodes, c.sides)
	return c, nil
}

// take adds a session to the path it belongs to: one of its own, or its user's, whose sessions come together.
func (p *pathwayPart) take(s *columns.Session) error {
	if len(p.reader.of) > 0 && (p.reader.Unit == unitSession || p.reader.of[0].User != s.User) {
		p.end()
	}
	p.reader.add(s)
	if s.Truncated {
		p.truncated++
	}
	return p.keeper.Keeps(p.bytes())
}

// Sizes of what is kept for each.
const (
	stopBytes    = 16
	sessionBytes = 24 // its key and its part of behind, in lists that have room to grow
	timeBytes    = 4  // of hops, when the links of their step are put together: eachStep
)

// bytes is about what the part keeps.
func (p *pathwayPart) bytes() int64 {
	hops, fullest := 0, 0
	for i := range p.hops {
		hops += p.hops[i].bytes()
		fullest = max(fullest, p.hops[i].going)
	}
	lists := cap(p.reader.path)*stopBytes + cap(p.reader.of)*sessionBytes + cap(p.sessions)*sessionBytes + cap(p.behind)*sessionBytes
	return int64(hops + columns.Workers()*fullest*timeBytes + lists)
}

// end counts the path of the sessions taken last.
func (p *pathwayPart) end() {
	of := p.reader.of
	if len(of) == 0 {
		return
	}
	p.reader.of = of[:0]
	path, isEmpty := p.reader.end()
	switch {
	case isEmpty:
		p.empty++
		return
	case path == nil:
		p.withoutAnchor++
		return
	}
	p.counted++
	for step := range min(len(path), len(p.hops)) {
		p.hops[step].add(hopAt(path, step))
	}
	if p.keep > 0 && len(path) >= p.keep {
		from := len(p.sessions)
		p.sessions = append(p.sessions, of...)
		p.behind = append(p.behind, span{from, len(p.sessions)})
	}
}

// join adds others.
func (t *pathwayTotals) join(other *pathwayTotals) {
	t.counted, t.withoutAnchor = t.counted+other.counted, t.withoutAnchor+other.withoutAnchor
	t.empty, t.truncated = t.empty+other.empty, t.truncated+other.truncated
	for step := range t.hops {
		t.hops[step].join(&other.hops[step])
	}
	before := len(t.sessions)
	t.sessions = append(t.sessions, other.sessions...)
	for _, s := range other.behind {
		t.behind = append(t.behind, span{before + s.from, before + s.to})
	}
}

// settle finds the nodes that each step shows, and where each node, by number, stands among these.
func (q *Pathways) settle(nodes *pathwayNodes, sides []*pathwaySide) {
	places := make([][]int32, q.Steps+1)
	places[q.Steps] = make([]int32, len(nodes.list)) // behind the last step, where does not matter
	for _, side := range sides {
		side.places, side.shown = places, make([][]shownNode, q.Steps)
	}
	eachStep(q.Steps, func(step int) { places[step] = q.rank(nodes, sides, step) })
}

// eachStep does something for each of some steps, for as many at a time as goroutines read.
func eachStep(steps int, do func(step int)) {
	var group errgroup.Group
	group.SetLimit(columns.Workers())
	for step := range steps {
		group.Go(func() error {
			do(step)
			return nil
		})
	}
	_ = group.Wait() // none has an error
}

// placed are the hops at a step with the places of their nodes instead of their numbers; to -1: the path ends.
func (c *pathwaySide) placed(step int) iter.Seq2[int, hop] {
	return func(yield func(int, hop) bool) {
		for i, h := range c.hops[step].all() {
			h.from = c.places[step][h.from]
			if h.to == 0 {
				h.to = -1
			} else {
				h.to = c.places[step+1][h.to]
			}
			if !yield(i, h) {
				return
			}
		}
	}
}

// tally counts the paths of a side at a step, by the number of the node.
type tally struct{ counts, ended []int }

func tallied(hops *hopList, nodes int) tally {
	t := tally{make([]int, nodes), make([]int, nodes)}
	for _, h := range hops.all() {
		t.counts[h.from]++
		if h.to == 0 {
			t.ended[h.from]++
		}
	}
	return t
}

// rank finds the nodes that a step shows on all sides, those with the largest share on any of them first, and where each of
// its nodes, by number, stands among them.
func (q *Pathways) rank(nodes *pathwayNodes, sides []*pathwaySide, step int) []int32 {
	tallies := make([]tally, len(sides))
	most, shares := make([]int, len(nodes.list)), make([]float64, len(nodes.list))
	for i, side := range sides {
		tallies[i] = tallied(&side.hops[step], len(nodes.list))
		for node, count := range tallies[i].counts {
			if count > 0 {
				most[node] = max(most[node], count)
				shares[node] = max(shares[node], float64(count)/float64(side.counted))
			}
		}
	}
	var order []int
	for node, count := range most {
		if count > 0 {
			order = append(order, node)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := nodes.list[a], nodes.list[b]
		return cmp.Or(cmp.Compare(shares[b], shares[a]), cmp.Compare(x.Name, y.Name), cmp.Compare(y.Kind, x.Kind))
	})
	place := make([]int32, len(nodes.list))
	var shown []shownNode
	other := shownNode{pathwayNode: pathwayNode{otherNode, "(other)"}}
	var rest []int
	for _, node := range order {
		if len(shown) == q.NodesPerStep || most[node] < q.MinCount {
			rest = append(rest, node)
			other.standFor(nodes.list[node])
			continue
		}
		place[node] = int32(len(shown)) //nolint:gosec // a place among the nodes of a step
		shown = append(shown, shownNode{pathwayNode: nodes.list[node]})
	}
	for _, node := range rest {
		place[node] = int32(len(shown)) //nolint:gosec // as above
	}
	if len(rest) > 0 {
		shown = append(shown, other)
	}
	for i, side := range sides {
		own := slices.Clone(shown)
		for _, node := range order {
			own[place[node]].add(tallies[i].counts[node], tallies[i].ended[node])
		}
		side.shown[step] = own
	}
	return place
}

// add counts paths that are there, some of which end.
func (n *shownNode) add(count, ended int) {
	n.Count += count
	n.Ended += ended
	n.Outgoing += count - ended
}

// shownLink goes from a shown node of a step to one of the next: places in shown, To -1 for the terminal.
type shownLink struct {
	From, To, Count int
	Median          *float64 // ms; nil to the terminal
}

// allLinks are those from each step but the last.
func (c *pathwaySide) allLinks() [][]shownLink {
	all := make([][]shownLink, max(0, len(c.shown)-1))
	eachStep(len(all), func(step int) { all[step] = c.links(step) })
	return all
}

// links are those from a step, which is not the last, to the next, in the order of their nodes, the terminal last.
func (c *pathwaySide) links(step int) []shownLink {
	width := len(c.shown[step+1]) + 1
	key := func(h hop) int {
		if h.to < 0 {
			return int(h.from)*width + width - 1
		}
		return int(h.from)*width + int(h.to)
	}
	counts := make([]int, len(c.shown[step])*width)
	for _, h := range c.placed(step) {
		counts[key(h)]++
	}
	times := make([]counting.Durations, len(counts))
	for i, count := range counts {
		if i%width < width-1 { // to a node
			times[i].Grow(count)
		}
	}
	for _, h := range c.placed(step) {
		if h.to >= 0 {
			times[key(h)].Add(h.took)
		}
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
			link.Median = times[i].Percentile(0.5)
		}
		links = append(links, link)
	}
	return links
}
