package rollup_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// While blocks and their attributes are being packed sessions go on, are sealed again and forgotten, and others pack the same blocks:
// whatever takes its place in the end, each session counts once, as it is.
func TestPackingBesideOthers(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	ctx := context.Background()
	ended, dropped, written := 0, 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		testdb.Clear(t, pool)
		testdb.BoundTail(t, pool, 3)
		testdb.PackAttributes(t, pool, saidByEvents...)
		send := func(sessions ...int) { // of two users; an early event moves a session's start
			for _, n := range sessions {
				_, err := pool.Exec(ctx, `
					insert into footfall.inbox (ts, type, usr_id, session_id, attributes)
					values ('2025-05-17'::timestamptz + $1 * interval '1 s', 'view', $2, $3, jsonb_build_object('price', $4::integer))`,
					rapid.IntRange(0, 5).Draw(rt, "at"), fmt.Sprint("u", n%2), fmt.Sprint("s", n), rapid.IntRange(1, 3).Draw(rt, "price"))
				require.NoError(rt, err)
			}
			drain(t, pool, 0)
			requirePacked(rt, pool)
		}
		send(0, 1, 2, 3, 4)
		send(5, 6, 7, 8, 9)
		var packing []*rollup.Packing
		var values []*rollup.Values
		end := func() {
			done, err := packing[0].End(ctx, pool)
			require.NoError(rt, err)
			if packing = packing[1:]; done {
				ended++
			} else {
				dropped++
			}
			requirePacked(rt, pool)
		}
		write := func() {
			require.NoError(rt, values[0].End(ctx, pool))
			values, written = values[1:], written+1
			requirePacked(rt, pool)
		}
		for range rapid.IntRange(1, 10).Draw(rt, "steps") {
			switch rapid.SampledFrom([]int{0, 0, 1, 1, 2, 3, 4, 5, 5, 5}).Draw(rt, "step") {
			case 0:
				for range rapid.IntRange(1, 2).Draw(rt, "workers") {
					p, err := rollup.BeginPacking(ctx, pool, int16(count(t, pool, `select coalesce(min(bucket), 0) from footfall.blocks`)), 1)
					require.NoError(rt, err)
					if p != nil {
						packing = append(packing, p)
					}
				}
			case 1:
				if len(packing) > 0 {
					end()
				}
			case 2: // as after a block took its place, before its attributes did
				_, err := pool.Exec(ctx, `delete from footfall.block_attributes`)
				require.NoError(rt, err)
				v, err := rollup.BeginValues(ctx, pool)
				require.NoError(rt, err)
				if v != nil {
					values = append(values, v)
				}
			case 3:
				if len(values) > 0 {
					write()
				}
			case 4:
				_, err := rollup.Forget(ctx, pool, rollup.People{Users: []string{rapid.SampledFrom([]string{"u0", "u1"}).Draw(rt, "gone")}}, false)
				require.NoError(rt, err)
				requirePacked(rt, pool)
			default:
				testdb.BoundTail(t, pool, rapid.SampledFrom([]int{-1, 0, 3}).Draw(rt, "tail"))
				send(rapid.IntRange(0, 9).Draw(rt, "session"))
			}
		}
		for len(packing) > 0 {
			end()
		}
		for len(values) > 0 {
			write()
		}
	})
	if ended == 0 || dropped == 0 || written == 0 {
		t.Errorf("%d took their place, %d did not, %d wrote attributes: the test means nothing", ended, dropped, written)
	}
}
