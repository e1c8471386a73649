package main

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/check"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestCheckNamesWhatRepairs(t *testing.T) {
	db := testdb.Connect(t, newDSN(t))
	succeed(t, "import", write(t, "a.csv", "ts,type,usr.id,session.id\n1779012303,view,ann,a\n1779012304,view,bob,b\n"))
	succeed(t, "work", "--once")
	require.Contains(t, succeed(t, "status"), "all sessions")
	require.Equal(t, "2 sessions compared, 2 of them packed: 0 differ.\n", succeed(t, "check"))

	_, err := db.Exec(t.Context(), `delete from footfall.tail where user_key = 1; update footfall.columns set built_from = 'infinity'`)
	require.NoError(t, err)
	require.Contains(t, succeed(t, "status"), "from the newest back to 2026-05-17 10:05 UTC")
	require.Contains(t, succeed(t, "check"), "1 of them packed: 0 differ", "older sessions wait for their turn")
	_, err = db.Exec(t.Context(), `update footfall.columns set built_from = '2026-05-17 10:05:04'`)
	require.NoError(t, err)
	status := succeed(t, "status")
	require.Contains(t, status, "sessions since 2026-05-17 10:05 UTC")
	_, err = db.Exec(t.Context(), `update footfall.columns set built_from = '-infinity'`)
	require.NoError(t, err)

	r := footfall(context.Background(), "", "check")
	require.Equal(t, exitRefused, r.code)
	require.Regexp(t, `1 differ.\n  session -?\d+ of user 1: is not packed\n$`, r.stdout)
	require.Contains(t, r.stderr, "footfall rebuild --columns")
	r = footfall(context.Background(), "", "check", "--json")
	require.Equal(t, exitRefused, r.code)
	var report check.Report
	require.NoError(t, json.Unmarshal([]byte(r.stdout), &report))
	require.EqualValues(t, 1, report.Differences)

	require.Contains(t, succeed(t, "rebuild", "--columns"), "2 sessions packed anew")
	succeed(t, "check")
	require.False(t, readStatus(t).Unpacked)
}
