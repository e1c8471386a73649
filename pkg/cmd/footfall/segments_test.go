package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/tools/repo"
)

// TestSegmentsOfTheDemo applies the demo's segments to its shop: each finds somebody, and nobody is everybody.
func TestSegmentsOfTheDemo(t *testing.T) {
	newDSN(t)
	root, err := repo.Root()
	require.NoError(t, err)
	dir := filepath.Join(root, "provisioning", "segments")
	require.Contains(t, succeed(t, "segments", "list"), "There are no segments")
	require.JSONEq(t, `[]`, succeed(t, "segments", "list", "--json"))
	succeed(t, "demo", "--users", "300", "--days", "40")
	require.Contains(t, succeed(t, "segments", "apply", dir), "created    cart-dropouts.json")
	require.NotContains(t, succeed(t, "segments", "apply", dir), "created")
	require.Contains(t, succeed(t, "work", "--once"), "7 segments computed")

	var list []segment.Segment
	require.NoError(t, json.Unmarshal([]byte(succeed(t, "segments", "list", "--json")), &list))
	require.Len(t, list, 7)
	for _, s := range list {
		require.Positive(t, *s.Size, s.ID)
		require.Less(t, *s.Size, *s.Universe, s.ID)
	}
	require.Contains(t, succeed(t, "segments", "list"), "Quiet premium")
	out := succeed(t, "segments", "show", "premium")
	require.Contains(t, out, "used by      quiet-premium")
	require.Contains(t, succeed(t, "segments", "show", "premium", "--json"), `"usr.plan:(pro OR enterprise)"`)

	require.Contains(t, succeed(t, "tables", "list"), "demo_customers")
	require.NotContains(t, succeed(t, "demo", "--users", "300", "--days", "40"), "refused", "the table stays as it is")

	exported := filepath.Join(t.TempDir(), "out")
	succeed(t, "segments", "export", exported)
	for _, s := range list {
		want, err := os.ReadFile(filepath.Join(dir, s.ID+".json"))
		require.NoError(t, err)
		got, err := os.ReadFile(filepath.Join(exported, s.ID+".json"))
		require.NoError(t, err)
		require.Equal(t, string(want), string(got))
	}
}

func TestSegmentsByCommandLine(t *testing.T) {
	newDSN(t)
	succeed(t, "import", write(t, "a.csv", "ts,type,usr.id,usr.name\n2026-05-17T10:00:00Z,view,ann,=Ann\n2026-05-17T10:00:01Z,view,bob,\n"))
	succeed(t, "work", "--once")
	definition := write(t, "ann.json", `{"name": "Ann", "kind": "dynamic", "definition": {"where": {"users": "user_id:ann"}}}`)
	require.Equal(t, "created    ann.json\n", succeed(t, "segments", "apply", filepath.Dir(definition)))
	r := footfall(context.Background(), "", "segments", "members", "ann", "--csv")
	require.Equal(t, "user_id,user_name,user_email,last_seen\n", r.stdout)
	require.Contains(t, r.stderr, "has not been computed yet")
	require.Regexp(t, `^ann: 1 users \(50\.0%\) in \d+ ms\n$`, succeed(t, "segments", "refresh"))
	require.Contains(t, succeed(t, "segments", "members", "ann"), "ann      =Ann")
	require.Equal(t, "user_id,user_name,user_email,last_seen\nann,'=Ann,,2026-05-17T10:00:00Z\n", succeed(t, "segments", "members", "ann", "--csv"))
	require.Equal(t, "unchanged  ann.json\n", succeed(t, "segments", "apply", filepath.Dir(definition)))
	require.NoError(t, os.WriteFile(definition, []byte(`{"name": "Both", "kind": "static", "list": ["ann", "bob"]}`), 0o600))
	require.Equal(t, "updated    ann.json\n", succeed(t, "segments", "apply", filepath.Dir(definition)))
	require.Contains(t, succeed(t, "segments", "refresh", "ann"), "ann: 2 users (100.0%)")

	db, err := pgxpool.New(t.Context(), os.Getenv("FOOTFALL_DSN"))
	require.NoError(t, err)
	defer db.Close()
	require.NoError(t, segment.Delete(t.Context(), db, "ann", "eve"))
	require.Equal(t, "Segment ann is back.\n", succeed(t, "segments", "restore", "ann"))
	require.Contains(t, succeed(t, "segments", "members", "ann"), "bob")

	for _, line := range [][]string{{"show", "none"}, {"members", "none"}, {"restore", "none"}, {"refresh", "ann", "none"}} {
		r := footfall(context.Background(), "", append([]string{"segments"}, line...)...)
		require.Equal(t, exitFailed, r.code, line)
		require.Contains(t, r.stderr, `there is no such segment: "none"`, line)
	}
	require.Equal(t, exitUsage, footfall(context.Background(), "", "segments", "apply", "/no/such/folder").code)
}
