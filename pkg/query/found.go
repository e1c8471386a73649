package query

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// found are users whom an answer depends on and who are found before its statements are run, which take their keys as values:
// a scan of packed sessions finds them many times faster than SQL.
type found struct {
	definitions []*definition
	did         []*did
}

// definition is a segment's, of which the members are found.
type definition struct {
	segment.Definition
	env  segment.Env
	text string
	keys []int32
}

// did is a condition on one event in the range of time, by somebody.
type did struct {
	ofSession, ofToken filter.Node
	beside             filter.Node // on users, of whom no others need be found; nil: of all
	keys               []int32

	where  columns.Where
	tokens columns.Set
}

// Finding is a context whose questions leave users to be found, and what finds them. It returns the statements that were run; its
// errors are those of scans, of package segment, or of type *store.StatementError.
func (c Context) Finding() (Context, func(context.Context, store.Querier) ([]store.Statement, error)) {
	c.found = &found{}
	return c, func(ctx context.Context, db store.Querier) ([]store.Statement, error) { return c.find(ctx, db) }
}

// members is where the keys of a definition's members will be; nil where SQL finds them as fast.
func (c Context) members(d segment.Definition, env segment.Env) *[]int32 {
	if c.found == nil || !d.SpeaksOfEvents() {
		return nil
	}
	text, err := json.Marshal(d)
	if err != nil {
		return nil
	}
	at := slices.IndexFunc(c.found.definitions, func(known *definition) bool { return known.text == string(text) })
	if at < 0 {
		at = len(c.found.definitions)
		c.found.definitions = append(c.found.definitions, &definition{Definition: d, env: env, text: string(text)})
	}
	return &c.found.definitions[at].keys
}

// did is for filter.Scope: what packed sessions and tokens tell is found. What sessions alone tell is not, since no event is
// looked at for it.
func (c Context) did(n, beside filter.Node) *[]int32 {
	compiler := c.Compiler()
	compiler.Did = nil
	ofSession, ofToken, rest := compiler.Parts(n)
	if rest != nil || ofToken == nil {
		return nil
	}
	if _, err := compiler.Events(n); err != nil {
		return nil // the statement says where it is wrong
	}
	one := &did{ofSession: ofSession, ofToken: ofToken, beside: beside}
	at := slices.IndexFunc(c.found.did, func(known *did) bool { return reflect.DeepEqual(known, one) })
	if at < 0 {
		at = len(c.found.did)
		c.found.did = append(c.found.did, one)
	}
	return &c.found.did[at].keys
}

func (c Context) find(ctx context.Context, db store.Querier) (executed []store.Statement, err error) {
	for _, d := range c.found.definitions {
		var more []store.Statement
		d.keys, more, err = segment.ReadMembers(ctx, db, d.Definition, d.env)
		if executed = append(executed, more...); err != nil {
			return executed, err
		}
	}
	if len(c.found.did) == 0 {
		return executed, nil
	}
	f := &finding{Context: c, ctx: ctx, db: db, list: c.found.did, executed: executed}
	err = f.find()
	return f.executed, err
}

// finding finds for each of some conditions who fulfils it, all in one scan.
type finding struct {
	Context
	ctx      context.Context //nolint:containedctx // of the question
	db       store.Querier
	list     []*did
	executed []store.Statement
}

func (f *finding) find() error {
	room := columns.Default.Room()
	defer room.Clear()
	scan := columns.Scan{From: f.From, To: f.To, Reaching: true, Room: room}
	if err := f.narrow(&scan); err != nil {
		return err
	}
	for _, d := range f.list {
		conditions := scan
		executed, err := conditions.Select(f.ctx, f.db, f.Compiler, d.ofSession)
		f.executed = append(f.executed, executed...)
		if err != nil {
			return err
		}
		d.where = conditions.Where
	}
	return f.scan(scan)
}

// fewUsers are so many that their sessions are looked up rather than reading those of all.
const fewUsers = 1000

// narrow lets a scan read the sessions of those users alone who matter, where they are few, or those with an event that matters,
// where these are few.
func (f *finding) narrow(scan *columns.Scan) error {
	var tokens []int32
	for _, d := range f.list {
		var err error
		var executed []store.Statement
		d.tokens, executed, err = columns.TokensWhere(f.ctx, f.db, f.Compiler, d.ofToken)
		if f.executed = append(f.executed, executed...); err != nil {
			return err
		}
		tokens = append(tokens, d.tokens.List()...)
	}
	users, err := f.few()
	if users != nil || err != nil {
		scan.Users = users
		return err
	}
	executed, err := scan.Holding(f.ctx, f.db, tokens)
	f.executed = append(f.executed, executed...)
	return err
}

// few are the users who matter, nil where they are many.
func (f *finding) few() ([]int32, error) {
	users := []int32{}
	for i, d := range f.list {
		if d.beside == nil {
			return nil, nil
		} else if i > 0 && reflect.DeepEqual(f.list[i-1].beside, d.beside) {
			continue
		}
		compiler := f.Compiler()
		where, err := compiler.Users(d.beside)
		if err != nil {
			return nil, err
		}
		compiler.Needs.Profiles = false // p is there
		statement := store.Statement{SQL: "select p.user_key\n  from footfall.profiles p" + compiler.Needs.JoinUser() + "\n where " + where +
			"\n limit " + compiler.Params.Add(fewUsers+1), Args: compiler.Params.Values, Binary: true}
		f.executed = append(f.executed, statement)
		var user int32
		err = statement.Each(f.ctx, f.db, []any{&user}, func() error {
			users = append(users, user)
			return nil
		})
		if len(users) > fewUsers || err != nil {
			return nil, err
		}
	}
	return users, nil
}

func (f *finding) scan(scan columns.Scan) error {
	from, to := columns.Milliseconds(f.From), columns.Milliseconds(f.To)
	of := make([][]columns.Set, columns.Workers()) // users, by goroutine and condition
	for i := range of {
		of[i] = make([]columns.Set, len(f.list))
	}
	statement, err := scan.Read(f.ctx, f.db, func(worker int, s *columns.Session) error {
		if s.Kind == packed.None {
			return nil
		}
		for i, d := range f.list {
			if !of[worker][i].Has(s.User) && d.holds(s, from, to) {
				of[worker][i].Add(s.User)
			}
		}
		return nil
	})
	f.executed = append(f.executed, statement)
	for i, d := range f.list {
		d.keys = []int32{}
		for _, sets := range of {
			d.keys = append(d.keys, sets[i].List()...)
		}
		slices.Sort(d.keys)
	}
	return err
}

// holds tells whether an event of a session fulfils the condition.
func (d *did) holds(s *columns.Session, from, to int64) bool {
	if d.where != nil && !d.where(s) {
		return false
	}
	for i, token := range s.Tokens {
		if at := s.Start + s.Offsets[i]; d.tokens.Has(token) && at >= from && at < to {
			return true
		}
	}
	return false
}
