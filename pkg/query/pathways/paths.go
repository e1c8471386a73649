package pathways

import (
	"cmp"
	"context"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// stop is a node of a path and when its first event was, in milliseconds.
type stop struct {
	node int32
	at   int64
}

// pathReader makes paths of sessions that are handed over one by one, those of a user together.
type pathReader struct {
	*Pathways
	nodes  *pathwayNodes
	path   []stop   // events with a node, then repeats taken out; used again for every path
	seen   []uint32 // the path in which a node occurred last, by number
	number uint32   // of the path
	of     []columns.Ref
}

// add appends the events of a session that have a node. Where no more than a path's first events matter, it may stop
// before the session's end.
func (r *pathReader) add(s *columns.Session) {
	r.of = append(r.of, s.Ref)
	last := int32(0)
	enough := r.Anchor == anchorStart && r.Repeats == repeatsCollapse && r.Unit == unitSession
	for i, token := range s.Tokens {
		node := r.nodes.of(token)
		if node == 0 || node == last && r.Unit == unitSession { // another session of the user may come between
			continue
		}
		last = node
		r.path = append(r.path, stop{node, s.Start + s.Offsets[i]})
		if enough && len(r.path) > r.Steps {
			break
		}
	}
}

// end takes repeats out of what was added and cuts the path to its steps, counted from the anchor, and one more that
// tells whether it goes on. Without a node there is no path, nor without the anchor.
func (r *pathReader) end() (path []stop, isEmpty bool) {
	defer func() { r.path = r.path[:0] }()
	if r.Unit == unitUser { // of one time, events are in the order of their sessions
		slices.SortStableFunc(r.path, func(a, b stop) int { return cmp.Compare(a.at, b.at) })
	}
	path = r.withoutRepeats(r.path)
	if len(path) == 0 {
		return nil, true
	}
	if r.backward() {
		slices.Reverse(path)
	}
	if r.hasPage() {
		from := slices.IndexFunc(path, func(s stop) bool { return r.nodes.anchor[s.node] })
		if from < 0 {
			return nil, false
		}
		path = path[from:]
	}
	return path[:min(len(path), r.Steps+1)], false
}

func (r *pathReader) withoutRepeats(path []stop) []stop {
	r.number++
	last := int32(0)
	return slices.DeleteFunc(path, func(s stop) bool {
		repeats := s.node == last || r.Repeats == repeatsFirst && r.seen[s.node] == r.number
		last, r.seen[s.node] = s.node, r.number
		return repeats
	})
}

// readPaths counts the path of each selected session, or of each user, and returns the counts of each goroutine that did, and
// what was asked of the store.
func (plan *pathwaysPlan) readPaths(ctx context.Context, db store.Querier, nodes *pathwayNodes, selected filter.Node, keep int, room *columns.Room) (
	parts []*pathwayPart, executed []store.Statement, err error,
) {
	scan := columns.Scan{
		From: plan.context.From, To: plan.context.To, ByUser: plan.Unit == unitUser, Room: room, NoPlaces: true,
		Where: func(s *columns.Session) bool { return plan.counts(s.Kind) },
	}
	if executed, err = scan.Select(ctx, db, plan.context.Compiler, selected); err != nil {
		return nil, nil, err
	}
	for range columns.Workers() {
		reader := pathReader{Pathways: &plan.Pathways, nodes: nodes, seen: make([]uint32, len(nodes.list))}
		part := &pathwayPart{reader: reader, keep: keep, keeper: room.Keeper(), pathwayTotals: pathwayTotals{hops: make([]hopList, plan.Steps)}}
		parts = append(parts, part)
	}
	statements, err := scan.Read(ctx, db, func(worker int, s *columns.Session) error {
		return parts[worker].take(s)
	})
	for _, part := range parts {
		part.end()
	}
	return parts, append(executed, statements...), err
}
