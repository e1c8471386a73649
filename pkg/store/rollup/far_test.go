package rollup_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Events of the same users and sessions 25 years apart, months of which most are empty.
func TestEventsManyYearsApart(t *testing.T) {
	pool := testdb.New(t)
	const years25 = 25 * 365 * 86_400_000
	for seed := range 5 {
		testdb.Clear(t, pool)
		all := rapid.Custom(rows).Example(seed)
		random := rand.New(rand.NewPCG(uint64(seed), 0))
		for i := range all {
			if random.IntN(3) > 0 {
				all[i].TS = strconv.FormatInt(947_000_000_000+random.Int64N(4)*years25/4, 10)
			}
		}
		for from := 0; from < len(all); from += 10 {
			insert(t, pool, all[from:min(from+10, len(all))])
			drain(t, pool, 7)
		}
		want := oracle(parse(t, all), defaultRules)
		requireWorld(t, pool, want)
		requireTotals(t, pool, want)
		rebuild(t, pool)
		requireWorld(t, pool, want)
	}
}

// One session of 30,000 events, which come shuffled: counts stay exact, arrays end at the cap. Then it goes on.
func TestVeryLongSession(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	const events = 30_000
	all := make([]event.Row, events)
	for i := range all {
		all[i] = event.Row{
			TS: strconv.FormatInt(1_700_000_000_000+int64(i/3)*700, 10), Seq: strconv.Itoa(i), ID: strconv.Itoa(i),
			Type: "view", UserID: "ann", SessionID: "s", ViewPath: fmt.Sprintf("/page-%c", 'a'+i%7),
		}
		if i%4 == 0 {
			all[i].Type, all[i].ActionType, all[i].ActionName = "action", "click", fmt.Sprint("button ", i/16%3)
		}
	}
	later := all[events-1000:]
	first := append([]event.Row{}, all[:events-1000]...)
	rand.Shuffle(len(first), func(i, j int) { first[i], first[j] = first[j], first[i] })
	insert(t, pool, first)
	drain(t, pool, 20_000)
	insert(t, pool, later)
	drain(t, pool, 300)
	want := oracle(parse(t, all), defaultRules)
	requireWorld(t, pool, want)
	requireTotals(t, pool, want)
	if n := count(t, pool, `select events from footfall.sessions where truncated and cardinality(tokens) = 20000`); n != events {
		t.Errorf("the truncated session counts %d events, want %d", n, events)
	}
	rebuild(t, pool)
	requireWorld(t, pool, want)
}
