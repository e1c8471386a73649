package blocks_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/blocks"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// Blocks come out of the store as they went in, the wanted columns alone where some are.
func TestBlocksAreStored(t *testing.T) {
	pool := testdb.New(t)
	sessions := visits(3000)
	var rows []blocks.Row
	for i, part := range blocks.Split(sessions) {
		rows = append(rows, blocks.Row{Bucket: int16(i), Number: 7, Block: blocks.Encode(part)})
	}
	require.NoError(t, pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error { return blocks.Insert(t.Context(), tx, rows) }))
	for _, want := range []blocks.Set{blocks.All, blocks.Of(blocks.Users, blocks.Tokens)} {
		at := 0
		require.NoError(t, blocks.Each(t.Context(), pool, blocks.Statement(want, "b.min_start >= $1 order by b.bucket", "2020-01-01Z"), func(got *blocks.Row) error {
			wanted := rows[at]
			wanted.ID = got.ID
			for c := range blocks.Columns {
				if !want.Has(c) {
					wanted.Columns[c] = nil
				}
			}
			require.Empty(t, diff(wanted, *got))
			at++
			return nil
		}))
		require.Len(t, rows, at)
	}
	var external int
	require.NoError(t, pool.QueryRow(t.Context(), `
		select count(*) from pg_attribute
		 where attrelid in ('footfall.blocks'::regclass, 'footfall.dead'::regclass) and atttypid = 'bytea'::regtype and attstorage = 'e'`).Scan(&external))
	require.Equal(t, int(blocks.Columns)+blocks.DeadColumns, external, "compressed once is enough")
}

// Deaths come out of the store as they went in, bucket by bucket, those of several lists merged.
func TestDeathsAreStored(t *testing.T) {
	pool := testdb.New(t)
	want := map[int16][]blocks.Death{}
	for i, s := range visits(70_000) { // more than one row holds
		bucket := int16(i % 70_000 / 69_000)
		want[bucket] = append(want[bucket], blocks.Death{Start: s.Start, User: s.User, Key: s.Key, Number: int64(i)})
	}
	require.NoError(t, pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		for bucket, list := range want {
			want[bucket] = blocks.MergeDeaths(list)
			require.NoError(t, blocks.InsertDeaths(t.Context(), tx, bucket, want[bucket]))
		}
		before := want[1][0]
		before.Number = 0
		return blocks.InsertDeaths(t.Context(), tx, 1, []blocks.Death{before})
	}))
	got, err := blocks.ReadDeaths(t.Context(), pool, "true")
	require.NoError(t, err)
	require.Equal(t, want, got)
	some, err := blocks.ReadDeaths(t.Context(), pool, "d.bucket = $1", 1)
	require.NoError(t, err)
	require.Equal(t, map[int16][]blocks.Death{1: want[1]}, some)
}
