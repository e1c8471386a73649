package pathways

import (
	"cmp"
	"context"
	"encoding/binary"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/footfall-analytics/footfall/pkg/query/counting"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// stop is a node of a path and when its first event was, in milliseconds.
type stop struct {
	node int32
	at   int64
}

// sessionRef is the key of a session.
type sessionRef struct {
	User    int32
	Session int64
}

// pathReader makes paths of sessions that are handed over one by one, those of a user together.
type pathReader struct {
	*Pathways
	nodes  *pathwayNodes
	path   []stop   // events with a node, then repeats taken out; used again for every path
	seen   []uint32 // the path in which a node occurred last, by number
	number uint32   // of the path
}

// add appends the events of a session that have a node. Where no more than a path's first events matter, it may stop
// before the session's end.
func (r *pathReader) add(start int64, tokens, offsets []byte) error {
	tokens, err := counting.Elements(tokens, 4)
	if err != nil {
		return err
	}
	if offsets, err = counting.Elements(offsets, 8); err != nil {
		return err
	}
	last := int32(0)
	enough := r.Anchor == anchorStart && r.Repeats == repeatsCollapse && r.Unit == unitSession
	for i := range len(tokens) / 8 {
		node := r.nodes.of(binary.BigEndian.Uint32(tokens[8*i+4:]))
		if node == 0 || node == last && r.Unit == unitSession { // another session of the user may come between
			continue
		}
		last = node
		r.path = append(r.path, stop{node, start + int64(binary.BigEndian.Uint64(offsets[12*i+4:]))}) //nolint:gosec // PostgreSQL's bigint
		if enough && len(r.path) > r.Steps {
			break
		}
	}
	return nil
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
	isAnchor := func(s stop) bool { return r.nodes.anchor[s.node] }
	switch r.Anchor {
	case anchorAfter:
		from := slices.IndexFunc(path, isAnchor)
		if from < 0 {
			return nil, false
		}
		path = path[from:]
	case anchorBefore:
		slices.Reverse(path)
		from := slices.IndexFunc(path, isAnchor)
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

// readPaths hands over the path of each session, or of each user, with the sessions it is made of. Both are valid until
// the next one.
func (plan *pathwaysPlan) readPaths(ctx context.Context, db store.Querier, nodes *pathwayNodes,
	take func(path []stop, isEmpty bool, of []sessionRef),
) (truncated int, err error) {
	outsiders, err := plan.readOutsiders(ctx, db)
	if err != nil {
		return 0, err
	}
	r := &pathReader{Pathways: &plan.Pathways, nodes: nodes, seen: make([]uint32, len(nodes.list))}
	var next sessionRef
	var start time.Time
	var isTruncated bool
	var tokens, offsets pgtype.DriverBytes
	var of []sessionRef
	end := func() {
		if len(of) > 0 {
			path, isEmpty := r.end()
			take(path, isEmpty, of)
			of = of[:0]
		}
	}
	targets := []any{&next.User, &next.Session, &start, &isTruncated, &tokens, &offsets}
	err = plan.sessions.Each(ctx, db, targets, func() error {
		if int(next.User) < len(outsiders) && outsiders[next.User] {
			return nil
		}
		if len(of) > 0 && (plan.Unit == unitSession || of[0].User != next.User) {
			end()
		}
		of = append(of, next)
		if isTruncated {
			truncated++
		}
		return r.add(start.UnixMilli(), tokens, offsets)
	})
	end()
	return truncated, err
}

// readOutsiders tells by key which users' sessions do not count.
func (plan *pathwaysPlan) readOutsiders(ctx context.Context, db store.Querier) (outsiders []bool, err error) {
	if plan.outsiders == nil {
		return nil, nil
	}
	var sent pgtype.DriverBytes
	err = plan.outsiders.Each(ctx, db, []any{&sent}, func() error {
		keys, err := counting.Elements(sent, 4)
		for i := range len(keys) / 8 {
			key := int(binary.BigEndian.Uint32(keys[8*i+4:]))
			if missing := key + 1 - len(outsiders); missing > 0 {
				outsiders = append(outsiders, make([]bool, missing)...)
			}
			outsiders[key] = true
		}
		return err
	})
	return outsiders, err
}
