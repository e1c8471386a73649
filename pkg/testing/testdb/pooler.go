package testdb

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/tools/postgres"
	"github.com/footfall-analytics/footfall/tools/tempdir"
)

// BehindPooler returns another address of a test's database, by which each transaction gets another connection than the
// one before: that of a PgBouncer in transaction mode, ended at the test's end. Without PgBouncer the test fails.
func BehindPooler(t testing.TB, db *pgxpool.Pool) string {
	t.Helper()
	dir, err := tempdir.New("footfall-pooler")
	if err != nil {
		t.Fatalf("testdb: %v", err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	config := db.Config().ConnConfig
	pooler, err := postgres.StartPooler(context.Background(), dir, config)
	if err != nil {
		t.Fatalf("testdb: %v", err)
	}
	t.Cleanup(func() {
		if err := pooler.Stop(); err != nil {
			t.Errorf("testdb: %v", err)
		}
	})
	dsn := pooler.DSN(config.Database)
	if err := openAll(context.Background(), dsn); err != nil {
		t.Fatalf("testdb: %v", err)
	}
	return dsn
}

// openAll has as many transactions at once as the pooler has connections, so that it opens them all.
func openAll(ctx context.Context, dsn string) (err error) {
	for range postgres.PoolerConnections {
		conn, connectErr := pgx.Connect(ctx, dsn)
		if connectErr != nil {
			return connectErr
		}
		defer func() { err = errors.Join(err, conn.Close(ctx)) }()
		if _, err := conn.Exec(ctx, `begin; select 1`); err != nil {
			return err
		}
		defer func() {
			_, rollbackErr := conn.Exec(ctx, `rollback`)
			err = errors.Join(err, rollbackErr)
		}()
	}
	return nil
}
