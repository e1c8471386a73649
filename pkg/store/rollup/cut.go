package rollup

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// cut is where the events end that retention is about to remove. Sessions that reach over it keep their later events, so
// that every session is what its stored events make, now and whenever it is computed again. Profiles keep what they
// counted.
type cut struct {
	before   int64                // ms
	crossing map[sessionRef]int64 // the stored sessions that reach over it, and their starts
}

// takes tells whether the cut takes an event away.
func (c *cut) takes(e *record) bool { return c != nil && e.TS < c.before }

// counted tells whether a session counts an event that the cut takes away.
func (c *cut) counted(e *record) bool {
	start, crossing := c.crossing[sessionRef{e.UserKey, e.StoredSession}]
	return crossing && e.TS >= start
}

// cutUsers is how many users' sessions are cut in one transaction.
const cutUsers = 100

// cutSessions cuts the sessions that reach over a time; only these need the dictionaries.
func cutSessions(ctx context.Context, pool *pgxpool.Pool, before time.Time) error {
	rows, err := pool.Query(ctx, `select distinct user_key from footfall.sessions where start_ts < $1 order by user_key`, before)
	if err != nil {
		return fmt.Errorf("look for sessions to cut: %w", err)
	}
	users, err := pgx.CollectRows(rows, pgx.RowTo[int32])
	if err != nil {
		return fmt.Errorf("look for sessions to cut: %w", err)
	}
	w := newWorker(pool, Options{})
	for some := range slices.Chunk(users, cutUsers) {
		if err := w.locked(ctx, func(b *batch) error { return b.cutSessions(ctx, some, before) }); err != nil {
			return fmt.Errorf("cut sessions: %w", err)
		}
	}
	return nil
}

func (b *batch) cutSessions(ctx context.Context, users []int32, before time.Time) error {
	if _, err := b.tx.Exec(ctx, `update footfall.worker set sessions_from = greatest(sessions_from, $1)`, before); err != nil {
		return err
	}
	rows, err := b.tx.Query(ctx, `
		select s.user_key, s.session_key, s.start_ts, u.kind::text, u.id
		  from footfall.sessions s
		  join footfall.users u on u.key = s.user_key
		 where s.user_key = any ($1) and s.start_ts < $2`, users, before)
	if err != nil {
		return err
	}
	c := cut{before: before.UnixMilli(), crossing: map[sessionRef]int64{}}
	var crossed []int32
	var ref sessionRef
	var start time.Time
	var id userID
	if _, err := pgx.ForEachRow(rows, []any{&ref.UserKey, &ref.Key, &start, &id.Kind, &id.ID}, func() error {
		b.users.remember(id, ref.UserKey)
		c.crossing[ref] = start.UnixMilli()
		crossed = append(crossed, ref.UserKey)
		return nil
	}); err != nil {
		return err
	}
	slices.Sort(crossed)
	return b.rebuild(ctx, slices.Compact(crossed), &c)
}

// keepCounted leaves an event that the cut takes away in the profile's totals.
func (r *rebuilder) keepCounted(e *record) {
	p := r.profileOf(e.UserKey)
	if p == nil || !r.cut.counted(e) {
		return
	}
	p.Events++
	switch e.Token.Type {
	case event.View:
		p.Views++
	case event.Action:
		p.Actions++
	case event.Error:
		p.Errors++
	}
	if e.Token.Frustration != 0 {
		p.Frustrations++
	}
}

// removed tells whether an event is of a session that retention has removed or cut: one from before what sessions are kept
// from, and before the start of the session that is left of it.
func (r *rebuilder) removed(e *record, start int64) bool {
	from := r.settings.SessionsFrom
	return from != nil && e.TS < from.UnixMilli() && e.TS < start
}

// never is the start of a session that is not stored.
const never = math.MaxInt64

func startOf(s *session) int64 {
	if s == nil {
		return never
	}
	return s.Start
}

// gapStart is the start of the first session left of a group.
func (r *rebuilder) gapStart(group gapGroup) int64 {
	if start, known := r.gapFrom[group]; known {
		return start
	}
	return never
}

// readGapStarts reads where the first sessions made of gaps start that retention has left.
func (r *rebuilder) readGapStarts(ctx context.Context) error {
	if r.settings.SessionsFrom == nil {
		return nil
	}
	r.gapFrom = map[gapGroup]int64{}
	rows, err := r.tx.Query(ctx, `
		select user_key, coalesce(application, 0), min(start_ts)
		  from footfall.sessions
		 where user_key = any ($1) and session_id is null
		 group by user_key, application`, r.users)
	if err != nil {
		return fmt.Errorf("read the first sessions: %w", err)
	}
	var group gapGroup
	var start time.Time
	_, err = pgx.ForEachRow(rows, []any{&group.UserKey, &group.Application, &start}, func() error {
		r.gapFrom[group] = start.UnixMilli()
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the first sessions: %w", err)
	}
	return nil
}
