package engine

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/bench/data"
	"github.com/footfall-analytics/footfall/bench/question"
	"github.com/footfall-analytics/footfall/tools/machine"
)

// Wide asks plain SQL of one wide table with indexes.
type Wide struct {
	Store *Store

	conn *pgx.Conn
	pid  int
}

//go:embed postgres.sql
var makeWide string

//go:embed members.sql
var makeMembers string

// Name of the engine.
func (w *Wide) Name() string { return question.Postgres }

// Load makes the table.
func (w *Wide) Load(ctx context.Context, file string) error {
	pool, err := pgxpool.New(ctx, w.Store.dsn())
	if err != nil {
		return err
	}
	defer pool.Close()
	if _, err := pool.Exec(ctx, `create schema wide; create unlogged table wide.raw (`+data.TextColumns()+`)`); err != nil {
		return err
	}
	if err := w.Store.copyFile(ctx, pool, file, "wide.raw"); err != nil {
		return err
	}
	if _, err := pool.Exec(ctx, makeWide); err != nil {
		return fmt.Errorf("make the wide table: %w", err)
	}
	// Without statistics the members of 20 million events take half an hour.
	if _, err := pool.Exec(ctx, `vacuum analyze wide.events`); err != nil {
		return err
	}
	if _, err := pool.Exec(ctx, makeMembers); err != nil {
		return fmt.Errorf("find the segment's members: %w", err)
	}
	return nil
}

// Start connects.
func (w *Wide) Start(ctx context.Context) (err error) {
	w.conn, w.pid, err = w.Store.connect(ctx)
	return err
}

// Stop ends the connection.
func (w *Wide) Stop() error {
	if w.conn == nil {
		return nil
	}
	conn := w.conn
	w.conn = nil
	return conn.Close(context.Background())
}

// Size with indexes.
func (w *Wide) Size(ctx context.Context) (int64, error) { return size(ctx, w.conn, "wide") }

// Spent is the server's.
func (w *Wide) Spent() time.Duration { return machine.SpentByServer(w.pid) }

// Ask reads all rows.
func (w *Wide) Ask(ctx context.Context, q question.Question) (question.Answer, error) {
	rows, err := w.conn.Query(ctx, q.SQL[question.Postgres])
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]any, error) {
		values, err := row.Values()
		for i, value := range values {
			if n, isNumeric := value.(pgtype.Numeric); isNumeric {
				f, convertErr := n.Float64Value()
				if convertErr != nil {
					return nil, convertErr
				}
				values[i] = f.Float64
			}
		}
		return values, err
	})
	if err != nil {
		return nil, err
	}
	return q.Answer(found), nil
}
