// Package schema creates and updates the tables. It is linked by the command line only: a datasource needs no DDL rights.
package schema

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/tern/v2/migrate"

	"github.com/footfall-analytics/footfall/pkg/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the schema to store.SchemaVersion and returns the version it found (0: none) and the one it left.
// It may run in several processes at once: an advisory lock of the session lets one at a time through, so conn must
// not go through a transaction pooler. A newer schema is left alone and answered with store.ErrTooNew.
func Migrate(ctx context.Context, conn *pgx.Conn) (from, to int, err error) {
	// Before tern: its version table lives in the schema it makes. The lock keeps two first starts apart.
	_, err = conn.Exec(ctx, `
		begin;
		select pg_advisory_xact_lock(hashtext('footfall schema'));
		create schema if not exists footfall;
		commit`)
	if err != nil {
		_, _ = conn.Exec(ctx, `rollback`)
		return 0, 0, fmt.Errorf("create schema footfall: %w", err)
	}
	from, err = store.ReadVersion(ctx, conn)
	if err != nil && !errors.Is(err, store.ErrNoSchema) {
		return 0, 0, err
	}
	if from > store.SchemaVersion {
		return from, from, fmt.Errorf("%w (version %d, this program knows %d)", store.ErrTooNew, from, store.SchemaVersion)
	}
	migrator, err := migrate.NewMigrator(ctx, conn, "footfall.schema_version")
	if err != nil {
		return from, from, fmt.Errorf("prepare migrations: %w", err)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return from, from, fmt.Errorf("read migrations: %w", err)
	}
	if err := migrator.LoadMigrations(files); err != nil {
		return from, from, fmt.Errorf("read migrations: %w", err)
	}
	if err := migrator.Migrate(ctx); err != nil {
		return from, from, fmt.Errorf("migrate: %w", err)
	}
	return from, store.SchemaVersion, nil
}
