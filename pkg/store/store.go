// Package store knows the event store: its schema version, its settings, and what it says of itself.
//
// The tables stand in schema/migrations; the worker that fills them is package rollup; readers are package query.
package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// SchemaVersion is the version this program works with: the number of its last migration.
const SchemaVersion = 31

// Querier is what reading needs; a pool, a connection and a transaction all have it.
type Querier interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Begin(ctx context.Context) (pgx.Tx, error) // in a transaction: a savepoint
}
