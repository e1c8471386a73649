package query

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"

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

// did is a condition on one event in a range of time, by somebody.
type did struct {
	from, to           time.Time // which may be shorter than what was asked for: that of whole days
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
	one := &did{from: c.From, to: c.To, ofSession: ofSession, ofToken: ofToken, beside: beside}
	at := slices.IndexFunc(c.found.did, func(known *did) bool { return reflect.DeepEqual(known, one) })
	if at < 0 {
		at = len(c.found.did)
		c.found.did = append(c.found.did, one)
	}
	return &c.found.did[at].keys
}

func (c Context) find(ctx context.Context, db store.Querier) (executed []store.Statement, err error) {
	for _, d := range c.found.definitions {
		members, err := c.Shared.once("segment "+d.text, func() (whom, error) {
			keys, executed, err := segment.ReadMembers(ctx, db, d.Definition, d.env)
			return whom{[][]int32{keys}, executed}, err
		})
		if executed = append(executed, members.executed...); err != nil {
			return executed, err
		}
		d.keys = members.keys[0]
	}
	for rest := c.found.did; len(rest) > 0; {
		f := &finding{Context: c, ctx: ctx, db: db, executed: executed}
		f.From, f.To = rest[0].from, rest[0].to
		var list, others []*did
		for _, d := range rest {
			if d.from.Equal(f.From) && d.to.Equal(f.To) {
				list = append(list, d)
			} else {
				others = append(others, d)
			}
		}
		err := f.find(list)
		if executed, rest = f.executed, others; err != nil {
			return executed, err
		}
	}
	return executed, nil
}

// finding finds for each of some conditions on one range of time who fulfils it, all in one scan.
type finding struct {
	Context
	ctx      context.Context //nolint:containedctx // of the question
	db       store.Querier
	list     []*did // different ones
	executed []store.Statement
}

func (f *finding) find(list []*did) error {
	var texts []string
	places := make([]int, len(list))
	for i, d := range list {
		text := filter.String(d.ofSession) + "\n" + filter.String(d.ofToken)
		if places[i] = slices.Index(texts, text); places[i] < 0 {
			places[i] = len(texts)
			texts, f.list = append(texts, text), append(f.list, d)
		}
	}
	users, err := f.few(list)
	if err != nil {
		return err
	}
	shared := f.Shared
	if users != nil {
		shared = nil // other questions may be of others
	}
	who, err := shared.once(fmt.Sprint("did ", f.From, f.To, f.Location, texts), func() (whom, error) { return f.read(users) })
	if f.executed = append(f.executed, who.executed...); err != nil {
		return err
	}
	for i, d := range list {
		d.keys = who.keys[places[i]]
	}
	return nil
}

// read looks at the sessions of those users alone, or at all where nil.
func (f *finding) read(users []int32) (who whom, err error) {
	room := columns.Default.Room()
	defer room.Clear()
	scan := columns.Scan{From: f.From, To: f.To, Reaching: true, Room: room, Users: users, NoPlaces: true, NoTimesInside: true}
	var tokens []int32
	for _, d := range f.list {
		var executed []store.Statement
		d.tokens, executed, err = columns.TokensWhere(f.ctx, f.db, f.Compiler, d.ofToken)
		if who.executed = append(who.executed, executed...); err != nil {
			return who, err
		}
		tokens = append(tokens, d.tokens.List()...)
	}
	if users == nil {
		executed, err := scan.Holding(f.ctx, f.db, tokens)
		if who.executed = append(who.executed, executed...); err != nil {
			return who, err
		}
	}
	for _, d := range f.list {
		conditions := scan
		executed, err := conditions.Select(f.ctx, f.db, f.Compiler, d.ofSession)
		if who.executed = append(who.executed, executed...); err != nil {
			return who, err
		}
		d.where, scan.NoPlaces = conditions.Where, scan.NoPlaces && conditions.NoPlaces
	}
	statements, err := f.scan(scan, &who)
	who.executed = append(who.executed, statements...)
	return who, err
}

// fewUsers are so many that their sessions are looked up rather than reading those of all, or those with an event that matters.
const fewUsers = 1000

// few are the users who matter, nil where they are many.
func (f *finding) few(list []*did) ([]int32, error) {
	users := []int32{}
	for i, d := range list {
		if d.beside == nil {
			return nil, nil
		} else if i > 0 && reflect.DeepEqual(list[i-1].beside, d.beside) {
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

func (f *finding) scan(scan columns.Scan, who *whom) ([]store.Statement, error) {
	from, to := columns.Milliseconds(f.From), columns.Milliseconds(f.To)
	of := make([][]columns.Set, columns.Workers()) // users, by goroutine and condition
	for i := range of {
		of[i] = make([]columns.Set, len(f.list))
	}
	statements, err := scan.Read(f.ctx, f.db, func(worker int, s *columns.Session) error {
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
	for i := range f.list {
		keys := []int32{}
		for _, sets := range of {
			keys = append(keys, sets[i].List()...)
		}
		slices.Sort(keys)
		who.keys = append(who.keys, keys)
	}
	return statements, err
}

// holds tells whether an event of a session fulfils the condition.
func (d *did) holds(s *columns.Session, from, to int64) bool {
	if d.where != nil && !d.where(s) {
		return false
	}
	if s.Offsets == nil {
		return slices.ContainsFunc(s.Tokens, d.tokens.Has)
	}
	for i, token := range s.Tokens {
		if at := s.Start + s.Offsets[i]; d.tokens.Has(token) && at >= from && at < to {
			return true
		}
	}
	return false
}
