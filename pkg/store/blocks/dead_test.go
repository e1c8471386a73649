package blocks_test

import (
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/blocks"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

func TestDeathsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		deaths := blocks.MergeDeaths(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) blocks.Death {
			return blocks.Death{
				Start: rapid.Int64Range(0, 1<<42).Draw(t, "start"), User: rapid.Int32Range(1, math.MaxInt32).Draw(t, "user"),
				Key: rapid.Int64().Draw(t, "key"), Number: rapid.Int64Range(0, math.MaxInt64).Draw(t, "number"),
			}
		}), 1, 50).Draw(t, "deaths"))
		dead := blocks.EncodeDeaths(deaths)
		got, err := dead.Decode()
		require.NoError(t, err)
		require.Equal(t, deaths, got)
		for c := range dead.Columns {
			if len(dead.Columns[c]) == 0 {
				continue
			}
			damaged := dead
			damaged.Columns[c] = slices.Clone(dead.Columns[c])
			damaged.Columns[c][rapid.IntRange(0, len(dead.Columns[c])-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
			if got, err := damaged.Decode(); err == nil && !slices.Equal(got, deaths) {
				t.Fatalf("damage of column %d was read", c)
			}
		}
	})
}

// The copy of a session dies by the number that follows its block's, where a batch comes right after sealing. Nothing tells whether
// a death of the block's own number would concern it, since there is none: sealing takes a number of its own, and a block that
// is made of others when a batch of that number is done has none of the copies that died by it.
func TestDeathRightAfterABlock(t *testing.T) {
	block := blocks.Extent{Number: 7, MinStart: 10, MaxStart: 20}
	death := func(start, number int64) blocks.Death {
		return blocks.Death{Start: start, User: 1, Key: 1, Number: number}
	}
	merged := blocks.MergeDeaths([]blocks.Death{death(9, 9), death(10, 8), death(15, 6), death(20, 8), death(21, 9)})
	require.Equal(t, []blocks.Death{death(10, 8), death(20, 8)}, block.Deaths(merged))
	require.Equal(t, block.Deaths(merged), blocks.NeededDeaths(merged, []blocks.Extent{block}))
}

// id names a session of the model.
type id struct {
	user int32
	key  int64
}

// model is a bucket of a store as a worker would keep it, by the rules that docs/data-model.md has: sessions as they should
// be, and where they are packed.
type model struct {
	t        *rapid.T
	sessions map[id]blocks.Session
	tail     map[id]blocks.Session
	blocks   map[int]stored // by an id that no other block had
	dead     []blocks.Dead
	counter  int64
	lastID   int
	packing  []pack // begun, not swapped in
}

type stored struct {
	number int64
	blocks.Block
}

func (s stored) extent() blocks.Extent {
	return blocks.Extent{Number: s.number, MinStart: s.MinStart, MaxStart: s.MaxStart}
}

// pack is what a worker holds that packs several blocks into others, outside of the lock.
type pack struct {
	from   []int
	number int64
	into   [][]blocks.Session
}

func (m *model) deaths() []blocks.Death {
	var lists [][]blocks.Death
	for _, dead := range m.dead {
		list, err := dead.Decode()
		require.NoError(m.t, err)
		lists = append(lists, list)
	}
	return blocks.MergeDeaths(lists...)
}

// living are the sessions of a block that count.
func (m *model) living(s stored) []blocks.Session {
	var r blocks.Reader
	require.NoError(m.t, r.Decode(&s.Block, blocks.All))
	r.Bury(s.extent().Deaths(m.deaths()))
	return r.Sessions()
}

func (m *model) add(number int64, parts [][]blocks.Session) {
	for _, part := range parts {
		m.lastID++
		m.blocks[m.lastID] = stored{number, blocks.Encode(part)}
	}
}

// batch changes, adds and removes sessions, some of which are in blocks.
func (m *model) batch(t *rapid.T) {
	m.counter++
	var deaths []blocks.Death
	for range rapid.IntRange(1, 4).Draw(t, "touched") {
		at := id{rapid.Int32Range(1, 2).Draw(t, "user"), rapid.Int64Range(1, 4).Draw(t, "key")}
		old, existed := m.sessions[at]
		if _, inTail := m.tail[at]; existed && !inTail {
			deaths = append(deaths, blocks.Death{Start: old.Start, User: old.User, Key: old.Key, Number: m.counter})
		}
		delete(m.sessions, at)
		delete(m.tail, at)
		if rapid.IntRange(0, 3).Draw(t, "gone") == 0 {
			continue
		}
		// A session often has the same start again, and now and then the very same events.
		s := blocks.Session{User: at.user, Key: at.key, Start: rapid.Int64Range(0, 2).Draw(t, "start")}
		s.Tokens, s.Offsets = []int32{rapid.Int32Range(1, 3).Draw(t, "token")}, []int64{0}
		s.End, s.Kind = s.Start, packed.User
		m.sessions[at], m.tail[at] = s, s
	}
	if len(deaths) > 0 {
		m.dead = append(m.dead, blocks.EncodeDeaths(blocks.MergeDeaths(deaths)))
	}
}

func (m *model) seal(t *rapid.T) {
	var sessions []blocks.Session
	m.counter++
	for _, at := range slices.SortedFunc(maps.Keys(m.tail), compareIDs) {
		if rapid.Bool().Draw(t, "sealed") {
			sessions = append(sessions, m.tail[at])
			delete(m.tail, at)
		}
	}
	m.add(m.counter, blocks.Split(sessions))
}

func compareIDs(a, b id) int { return int(a.user-b.user)*100 + int(a.key-b.key) }

// beginPack reads some blocks, without those who are dead.
func (m *model) beginPack(t *rapid.T) {
	p := pack{number: m.counter}
	var living []blocks.Session
	for _, at := range slices.Sorted(maps.Keys(m.blocks)) {
		if rapid.Bool().Draw(t, "packed") {
			p.from, living = append(p.from, at), append(living, m.living(m.blocks[at])...)
		}
	}
	p.into = blocks.Split(living)
	m.packing = append(m.packing, p)
}

// endPack swaps the oldest one in, unless the worker has crashed, or some of what it has read is there no more.
func (m *model) endPack(t *rapid.T) {
	if len(m.packing) == 0 {
		return
	}
	p := m.packing[0]
	m.packing = m.packing[1:]
	crashed := rapid.IntRange(0, 4).Draw(t, "crashed") == 0
	if crashed || slices.ContainsFunc(p.from, func(at int) bool { _, there := m.blocks[at]; return !there }) {
		return
	}
	for _, at := range p.from {
		delete(m.blocks, at)
	}
	m.add(p.number, p.into)
}

// tidy merges the lists of dead ones, and drops what no block needs.
func (m *model) tidy(*rapid.T) {
	var extents []blocks.Extent
	for _, s := range m.blocks {
		extents = append(extents, s.extent())
	}
	needed := blocks.NeededDeaths(m.deaths(), extents)
	if m.dead = nil; len(needed) > 0 {
		m.dead = []blocks.Dead{blocks.EncodeDeaths(needed)}
	}
}

// forget removes a user's sessions.
func (m *model) forget(t *rapid.T) {
	user := rapid.Int32Range(1, 2).Draw(t, "user")
	m.remove(t, func(s blocks.Session) bool { return s.User == user })
	deaths := slices.DeleteFunc(m.deaths(), func(d blocks.Death) bool { return d.User == user })
	if m.dead = nil; len(deaths) > 0 {
		m.dead = []blocks.Dead{blocks.EncodeDeaths(deaths)}
	}
}

// retain removes the sessions that started before a time.
func (m *model) retain(t *rapid.T) {
	before := rapid.Int64Range(0, 3).Draw(t, "before")
	m.remove(t, func(s blocks.Session) bool { return s.Start < before })
}

// remove writes each block with a copy of some sessions anew, dead copies too, or drops it. Blocks keep their numbers, but
// not their ids.
func (m *model) remove(t *rapid.T, gone func(blocks.Session) bool) {
	maps.DeleteFunc(m.sessions, func(_ id, s blocks.Session) bool { return gone(s) })
	maps.DeleteFunc(m.tail, func(_ id, s blocks.Session) bool { return gone(s) })
	for _, at := range slices.Sorted(maps.Keys(m.blocks)) {
		s := m.blocks[at]
		var r blocks.Reader
		require.NoError(t, r.Decode(&s.Block, blocks.All))
		all := r.Sessions()
		rest := slices.DeleteFunc(slices.Clone(all), gone)
		if len(rest) == len(all) {
			continue
		}
		delete(m.blocks, at)
		m.add(s.number, blocks.Split(rest))
	}
}

// check wants each session once, as it is: in the tail, or as one living copy.
func (m *model) check(t *rapid.T) {
	got := maps.Clone(m.tail)
	for _, at := range slices.Sorted(maps.Keys(m.blocks)) {
		for _, s := range m.living(m.blocks[at]) {
			if _, twice := got[id{s.User, s.Key}]; twice {
				t.Fatalf("session %d of user %d counts twice", s.Key, s.User)
			}
			got[id{s.User, s.Key}] = s
		}
	}
	if difference := diff(m.sessions, got); difference != "" {
		t.Fatalf("sessions differ (-want +got):\n%s", difference)
	}
}

// The rules keep each session exact, whatever order batches, sealing, packing by several workers, tidying, forgetting and
// retention come in.
func TestEachSessionCountsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &model{t: t, sessions: map[id]blocks.Session{}, tail: map[id]blocks.Session{}, blocks: map[int]stored{}}
		t.Repeat(map[string]func(*rapid.T){
			"": m.check, "batch": m.batch, "seal": m.seal, "begin to pack": m.beginPack, "end packing": m.endPack, "tidy": m.tidy,
			"forget": m.forget, "retain": m.retain,
		})
	})
}
