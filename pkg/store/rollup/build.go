package rollup

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A store that was in use before there were packed sessions gets them from new to old, some sessions in each transaction.
// footfall.columns.built_from says how far that has come; sessions that change meanwhile are packed by the batch.

// buildSessions is how many sessions one transaction packs at most, and of how many events it packs more than one is how many
// rows a batch takes.
const buildSessions = 1000

// builder knows where in the order of starts, users and keys a piece has ended: the mark tells the start alone.
type builder struct {
	mark  pgtype.Timestamptz
	start time.Time
	last  sessionRef
	done  int64 // sessions since it has begun
}

// built tells whether all sessions are packed.
func (s *settings) built() bool { return s.builtFrom.InfinityModifier == pgtype.NegativeInfinity }

// packs tells whether a session is packed that starts at a time.
func (s *settings) packs(start int64) bool {
	from := s.builtFrom
	return s.built() || from.InfinityModifier == pgtype.Finite && !fromMilli(start).Before(from.Time)
}

// buildPiece packs the next sessions.
func (w *worker) buildPiece(ctx context.Context) error {
	_, err := w.transaction(ctx, func(b *batch) error {
		if b.settings.built() {
			w.builder.mark = b.settings.builtFrom
			return nil
		}
		if !w.builder.endedAt(b.settings.builtFrom) {
			w.builder = builder{
				mark: b.settings.builtFrom, start: b.settings.builtFrom.Time, last: sessionRef{math.MinInt32, math.MinInt64},
				done: w.builder.done,
			}
		}
		return b.buildPiece(ctx, &w.builder, w.opts.BatchSize)
	})
	if err != nil && !errors.Is(err, errBusy) {
		w.memory, w.builder = newMemory(), builder{}
		return fmt.Errorf("pack sessions: %w", err)
	}
	return err
}

// endedAt tells whether nobody has moved the mark since.
func (at *builder) endedAt(mark pgtype.Timestamptz) bool {
	return at.mark.Valid && at.mark.InfinityModifier == mark.InfinityModifier && at.mark.Time.Equal(mark.Time)
}

func (b *batch) buildPiece(ctx context.Context, at *builder, events int) error {
	if err := b.planByKey(ctx); err != nil {
		return err
	}
	refs, err := b.nextToPack(ctx, at, events)
	if err != nil {
		return err
	}
	at.mark = pgtype.Timestamptz{Valid: true, InfinityModifier: pgtype.NegativeInfinity}
	at.done += int64(len(refs))
	if len(refs) > 0 {
		if err := b.packStored(ctx, refs); err != nil {
			return err
		}
		at.mark = pgtype.Timestamptz{Valid: true, Time: at.start.Add(time.Millisecond)} // more may start with the last one
	}
	if _, err := b.tx.Exec(ctx, `update footfall.columns set built_from = $1`, at.mark); err != nil {
		return fmt.Errorf("note how far sessions are packed: %w", err)
	}
	b.settings.builtFrom = at.mark
	return nil
}

const nextToPackSQL = `
select s.user_key, s.session_key, s.start_ts, u.kind::text, u.id
  from (select user_key, session_key, start_ts,
               sum(least(events, $5)) over (order by start_ts desc, user_key desc, session_key desc
                                             rows between unbounded preceding and 1 preceding) as before
          from footfall.sessions
         where start_ts <= $1 and (start_ts, user_key, session_key) < ($1, $2, $3)
         order by start_ts desc, user_key desc, session_key desc
         limit $4) s
  join footfall.users u on u.key = s.user_key
 where coalesce(s.before, 0) < $5
 order by s.start_ts desc, s.user_key desc, s.session_key desc`

// nextToPack reads which sessions come next, and moves on to the last of them.
func (b *batch) nextToPack(ctx context.Context, at *builder, events int) ([]sessionRef, error) {
	from := any(at.start)
	if at.mark.InfinityModifier == pgtype.Infinity {
		from = at.mark
	}
	rows, err := b.tx.Query(ctx, nextToPackSQL, from, at.last.UserKey, at.last.Key, buildSessions, events)
	if err != nil {
		return nil, fmt.Errorf("look for sessions: %w", err)
	}
	var refs []sessionRef
	var id userID
	if _, err := pgx.ForEachRow(rows, []any{&at.last.UserKey, &at.last.Key, &at.start, &id.Kind, &id.ID}, func() error {
		b.users.remember(id, at.last.UserKey)
		refs = append(refs, at.last)
		return nil
	}); err != nil {
		return nil, fmt.Errorf("look for sessions: %w", err)
	}
	return refs, nil
}

// packStored packs stored sessions of which the arrays stay as they are.
func (b *batch) packStored(ctx context.Context, refs []sessionRef) error {
	stored, err := b.sessionsOf(ctx, refs)
	if err != nil {
		return err
	}
	told, err := b.detailsOf(ctx, slices.Collect(maps.Values(stored)))
	if err != nil {
		return err
	}
	var changes []change
	for ref, old := range stored {
		s := *old
		s.details = told[ref]
		changes = append(changes, change{old, &s})
	}
	return b.writeTail(ctx, changes)
}

// removeStrangers removes what is packed of sessions that are gone, or stands in another bucket than their user's.
var removeStrangers = statement{`
	delete from footfall.tail t
	 where not exists (select from footfall.sessions s
	                    where s.user_key = t.user_key and s.session_key = t.session_key
	                      and t.bucket = s.user_key % (select buckets from footfall.columns))`, nil, nil}

// PackAgain packs all sessions anew, for repair, and removes what is packed of sessions that are gone. It may be stopped at
// any point: a worker goes on. progress is told how many sessions are done.
func PackAgain(ctx context.Context, pool *pgxpool.Pool, progress func(done int64)) error {
	if err := exclusive(ctx, pool, func(tx pgx.Tx) error { return unpackAll(ctx, tx) }); err != nil {
		return fmt.Errorf("pack sessions anew: %w", err)
	}
	w := newWorker(pool, Options{})
	w.queues = true
	for {
		if err := whenFree(ctx, func() error { return w.buildPiece(ctx) }); err != nil {
			return err
		}
		if w.builder.mark.InfinityModifier == pgtype.NegativeInfinity {
			return nil
		}
		progress(w.builder.done)
	}
}
