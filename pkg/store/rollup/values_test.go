package rollup_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/blocks"
	"github.com/footfall-analytics/footfall/pkg/store/check"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// eachValues unpacks all attributes of all blocks.
func eachValues(ctx context.Context, pool *pgxpool.Pool, take func(name string, packed bool, v *blocks.EventValues)) error {
	return blocks.Each(ctx, pool, blocks.Statement(blocks.Of(), "true"), func(row *blocks.Row) error {
		list, err := blocks.ReadValues(ctx, pool, "v.bucket = $1 and v.block = $2", row.Bucket, row.ID)
		var v blocks.EventValues
		for _, one := range list {
			if one.Packed && err == nil {
				err = v.Decode(&one.Values, int(row.Events))
			}
			take(one.Name, one.Packed, &v)
		}
		return err
	})
}

// valuesText is what is packed of an attribute, by block: the values of events, "-" for none.
func valuesText(t *testing.T, pool *pgxpool.Pool, name string) string {
	t.Helper()
	var texts []string
	require.NoError(t, eachValues(t.Context(), pool, func(of string, packed bool, v *blocks.EventValues) {
		var said []string
		for _, id := range v.Of {
			if id == 0 {
				said = append(said, "-")
			} else {
				said = append(said, v.Texts[id-1])
			}
		}
		if !packed {
			said = []string{"too long"}
		}
		if of == name {
			texts = append(texts, strings.Join(said, " "))
		}
	}))
	return strings.Join(texts, "; ")
}

// says is a session of one event for each object of attributes.
func says(t *testing.T, pool *pgxpool.Pool, session string, second int, attributes ...string) {
	t.Helper()
	for i, object := range attributes {
		_, err := pool.Exec(t.Context(), `
			insert into footfall.inbox (ts, type, usr_id, session_id, attributes)
			values ('2025-05-17'::timestamptz + $1 * interval '1 s', 'view', 'u', $2, $3)`, second+i, session, object)
		require.NoError(t, err)
	}
	drain(t, pool, 0)
	requirePacked(t, pool)
}

// What events say stands beside their block once it is wanted, goes with the block, and comes back with the next one.
func TestAttributesArePackedBesideBlocks(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	testdb.BoundTail(t, pool, 0)
	says(t, pool, "s1", 0, `{"price": 1.10, "cart": {"total": [1, "a"]}}`, `{}`, `{"price": null, "cart.total": 7}`)
	require.Empty(t, valuesText(t, pool, "price"))
	require.NoError(t, rollup.PackAttribute(t.Context(), pool, "price"))
	require.NoError(t, rollup.PackAttribute(t.Context(), pool, "cart.total"))
	require.NoError(t, rollup.PackAttribute(t.Context(), pool, "price"), "once more")
	drain(t, pool, 0)
	requirePacked(t, pool)
	require.Equal(t, "1.10 - -", valuesText(t, pool, "price"))
	require.Equal(t, `[1, "a"] - 7`, valuesText(t, pool, "cart.total"))

	says(t, pool, "s1", 10, `{"price": "x"}`)
	require.Equal(t, `1.10 - - "x"`, lastOf(valuesText(t, pool, "price")), "the session stands in a block of its own, whole")
	long := `{"price": "` + strings.Repeat("x", blocks.MaxValue) + `"}`
	says(t, pool, "s2", 20, long)
	require.Equal(t, "too long", lastOf(valuesText(t, pool, "price")))

	require.NoError(t, rollup.UnpackAttribute(t.Context(), pool, "price"))
	drain(t, pool, 0)
	require.Empty(t, valuesText(t, pool, "price"))
	require.NotEmpty(t, valuesText(t, pool, "cart.total"))
	require.EqualError(t, rollup.UnpackAttribute(t.Context(), pool, "price"), `"price" is not packed`)

	require.NoError(t, rollup.PackAgain(t.Context(), pool, func(int64) {}))
	require.Empty(t, valuesText(t, pool, "cart.total"), "they went with the blocks")
	drain(t, pool, 0)
	requirePacked(t, pool)
	require.NotEmpty(t, valuesText(t, pool, "cart.total"))
}

// tailSaid is what stands beside the sessions of the tail, in the order of their starts; "-" where nothing does.
func tailSaid(t *testing.T, pool *pgxpool.Pool) string {
	t.Helper()
	return textOf(t, pool, `select coalesce(string_agg(coalesce(said, '-'), '; ' order by start_ts), '') from footfall.tail`)
}

// What events say stands beside a session of the tail once it is wanted, changes with the session, and goes with it into its block.
func TestAttributesArePackedBesideTheTail(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	testdb.BoundTail(t, pool, -1)
	says(t, pool, "s1", 0, `{"price": 1.10, "cart": {"total": [1, "a"]}}`, `{}`, `{"price": null, "cart.total": 7}`)
	require.Equal(t, "-", tailSaid(t, pool))
	require.NoError(t, rollup.PackAttribute(t.Context(), pool, "price"))
	drain(t, pool, 0)
	requirePacked(t, pool)
	require.Equal(t, "[\"price\"]\n0 0 1.10\n", tailSaid(t, pool))
	require.NoError(t, rollup.PackAttribute(t.Context(), pool, "cart.total"))
	says(t, pool, "s2", 10, `{"price": "x"}`)
	require.Equal(t, "[\"cart.total\",\"price\"]\n0 0 [1, \"a\"]\n1 0 1.10\n0 2 7\n; [\"cart.total\",\"price\"]\n1 0 \"x\"\n", tailSaid(t, pool))
	says(t, pool, "s1", 5, `{"price": 2}`)
	require.Contains(t, tailSaid(t, pool), "\n1 3 2\n", "the session went on")
	says(t, pool, "s2", 20, `{"price": "`+strings.Repeat("x", blocks.MaxValue)+`"}`)
	require.NotContains(t, tailSaid(t, pool), "x", "a value is too long: whoever asks reads the events")

	require.NoError(t, rollup.UnpackAttribute(t.Context(), pool, "cart.total"))
	require.NotContains(t, tailSaid(t, pool), "a")
	drain(t, pool, 0)
	requirePacked(t, pool)
	require.Equal(t, "[\"price\"]\n0 0 1.10\n0 3 2\n; ", tailSaid(t, pool))

	// Neither a session that goes on nor sealing asks the events again.
	_, err := pool.Exec(t.Context(), `update footfall.events set attributes = null where session_key = (select session_key from footfall.sessions where session_id = 's1')`)
	require.NoError(t, err)
	_, err = pool.Exec(t.Context(), `
		insert into footfall.inbox (ts, type, usr_id, session_id, attributes)
		values ('2025-05-17 00:00:30Z', 'view', 'u', 's1', '{"price": 3}'), ('2025-05-17 00:00:30Z', 'view', 'u', 's2', null)`)
	require.NoError(t, err)
	drain(t, pool, 0)
	require.Equal(t, "[\"price\"]\n0 0 1.10\n0 3 2\n0 4 3\n; ", tailSaid(t, pool))
	testdb.BoundTail(t, pool, 1)
	drain(t, pool, 0)
	require.Equal(t, "1.10 - - 2 3", valuesText(t, pool, "price"))
}

// Blocks that are made of others take their attributes over: the events are not asked again.
func TestAttributesArePackedWithTheirBlocks(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	testdb.BoundTail(t, pool, 0)
	testdb.PackAttributes(t, pool, "price", "coupon")
	for i := range 3 {
		says(t, pool, fmt.Sprint("s", i), i, fmt.Sprintf(`{"price": %d}`, i), `{"coupon": "c"}`)
	}
	require.Equal(t, "0 -; 1 -; 2 -", valuesText(t, pool, "price"))
	_, err := pool.Exec(t.Context(), `update footfall.events set attributes = null`)
	require.NoError(t, err)
	_, err = pool.Exec(t.Context(), `
		insert into footfall.inbox (ts, type, usr_id, session_id, attributes) values ('2025-05-17 00:00:10Z', 'view', 'u', 's3', '{"price": 3}')`)
	require.NoError(t, err)
	drain(t, pool, 0)
	require.Equal(t, "0 - 1 - 2 - 3", valuesText(t, pool, "price"))
	require.Equal(t, `- "c" - "c" - "c" -`, valuesText(t, pool, "coupon"))
}

func lastOf(texts string) string {
	return texts[strings.LastIndex(texts, "; ")+1:][min(1, strings.LastIndex(texts, "; ")+1):]
}

func TestNoMoreAttributesArePackedThanMay(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	_, err := pool.Exec(t.Context(), `insert into footfall.attribute_names (level, name, numeric) select 'event', 'a' || n, false from generate_series(0, 100) n`)
	require.NoError(t, err)
	require.EqualError(t, rollup.PackAttribute(t.Context(), pool, "b"), `no event has said "b"; name it as events do, such as price`)
	for i := range rollup.MaxPackedAttributes {
		require.NoError(t, rollup.PackAttribute(t.Context(), pool, fmt.Sprint("a", i)))
	}
	require.NoError(t, rollup.PackAttribute(t.Context(), pool, "a7"), "is there")
	require.ErrorIs(t, rollup.PackAttribute(t.Context(), pool, "a60"), rollup.ErrTooManyPacked)
}

// requireRepair makes one difference, which is found and named, and repaired by packing all anew.
func requireRepair(t *testing.T, pool *pgxpool.Pool, change, problem string) {
	t.Helper()
	_, err := pool.Exec(t.Context(), change)
	require.NoError(t, err)
	report, err := check.Sessions(t.Context(), pool, func(int64) {})
	require.NoError(t, err)
	require.EqualValues(t, 1, report.Differences)
	require.Contains(t, report.First[0].String(), problem)
	require.NoError(t, rollup.PackAgain(t.Context(), pool, func(int64) {}))
	drain(t, pool, 0)
	requirePacked(t, pool)
}

// Whatever is wrong with attributes beside blocks is found and named, and repaired by what the message says.
func TestDifferencesOfAttributesAreFoundAndRepaired(t *testing.T) {
	t.Parallel()
	for problem, change := range map[string]string{
		`has the attribute price packed, which has "2" where event 0 of session`: `update footfall.events set attributes = '{"price": 1}'`,
		`has the attribute price packed, which has "" where event 0 of session`:  `update footfall.block_attributes set texts = null, events = null`,
		"attributes of block 1000 of bucket":                                     `update footfall.block_attributes set block = 1000`,
		"has the attribute price packed, which is not readable: a block of sessions has texts of values that": `
			update footfall.block_attributes set texts = set_byte(texts, length(texts) - 1, 255 - get_byte(texts, length(texts) - 1))`,
	} {
		pool := testdb.New(t)
		testdb.BoundTail(t, pool, 0)
		testdb.PackAttributes(t, pool, "price")
		says(t, pool, "s", 0, `{"price": 2}`)
		requireRepair(t, pool, change, problem)
	}
}

// Likewise of attributes beside sessions of the tail.
func TestDifferencesOfAttributesOfTheTailAreFoundAndRepaired(t *testing.T) {
	t.Parallel()
	for problem, change := range map[string]string{
		`has the attribute price beside it, with "2" where event 0 has "1"`:      `update footfall.events set attributes = '{"price": 1}'`,
		`has the attribute price beside it, with "" where event 0 has "2"`:       `update footfall.tail set said = e'["price"]\n'`,
		"has attributes of events beside it whose names are not readable":        `update footfall.tail set said = 'price'`,
		"beside it that are not readable: a packed session has a line of values": `update footfall.tail set said = said || 'x'`,
	} {
		pool := testdb.New(t)
		testdb.PackAttributes(t, pool, "price")
		says(t, pool, "s", 0, `{"price": 2}`)
		requireRepair(t, pool, change, problem)
	}
}
