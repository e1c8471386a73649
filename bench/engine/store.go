package engine

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/tools/postgres"
)

// Store is the PostgreSQL that Footfall and the wide table share.
type Store struct {
	*postgres.Server
	Version string
}

// settings are those a small server of its own would have.
var settings = []string{
	"shared_buffers=1GB", "max_wal_size=4GB", "checkpoint_timeout=15min", "effective_cache_size=4GB",
	"shared_preload_libraries=pg_stat_statements",
}

// StartStore starts a PostgreSQL in a folder, with what a run before has left there. Commits are safe.
func StartStore(ctx context.Context, dir string) (*Store, error) {
	install, err := postgres.Find(0)
	if err != nil {
		return nil, err
	}
	server, err := postgres.Start(ctx, postgres.Options{Install: install, Dir: dir, Durable: true, Settings: settings})
	if err != nil {
		return nil, err
	}
	return &Store{server, install.Version}, nil
}

// Again stops the server and starts it, so that its memory is empty. What the operating system has read stays in its.
func (s *Store) Again(ctx context.Context) error {
	if err := s.Stop(); err != nil {
		return err
	}
	return s.Restart(ctx)
}

func (s *Store) dsn() string { return s.DSN("postgres") }

// connect opens one connection, and returns the number of the server's process that serves it.
func (s *Store) connect(ctx context.Context) (conn *pgx.Conn, pid int, err error) {
	conn, err = pgx.Connect(ctx, s.dsn())
	if err != nil {
		return nil, 0, fmt.Errorf("connect: %w", err)
	}
	if err := conn.QueryRow(ctx, `select pg_backend_pid()`).Scan(&pid); err != nil {
		return nil, 0, errors.Join(fmt.Errorf("find the server's process: %w", err), conn.Close(ctx))
	}
	return conn, pid, nil
}

// copyFile sends a CSV file to a table.
func (s *Store) copyFile(ctx context.Context, pool *pgxpool.Pool, path, table string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was only read
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Conn().PgConn().CopyFrom(ctx, file, "copy "+table+" from stdin (format csv, header true)"); err != nil {
		return fmt.Errorf("copy to %s: %w", table, err)
	}
	return nil
}

// size of all tables and indexes of a schema.
func size(ctx context.Context, conn *pgx.Conn, schema string) (bytes int64, err error) {
	err = conn.QueryRow(ctx, `
		select sum(pg_total_relation_size(oid))::bigint
		  from pg_class
		 where relnamespace = $1::regnamespace and relkind = 'r'`, schema).Scan(&bytes)
	return bytes, err
}
