// Package sample gives tests the sample data that is kept beside the repository and is not part of it.
package sample

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/ingest"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

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
	if _, err := ingest.Import(ctx, db, []string{testdb.Sample(t, "ecom.csv.gz")}, ingest.Options{Mapping: mapping}); err != nil {
		t.Fatal(err)
	}
	if _, err := rollup.Drain(ctx, db, rollup.Options{}); err != nil {
		t.Fatal(err)
	}
}
