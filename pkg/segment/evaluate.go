package segment

import (
	"context"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// people are users by their keys.
type people = *roaring.Bitmap

// evaluation finds for whom conditions of a definition hold. What packed sessions tell of events is looked for in one scan of
// them all; of everything else the store is asked, once for each set of users.
type evaluation struct {
	of  Definition
	env Env
	ctx context.Context //nolint:containedctx // of the evaluation
	db  store.Querier

	events   *eventConditions
	everyone people // the universe; nil until it is asked for
	executed []store.Statement
}

// found is for whom a condition holds, known once the sessions are scanned.
type found func() (people, error)

// evaluate tells for each of the definition's conditions for whom it holds. Its errors are of type Error, those of the scan,
// or *store.StatementError.
func (e *evaluation) evaluate(conditions []Condition) ([]people, error) {
	if _, err := e.of.Compile(e.env, &store.Params{}); err != nil {
		return nil, err // says where it is wrong
	}
	e.events = newEventConditions(e)
	conditionsFound := make([]found, len(conditions))
	for i, condition := range conditions {
		var err error
		if conditionsFound[i], err = e.condition(condition); err != nil {
			return nil, err
		}
	}
	if err := e.events.scan(); err != nil {
		return nil, err
	}
	return all(conditionsFound)
}

// ReadMembers finds the keys of a definition's members, and returns the statements that were run. Its errors are of type Error,
// those of the scan, or *store.StatementError.
func ReadMembers(ctx context.Context, db store.Querier, d Definition, env Env) ([]int32, []store.Statement, error) {
	e := &evaluation{of: d, env: env, ctx: ctx, db: db}
	members, err := e.members()
	if err != nil {
		return nil, e.executed, err
	}
	return keysOf(members), e.executed, nil
}

// SpeaksOfEvents tells whether any part of a definition does, so that it takes a look at many sessions to find its members.
func (d Definition) SpeaksOfEvents() bool { return d.Where.speaksOfEvents() }

// members are those that the definition has now.
func (e *evaluation) members() (people, error) {
	sets, err := e.evaluate([]Condition{e.of.Where})
	if err != nil {
		return nil, err
	}
	return e.withShared(sets[0])
}

func all(list []found) ([]people, error) {
	sets := make([]people, len(list))
	for i, f := range list {
		var err error
		if sets[i], err = f(); err != nil {
			return nil, err
		}
	}
	return sets, nil
}

func (e *evaluation) condition(of Condition) (found, error) {
	switch {
	case !of.speaksOfEvents():
		return e.ask(of)
	case len(of.All) > 0:
		return e.join(of.All, func(free []Condition) Condition { return Condition{All: free} }, roaring.FastAnd)
	case len(of.Any) > 0:
		return e.join(of.Any, func(free []Condition) Condition { return Condition{Any: free} }, roaring.FastOr)
	case of.Not != nil:
		inner, err := e.condition(*of.Not)
		return func() (people, error) { return e.except(inner) }, err
	}
	tells, err := e.events.condition(of)
	if tells != nil || err != nil {
		return tells, err
	}
	return e.ask(of)
}

// join joins conditions; those that say nothing of events are asked of the store together.
func (e *evaluation) join(parts []Condition, together func([]Condition) Condition, joined func(...*roaring.Bitmap) *roaring.Bitmap) (found, error) {
	var free []Condition
	var list []found
	add := func(part Condition) error {
		f, err := e.condition(part)
		list = append(list, f)
		return err
	}
	for _, part := range parts {
		if !part.speaksOfEvents() {
			free = append(free, part)
		} else if err := add(part); err != nil {
			return nil, err
		}
	}
	if len(free) > 0 {
		if err := add(together(free)); err != nil {
			return nil, err
		}
	}
	return func() (people, error) {
		sets, err := all(list)
		return joined(sets...), err
	}, nil
}

func (e *evaluation) except(inner found) (people, error) {
	set, err := inner()
	if err != nil {
		return nil, err
	}
	everyone, err := e.universe()
	return roaring.AndNot(everyone, set), err
}

// speaksOfEvents tells whether any part of a condition does.
func (c Condition) speaksOfEvents() bool {
	speaks := false
	c.walk(func(c Condition) { speaks = speaks || c.Did != nil || c.Sequence != nil })
	return speaks
}

// ask asks the store for whom a condition holds.
func (e *evaluation) ask(of Condition) (found, error) {
	var params store.Params
	b, err := newBuilder(e.of, e.env, &params)
	if err != nil {
		return nil, err
	}
	c := b.compiler()
	where, err := b.condition(c, of, "where")
	if err != nil {
		return nil, err
	}
	set, err := e.keys(fmt.Sprintf(matchedSQL, c.Needs.JoinUser(), e.of.universe(), where), params.Values...)
	return func() (people, error) { return set, nil }, err
}

// keys runs a statement that yields keys of users.
func (e *evaluation) keys(sql string, args ...any) (people, error) {
	set := roaring.New()
	var key int32
	err := e.each(sql, args, []any{&key}, func() error {
		set.Add(uint32(key)) //nolint:gosec // keys begin with 1
		return nil
	})
	return set, err
}

func (e *evaluation) each(sql string, args, targets []any, row func() error) error {
	statement := store.Statement{SQL: sql, Args: args, Binary: true}
	e.executed = append(e.executed, statement)
	return statement.Each(e.ctx, e.db, targets, row)
}

// universe are the users there are to choose from.
func (e *evaluation) universe() (people, error) {
	if e.everyone != nil {
		return e.everyone, nil
	}
	var err error
	e.everyone, err = e.keys("select p.user_key\n  from footfall.profiles p\n where " + e.of.universe())
	return e.everyone, err
}

// universeSize is how many users there are to choose from.
func (e *evaluation) universeSize() (n int64, err error) {
	if e.everyone != nil {
		return size(e.everyone), nil
	}
	err = e.each("select count(*)\n  from footfall.profiles p\n where "+e.of.universe(), nil, []any{&n}, func() error { return nil })
	return n, err
}

// withShared adds to those who match whoever shares the definition's identity with them.
func (e *evaluation) withShared(matched people) (people, error) {
	var params store.Params
	b, err := newBuilder(e.of, e.env, &params)
	if err != nil {
		return nil, err
	}
	identity, err := b.identity(e.of.Identity)
	if err != nil || identity == "" {
		return matched, err
	}
	given := "select m.user_key from unnest(" + params.Add(keysOf(matched)) + "::integer[]) m (user_key)"
	return e.keys(b.shared(e.of, given, identity, "p.user_key"), params.Values...)
}

// keysOf lists keys as PostgreSQL takes them.
func keysOf(set people) []int32 {
	keys := make([]int32, 0, set.GetCardinality())
	for i := set.Iterator(); i.HasNext(); {
		keys = append(keys, int32(i.Next())) //nolint:gosec // PostgreSQL's integer
	}
	return keys
}

// compiler compiles filters for a statement of its own.
func (e *evaluation) compiler() *filter.Compiler {
	b, _ := newBuilder(e.of, e.env, &store.Params{}) // evaluate has seen that it can be made
	return b.compiler()
}
