package query

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// topArrays counts what sessions' arrays hold. PostgreSQL hands over the arrays and counting is done here: taking them
// apart, finding each view's next one and sorting all of it for the counts takes PostgreSQL many times longer.
type topArrays struct {
	what      topKind
	from, to  int64           // [from, to), in milliseconds since 1970
	tokens    store.Statement // token, name, whether the filter wants it and whether it is a view's
	sessions  store.Statement
	outsiders *store.Statement // the users who do not count as users; nil where nobody or everybody asked for is one
	isUser    bool             // without outsiders: whether who is asked for counts as a user
	outside   *store.Statement // events in no session; nil where they are not asked for
}

const topTokensSQL = `select k.id, %s, coalesce(%s, false), k.type = 'view' from footfall.tokens k where true%s` //nolint:gosec // these tokens are no secrets

// topSessionsSQL sends arrays as bytes, which takes the least time and can be shared among processes.
const topSessionsSQL = `select s.user_key, s.start_ts, array_send(s.tokens), array_send(s.offsets), %[1]s
  from footfall.sessions s%[2]s
 where %[3]s`

// topMaskSQL tells of each event whether the filter wants it, where neither its session nor its token alone decide.
const topMaskSQL = `array_send(array(
       select coalesce(%s, false)
         from unnest(s.tokens, s.offsets) with ordinality a (token, "offset", n)
        cross join lateral (select s.user_key, s.session_key, s.start_ts + a."offset" * interval '1 ms' as ts, a.token) e
        order by a.n))`

const topOutsidersSQL = `select array_send(array_agg(u.key order by u.key)) from footfall.users u where u.kind %s`

func (q *Top) arrays(c Context, n filter.Node) (*topArrays, error) {
	t := &topArrays{what: q.what, from: c.From.UnixMilli(), to: c.To.UnixMilli()}
	compiler := c.compiler()
	ofSession, ofToken, rest := compiler.Parts(n)
	wanted, err := compiler.Token(ofToken)
	if err != nil {
		return nil, err
	}
	t.tokens = store.Statement{
		SQL: fmt.Sprintf(topTokensSQL, q.what.token, wanted, q.what.ofType()), Args: compiler.Params.Values,
	}
	if t.sessions, err = q.arraySessions(c, ofSession, ofToken, rest); err != nil {
		return nil, err
	}
	if q.User != "" {
		t.isUser = !q.Anonymous || q.IncludeAnonymous
		t.tokens.SQL += "\n   and k.id = any (array(select unnest(s.tokens) from footfall.sessions s where s.user_key = " + q.key(compiler.Params) + "))"
		t.tokens.Args = compiler.Params.Values
		return t, nil
	}
	kind := "<> 'usr'"
	if q.IncludeAnonymous {
		kind = "= 'none'"
	}
	t.outsiders = &store.Statement{SQL: fmt.Sprintf(topOutsidersSQL, kind)}
	compiler = c.compiler()
	condition, err := compiler.Events(n)
	if err != nil {
		return nil, err
	}
	sql := fmt.Sprintf(outsideTopSQL, q.what.token+", count(*)", q.what.ofType(), noJoins(compiler.Needs),
		outsideKeys(compiler.Params), q.what.token, compiler.Params.Add(c.From), compiler.Params.Add(c.To), condition)
	t.outside = &store.Statement{SQL: sql + "\n group by " + q.what.token, Args: compiler.Params.Values}
	return t, nil
}

func (q *Top) arraySessions(c Context, ofSession, ofToken, rest filter.Node) (store.Statement, error) {
	compiler := c.compiler()
	where := filter.Overlap(compiler.Params.Add(c.From), compiler.Params.Add(c.To))
	if q.User != "" {
		where += "\n   and s.user_key = " + q.key(compiler.Params)
	}
	condition, err := compiler.Sessions(ofSession)
	if err != nil {
		return store.Statement{}, err
	}
	where += "\n   and " + condition
	if ofToken != nil && !compiler.OnlyTypes(ofToken) {
		tokens, err := compiler.WantedTokens(ofToken)
		if err != nil {
			return store.Statement{}, err
		}
		where += "\n   and s.tokens && " + tokens
	}
	mask := "null::bytea"
	if rest != nil {
		single, err := compiler.Events(rest)
		if err != nil {
			return store.Statement{}, err
		}
		mask = fmt.Sprintf(topMaskSQL, single)
	}
	sql := fmt.Sprintf(topSessionsSQL, mask, joinsOfSession(compiler.Needs), where)
	return store.Statement{SQL: sql, Args: compiler.Params.Values, Binary: true}, nil
}

// statements are all that is executed.
func (t *topArrays) statements() []store.Statement {
	list := []store.Statement{t.tokens, t.sessions}
	for _, more := range []*store.Statement{t.outsiders, t.outside} {
		if more != nil {
			list = append(list, *more)
		}
	}
	return list
}

// topCount is what is counted of a page or action.
type topCount struct {
	name                    int32
	index                   int // among all
	events, sessions, users int64
	session                 int // the last one counted, by number
	times                   durations
}

// counting counts what has a name, session by session.
type counting struct {
	*topArrays
	counts    []*topCount
	byToken   []topToken
	session   int     // number of the session at hand
	user      int32   // key of its user
	counted   bool    // whether that one counts as a user
	uncounted []int32 // keys of those who do not, ascending
	users     userPairs
}

// topToken is what a token means; the zero value is of another type of event.
type topToken struct {
	isKind, isView bool
	count          *topCount // nil where it is not counted
}

// read counts and takes the first ones into a table.
func (t *topArrays) read(ctx context.Context, db store.Querier, table *table, limit int) (rows int, more bool, err error) {
	counts, err := t.count(ctx, db)
	if err != nil {
		return 0, false, err
	}
	first, _, err := firstCounts(ctx, db, counts, limit, func(c *topCount) float64 { return float64(c.events) })
	if err != nil {
		return 0, false, err
	}
	for _, c := range first {
		targets := table.targets()
		*targets[0].(**int32) = &c.name
		*targets[1].(*int64), *targets[2].(*int64), *targets[3].(*int64) = c.events, c.sessions, c.users
		*targets[4].(**float64) = c.times.percentile(0.5)
		table.take()
	}
	return len(first), len(counts) > limit, nil
}

func (t *topArrays) count(ctx context.Context, db store.Querier) ([]*topCount, error) {
	k := &counting{topArrays: t}
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
	k.users.count(func(index int) { k.counts[index].users++ })
	if t.outside != nil {
		var name int32
		var events int64
		err = t.outside.Each(ctx, db, []any{&name, &events}, func() error {
			if c := byName[name]; c != nil { // else it has come since the tokens were read
				c.events += events
			}
			return nil
		})
	}
	return slices.DeleteFunc(k.counts, func(c *topCount) bool { return c.events == 0 }), err
}

func (k *counting) readTokens(ctx context.Context, db store.Querier) (map[int32]*topCount, error) {
	byName := map[int32]*topCount{}
	var id int32
	var name *int32
	var wanted, isView bool
	return byName, k.tokens.Each(ctx, db, []any{&id, &name, &wanted, &isView}, func() error {
		if int(id) >= len(k.byToken) {
			k.byToken = append(k.byToken, make([]topToken, int(id)+1-len(k.byToken))...)
		}
		k.byToken[id].isKind, k.byToken[id].isView = true, isView
		if name == nil {
			return nil
		}
		if byName[*name] == nil {
			byName[*name] = &topCount{name: *name, index: len(k.counts)}
			k.counts = append(k.counts, byName[*name])
		}
		if wanted {
			k.byToken[id].count = byName[*name]
		}
		return nil
	})
}

func (k *counting) readOutsiders(ctx context.Context, db store.Querier) error {
	if k.outsiders == nil || k.what.userless {
		return nil
	}
	var sent []byte
	return k.outsiders.Each(ctx, db, []any{&sent}, func() error {
		keys, err := arrayElements(sent, 4)
		for at := 0; at < len(keys); at += 8 {
			k.uncounted = append(k.uncounted, int32(binary.BigEndian.Uint32(keys[at+4:]))) //nolint:gosec // PostgreSQL's integer
		}
		return err
	})
}

func (k *counting) readSessions(ctx context.Context, db store.Querier) error {
	var user int32
	var start time.Time
	var tokens, offsets, mask []byte
	return k.sessions.Each(ctx, db, []any{&user, &start, &tokens, &offsets, &mask}, func() (err error) {
		k.session++
		if k.user != user {
			k.user, k.counted = user, k.countsAsUser(user)
		}
		if tokens, err = arrayElements(tokens, 4); err != nil {
			return err
		}
		if offsets, err = arrayElements(offsets, 8); err != nil {
			return err
		}
		if mask, err = arrayElements(mask, 1); err != nil {
			return err
		}
		k.take(start.UnixMilli(), tokens, offsets, mask)
		return nil
	})
}

// countsAsUser tells whether a user is one of those that "users" counts.
func (k *counting) countsAsUser(user int32) bool {
	if k.what.userless {
		return false
	}
	if k.outsiders == nil {
		return k.isUser
	}
	_, uncounted := slices.BinarySearch(k.uncounted, user)
	return !uncounted
}

// take counts a session's events: backwards, so that the next view is known.
func (k *counting) take(start int64, tokens, offsets, mask []byte) {
	next := int64(-1)
	for i := len(tokens)/8 - 1; i >= 0; i-- {
		id := binary.BigEndian.Uint32(tokens[8*i+4:])
		if int(id) >= len(k.byToken) || !k.byToken[id].isKind {
			continue
		}
		offset := int64(binary.BigEndian.Uint64(offsets[12*i+4:])) //nolint:gosec // PostgreSQL's bigint
		spent := int64(-1)
		switch {
		case k.what.sinceStart:
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
func (k *counting) add(c *topCount, spent int64) {
	c.events++
	if c.session != k.session {
		c.session = k.session
		c.sessions++
		if k.counted {
			k.users.add(c.index, k.user)
		}
	}
	if spent >= 0 && !k.what.untimed {
		c.times.add(spent)
	}
}

// firstCounts are those that rank highest, equal ones by their names.
func firstCounts(ctx context.Context, db store.Querier, counts []*topCount, limit int, rank func(*topCount) float64) ([]*topCount, map[int32]*string, error) {
	ranks := make(map[*topCount]float64, len(counts))
	for _, c := range counts {
		ranks[c] = rank(c)
	}
	slices.SortFunc(counts, func(a, b *topCount) int { return cmp.Compare(ranks[b], ranks[a]) })
	last := min(limit, len(counts))
	for last > 0 && last < len(counts) && ranks[counts[last]] == ranks[counts[last-1]] {
		last++
	}
	first := slices.Clone(counts[:last])
	ids := make([]int32, len(first))
	for i, c := range first {
		ids[i] = c.name
	}
	texts, err := readTexts(ctx, db, ids)
	slices.SortFunc(first, func(a, b *topCount) int {
		return cmp.Or(cmp.Compare(ranks[b], ranks[a]), cmp.Compare(nameIn(texts[a.name]), nameIn(texts[b.name])))
	})
	return first[:min(limit, len(first))], texts, err
}

func nameIn(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
