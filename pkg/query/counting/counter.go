package counting

import (
	"cmp"
	"context"
	"encoding/binary"
	"slices"
	"time"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Count is what is counted of a name.
type Count struct {
	Name                    int32 // id of the text
	Events, Sessions, Users int64
	Times                   Durations

	index   int // among all
	session int // the last one counted, by number
}

// counter counts what has a name, session by session.
type counter struct {
	*Arrays
	counts    []*Count
	byToken   []token
	session   int     // number of the session at hand
	user      int32   // key of its user
	counted   bool    // whether that one counts as a user
	uncounted []int32 // keys of those who do not, ascending
	pairs     userPairs
}

// token is what a token means; the zero value is of another type of event.
type token struct {
	isKind, isView bool
	count          *Count // nil where it is not counted
}

// Count reads and counts; what has no event is left out.
func (t *Arrays) Count(ctx context.Context, db store.Querier) ([]*Count, error) {
	k := &counter{Arrays: t}
	byName, err := k.readTokens(ctx, db)
	if err != nil {
		return nil, err
	}
	if err := k.readOutsiders(ctx, db); err != nil {
		return nil, err
	}
	if err := k.readSessions(ctx, db); err != nil {
		return nil, err
	}
	k.pairs.count(func(index int) { k.counts[index].Users++ })
	if t.Outside != nil {
		var name int32
		var events int64
		err = t.Outside.Each(ctx, db, []any{&name, &events}, func() error {
			if c := byName[name]; c != nil { // else it has come since the tokens were read
				c.Events += events
			}
			return nil
		})
	}
	return slices.DeleteFunc(k.counts, func(c *Count) bool { return c.Events == 0 }), err
}

func (k *counter) readTokens(ctx context.Context, db store.Querier) (map[int32]*Count, error) {
	byName := map[int32]*Count{}
	var id int32
	var name *int32
	var wanted, isView bool
	return byName, k.tokens.Each(ctx, db, []any{&id, &name, &wanted, &isView}, func() error {
		if int(id) >= len(k.byToken) {
			k.byToken = append(k.byToken, make([]token, int(id)+1-len(k.byToken))...)
		}
		k.byToken[id].isKind, k.byToken[id].isView = true, isView
		if name == nil {
			return nil
		}
		if byName[*name] == nil {
			byName[*name] = &Count{Name: *name, index: len(k.counts)}
			k.counts = append(k.counts, byName[*name])
		}
		if wanted {
			k.byToken[id].count = byName[*name]
		}
		return nil
	})
}

func (k *counter) readOutsiders(ctx context.Context, db store.Querier) error {
	if k.outsiders == nil || k.what.Userless {
		return nil
	}
	var sent []byte
	return k.outsiders.Each(ctx, db, []any{&sent}, func() error {
		keys, err := Elements(sent, 4)
		for at := 0; at < len(keys); at += 8 {
			k.uncounted = append(k.uncounted, int32(binary.BigEndian.Uint32(keys[at+4:]))) //nolint:gosec // PostgreSQL's integer
		}
		return err
	})
}

func (k *counter) readSessions(ctx context.Context, db store.Querier) error {
	var user int32
	var start time.Time
	var tokens, offsets, mask []byte
	return k.Sessions.Each(ctx, db, []any{&user, &start, &tokens, &offsets, &mask}, func() (err error) {
		k.session++
		if k.user != user {
			k.user, k.counted = user, k.countsAsUser(user)
		}
		if tokens, err = Elements(tokens, 4); err != nil {
			return err
		}
		if offsets, err = Elements(offsets, 8); err != nil {
			return err
		}
		if mask, err = Elements(mask, 1); err != nil {
			return err
		}
		k.take(start.UnixMilli(), tokens, offsets, mask)
		return nil
	})
}

// countsAsUser tells whether a user is one of those that "users" counts.
func (k *counter) countsAsUser(user int32) bool {
	if k.what.Userless {
		return false
	}
	if k.outsiders == nil {
		return k.isUser
	}
	_, uncounted := slices.BinarySearch(k.uncounted, user)
	return !uncounted
}

// take counts a session's events: backwards, so that the next view is known.
func (k *counter) take(start int64, tokens, offsets, mask []byte) {
	next := int64(-1)
	for i := len(tokens)/8 - 1; i >= 0; i-- {
		id := binary.BigEndian.Uint32(tokens[8*i+4:])
		if int(id) >= len(k.byToken) || !k.byToken[id].isKind {
			continue
		}
		offset := int64(binary.BigEndian.Uint64(offsets[12*i+4:])) //nolint:gosec // PostgreSQL's bigint
		spent := int64(-1)
		switch {
		case k.what.SinceStart:
			spent = offset
		case k.byToken[id].isView && next >= 0:
			spent = next - offset
		}
		if k.byToken[id].isView {
			next = offset
		}
		c := k.byToken[id].count
		at := start + offset
		if c == nil || at < k.from || at >= k.to || mask != nil && mask[5*i+4] == 0 {
			continue
		}
		k.add(c, spent)
	}
}

// add counts an event; spent is its time, negative where it has none.
func (k *counter) add(c *Count, spent int64) {
	c.Events++
	if c.session != k.session {
		c.session = k.session
		c.Sessions++
		if k.counted {
			k.pairs.add(c.index, k.user)
		}
	}
	if spent >= 0 && !k.what.Untimed {
		c.Times.Add(spent)
	}
}

// First are those that rank highest, equal ones by their names, and the names.
func First(ctx context.Context, db store.Querier, counts []*Count, limit int, rank func(*Count) float64) ([]*Count, []string, error) {
	ranks := make(map[*Count]float64, len(counts))
	for _, c := range counts {
		ranks[c] = rank(c)
	}
	slices.SortFunc(counts, func(a, b *Count) int { return cmp.Compare(ranks[b], ranks[a]) })
	last := min(limit, len(counts))
	for last > 0 && last < len(counts) && ranks[counts[last]] == ranks[counts[last-1]] {
		last++
	}
	first := slices.Clone(counts[:last])
	ids := make([]int32, len(first))
	for i, c := range first {
		ids[i] = c.Name
	}
	texts, err := query.ReadTexts(ctx, db, ids)
	name := func(c *Count) string {
		if text := texts[c.Name]; text != nil {
			return *text
		}
		return ""
	}
	slices.SortFunc(first, func(a, b *Count) int {
		return cmp.Or(cmp.Compare(ranks[b], ranks[a]), cmp.Compare(name(a), name(b)))
	})
	first = first[:min(limit, len(first))]
	names := make([]string, len(first))
	for i, c := range first {
		names[i] = name(c)
	}
	return first, names, err
}
