package rollup

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// A session beyond the cap on its arrays is not read whole for late events: a bot or a server may send one session id for
// ever. Read are the events that the arrays hold, where late ones come among them, and those around late clicks and
// errors, as far as what is derived from them can reach.

// seamSteps is how often a window around late clicks and errors is widened before the session is read whole after all.
const seamSteps = 5

// window is a span of a session, in ms, both ends included, and its events.
type window struct {
	from, to int64
	records  []*record
}

// insert puts late records, in event order, into a truncated session without reading all of it; false: it must be read.
func (b *batch) insert(ctx context.Context, old *session, records []*record) (bool, error) {
	if !old.Truncated || len(records) == 0 || len(old.Offsets) == 0 {
		return false, nil
	}
	windows, closed, err := b.derivedAnew(ctx, old, records)
	if err != nil || !closed {
		return false, err
	}
	s := *old
	held := old.Start + old.Offsets[len(old.Offsets)-1] // up to when the arrays hold the session's events
	head, err := b.head(ctx, old, held, records, windows)
	if err != nil {
		return false, err
	}
	if head == nil {
		covered, err := b.headAttrs(ctx, old, held)
		if err != nil {
			return false, err
		}
		s.Attrs = covered
		var ok bool
		if s.details, ok = old.unpack(); !ok {
			return false, nil
		}
	} else {
		first := session{sessionRef: old.sessionRef}
		first.append(head, b, b.settings.SessionEventCap)
		s.Start, s.Attrs, s.Tokens, s.Offsets, s.Pages = first.Start, first.Attrs, first.Tokens, first.Offsets, first.Pages
		s.details = first.details
	}
	for i, id := range s.Attrs {
		if id == 0 && old.Attrs[i] != 0 {
			return false, nil // it comes from an event after those in the arrays, and late ones may come before that
		}
	}
	for _, r := range records {
		s.count(r)
		s.Attrs.fill(b.context(r.Context))
	}
	if last := records[len(records)-1]; last.Compare(old.last()) > 0 {
		s.End, s.LastSeq, s.LastKey = last.TS, last.Seq, last.Key
	}
	changed := slices.Clone(records)
	for _, w := range windows {
		for _, r := range w.records {
			if r.Stored {
				s.Frustrations += marked(r.Token) - marked(b.memory.tokenOf[r.StoredToken])
				changed = append(changed, r)
			}
		}
	}
	b.finish(old, &s, changed)
	return true, nil
}

func marked(t event.Token) int32 {
	if t.Frustration != 0 {
		return 1
	}
	return 0
}

// derivedAnew derives what late records change, in the windows it returns; false where that could be anywhere.
func (b *batch) derivedAnew(ctx context.Context, old *session, records []*record) ([]*window, bool, error) {
	reach := b.rules.reach()
	var windows []*window
	for _, r := range records {
		r.Token.Frustration = r.Reported
		switch {
		case old.Reported:
		case r.Reported != 0:
			return nil, false, nil
		case b.rules.matters(r):
			windows = append(windows, &window{from: r.TS - 2*reach, to: r.TS + 2*reach})
		}
	}
	for range seamSteps {
		windows = joinWindows(windows)
		if err := b.readWindows(ctx, old, windows, records); err != nil {
			return nil, false, err
		}
		if !b.widen(windows) {
			for _, w := range windows {
				b.rules.derive(w.records)
			}
			return windows, true, nil
		}
	}
	return nil, false, nil
}

// matters tells whether something is derived from an event.
func (f *frustrationRules) matters(r *record) bool {
	return r.Token.Type == event.Error || f.isClick(r)
}

// joinWindows makes one of windows that overlap; they are in order.
func joinWindows(windows []*window) []*window {
	var joined []*window
	for _, w := range windows {
		if n := len(joined); n > 0 && w.from <= joined[n-1].to {
			joined[n-1].from, joined[n-1].to = min(joined[n-1].from, w.from), max(joined[n-1].to, w.to)
			continue
		}
		joined = append(joined, &window{from: w.from, to: w.to})
	}
	return joined
}

// widen widens windows with clicks or errors so near an end that those beyond it could reach them.
func (b *batch) widen(windows []*window) bool {
	reach, wider := b.rules.reach(), false
	for _, w := range windows {
		width := w.to - w.from
		from, to := w.from, w.to
		for _, r := range w.records {
			if b.rules.matters(r) && r.TS-from < reach {
				w.from = from - width
			}
			if b.rules.matters(r) && to-r.TS < reach {
				w.to = to + width
			}
		}
		wider = wider || w.from != from || w.to != to
	}
	return wider
}

// readWindows fills windows with the stored events of the session and the late ones, in event order.
func (b *batch) readWindows(ctx context.Context, s *session, windows []*window, records []*record) error {
	if len(windows) == 0 {
		return nil
	}
	stored, err := b.storedWithin(ctx, column(windows, func(w *window) extent { return extent{s.sessionRef, w.from, w.to} }))
	if err != nil {
		return err
	}
	all := append(stored, records...)
	sortRecords(all)
	i := 0
	for _, w := range windows {
		w.records = nil
		for ; i < len(all) && all[i].TS <= w.to; i++ {
			if all[i].TS >= w.from {
				w.records = append(w.records, all[i])
			}
		}
	}
	return nil
}

// head returns the events from the session's start to held, in event order, the late ones among them; nil where nothing
// about them changes.
func (b *batch) head(ctx context.Context, old *session, held int64, records []*record, windows []*window) ([]*record, error) {
	if records[0].TS > held && (len(windows) == 0 || windows[0].from > held) {
		return nil, nil
	}
	whole := []*window{{from: min(old.Start, records[0].TS), to: held}}
	if err := b.readWindows(ctx, old, whole, records); err != nil {
		return nil, err
	}
	derived := map[identity]*record{}
	for _, w := range windows {
		for _, r := range w.records {
			derived[r.identity()] = r
		}
	}
	for i, r := range whole[0].records {
		if d := derived[r.identity()]; d != nil {
			whole[0].records[i] = d
		}
	}
	return whole[0].records, nil
}

// headAttrs returns the attributes that the stored events up to held tell, in their order: each is the session's, if it
// tells it at all.
func (b *batch) headAttrs(ctx context.Context, s *session, held int64) (attrs, error) {
	var told attrs
	rows, err := b.tx.Query(ctx, `
		select distinct context
		  from footfall.events
		 where user_key = $1 and session_key = $2 and ts between $3 and $4`,
		s.UserKey, s.Key, fromMilli(s.Start), fromMilli(held))
	if err != nil {
		return told, fmt.Errorf("read a session's attributes: %w", err)
	}
	var id int32
	_, err = pgx.ForEachRow(rows, []any{&id}, func() error {
		for i, text := range b.context(id) {
			if text != 0 {
				told[i] = s.Attrs[i]
			}
		}
		return nil
	})
	if err != nil {
		return told, fmt.Errorf("read a session's attributes: %w", err)
	}
	return told, nil
}
