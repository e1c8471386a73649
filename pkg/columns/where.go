package columns

import (
	"context"
	"fmt"
	"math/bits"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// Where decides which sessions count. It may be asked from several goroutines.
type Where func(*Session) bool

// resolver answers the leaves of a tree.
type resolver struct {
	ctx      context.Context
	db       store.Querier
	compiler func() *filter.Compiler // a new one
	scan     *Scan
	executed []store.Statement
}

// Select narrows a scan to the sessions that meet a condition: it asks the store what that depends on, and returns the
// statements that were run. compiler makes a new compiler of the same scope. Errors are as of filter.Compiler, or of type
// *store.StatementError.
func (s *Scan) Select(ctx context.Context, db store.Querier, compiler func() *filter.Compiler, n filter.Node) ([]store.Statement, error) {
	if n == nil {
		return nil, nil
	}
	r := &resolver{ctx: ctx, db: db, compiler: compiler, scan: s}
	where, err := r.tree(compiler().Tree(n))
	if before := s.Where; before != nil && err == nil {
		s.Where = func(one *Session) bool { return before(one) && where(one) }
	} else {
		s.Where = where
	}
	return r.executed, err
}

func (r *resolver) tree(t filter.Tree) (Where, error) {
	switch t := t.(type) {
	case filter.AllOf:
		list, err := r.trees(t)
		return func(s *Session) bool { return !slices.ContainsFunc(list, func(w Where) bool { return !w(s) }) }, err
	case filter.AnyOf:
		list, err := r.trees(t)
		return func(s *Session) bool { return slices.ContainsFunc(list, func(w Where) bool { return w(s) }) }, err
	case filter.Except:
		inner, err := r.tree(t.Tree)
		return func(s *Session) bool { return !inner(s) }, err
	case filter.OfUser:
		return r.ofUser(t.Node)
	case filter.OfPlace:
		return r.ofPlace(t.Attribute, t.Node)
	case filter.OfView:
		return r.ofView(t)
	case filter.SomeEvent:
		return r.someEvent(t.Node)
	case filter.OfSession:
		return r.ofSession(t.Node)
	}
	return nil, fmt.Errorf("unknown condition %T", t)
}

func (r *resolver) trees(list []filter.Tree) ([]Where, error) {
	resolved := make([]Where, len(list))
	for i, t := range list {
		var err error
		if resolved[i], err = r.tree(t); err != nil {
			return nil, err
		}
	}
	return resolved, nil
}

// each runs a statement and hands over its rows.
func (r *resolver) each(sql string, params *store.Params, targets []any, row func() error) error {
	statement := store.Statement{SQL: sql, Args: params.Values, Binary: true}
	r.executed = append(r.executed, statement)
	return statement.Each(r.ctx, r.db, targets, row)
}

// Set is a set of ids or keys, none of them below 0.
type Set []uint64

// Add takes one more.
func (s *Set) Add(id int32) {
	word := int(id) / 64
	if missing := word + 1 - len(*s); missing > 0 {
		*s = append(*s, make(Set, missing)...)
	}
	(*s)[word] |= 1 << (id % 64)
}

// Has tells whether an id is in it.
func (s Set) Has(id int32) bool {
	word := int(id) / 64
	return word < len(s) && s[word]&(1<<(id%64)) != 0
}

// List are all in it, in their order.
func (s Set) List() []int32 {
	var list []int32
	for i, word := range s {
		for ; word != 0; word &= word - 1 {
			list = append(list, int32(i*64+bits.TrailingZeros64(word))) //nolint:gosec // ids that were added
		}
	}
	return list
}

// ids runs a statement that yields ids, none of them below 0.
func (r *resolver) ids(sql string, params *store.Params) (Set, error) {
	var ids Set
	var id int32
	err := r.each(sql, params, []any{&id}, func() error {
		ids.Add(id)
		return nil
	})
	return ids, err
}

// usersSQL: keys begin with 1; 0 stands for who has neither profile nor user, whom the condition may hold for too.
const usersSQL = `select p.user_key
  from footfall.profiles p%s
 where %s
 union all
select 0
  from (select) nobody
  left join footfall.profiles p on false%s
 where %s`

func (r *resolver) ofUser(n filter.Node) (Where, error) {
	compiler := r.compiler()
	where, err := compiler.Users(n)
	if err != nil {
		return nil, err
	}
	nobody := filter.Needs{Users: compiler.Needs.Users}.JoinsOfNobody()
	keys, err := r.ids(fmt.Sprintf(usersSQL, compiler.Needs.JoinUser(), where, nobody, where), compiler.Params)
	return func(s *Session) bool {
		if s.Kind == packed.None {
			return keys.Has(0)
		}
		return keys.Has(s.User)
	}, err
}

// placeSQL is asked of all texts that the attribute may have, and of none.
const placeSQL = `select coalesce(s.%[1]s, 0)
  from (select d.id as %[1]s from footfall.dictionary d where d.kind = '%[1]s' union all select null) s
 where %[2]s`

func (r *resolver) ofPlace(a filter.Attribute, n filter.Node) (Where, error) {
	at := slices.IndexFunc(event.SessionTexts, func(t event.SessionText) bool { return t.ID == a.Dictionary })
	if at < 0 {
		return nil, fmt.Errorf("packed sessions have no %s", a.ID)
	}
	compiler := r.compiler()
	where, err := compiler.Sessions(n)
	if err != nil {
		return nil, err
	}
	ids, err := r.ids(fmt.Sprintf(placeSQL, a.Dictionary, where), compiler.Params)
	r.scan.NoPlaces = false
	return func(s *Session) bool { return ids.Has(s.Attributes[at]) }, err
}

func (r *resolver) someEvent(n filter.Node) (Where, error) {
	r.scan.NoEvents = false
	tokens, err := r.tokens(n)
	return func(s *Session) bool { return slices.ContainsFunc(s.Tokens, tokens.Has) }, err
}

func (r *resolver) tokens(n filter.Node) (Set, error) {
	compiler := r.compiler()
	where, err := compiler.Token(n)
	if err != nil {
		return nil, err
	}
	return r.ids("select k.id\n  from footfall.tokens k\n where "+where, compiler.Params)
}

// TokensWhere are those that meet a condition that the token alone decides. It returns the statements that were run; its
// errors are as of Select.
func TokensWhere(ctx context.Context, db store.Querier, compiler func() *filter.Compiler, n filter.Node) (Set, []store.Statement, error) {
	r := &resolver{ctx: ctx, db: db, compiler: compiler}
	tokens, err := r.tokens(n)
	return tokens, r.executed, err
}

// sessionsSQL is for what packed sessions do not know.
const sessionsSQL = `select s.user_key, s.session_key
  from footfall.sessions s%s
 where %s
   and %s`

// inScan is a condition on sessions s that those of the scan fulfil.
func (r *resolver) inScan(params *store.Params) string {
	from, to := params.Add(r.scan.From), params.Add(r.scan.To)
	condition := fmt.Sprintf("s.start_ts >= %s and s.start_ts < %s", from, to)
	if r.scan.Reaching {
		condition = filter.Overlap(from, to)
	}
	if r.scan.Users != nil {
		condition += "\n   and s.user_key = any (" + params.Add(r.scan.Users) + "::integer[])"
	}
	return condition
}

// refBytes is what a session's key takes in a map.
const refBytes = 40

func (r *resolver) ofSession(n filter.Node) (Where, error) {
	compiler := r.compiler()
	where, err := compiler.Sessions(n)
	if err != nil {
		return nil, err
	}
	return r.found(compiler, where)
}

// found are the sessions of the scan that meet a condition.
func (r *resolver) found(compiler *filter.Compiler, where string) (Where, error) {
	sql := fmt.Sprintf(sessionsSQL, compiler.Needs.Joins("s"), r.inScan(compiler.Params), where)
	found := map[Ref]struct{}{}
	keeper := r.scan.Room.Keeper()
	var ref Ref
	err := r.each(sql, compiler.Params, []any{&ref.User, &ref.Session}, func() error {
		found[ref] = struct{}{}
		return keeper.Keeps(int64(len(found)) * refBytes)
	})
	return func(s *Session) bool {
		_, is := found[s.Ref]
		return is
	}, err
}
