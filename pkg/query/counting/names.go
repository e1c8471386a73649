// Package counting counts what sessions' arrays hold, for all questions that are answered from them.
package counting

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Named are the events that are counted by a name, and what is wanted to be known of them.
type Named struct {
	EventType  string // "": all
	Token      string // what names an event, over its token k
	SinceStart bool   // times are those since the session's start, else those that views take
	Untimed    bool   // nobody asks for times
	Userless   bool   // nobody asks for users
}

// ofType is a condition on tokens k.
func (w Named) ofType() string {
	if w.EventType == "" {
		return ""
	}
	return " and k.type = '" + w.EventType + "'"
}

// Names asks how many events have each name, in how many sessions and of how many users. Events and sessions are counted
// whosesoever they are; users are those with a usr.id, and the anonymous ones if wanted.
type Names struct {
	Named
	query.Person
	IncludeAnonymous bool
}

// Arrays counts what sessions' arrays hold. PostgreSQL hands over the arrays and counting is done here: taking them
// apart, finding each view's next one and sorting all of it for the counts takes PostgreSQL many times longer.
type Arrays struct {
	what      Named
	from, to  int64           // [from, to), in milliseconds since 1970
	tokens    store.Statement // token, name, whether the filter wants it and whether it is a view's
	Sessions  store.Statement
	outsiders *store.Statement // the users who do not count as users; nil where nobody or everybody asked for is one
	isUser    bool             // without outsiders: whether who is asked for counts as a user
	Outside   *store.Statement // events in no session; nil where they are not asked for
}

const tokensSQL = `select k.id, %s, coalesce(%s, false), k.type = 'view' from footfall.tokens k where true%s` //nolint:gosec // these tokens are no secrets

// arraysSQL sends arrays as bytes, which takes the least time and can be shared among processes.
const arraysSQL = `select s.user_key, s.start_ts, array_send(s.tokens), array_send(s.offsets), %[1]s
  from footfall.sessions s%[2]s
 where %[3]s`

// maskSQL tells of each event whether the filter wants it, where neither its session nor its token alone decide.
const maskSQL = `array_send(array(
       select coalesce(%s, false)
         from unnest(s.tokens, s.offsets) with ordinality a (token, "offset", n)
        cross join lateral (select s.user_key, s.session_key, s.start_ts + a."offset" * interval '1 ms' as ts, a.token) e
        order by a.n))`

const outsidersSQL = `select array_send(array_agg(u.key order by u.key)) from footfall.users u where u.kind %s`

// Arrays makes the statements for the events that n selects, of which sessions' arrays know enough.
func (q Names) Arrays(c query.Context, n filter.Node) (*Arrays, error) {
	t := &Arrays{what: q.Named, from: c.From.UnixMilli(), to: c.To.UnixMilli()}
	compiler := c.Compiler()
	ofSession, ofToken, rest := compiler.Parts(n)
	wanted, err := compiler.Token(ofToken)
	if err != nil {
		return nil, err
	}
	t.tokens = store.Statement{
		SQL: fmt.Sprintf(tokensSQL, q.Token, wanted, q.ofType()), Args: compiler.Params.Values,
	}
	if t.Sessions, err = q.sessions(c, ofSession, ofToken, rest); err != nil {
		return nil, err
	}
	if q.User != "" {
		t.isUser = !q.Anonymous || q.IncludeAnonymous
		t.tokens.SQL += "\n   and k.id = any (array(select unnest(s.tokens) from footfall.sessions s where s.user_key = " + q.Key(compiler.Params) + "))"
		t.tokens.Args = compiler.Params.Values
		return t, nil
	}
	kind := "<> 'usr'"
	if q.IncludeAnonymous {
		kind = "= 'none'"
	}
	t.outsiders = &store.Statement{SQL: fmt.Sprintf(outsidersSQL, kind)}
	compiler = c.Compiler()
	condition, err := compiler.Events(n)
	if err != nil {
		return nil, err
	}
	sql := q.Outside(c, compiler, q.Token+", count(*)", condition)
	t.Outside = &store.Statement{SQL: sql + "\n group by " + q.Token, Args: compiler.Params.Values}
	return t, nil
}

// outsideSessionsSQL reads the events that are in no session.
const outsideSessionsSQL = `select %[1]s
  from footfall.events e
  join footfall.tokens k on k.id = e.token%[2]s
  left join footfall.sessions s on false%[3]s
 where e.user_key = any (%[4]s) and e.session_key = 0
   and %[5]s is not null and e.ts >= %[6]s and e.ts < %[7]s and %[8]s`

// Outside reads columns of the events that are in no session and that meet a condition.
func (w Named) Outside(c query.Context, compiler *filter.Compiler, columns, condition string) string {
	return fmt.Sprintf(outsideSessionsSQL, columns, w.ofType(), compiler.Needs.JoinsOfNobody(), query.OutsideKeys(compiler.Params), w.Token,
		compiler.Params.Add(c.From), compiler.Params.Add(c.To), condition)
}

func (q Names) sessions(c query.Context, ofSession, ofToken, rest filter.Node) (store.Statement, error) {
	compiler := c.Compiler()
	where := filter.Overlap(compiler.Params.Add(c.From), compiler.Params.Add(c.To))
	if q.User != "" {
		where += "\n   and s.user_key = " + q.Key(compiler.Params)
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
		mask = fmt.Sprintf(maskSQL, single)
	}
	sql := fmt.Sprintf(arraysSQL, mask, compiler.Needs.Joins("s"), where)
	return store.Statement{SQL: sql, Args: compiler.Params.Values, Binary: true}, nil
}

// Statements are all that is executed.
func (t *Arrays) Statements() []store.Statement {
	list := []store.Statement{t.tokens, t.Sessions}
	for _, more := range []*store.Statement{t.outsiders, t.Outside} {
		if more != nil {
			list = append(list, *more)
		}
	}
	return list
}

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
