// Package schema creates and updates the tables. It is linked by the command line only: a datasource needs no DDL rights.
package schema

import (
	"context"
	"embed"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the schema to store.SchemaVersion and returns the version it found (0: none) and the one it left.
// It does so in one transaction, so that what fails changes nothing, and under a lock of this transaction, the only kind
// that connection poolers allow: of several processes at once one makes the changes, and the others find them made.
// A newer schema is left alone and answered with store.ErrTooNew.
func Migrate(ctx context.Context, conn *pgx.Conn) (from, to int, err error) {
	return migrateTo(ctx, conn, store.SchemaVersion)
}

func migrateTo(ctx context.Context, conn *pgx.Conn, version int) (from, to int, err error) {
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if from, err = prepare(ctx, tx); err != nil {
			return err
		}
		if to = from; from > version {
			return fmt.Errorf("%w (version %d, this program knows %d)", store.ErrTooNew, from, version)
		}
		to = version
		return migrate(ctx, tx, from, to)
	})
	if err != nil && !errors.Is(err, store.ErrTooNew) {
		return from, from, fmt.Errorf("migrate: %w", err)
	}
	return from, to, err
}

// prepare takes the lock and returns the version, 0 for a new schema.
func prepare(ctx context.Context, tx pgx.Tx) (int, error) {
	_, err := tx.Exec(ctx, `
		select pg_advisory_xact_lock(hashtext('footfall schema'));
		create schema if not exists footfall;
		create table if not exists footfall.schema_version (version int4 not null);
		insert into footfall.schema_version select 0 where not exists (select from footfall.schema_version)`)
	if err != nil {
		return 0, fmt.Errorf("create schema footfall: %w", err)
	}
	return store.ReadVersion(ctx, tx)
}

// migrate runs the files between two versions: they are numbered from 1 without gaps.
func migrate(ctx context.Context, tx pgx.Tx, from, to int) error {
	files, err := migrations.ReadDir("migrations") // in the order of their names
	if err != nil {
		return err
	}
	for _, file := range files[from:to] {
		sql, err := migrations.ReadFile("migrations/" + file.Name())
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, string(sql)); err != nil {
			return fmt.Errorf("%s: %w", file.Name(), err)
		}
	}
	_, err = tx.Exec(ctx, `update footfall.schema_version set version = $1`, to)
	return err
}
