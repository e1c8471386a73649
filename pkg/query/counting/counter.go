package counting

import (
	"cmp"
	"context"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// Count is what is counted of a name.
type Count struct {
	Name                    int32 // id of the text
	Events, Sessions, Users int64
	Times                   Durations

	session int // the last one counted, by number
}

// Count reads and counts, and returns what was executed; what has no event is left out.
func (t *Counting) Count(ctx context.Context, db store.Querier) ([]*Count, []store.Statement, error) {
	meanings, executed, err := t.readTokens(ctx, db)
	if err != nil {
		return nil, nil, err
	}
	counted, more, err := t.readSessions(ctx, db, meanings)
	if err != nil {
		return nil, nil, err
	}
	executed = append(executed, more...)
	if t.Outside != nil {
		executed = append(executed, *t.Outside)
		var name int32
		var events int64
		err = t.Outside.Each(ctx, db, []any{&name, &events}, func() error {
			if at, known := meanings.places[name]; known { // else it has come since the tokens were read
				counted[at].Events += events
			}
			return nil
		})
	}
	var counts []*Count
	for i, name := range meanings.names {
		if counted[i].Events > 0 {
			counted[i].Name = name
			counts = append(counts, &counted[i])
		}
	}
	return counts, executed, err
}

// meanings are what tokens mean.
type meanings struct {
	of     []meaning     // tokens, by id
	names  []int32       // ids of their texts
	places map[int32]int // of names
}

// meaning is what one token means; the zero value is of another type of event.
type meaning struct {
	isKind, isView bool
	name           int32 // its place plus 1; 0: it is not counted
}

// readTokens is told by the tokens of the store, but for what the filter says of them.
func (t *Counting) readTokens(ctx context.Context, db store.Querier) (*meanings, []store.Statement, error) {
	tokens, executed, err := t.context.Tokens.Read(ctx, db)
	if err != nil {
		return nil, executed, err
	}
	isWanted := func(int32) bool { return true }
	if t.ofToken != nil {
		wanted, more, err := columns.TokensWhere(ctx, db, t.context.Compiler, t.ofToken)
		if executed = append(executed, more...); err != nil {
			return nil, executed, err
		}
		isWanted = wanted.Has
	}
	m := &meanings{of: make([]meaning, len(tokens)), places: map[int32]int{}}
	for id, token := range tokens {
		if token.Type == "" || t.EventType != "" && token.Type != t.EventType {
			continue
		}
		m.of[id].isKind, m.of[id].isView = true, token.Type == event.View
		name := t.By.TextOf(token)
		if name == 0 {
			continue
		}
		place, known := m.places[name]
		if !known {
			place = len(m.names)
			m.places[name] = place
			m.names = append(m.names, name)
		}
		if isWanted(int32(id)) {
			m.of[id].name = int32(place + 1) //nolint:gosec // no more than ids of the dictionary
		}
	}
	return m, executed, nil
}

// counter is what one goroutine counts, session by session.
type counter struct {
	*Counting
	*meanings
	from, to int64   // [from, to), in milliseconds since 1970
	counts   []Count // by place of the name
	session  int     // number of the session at hand
	pairs    userPairs
}

// readSessions counts what sessions that reach into the range hold, by place of the name.
func (t *Counting) readSessions(ctx context.Context, db store.Querier, m *meanings) ([]Count, []store.Statement, error) {
	scan := columns.Scan{From: t.context.From, To: t.context.To, Reaching: true}
	all := make([]Count, len(m.names))
	if t.User != "" {
		known, err := t.findUser(ctx, db, &scan)
		if err != nil || !known {
			return all, nil, err
		}
	}
	executed, err := scan.Select(ctx, db, t.context.Compiler, t.ofSession)
	if err != nil {
		return nil, nil, err
	}
	counters := make([]*counter, columns.Workers())
	for i := range counters {
		counters[i] = &counter{
			Counting: t, meanings: m, counts: make([]Count, len(m.names)),
			from: t.context.From.UnixMilli(), to: t.context.To.UnixMilli(),
		}
	}
	statement, err := scan.Read(ctx, db, func(worker int, s *columns.Session) error {
		counters[worker].take(s)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	for _, k := range counters {
		for i := range all {
			all[i].join(&k.counts[i])
		}
		k.pairs.count(func(place int) { all[place].Users++ }) // a scan gives all of a user to one goroutine
	}
	return all, append(executed, statement), nil
}

// findUser narrows the scan to the one user that is asked for; false where the store does not know that one.
func (t *Counting) findUser(ctx context.Context, db store.Querier, scan *columns.Scan) (known bool, err error) {
	params := &store.Params{}
	statement := store.Statement{SQL: "select " + t.Key(params)}
	statement.Args = params.Values
	err = statement.Each(ctx, db, []any{&scan.User}, func() error { return nil })
	return scan.User != nil, err
}

// countsAsUser tells whether those of a kind are among those that "users" counts.
func (q Names) countsAsUser(kind packed.Kind) bool {
	return kind == packed.User || kind == packed.Anonymous && q.IncludeAnonymous
}

// take counts a session's events: backwards, so that the next view is known.
func (k *counter) take(s *columns.Session) {
	k.session++
	isUser := k.countsAsUser(s.Kind)
	next := int64(-1)
	for i := len(s.Tokens) - 1; i >= 0; i-- {
		id := s.Tokens[i]
		if int(id) >= len(k.of) || !k.of[id].isKind {
			continue
		}
		offset, spent := s.Offsets[i], int64(-1)
		switch {
		case k.SinceStart:
			spent = offset
		case k.of[id].isView && next >= 0:
			spent = next - offset
		}
		if k.of[id].isView {
			next = offset
		}
		place := int(k.of[id].name) - 1
		if at := s.Start + offset; place < 0 || at < k.from || at >= k.to {
			continue
		}
		c := &k.counts[place]
		c.Events++
		if c.session != k.session {
			c.session = k.session
			c.Sessions++
			if isUser {
				k.pairs.add(place, s.User)
			}
		}
		if spent >= 0 {
			c.Times.Add(spent)
		}
	}
}

// join adds what another goroutine has counted of the name, but for users, which are known at the end.
func (c *Count) join(other *Count) {
	c.Events, c.Sessions = c.Events+other.Events, c.Sessions+other.Sessions
	c.Times.Join(&other.Times)
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
