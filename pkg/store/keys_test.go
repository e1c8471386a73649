package store_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Few keys and many select the same as a set does, and the opposite what is left, also beyond the greatest key.
func TestAmongKeys(t *testing.T) {
	db := testdb.AsDatasource(t, testdb.New(t))
	random := rand.New(rand.NewPCG(1, 2))
	for _, count := range []int{0, 1, 7, 4999, 5000, 5001, 60_000} {
		var keys []int32
		is := map[int32]bool{}
		params := store.Params{}
		among := params.Among("u.key", &keys) // before they are known
		for range count {
			keys = append(keys, 1+random.Int32N(int32(2*count)))
		}
		slices.Sort(keys)
		for _, key := range keys {
			is[key] = true
		}
		for _, not := range []bool{false, true} {
			condition := among
			if not {
				condition = "not " + among
			}
			limit := params.Add(2*count + 50)
			statement := store.Statement{SQL: "select u.key from generate_series(1, " + limit + "::int) u (key) where " + condition, Args: params.Values}
			var got, want []int32
			var key int32
			require.NoError(t, statement.Each(t.Context(), db, []any{&key}, func() error {
				got = append(got, key)
				return nil
			}))
			for key := int32(1); key <= int32(2*count+50); key++ {
				if is[key] != not {
					want = append(want, key)
				}
			}
			require.Equal(t, want, got, "%d keys, not %v", count, not)
		}
	}
}

// Each list of keys has values of its own, and equal ones share theirs.
func TestKeysShareValues(t *testing.T) {
	var a, b []int32
	params := store.Params{}
	first := params.Among("x", &a)
	require.Equal(t, first, params.Among("x", &a))
	require.NotEqual(t, first, params.Among("x", &b))
	a = []int32{1, 2}
	require.Contains(t, store.Statement{SQL: first, Args: params.Values}.String(), "\n-- $1 = [1,2]\n-- $2 = null\n-- $3 = []")
	a = make([]int32, 6000)
	require.Contains(t, store.Statement{SQL: first, Args: params.Values}.String(), `-- $2 = "a bit for each of 6000 users"`)
}
