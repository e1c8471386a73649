package rollup

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

const (
	// rebuildUsers is how many user keys one transaction looks at, at most.
	rebuildUsers = 500
	// rebuildEvents is how many events of sessions a transaction may hold for it to take one more user.
	rebuildEvents = 100_000
	// rebuildHeld is how many events are in memory before their sessions are written; a session is there as a whole.
	rebuildHeld = 20_000
	// rebuildFetch is how many events one fetch brings.
	rebuildFetch = 5_000
)

// Rebuild computes the sessions and profiles of all users again from events, for new thresholds and gaps, or for
// repair, some users at a time, between the batches of a running worker. Memory holds one session, or 20,000 events,
// whatever is larger. progress is told how many user keys of how many are done. Once retention has removed sessions,
// profiles hold more than events can tell: they are corrected by what changes in the sessions that are left, not computed
// anew.
func Rebuild(ctx context.Context, pool *pgxpool.Pool, progress func(done, of int32)) error {
	w := newWorker(pool, Options{})
	var last int32
	if err := pool.QueryRow(ctx, `select user_key from footfall.worker`).Scan(&last); err != nil {
		return fmt.Errorf("read the number of users: %w", err)
	}
	repaged := false
	for from := int32(1); from <= last; {
		var chunk rebuildChunk
		err := w.locked(ctx, func(b *batch) (err error) {
			if chunk, err = b.rebuildChunk(ctx, from, last); err != nil {
				return err
			}
			err = b.rebuild(ctx, chunk.users, nil)
			repaged = repaged || b.repaged
			return err
		})
		if err != nil {
			return fmt.Errorf("rebuild users from %d: %w", from, err)
		}
		for _, key := range chunk.outside {
			outside, err := w.rebuildOutside(ctx, key)
			if err != nil {
				return fmt.Errorf("rebuild events of nobody: %w", err)
			}
			repaged = repaged || outside
		}
		progress(chunk.to, last)
		from = chunk.to + 1
	}
	if _, err := pool.Exec(ctx, `update footfall.worker set names_missing = false where names_missing`); err != nil {
		return fmt.Errorf("note that all names are known: %w", err)
	}
	err := exclusive(ctx, pool, func(tx pgx.Tx) error {
		if err := run(ctx, tx, append(recountTotals, removeStrangers)...); err != nil || !repaged {
			return err
		}
		return removeUnusedTexts(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("remove what nobody uses any more: %w", err)
	}
	return nil
}

// removeUnusedTexts removes what no event says any more from the dictionaries; running workers remember it.
func removeUnusedTexts(ctx context.Context, tx pgx.Tx) error {
	if err := forgetTexts(ctx, tx, &Forgotten{}); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `update footfall.worker set epoch = epoch + 1`)
	return err
}

// locked is transaction, waiting while another worker is at work.
func (w *worker) locked(ctx context.Context, work func(*batch) error) error {
	w.queues = true
	err := whenFree(ctx, func() error {
		_, err := w.transaction(ctx, work)
		return err
	})
	if err != nil {
		w.memory = newMemory()
	}
	return err
}

// rebuildChunk are the user keys up to a key, apart from those done before.
type rebuildChunk struct {
	users   []int32 // with all they have in one transaction
	outside []int32 // the keys of nobody's events outside of sessions
	to      int32
}

// rebuildChunk takes users until their sessions hold enough events.
func (b *batch) rebuildChunk(ctx context.Context, from, last int32) (rebuildChunk, error) {
	chunk := rebuildChunk{to: min(from+rebuildUsers-1, last)}
	rows, err := b.tx.Query(ctx, `
		select u.key, u.kind::text, u.id, (select coalesce(sum(events), 0) from footfall.sessions s where s.user_key = u.key)
		  from footfall.users u
		 where u.key between $1 and $2
		 order by u.key`, from, chunk.to)
	if err != nil {
		return chunk, fmt.Errorf("read users: %w", err)
	}
	var key int32
	var id userID
	var events, sum int64
	full := false
	_, err = pgx.ForEachRow(rows, []any{&key, &id.Kind, &id.ID, &events}, func() error {
		sum += events
		if full = full || sum > rebuildEvents && len(chunk.users) > 0; full {
			return nil
		}
		chunk.to = key
		b.users.remember(id, key)
		if id.Kind == kindNone && strings.HasPrefix(id.ID, event.NobodyPrefix) {
			chunk.outside = append(chunk.outside, key)
		} else {
			chunk.users = append(chunk.users, key)
		}
		return nil
	})
	if err != nil {
		return chunk, fmt.Errorf("read users: %w", err)
	}
	if !full {
		chunk.to = min(from+rebuildUsers-1, last)
	}
	return chunk, nil
}

// rebuild computes the sessions and profiles of users again. With a cut it leaves out the events before it.
func (b *batch) rebuild(ctx context.Context, users []int32, cut *cut) error {
	if len(users) == 0 {
		return nil
	}
	if err := b.planByKey(ctx); err != nil {
		return err
	}
	if err := b.readProfilesOf(ctx, users); err != nil {
		return err
	}
	b.rules.clickType = b.memory.knownText("action_type", "click")
	b.again, b.cutting = true, cut != nil
	if b.scratch = b.settings.SessionsFrom == nil && !b.cutting; b.scratch {
		for key, p := range b.profiles {
			b.profiles[key] = &profile{UserKey: key, Anonymous: p.Anonymous, Attributes: map[string]attribute{}, stored: p.stored, named: true}
		}
	}
	r := rebuilder{batch: b, users: users, cut: cut, done: map[sessionRef]bool{}, touched: map[int32]*profile{}}
	if err := r.run(ctx); err != nil {
		return err
	}
	return b.finishProfiles(ctx, r.touched)
}

// rebuilder computes the sessions of some users from a stream of their events.
type rebuilder struct {
	*batch
	users   []int32
	cut     *cut
	gapFrom map[gapGroup]int64 // where retention has removed sessions: the start of the first session of gaps that is left
	open    rebuilt            // the stream is within it
	parts   []rebuilt          // whole
	held    int                // events of parts
	done    map[sessionRef]bool
	touched map[int32]*profile
}

// rebuilt are the events of a session.
type rebuilt struct {
	gapGroup
	given   int64 // the session's key where it has an id of its own, 0 for sessions made of gaps
	records []*record
}

func (s rebuilt) ref() sessionRef {
	if s.given != 0 {
		return sessionRef{s.UserKey, s.given}
	}
	return sessionRef{s.UserKey, gapSessionKey(s.Application, s.records[0].TS)}
}

// rebuildSQL brings each session's events together, in event order, and those of sessions made of gaps by application. A
// cursor, since one user's events may be more than fit into memory; it does not see what is written meanwhile.
const rebuildSQL = `
declare rebuilt no scroll cursor for
select` + recordColumns + `
  from footfall.events e
  left join footfall.contexts c on c.id = e.context
 where e.user_key = any ($1) and e.session_key <> 0
 order by e.user_key, case when e.session_key & 1 = 1 then e.session_key end,
          case when e.session_key & 1 = 0 then c.application end, e.ts, e.seq nulls first, e.event_key`

func (r *rebuilder) run(ctx context.Context) error {
	if err := r.readGapStarts(ctx); err != nil {
		return err
	}
	if _, err := r.tx.Exec(ctx, rebuildSQL, r.users); err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	for {
		records, err := r.readRecords(ctx, fmt.Sprintf(`fetch %d from rebuilt`, rebuildFetch))
		if err != nil {
			return err
		}
		for _, record := range records {
			r.add(record)
		}
		if len(records) == 0 {
			r.closePart()
		}
		if r.held >= rebuildHeld || len(records) == 0 {
			if err := r.compute(ctx); err != nil {
				return err
			}
		}
		if len(records) == 0 {
			break
		}
	}
	if _, err := r.tx.Exec(ctx, `close rebuilt`); err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	return r.removeOthers(ctx)
}

// add takes the stream's next event into the session it belongs to.
func (r *rebuilder) add(e *record) {
	s := rebuilt{gapGroup: gapGroup{UserKey: e.UserKey}, given: e.SessionKey}
	if e.SessionKey&givenSession == 0 {
		s.given, s.Application = 0, r.memory.attrsOf[e.Context][0]
	}
	switch {
	case r.cut.takes(e):
		r.keepCounted(e)
		return
	case s.given == 0 && r.removed(e, r.gapStart(s.gapGroup)):
		return
	}
	if n := len(r.open.records); n > 0 {
		first, last := r.open.records[0], r.open.records[n-1]
		ended := s.given == 0 && r.gapRuleFor(s.Application).starts(first.TS, last.TS, e.TS)
		if ended || s.gapGroup != r.open.gapGroup || s.given != r.open.given {
			r.closePart()
		}
	}
	s.records = append(r.open.records, e)
	r.open = s
}

func (r *rebuilder) closePart() {
	if len(r.open.records) > 0 {
		r.parts = append(r.parts, r.open)
		r.held += len(r.open.records)
	}
	r.open = rebuilt{}
}

// compute builds and writes the sessions that are whole.
func (r *rebuilder) compute(ctx context.Context) error {
	refs := column(r.parts, rebuilt.ref)
	stored, err := r.sessionsOf(ctx, refs)
	if err != nil {
		return err
	}
	for _, part := range r.parts {
		if err := r.repage(ctx, part.records); err != nil {
			return err
		}
	}
	for i, part := range r.parts {
		old, records := stored[refs[i]], part.records
		if part.given != 0 {
			records = slices.DeleteFunc(records, func(e *record) bool { return r.removed(e, startOf(old)) })
		}
		if len(records) > 0 {
			r.build(old, refs[i], records)
			r.done[refs[i]] = true
		}
	}
	r.parts, r.held = nil, 0
	return r.flush(ctx)
}

// flush writes what was computed, and forgets it but for the profiles.
func (r *rebuilder) flush(ctx context.Context) error {
	for _, write := range []func(context.Context) error{r.writeEvents, r.writeSessions, r.writeDictionaries, r.writeNames} {
		if err := write(ctx); err != nil {
			return err
		}
	}
	r.changeProfiles(r.touched)
	r.written, r.changes = nil, nil
	return nil
}

// removeOthers removes the stored sessions that no events make any more.
func (r *rebuilder) removeOthers(ctx context.Context) error {
	rows, err := r.tx.Query(ctx, `select user_key, session_key from footfall.sessions where user_key = any ($1)`, r.users)
	if err != nil {
		return fmt.Errorf("read sessions: %w", err)
	}
	var gone []sessionRef
	var ref sessionRef
	if _, err := pgx.ForEachRow(rows, []any{&ref.UserKey, &ref.Key}, func() error {
		if !r.done[ref] {
			gone = append(gone, ref)
		}
		return nil
	}); err != nil {
		return fmt.Errorf("read sessions: %w", err)
	}
	for part := range slices.Chunk(gone, rebuildFetch) {
		stored, err := r.sessionsOf(ctx, part)
		if err != nil {
			return err
		}
		for _, old := range slices.SortedFunc(maps.Values(stored), func(a, b *session) int { return compareRefs(a.sessionRef, b.sessionRef) }) {
			r.changes = append(r.changes, change{old, nil})
		}
		if err := r.flush(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) sessionsOf(ctx context.Context, refs []sessionRef) (map[sessionRef]*session, error) {
	stored := map[sessionRef]*session{}
	rows, err := b.tx.Query(ctx, `
		select `+sessionColumns+`
		  from unnest($1::int[], $2::bigint[]) asked (user_key, session_key)
		  join footfall.sessions s on s.user_key = asked.user_key and s.session_key = asked.session_key`+tailJoin,
		column(refs, func(ref sessionRef) int32 { return ref.UserKey }), column(refs, func(ref sessionRef) int64 { return ref.Key }))
	if err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	if _, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (any, error) {
		s, err := scanSession(row)
		stored[s.sessionRef] = s
		return nil, err
	}); err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	return stored, nil
}

// rebuildOutside goes through the events of nobody that are in no session, a slice in each transaction: they change
// neither sessions nor profiles, but have pages and names of attributes. It tells whether pages changed.
func (w *worker) rebuildOutside(ctx context.Context, key int32) (repaged bool, err error) {
	after := record{Order: event.Order{TS: event.Oldest.UnixMilli() - 1}}
	for {
		n := 0
		err := w.locked(ctx, func(b *batch) error {
			records, err := b.readRecords(ctx, `
				select`+recordColumns+`
				  from footfall.events e
				 where e.user_key = $1 and (e.ts, e.event_key) > ($2, $3) and e.session_key = 0
				 order by e.ts, e.event_key
				 limit $4`, key, fromMilli(after.TS), [16]byte(after.Key), rebuildHeld)
			if n = len(records); err != nil || n == 0 {
				return err
			}
			after = *records[n-1]
			if err := b.repage(ctx, records); err != nil {
				return err
			}
			b.again, b.written = true, records
			repaged = repaged || b.repaged
			return b.write(ctx)
		})
		if err != nil || n < rebuildHeld {
			return repaged, err
		}
	}
}
