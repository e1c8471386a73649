package rollup

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
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
			if err := queue(ctx, tx); err != nil {
				return err
			}
			if _, err := lock(ctx, tx, defaultSilence); err != nil {
				return err
			}
			if err := work(tx); err != nil {
				return err
			}
			return changed(ctx, tx)
		})
	})
}

// changed tells those who read that packed sessions may be others than before.
func changed(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `update footfall.columns set version = version + 1`); err != nil {
		return fmt.Errorf("count the change: %w", err)
	}
	return nil
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

// queueSQL waits for the lock, which nobody who only tries gets meanwhile: a busy worker leaves no gap that trying would meet.
var queueSQL = fmt.Sprintf(`
set local lock_timeout = '5s'; select pg_advisory_xact_lock(%d); set local lock_timeout to default`, store.WorkerLock)

// queue waits for the worker's lock, or fails with errBusy after some seconds.
func queue(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, queueSQL)
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == "55P03" { // lock not available
		return errBusy
	}
	if err != nil {
		return fmt.Errorf("wait for the lock: %w", err)
	}
	return nil
}

// lockSQL takes the lock, and makes the server notice within the time given, in ms, that this program is gone, and
// release it: idle in the transaction, or in the middle of sending or receiving. Nothing is compiled, see store.NoJIT. All holds until
// the transaction ends, since the connection may be a pooler's.
const lockSQL = `
select pg_try_advisory_xact_lock($1), pg_backend_pid(),
       set_config('idle_in_transaction_session_timeout', $2, true), set_config('tcp_user_timeout', $2, true),
       set_config('tcp_keepalives_idle', '10', true), set_config('tcp_keepalives_interval', '5', true),
       set_config('tcp_keepalives_count', '4', true), set_config('jit', 'off', true)`

// lock takes the worker's lock until the transaction ends, or fails with errBusy, on a schema of this program's version.
// It returns the pid of the server's process. The server ends the transaction after silence.
func lock(ctx context.Context, tx pgx.Tx, silence time.Duration) (pid int32, err error) {
	var locked bool
	ms := strconv.FormatInt(silence.Milliseconds(), 10)
	if err := tx.QueryRow(ctx, lockSQL, store.WorkerLock, ms).Scan(&locked, &pid, nil, nil, nil, nil, nil, nil); err != nil {
		return 0, fmt.Errorf("lock: %w", err)
	}
	if !locked {
		return 0, errBusy
	}
	return pid, store.CheckVersion(ctx, tx)
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
