// Package check compares what the store keeps twice: packed sessions, in the tail or in blocks, with the sessions' rows and with
// their events, and how many users have which totals with the profiles. It shares nothing with the worker that writes them but the formats.
package check

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// Report tells what was compared.
type Report struct {
	Sessions    int64        `json:"sessions"`    // that there are
	Packed      int64        `json:"packed"`      // of them stand in footfall.tail or in a block
	Sealed      int64        `json:"sealed"`      // of these stand in a block
	Differences int64        `json:"differences"` // sessions, blocks and counts of users that are not as they should be
	First       []Difference `json:"first"`       // the first of these
}

// Difference is a session that is not packed as it should be, or a block or a count of users, which have no keys of one.
type Difference struct {
	UserKey    int32  `json:"user_key"`
	SessionKey int64  `json:"session_key"`
	Problem    string `json:"problem"`
}

func (d Difference) String() string {
	if d.UserKey == 0 {
		return d.Problem
	}
	return fmt.Sprintf("session %d of user %d: %s", d.SessionKey, d.UserKey, d.Problem)
}

// maxFirst is how many differences are told.
const maxFirst = 20

func (r *Report) add(d Difference) {
	if r.Differences++; len(r.First) < maxFirst {
		r.First = append(r.First, d)
	}
}

// Sessions compares all sessions, some in each transaction, so that no snapshot is held for long: what others write meanwhile
// is seen or not, but whole. They come in the order of their starts, as blocks do. progress is told how many are done.
func Sessions(ctx context.Context, pool *pgxpool.Pool, progress func(done int64)) (Report, error) {
	var r Report
	w := window{failed: map[int64]bool{}}
	for after := (place{start: longAgo}); ; {
		var page []*session
		err := snapshot(ctx, pool, store.PlansByKey, func(tx pgx.Tx) (err error) {
			page, err = r.checkPage(ctx, tx, &w, after)
			return err
		})
		if err != nil {
			return r, fmt.Errorf("compare sessions: %w", err)
		}
		if len(page) == 0 {
			break
		}
		after = page[len(page)-1].place()
		progress(r.Sessions)
	}
	if err := r.checkStrangers(ctx, pool); err != nil {
		return r, err
	}
	if err := r.checkValues(ctx, pool); err != nil {
		return r, err
	}
	return r, r.checkTotals(ctx, pool)
}

// longAgo is before all sessions.
var longAgo = time.Date(-4000, 1, 1, 0, 0, 0, 0, time.UTC)

// snapshot runs a function in a transaction that sees one state of the store, after statements on plans.
func snapshot(ctx context.Context, pool *pgxpool.Pool, plans string, read func(pgx.Tx) error) error {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	return pgx.BeginTxFunc(ctx, pool, options, func(tx pgx.Tx) error {
		if err := store.CheckVersion(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, plans); err != nil {
			return err
		}
		return read(tx)
	})
}

// checkPage compares the sessions after a place, and the copies in blocks that stand among them; where there are no more sessions,
// all the rest of the copies.
func (r *Report) checkPage(ctx context.Context, tx pgx.Tx, w *window, after place) ([]*session, error) {
	page, err := readPage(ctx, tx, after)
	if err != nil {
		return nil, err
	}
	var to *place
	if len(page) > 0 {
		last := page[len(page)-1].place()
		to = &last
		if err := readEvents(ctx, tx, page); err != nil {
			return nil, err
		}
	}
	copies, err := w.copies(ctx, tx, after, to, func(problem string) { r.add(Difference{Problem: problem}) })
	if err != nil {
		return nil, err
	}
	for _, c := range match(page, copies) {
		r.add(Difference{c.user, c.key, "stands in a block, but there is no such session, or it starts at another time, or is of another bucket"})
	}
	for _, s := range page {
		r.Sessions++
		if s.steps != nil || len(s.copies) > 0 {
			r.Packed++
		}
		if len(s.copies) > 0 {
			r.Sealed++
		}
		problem := s.problem()
		if problem == "" {
			if problem, err = s.tailValuesProblem(ctx, tx); err != nil {
				return nil, fmt.Errorf("compare attributes of events: %w", err)
			}
		}
		if problem != "" {
			r.add(Difference{s.ref.user, s.ref.key, problem})
		}
	}
	return page, nil
}

// strangersSQL finds packed sessions that nobody looks for: their session is gone, or they are in another bucket than their
// user's.
const strangersSQL = `
select t.user_key, t.session_key
  from footfall.tail t
 where not exists (select from footfall.sessions s
                    where s.user_key = t.user_key and s.session_key = t.session_key
                      and t.bucket = s.user_key % (select buckets from footfall.columns))
 order by t.user_key, t.session_key`

func (r *Report) checkStrangers(ctx context.Context, pool *pgxpool.Pool) error {
	d := Difference{Problem: "is packed, but there is no such session, or it is in another bucket than its user's"}
	err := snapshot(ctx, pool, store.NoJIT, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, strangersSQL)
		if err != nil {
			return err
		}
		_, err = pgx.ForEachRow(rows, []any{&d.UserKey, &d.SessionKey}, func() error {
			r.add(d)
			return nil
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("look for packed sessions that are none: %w", err)
	}
	return nil
}

// ErrDiffers is what a report with differences amounts to; its text says what to do.
var ErrDiffers = errors.New("what is kept twice is not as it should be; `footfall rebuild --columns` packs sessions anew, and `footfall rebuild` computes " +
	"what its lines name it for")
