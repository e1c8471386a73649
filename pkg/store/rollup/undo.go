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

// UndoOptions of Undo; zero values mean the defaults.
type UndoOptions struct {
	Step       int              // rows one transaction removes, default 10,000
	OnProgress func(done int64) // told how many events are removed so far
}

const defaultUndoStep = 10_000

// undoBlocks is how many blocks of the inbox one transaction looks through.
const undoBlocks = 10_000

// UndoPlan is what Undo would do.
type UndoPlan struct {
	Import  store.Import `json:"import"`
	Events  int64        `json:"events"`  // stored events to remove
	Users   int64        `json:"users"`   // whose events they are, anonymous ones and nobody among them
	Waiting int64        `json:"waiting"` // rows in the inbox to remove
	Held    int64        `json:"held"`    // rows of others that take the place of events
}

// Undone tells what Undo did.
type Undone struct {
	Import       int32  `json:"import"`
	Name         string `json:"name"`
	Events       int64  `json:"events"`       // removed
	Waiting      int64  `json:"waiting"`      // rows of the inbox, removed
	Restored     int64  `json:"restored"`     // rows of others that were duplicates of what is removed
	Rejected     int64  `json:"rejected"`     // rows of footfall.rejected, removed
	Dictionaries int64  `json:"dictionaries"` // values that nobody uses any more, removed
}

// Errors of PlanUndo and Undo; their texts are for users.
var (
	ErrNoImport   = errors.New("there is no such import; `footfall imports list` shows those there are")
	ErrUndone     = errors.New("this import was taken back already")
	ErrUndoClosed = errors.New("this import is older than footfall.settings.import_undo says, so what its events kept out is not kept any more and it cannot be taken back")
)

// PlanUndo tells what taking an import back would remove. It reads all events once.
func PlanUndo(ctx context.Context, db store.Querier, id int32) (UndoPlan, error) {
	plan := UndoPlan{}
	var err error
	if plan.Import, err = undoable(ctx, db, id); err != nil {
		return plan, err
	}
	err = db.QueryRow(ctx, `
		select e.events, e.users,
		       (select count(*) from footfall.inbox where import_id = $1),
		       (select count(*) from footfall.import_duplicates where held_by = $1 and import_id is distinct from $1)
		  from (select count(*) as events, count(distinct user_key) as users from footfall.events where import_id = $1) e`, id).Scan(
		&plan.Events, &plan.Users, &plan.Waiting, &plan.Held)
	if err != nil {
		return plan, fmt.Errorf("count what import %d has brought: %w", id, err)
	}
	return plan, nil
}

// undoable returns the import, or why it cannot be taken back.
func undoable(ctx context.Context, db store.Querier, id int32) (store.Import, error) {
	imp, err := store.ReadImport(ctx, db, id)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return imp, fmt.Errorf("import %d: %w", id, ErrNoImport)
	case err != nil:
		return imp, err
	case imp.State == "undone":
		return imp, fmt.Errorf("import %d: %w", id, ErrUndone)
	}
	var open bool
	err = db.QueryRow(ctx, `select `+openImport+` from footfall.imports i, footfall.settings s where i.id = $1`, id).Scan(&open)
	if err != nil {
		return imp, fmt.Errorf("read import %d: %w", id, err)
	}
	if !open {
		return imp, fmt.Errorf("import %d: %w", id, ErrUndoClosed)
	}
	return imp, nil
}

// Undo takes an import back: afterwards the store is as if the import had never been, but for what retention has removed
// and what counts in profiles. It goes in steps, each a transaction under the worker's lock that leaves a store without some
// more of the import. Ended at any moment, it goes on when it is called again; a worker may run meanwhile.
func Undo(ctx context.Context, pool *pgxpool.Pool, id int32, opts UndoOptions) (Undone, error) {
	imp, err := undoable(ctx, pool, id)
	if err != nil {
		return Undone{}, err
	}
	if opts.Step <= 0 {
		opts.Step = defaultUndoStep
	}
	if opts.OnProgress == nil {
		opts.OnProgress = func(int64) {}
	}
	u := &undo{
		worker: newWorker(pool, Options{}), opts: opts, id: id, names: attributeNames{levelEvent: {}, levelUser: {}},
		done: Undone{Import: id, Name: imp.Name},
	}
	// What comes first is that nothing of the import can come any more, neither as an event.
	for _, step := range []func(context.Context) error{u.stop, u.dropWaiting, u.dropHeld, u.removeEvents, u.restoreRest, u.purge, u.finish} {
		if err := step(ctx); err != nil {
			return u.done, fmt.Errorf("take import %d back: %w", id, err)
		}
	}
	return u.done, nil
}

// undo is the state of one Undo.
type undo struct {
	worker *worker
	opts   UndoOptions
	id     int32
	names  attributeNames // of the events removed
	done   Undone
}

// stop keeps the importer from writing: its chunks are committed only while the import is running. It waits for the chunk
// at work, not under the worker's lock.
func (u *undo) stop(ctx context.Context) error {
	tag, err := u.worker.pool.Exec(ctx, `
		update footfall.imports set state = 'undoing', undone_by = session_user where id = $1 and state <> 'undone'`, u.id)
	if err == nil && tag.RowsAffected() == 0 {
		return ErrUndone
	}
	return err
}

// dropWaiting removes rows from the inbox, a range of its blocks at a time.
func (u *undo) dropWaiting(ctx context.Context) error {
	var blocks int64
	if err := u.worker.pool.QueryRow(ctx, `
		select pg_relation_size('footfall.inbox') / current_setting('block_size')::bigint`).Scan(&blocks); err != nil {
		return err
	}
	for from := int64(0); from < blocks; from += undoBlocks {
		err := exclusive(ctx, u.worker.pool, func(tx pgx.Tx) error {
			tag, err := tx.Exec(ctx, `
				delete from footfall.inbox where ctid >= $1::text::tid and ctid < $2::text::tid and import_id = $3`,
				fmt.Sprintf("(%d,0)", from), fmt.Sprintf("(%d,0)", from+undoBlocks), u.id)
			u.done.Waiting += tag.RowsAffected()
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// dropHeld removes the import's own rows from those that wait for other imports to be taken back.
func (u *undo) dropHeld(ctx context.Context) error {
	return exclusive(ctx, u.worker.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from footfall.import_duplicates where import_id = $1`, u.id)
		return err
	})
}

// userEvents is how many of the import's events a user has.
type userEvents struct {
	Key    int32
	Events int64
}

// removeEvents removes the import's events, user by user. As users lose sessions to others, more of its events may turn up
// under users that are done already, so it looks until there are none.
func (u *undo) removeEvents(ctx context.Context) error {
	for {
		rows, err := u.worker.pool.Query(ctx, `
			select user_key, count(*) from footfall.events where import_id = $1 group by user_key order by user_key`, u.id)
		if err != nil {
			return err
		}
		users, err := pgx.CollectRows(rows, pgx.RowToStructByPos[userEvents])
		if err != nil || len(users) == 0 {
			return err
		}
		for len(users) > 0 {
			var keys []int32
			for events := int64(0); len(users) > 0 && (len(keys) == 0 || events+users[0].Events <= int64(u.opts.Step)); {
				events += users[0].Events
				keys = append(keys, users[0].Key)
				users = users[1:]
			}
			if err := u.removeOf(ctx, keys); err != nil {
				return err
			}
		}
	}
}

// removeOf removes the import's events of some users.
func (u *undo) removeOf(ctx context.Context, keys []int32) error {
	for {
		var removed, restored int
		var seen attributeNames
		err := u.worker.locked(ctx, func(b *batch) (err error) {
			removed, restored, seen, err = b.undo(ctx, u.id, keys, u.opts.Step)
			return err
		})
		if err != nil {
			return err
		}
		u.done.Events += int64(removed)
		u.done.Restored += int64(restored)
		u.names.merge(seen)
		u.opts.OnProgress(u.done.Events)
		if removed < u.opts.Step {
			return nil
		}
	}
}

const undoEventsSQL = `
select` + recordColumns + `
  from footfall.events e
 where e.user_key = any ($1) and e.import_id = $2
 order by e.user_key, e.ts, e.event_key
 limit $3`

// undo removes at most limit events of an import that some users have, and rolls up what these kept out. It returns how
// many events that were, how many came in their place, and the names of their attributes.
func (b *batch) undo(ctx context.Context, id int32, keys []int32, limit int) (removed, restored int, seen attributeNames, err error) {
	if err := b.planByKey(ctx); err != nil {
		return 0, 0, nil, err
	}
	gone, err := b.readRecords(ctx, undoEventsSQL, keys, id, limit)
	if err != nil || len(gone) == 0 {
		return 0, 0, nil, err
	}
	if seen, err = b.namesOf(ctx, gone); err != nil {
		return 0, 0, nil, err
	}
	if err := b.unroll(ctx, gone); err != nil {
		return 0, 0, nil, err
	}
	b.imports.of(id).Events -= int64(len(gone))
	if err := b.writeImports(ctx); err != nil {
		return 0, 0, nil, err
	}
	restored, err = b.restore(ctx, takeHeldSQL, id,
		column(gone, func(r *record) any { return fromMilli(r.TS) }), column(gone, func(r *record) [16]byte { return r.Key }))
	return len(gone), restored, seen, err
}

// restoreRest rolls up what the import kept out by events that turned out to be duplicates themselves.
func (u *undo) restoreRest(ctx context.Context) error {
	for {
		var n int
		err := u.worker.locked(ctx, func(b *batch) (err error) {
			n, err = b.restore(ctx, takeMoreHeldSQL, u.id, u.opts.Step)
			return err
		})
		u.done.Restored += int64(n)
		if err != nil || n < u.opts.Step {
			return err
		}
	}
}

// purge takes the copies of sessions that were changed out of blocks: nothing else tells whose they were.
func (u *undo) purge(ctx context.Context) error {
	return purgeDead(ctx, u.worker.pool, time.Now().AddDate(1, 0, 0)) // nothing stored starts that late
}

// finish removes what else tells of the import: samples, counts, texts and names of attributes that no event has any
// more. It reads all events, as Forget does.
func (u *undo) finish(ctx context.Context) error {
	return exclusive(ctx, u.worker.pool, func(tx pgx.Tx) error {
		var f Forgotten
		if err := forgetTexts(ctx, tx, &f); err != nil {
			return err
		}
		u.done.Dictionaries = f.Dictionaries
		if err := dropNames(ctx, tx, u.names); err != nil {
			return err
		}
		return run(ctx, tx,
			statement{`delete from footfall.rejected where import_id = $1`, []any{u.id}, &u.done.Rejected},
			statement{`delete from footfall.conflicts where import_id = $1 or against = $1`, []any{u.id}, nil},
			statement{`
				with nobody as (
				  select u.key, u.id from footfall.users u
				   where u.kind = 'none' and not exists (select from footfall.events e where e.user_key = u.key)
				), keys as (
				  delete from footfall.user_keys k using nobody n where k.kind = 'none' and k.id = n.id
				)
				delete from footfall.users u using nobody n where u.key = n.key`, nil, nil},
			statement{`update footfall.imports set conflicts_with = null where conflicts_with = $1`, []any{u.id}, nil},
			statement{`update footfall.segments set stale = true, marks = marks + 1`, nil, nil},
			// Running workers remember texts that are gone.
			statement{`
				update footfall.worker w
				   set epoch = epoch + 1, duplicates = w.duplicates - i.duplicates, conflicts = w.conflicts - i.conflicts,
				       rejected = w.rejected - i.rejected
				  from footfall.imports i
				 where i.id = $1`, []any{u.id}, nil},
			statement{`
				update footfall.imports
				   set state = 'undone', undone_at = clock_timestamp(), events = 0, duplicates = 0, conflicts = 0, rejected = 0
				 where id = $1`, []any{u.id}, nil},
		)
	})
}
