package rollup

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// busyPause is how long those who want the worker's lock wait between tries.
const busyPause = 50 * time.Millisecond

// exclusive runs work in a transaction under the worker's lock, for those who change tables by statements alone and need
// no dictionaries in memory. While somebody else is at work it waits.
func exclusive(ctx context.Context, pool *pgxpool.Pool, work func(pgx.Tx) error) error {
	return whenFree(ctx, func() error {
		return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			if err := lock(ctx, tx); err != nil {
				return err
			}
			return work(tx)
		})
	})
}

// whenFree tries until nobody else is at work.
func whenFree(ctx context.Context, try func() error) error {
	for {
		if err := try(); !errors.Is(err, errBusy) {
			return err
		}
		if err := sleep(ctx, busyPause); err != nil {
			return err
		}
	}
}

// lock takes the worker's lock until the transaction ends, or fails with errBusy, on a schema of this program's version.
func lock(ctx context.Context, tx pgx.Tx) error {
	var locked bool
	if err := tx.QueryRow(ctx, `select pg_try_advisory_xact_lock($1)`, lockKey).Scan(&locked); err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	if !locked {
		return errBusy
	}
	return store.CheckVersion(ctx, tx)
}

// statement is a statement to run and where to put the number of rows it touched.
type statement struct {
	sql  string
	args []any
	rows *int64
}

func run(ctx context.Context, tx pgx.Tx, statements ...statement) error {
	for _, s := range statements {
		tag, err := tx.Exec(ctx, s.sql, s.args...)
		if err != nil {
			return err
		}
		if s.rows != nil {
			*s.rows = tag.RowsAffected()
		}
	}
	return nil
}
