package counting

import (
	"context"
	"errors"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// OtherText is what values are called that the store, or a facet, keeps no more apart.
const OtherText = "(other)"

// Group is a combination of facets' values.
type Group struct {
	Labels []*string // "" where there is no value; nil: all others
	Cells  []Cell    // by bucket
}

// Cell is what was counted of a group in a bucket, in which there was something.
type Cell struct {
	Bucket int
	Counts []Count // by track
}

// Answer is what was counted. It keeps memory that others wait for until Free is called.
type Answer struct {
	Groups []Group // with something in them, in their order
	Values []int64 // of each facet, the most within any group of the facets before

	rooms []*columns.Room
}

// Free is called when the answer is needed no more; nil is nothing.
func (a *Answer) Free() {
	if a != nil {
		for _, room := range a.rooms {
			room.Clear()
		}
	}
}

// run is a Grouping on its way.
type run struct {
	*Grouping
	db       store.Querier
	from, to int64   // [from, to), in milliseconds since 1970
	user     []int32 // the one that is asked for; nil: all
	scan     columns.Scan
	wheres   []columns.Where // by condition; nil where it is none on sessions
	tokens   *facts
	viewed   []int32 // pages of views, by token; nil where they do not matter
	users    *facts
	codes    []*codes // by facet

	meanings *columns.Room // what conditions and users mean
	counts   *columns.Room // of the pass that was last

	eventsOutside []eventsOutside
	said          *said
	executed      []store.Statement
}

// did notes a statement, once however often it was run.
func (r *run) did(list ...store.Statement) {
	for _, s := range list {
		if !slices.ContainsFunc(r.executed, func(before store.Statement) bool { return before.String() == s.String() }) {
			r.executed = append(r.executed, s)
		}
	}
}

// Count reads and counts, and returns what was executed. Sessions are read once for each facet, to find its first values, and
// then for what is asked of these, which takes little memory however many values there are; where there are few, the last two
// are one.
func (g *Grouping) Count(ctx context.Context, db store.Querier) (*Answer, []store.Statement, error) {
	r := g.run(db)
	answer := &Answer{Values: make([]int64, len(r.Facets)), rooms: []*columns.Room{r.meanings, r.counts}}
	known, err := r.begin(ctx)
	if known && err == nil {
		err = r.answer(ctx, answer)
	}
	if err != nil {
		answer.Free()
		return nil, r.executed, err
	}
	return answer, r.executed, nil
}

func (g *Grouping) run(db store.Querier) *run {
	return &run{
		Grouping: g, db: db, from: g.context.From.UnixMilli(), to: g.context.To.UnixMilli(),
		meanings: columns.Default.Room(), counts: columns.Default.Room(),
	}
}

// begin reads what tokens, users and conditions mean; false where the store does not know the one user that is asked for.
func (r *run) begin(ctx context.Context) (known bool, err error) {
	if r.User != "" {
		if known, err = r.findUser(ctx); !known || err != nil {
			return false, err
		}
	}
	for i, f := range r.Facets {
		r.codes = append(r.codes, codesOf(f, r.sources[i]))
	}
	if r.tokens, err = r.tokenFacts(ctx); err != nil {
		return false, err
	}
	if r.users, err = r.userFacts(ctx); err != nil {
		return false, err
	}
	if r.eventsOutside, err = r.readOutside(ctx); err != nil {
		return false, err
	}
	if err = r.readSaid(ctx); err != nil {
		return false, err
	}
	return true, r.resolve(ctx)
}

func (r *run) findUser(ctx context.Context) (known bool, err error) {
	params := &store.Params{}
	statement := store.Statement{SQL: "select " + r.Key(params)}
	statement.Args = params.Values
	r.did(statement)
	var key *int32
	err = statement.Each(ctx, r.db, []any{&key}, func() error { return nil })
	if key != nil {
		r.user = []int32{*key}
	}
	return key != nil, err
}

// resolve asks the store what conditions on sessions depend on.
func (r *run) resolve(ctx context.Context) error {
	for i, n := range r.ofSession {
		one := r.Grouping.scan()
		one.Users, one.Room = r.user, r.meanings
		executed, err := one.Select(ctx, r.db, r.context.Compiler, n)
		if err != nil {
			return err
		}
		r.did(executed...)
		if i == 0 {
			r.scan, one.Where = one, nil
			if r.said != nil {
				r.scan.Said = r.said.Said
			}
		}
		r.scan.NoEvents, r.scan.NoPlaces = r.scan.NoEvents && one.NoEvents, r.scan.NoPlaces && one.NoPlaces
		r.wheres = append(r.wheres, one.Where)
	}
	return nil
}

func (r *run) answer(ctx context.Context, a *Answer) error {
	a.Groups = []Group{{}}
	var levels []level
	for i, f := range r.Facets {
		p := &pass{run: r, levels: levels, ranked: i, tracks: r.RankedBy}
		if i == len(r.Facets)-1 && !f.Other {
			p.tracks, p.starts, p.isWhole, p.isTry = r.allTracks(), r.starts(), true, true
		}
		counted, err := p.count(ctx)
		if p.isTry && errors.Is(err, columns.ErrTooMuch) {
			// One goroutine may have given up while another, which went on trying, kept all that there is.
			p = &pass{run: r, levels: levels, ranked: i, tracks: r.RankedBy}
			counted, err = p.count(ctx)
		}
		if err != nil {
			return err
		}
		var next level
		if next, a.Groups, a.Values[i], err = r.rank(ctx, i, counted, a.Groups); err != nil {
			return err
		}
		levels = append(levels, next)
		if counted.hasAll(next) || len(a.Groups) == 0 {
			a.take(counted, func(key uint64) (group int32, is bool) { group, is = next.next[key]; return group, is })
			return nil
		}
	}
	p := &pass{run: r, levels: levels, ranked: -1, tracks: r.allTracks(), starts: r.starts()}
	counted, err := p.count(ctx)
	if err != nil {
		return err
	}
	a.take(counted, func(key uint64) (int32, bool) { return int32(key >> 32), true }) //nolint:gosec // made of one
	a.Groups = slices.DeleteFunc(a.Groups, func(g Group) bool { return len(g.Cells) == 0 })
	return nil
}

// take gives groups what was counted of them by bucket. groupOf finds the group of a key.
func (a *Answer) take(counted *groupCounter, groupOf func(key uint64) (int32, bool)) {
	for cell, place := range counted.made {
		group, is := groupOf(counted.keys[place[0]])
		if is && (counted.starts == nil || place[1] != counted.whole()) {
			a.Groups[group].Cells = append(a.Groups[group].Cells, Cell{int(place[1]), counted.of(cell)})
		}
	}
}

func (r *run) allTracks() []int {
	list := make([]int, len(r.Tracks))
	for i := range list {
		list[i] = i
	}
	return list
}
