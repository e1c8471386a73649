// Package sample gives tests the sample data that is kept beside the repository and is not part of it.
package sample

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/ingest"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/tools/repo"
)

// File returns the path of a file of the sample data; without it the test is skipped, and says so.
func File(t testing.TB, name string) string {
	t.Helper()
	root, err := repo.Root()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, "..", "shared", "data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("NOT TESTED: the sample data is missing: %v", err)
	}
	return path
}

// LoadShop imports a web shop's 31,106 events, all of them page views, and rolls them up.
func LoadShop(t testing.TB, db *pgxpool.Pool) {
	t.Helper()
	ctx := context.Background()
	mapping, err := ingest.ParseMapping([]string{
		"ts=timestamp", "usr.id=user_id", "session.id=session_id", "view.url_path=event", "device.type=platform",
	}, []string{"type=view"}, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ingest.Import(ctx, db, []string{File(t, "ecom.csv.gz")}, ingest.Options{Mapping: mapping}); err != nil {
		t.Fatal(err)
	}
	if _, err := rollup.Drain(ctx, db, rollup.Options{}); err != nil {
		t.Fatal(err)
	}
}
