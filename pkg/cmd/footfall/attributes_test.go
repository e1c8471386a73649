package main

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/rollup"
)

func TestAttributes(t *testing.T) {
	dsn := newDSN(t)
	require.Contains(t, succeed(t, "attributes", "list"), "No attribute is packed")
	exec(t, dsn, `update footfall.settings set tail_sessions = 0`)
	succeed(t, "import", write(t, "a.ndjson", `{"ts":1779012303,"type":"view","usr.id":"ann","price":12,"cart":{"total":3}}`+"\n"))
	succeed(t, "work", "--once")

	require.Regexp(t, `price +1 +0 +0 +0\n`, succeed(t, "attributes", "pack", "price", "cart.total"))
	succeed(t, "work", "--once")
	var list []rollup.PackedAttribute
	require.NoError(t, json.Unmarshal([]byte(succeed(t, "attributes", "list", "--json")), &list))
	require.Len(t, list, 2)
	require.Equal(t, "price", list[1].Name)
	require.Equal(t, [3]int64{1, 1, 0}, [3]int64{list[1].Blocks, list[1].Packed, list[1].TooLong})
	require.Positive(t, list[1].Bytes)

	r := footfall(context.Background(), "", "attributes", "pack", "attributes.price")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, `no event has said "attributes.price"; name it as events do, such as price`)
	r = footfall(context.Background(), "", "attributes", "unpack", "tags", "price")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, `"tags" is not packed`)
	require.NotContains(t, r.stdout, "price", "the others are unpacked")
	require.Contains(t, r.stdout, "cart.total")
}
