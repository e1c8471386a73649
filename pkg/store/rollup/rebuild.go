package rollup

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// rebuildChunk is how many users one transaction computes again.
const rebuildChunk = 500

// Rebuild computes the sessions and profiles of all users again from events, for new thresholds and gaps, or for
// repair, one chunk of users at a time, between the batches of a running worker. progress is told how many user keys of
// how many are done. Where retention is on, profiles hold more than events can tell: they are corrected by what changes
// in the sessions that are left, not computed anew.
func Rebuild(ctx context.Context, pool *pgxpool.Pool, progress func(done, of int32)) error {
	w := newWorker(pool, Options{})
	var last int32
	if err := pool.QueryRow(ctx, `select user_key from footfall.worker`).Scan(&last); err != nil {
		return fmt.Errorf("read the number of users: %w", err)
	}
	for from := int32(1); from <= last; from += rebuildChunk {
		to := min(from+rebuildChunk-1, last)
		if err := w.locked(ctx, func(b *batch) error { return b.rebuild(ctx, from, to) }); err != nil {
			return fmt.Errorf("rebuild users %d to %d: %w", from, to, err)
		}
		progress(to, last)
	}
	return nil
}

// locked is transaction, waiting while another worker is at work.
func (w *worker) locked(ctx context.Context, work func(*batch) error) error {
	err := whenFree(ctx, func() error {
		_, err := w.transaction(ctx, work)
		return err
	})
	if err != nil {
		w.memory = newMemory()
	}
	return err
}

// rebuild computes the sessions and profiles of the users with keys from..to again.
func (b *batch) rebuild(ctx context.Context, from, to int32) error {
	if err := b.planByKey(ctx); err != nil {
		return err
	}
	if err := b.readEverything(ctx, from, to); err != nil {
		return err
	}
	records, err := b.readRecords(ctx, `select`+recordColumns+` from footfall.events e where e.user_key between $1 and $2`, from, to)
	if err != nil {
		return err
	}
	b.rules.clickType = b.memory.knownText("action_type", "click")
	b.again = true
	b.rebuildSessions(records)
	b.scratch = b.settings.Oldest == nil
	if b.scratch {
		for key, p := range b.profiles {
			b.profiles[key] = &profile{UserKey: key, Anonymous: p.Anonymous, Attributes: map[string]attribute{}, named: true}
		}
	}
	return b.write(ctx)
}

// readEverything reads users, sessions and profiles of the keys from..to.
func (b *batch) readEverything(ctx context.Context, from, to int32) error {
	rows, err := b.tx.Query(ctx, `select key, kind::text, id from footfall.users where key between $1 and $2`, from, to)
	if err != nil {
		return fmt.Errorf("read users: %w", err)
	}
	var keys []int32
	var key int32
	var id userID
	if _, err := pgx.ForEachRow(rows, []any{&key, &id.Kind, &id.ID}, func() error {
		b.users.remember(id, key)
		keys = append(keys, key)
		return nil
	}); err != nil {
		return fmt.Errorf("read users: %w", err)
	}
	rows, err = b.tx.Query(ctx, `select`+sessionColumns+` from footfall.sessions s where s.user_key between $1 and $2`, from, to)
	if err != nil {
		return fmt.Errorf("read sessions: %w", err)
	}
	if _, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (any, error) {
		s, err := scanSession(row)
		b.stored[s.sessionRef] = s
		return nil, err
	}); err != nil {
		return fmt.Errorf("read sessions: %w", err)
	}
	return b.readProfilesOf(ctx, keys)
}

// rebuildSessions computes all sessions of the users whose stored events are given.
func (b *batch) rebuildSessions(records []*record) {
	given := map[sessionRef][]*record{}
	gaps := map[gapGroup][]*record{}
	for _, r := range records {
		switch {
		case r.SessionKey == 0:
			b.written = append(b.written, r)
		case r.SessionKey&givenSession != 0:
			ref := sessionRef{r.UserKey, r.SessionKey}
			given[ref] = append(given[ref], r)
		default:
			group := gapGroup{r.UserKey, b.memory.attrsOf[r.Context][0]}
			gaps[group] = append(gaps[group], r)
		}
	}
	left := b.stored
	build := func(ref sessionRef, records []*record) {
		old := left[ref]
		if old == nil && b.retired(records) {
			return
		}
		delete(left, ref)
		b.build(old, ref, records)
	}
	for ref, records := range given {
		sortRecords(records)
		build(ref, records)
	}
	for group, records := range gaps {
		sortRecords(records)
		for _, part := range b.gapRuleFor(group.Application).split(records) {
			build(sessionRef{group.UserKey, gapSessionKey(group.Application, part[0].TS)}, part)
		}
	}
	for _, gone := range left {
		b.changes = append(b.changes, change{gone, nil})
	}
}

// retired tells whether retention has removed the session of these events, and must not see it again.
func (b *batch) retired(records []*record) bool {
	return b.settings.Oldest != nil && fromMilli(records[len(records)-1].TS).Before(*b.settings.Oldest)
}
