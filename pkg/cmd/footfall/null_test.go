package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Texts that stand for nothing become no users where --null names them; where they do, import and status warn.
func TestPlaceholderIDs(t *testing.T) {
	newDSN(t)
	file := write(t, "ids.ndjson", `{"ts":"2026-05-17T10:00:00Z","type":"view","usr.id":"null","usr.anonymous_id":"device-0","session.id":"p0"}
{"ts":"2026-05-17T10:00:01Z","type":"view","usr.id":"undefined","usr.anonymous_id":"device-1","session.id":"NaN"}
`)
	out := succeed(t, "import", file)
	require.Contains(t, out, `Warning: `+file+`: usr.id is "null" in 1 row, "undefined" in 1 row`)
	succeed(t, "work", "--once")
	require.Equal(t, []string{"session.id NaN", "usr.id null", "usr.id undefined"}, readStatus(t).PlaceholderIDs)
	require.Contains(t, succeed(t, "status"), "Warning: there are users or sessions whose ids look as if nothing had been said: session.id NaN, usr.id null, usr.id undefined")

	newDSN(t)
	require.NotContains(t, succeed(t, "import", "--null", "null", "--null", "undefined", "--null", "NaN", file), "Warning")
	succeed(t, "work", "--once")
	status := readStatus(t)
	require.Empty(t, status.PlaceholderIDs)
	require.EqualValues(t, []int64{0, 2}, []int64{status.Users, status.Anonymous})
}
