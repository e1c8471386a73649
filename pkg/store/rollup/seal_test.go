package rollup_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/blocks"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// saidByEvents are attributes that the events of random histories have.
var saidByEvents = []string{"price", "tags", "cart.total", "coupon"}

// drawSealing has workers seal nothing, everything, or some, and pack some attributes of events.
func drawSealing(t testing.TB, rt *rapid.T, pool *pgxpool.Pool) {
	t.Helper()
	testdb.BoundTail(t, pool, rapid.SampledFrom([]int{-1, 0, 0, 1, 4}).Draw(rt, "tail"))
	testdb.PackAttributes(t, pool, saidByEvents[:rapid.IntRange(0, len(saidByEvents)).Draw(rt, "attributes")]...)
}

// eachBlock reads all blocks; the reader has buried what is dead.
func eachBlock(ctx context.Context, db store.Querier, want blocks.Set, take func(*blocks.Reader, []blocks.Death)) error {
	deaths, err := blocks.ReadDeaths(ctx, db, "true")
	if err != nil {
		return err
	}
	var r blocks.Reader
	return blocks.Each(ctx, db, blocks.Statement(want, "true"), func(row *blocks.Row) error {
		if err := r.Decode(&row.Block, want); err != nil {
			return err
		}
		r.Bury(row.Extent().Deaths(deaths[row.Bucket]))
		take(&r, deaths[row.Bucket])
		return nil
	})
}

// living are how many copies of sessions in blocks count.
func living(ctx context.Context, db store.Querier) (n int, err error) {
	err = eachBlock(ctx, db, blocks.Of(blocks.Users, blocks.Keys), func(r *blocks.Reader, _ []blocks.Death) {
		for range r.All {
			n++
		}
	})
	return n, err
}

func textOf(t *testing.T, pool *pgxpool.Pool, sql string) (text string) {
	t.Helper()
	require.NoError(t, pool.QueryRow(t.Context(), sql).Scan(&text))
	return text
}

// Those that were not touched for longest are sealed, until the tail is within its bound; those that go on come back.
func TestTheQuietestAreSealed(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	send := func(from, to int) {
		_, err := pool.Exec(t.Context(), `
			insert into footfall.inbox (ts, type, usr_id, session_id)
			select '2025-05-17'::timestamptz + n * interval '1 s', 'view', 'u', 's' || n from generate_series($1::int, $2) n`, from, to)
		require.NoError(t, err)
		drain(t, pool, 0)
		requirePacked(t, pool)
	}
	const stand = `
		select (select coalesce(string_agg(sessions::text, ' ' order by id), '') from footfall.blocks) || ', '
		         || (select count(*) from footfall.tail) || ', ' || (select coalesce(sum(deaths), 0) from footfall.dead)`
	testdb.BoundTail(t, pool, 10)
	send(1, 10)
	require.Equal(t, ", 10, 0", textOf(t, pool, stand))
	send(11, 12)
	require.Equal(t, "6, 6, 0", textOf(t, pool, stand), "half of a bucket that is beyond the bound")
	require.Equal(t, "s10 s11 s12 s7 s8 s9", textOf(t, pool, `
		select string_agg(s.session_id, ' ' order by s.session_id)
		  from footfall.tail t join footfall.sessions s using (user_key, session_key)`))
	send(1, 2) // the very same events change nothing
	require.Equal(t, "6, 6, 0", textOf(t, pool, stand))
	_, err := pool.Exec(t.Context(), `insert into footfall.inbox (ts, type, usr_id, session_id) values (now(), 'view', 'u', 's1'), (now(), 'view', 'u', 's6')`)
	require.NoError(t, err)
	drain(t, pool, 0)
	requirePacked(t, pool)
	require.Equal(t, "6, 8, 2", textOf(t, pool, stand))
	send(13, 15)
	require.Equal(t, "5 4, 6, 2", textOf(t, pool, stand), "a third of the first block was dead")
	testdb.BoundTail(t, pool, 5)
	for n, want := range []string{"11 2, 5, 2", "11 2 4, 4, 2"} { // two that last more than a day make four of the blocks, which are packed
		send(20+4*n, 22+4*n)
		require.Equal(t, want, textOf(t, pool, stand))
	}
	require.NoError(t, rollup.PackAgain(t.Context(), pool, func(int64) {}))
	requirePacked(t, pool)
	require.Equal(t, ", 21, 0", textOf(t, pool, stand), "packed anew for repair")
}

// forgotten is what must not be in any block after people were forgotten, whether it counts there or not.
type forgotten struct {
	users    []int32
	sessions []int64
	targets  []int32  // of actions that they alone did
	said     []string // values of price that they alone said
}

func aboutToForget(t rapid.TB, pool *pgxpool.Pool, people rollup.People) (f forgotten) {
	t.Helper()
	if err := pool.QueryRow(context.Background(), `
		with gone as (select key from footfall.users where kind = 'usr' and id = any ($1) or kind = 'anonymous' and id = any ($2))
		select (select coalesce(array_agg(key), '{}') from gone),
		       (select coalesce(array_agg(s.session_key), '{}') from footfall.sessions s join gone on gone.key = s.user_key),
		       (select coalesce(array_agg(id), '{}') from footfall.dictionary
		         where kind = 'action_target' and value in (select 'by ' || id from unnest($1) id)),
		       array(select (e.attributes -> 'price')::text from footfall.events e where e.user_key in (select key from gone) and e.attributes ? 'price'
		             except
		             select (e.attributes -> 'price')::text from footfall.events e where e.user_key not in (select key from gone))`,
		people.Users, people.Anonymous).Scan(&f.users, &f.sessions, &f.targets, &f.said); err != nil {
		t.Fatalf("who is about to be forgotten: %v", err)
	}
	return f
}

func (f forgotten) require(t rapid.TB, pool *pgxpool.Pool) {
	t.Helper()
	err := eachBlock(context.Background(), pool, blocks.All, func(r *blocks.Reader, deaths []blocks.Death) {
		for _, d := range deaths {
			if slices.Contains(f.users, d.User) || slices.Contains(f.sessions, d.Key) {
				t.Fatalf("the death of session %d of user %d is told", d.Key, d.User)
			}
		}
		alive := map[int64]bool{}
		for _, s := range r.All {
			alive[s.Key] = true
		}
		for _, s := range r.Without(func(*blocks.Session, bool) bool { return false }) {
			if slices.Contains(f.users, s.User) || slices.Contains(f.sessions, s.Key) && !alive[s.Key] {
				t.Fatalf("session %d of user %d stands in a block", s.Key, s.User)
			}
			for _, target := range s.Fields[packed.ActionTarget].ID {
				if slices.Contains(f.targets, target) {
					t.Fatalf("a target of somebody forgotten stands in session %d of user %d", s.Key, s.User)
				}
			}
		}
	})
	if err != nil {
		t.Fatalf("read blocks: %v", err)
	}
	if err := eachValues(context.Background(), pool, func(name string, _ bool, v *blocks.EventValues) {
		for _, text := range v.Texts {
			if slices.Contains(f.said, text) {
				t.Fatalf("the attribute %s of a block has %s, which somebody forgotten alone said", name, text)
			}
		}
	}); err != nil {
		t.Fatalf("read attributes of blocks: %v", err)
	}
}

// requireNoneOlder wants no copy in blocks of a session that ended before a time, whether it counts or not.
func requireNoneOlder(t rapid.TB, pool *pgxpool.Pool, before time.Time) {
	t.Helper()
	err := eachBlock(context.Background(), pool, blocks.All, func(r *blocks.Reader, _ []blocks.Death) {
		for _, s := range r.Without(func(*blocks.Session, bool) bool { return false }) {
			if s.End < before.UnixMilli() {
				t.Fatalf("session %d of user %d, which retention has removed, stands in a block", s.Key, s.User)
			}
		}
	})
	if err != nil {
		t.Fatalf("read blocks: %v", err)
	}
}
