// Package columns reads packed sessions in batches, for questions over many.
package columns

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// ErrNotPacked is a range in which some sessions are not packed yet: the question has to read their rows.
var ErrNotPacked = errors.New("some sessions of this time are not packed yet")

// Range is which sessions are asked for.
type Range struct {
	From, To time.Time
	// Sessions that only reach into the range count too: they start before To and end at From or later. Else they start
	// in it.
	Reaching bool
}

func (r Range) statement() store.Statement {
	column := "start_ts"
	if r.Reaching {
		column = "end_ts"
	}
	return store.Statement{
		SQL: `select t.bucket, t.user_key, t.session_key, t.start_ts, t.end_ts, t.steps
  from footfall.tail t
 where t.` + column + ` >= $1 and t.start_ts < $2`,
		Args: []any{r.From, r.To},
	}
}

// unpackedSQL tells whether a session in range may not be packed; sessions over a day have an index of their own.
const unpackedSQL = `
select exists (
       select from footfall.columns c
         join footfall.sessions s on s.start_ts < least(c.built_from, $2::timestamptz)
        where s.end_ts >= $1 and ($3 or s.start_ts >= $1)
          and (s.start_ts >= $1::timestamptz - interval '24 hours' or s.end_ts - s.start_ts > interval '1 day'))`

// maxWorkers is among how many goroutines a scan's batches are shared out at most.
const maxWorkers = 4

// Workers is how many goroutines there are to take batches, numbered from 0.
func Workers() int { return min(runtime.GOMAXPROCS(0), maxWorkers) }

// Scan hands over the packed sessions in range, as they are at one moment: it reads them in one transaction, once, in whatever
// order they lie. All batches of a bucket, and so of a user, are taken by the same worker, one after another; those of other
// workers meanwhile. A batch is good until take returns. An error of take ends the scan.
func (s *Share) Scan(ctx context.Context, pool *pgxpool.Pool, r Range, take func(worker int, b *Batch) error) error {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, pool, options, func(tx pgx.Tx) error {
		var unpacked bool
		if err := tx.QueryRow(ctx, unpackedSQL, r.From, r.To, r.Reaching).Scan(&unpacked); err != nil {
			return fmt.Errorf("read which sessions are packed: %w", err)
		}
		if unpacked {
			return ErrNotPacked
		}
		return scan(ctx, tx, r, take)
	})
	if err != nil {
		return fmt.Errorf("read packed sessions: %w", err)
	}
	return nil
}

// scan reads in one goroutine and lets workers take.
func scan(ctx context.Context, tx pgx.Tx, r Range, take func(worker int, b *Batch) error) error {
	group, ctx := errgroup.WithContext(ctx)
	s := scanner{free: make(chan *Batch, Workers())}
	for worker := range Workers() {
		s.free <- &Batch{}
		full := make(chan *Batch)
		s.full = append(s.full, full)
		group.Go(func() error {
			for b := range full {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := take(worker, b); err != nil {
					return err
				}
				select {
				case s.free <- b:
				default: // there are as many as the reader can use
				}
			}
			return nil
		})
	}
	group.Go(func() error {
		defer func() {
			for _, full := range s.full {
				close(full)
			}
		}()
		return s.read(ctx, tx, r.statement())
	})
	return group.Wait()
}

// scanner puts the rows of one statement into batches.
type scanner struct {
	buckets map[int]*Batch // those being filled
	full    []chan *Batch  // by worker
	free    chan *Batch    // empty ones, or used ones
	session packed.Session
}

func (s *scanner) read(ctx context.Context, tx pgx.Tx, of store.Statement) error {
	// Binary, since bytea is twice as long as text.
	rows, err := tx.Query(ctx, of.SQL, append([]any{pgx.QueryExecModeDescribeExec}, of.Args...)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	s.buckets = map[int]*Batch{}
	for rows.Next() {
		if err := s.add(ctx, rows.RawValues()); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, b := range s.buckets {
		if b.Len() > 0 {
			if err := s.hand(ctx, b); err != nil {
				return err
			}
		}
	}
	return nil
}

// add puts a row into its bucket's batch, and hands over one that is full.
func (s *scanner) add(ctx context.Context, row [][]byte) error {
	bucket := int(binary.BigEndian.Uint16(row[0]))
	user := int32(binary.BigEndian.Uint32(row[1])) //nolint:gosec // PostgreSQL's integer
	key := int64(binary.BigEndian.Uint64(row[2]))  //nolint:gosec // PostgreSQL's bigint
	if err := packed.Decode(row[5], &s.session); err != nil {
		return fmt.Errorf("session %d of user %d: %w; `footfall rebuild --columns` repairs it", key, user, err)
	}
	b := s.buckets[bucket]
	if b == nil {
		b = &Batch{}
		b.reset()
		b.Bucket, s.buckets[bucket] = bucket, b
	}
	b.add(user, key, milliseconds(row[3]), milliseconds(row[4]), &s.session)
	if !b.full() {
		return nil
	}
	next, err := s.empty(ctx, bucket)
	if err != nil {
		return err
	}
	s.buckets[bucket] = next
	return s.hand(ctx, b)
}

// empty waits for a batch that a worker is done with.
func (s *scanner) empty(ctx context.Context, bucket int) (*Batch, error) {
	select {
	case b := <-s.free:
		b.reset()
		b.Bucket = bucket
		return b, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// hand gives a batch to its bucket's worker.
func (s *scanner) hand(ctx context.Context, b *Batch) error {
	select {
	case s.full[b.Bucket%len(s.full)] <- b:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// milliseconds reads a binary timestamptz: microseconds since 2000.
func milliseconds(binaryTime []byte) int64 {
	const since1970 = 946_684_800_000
	return int64(binary.BigEndian.Uint64(binaryTime))/1000 + since1970 //nolint:gosec // PostgreSQL's bigint
}
