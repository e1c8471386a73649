package rollup

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// A restored dump may lack some of what is packed: pg_dump --exclude-table-data leaves tables empty whose contents can be computed.
// Then one of footfall.tail, blocks and dead is empty, and their sessions are not as many as there are.

// keptSQL: without blocks, or without deaths, each session is in the tail or in a block once.
const keptSQL = `
select c.built_from = '-infinity', c.number > 0,
       exists (select from footfall.tail), exists (select from footfall.blocks), exists (select from footfall.dead), w.sessions
  from footfall.columns c, footfall.worker w`

const countKeptSQL = `
select (select count(*) from footfall.tail) + (select coalesce(sum(sessions), 0) from footfall.blocks)::bigint`

// kept is what there is of packed sessions.
type kept struct {
	built, sealed      bool // all sessions are packed; some were put into blocks once
	tail, blocks, dead bool // hold something
	sessions, copies   int64
}

// readKept reads it in a transaction that sees one state of the store. Copies are counted where something may be missing.
func readKept(ctx context.Context, tx pgx.Tx) (k kept, err error) {
	err = tx.QueryRow(ctx, keptSQL).Scan(&k.built, &k.sealed, &k.tail, &k.blocks, &k.dead, &k.sessions)
	if err == nil && k.doubtful() {
		if err = tx.QueryRow(ctx, countKeptSQL).Scan(&k.copies); err == nil && k.lost() {
			// The worker's counter may have been changed by hand.
			err = tx.QueryRow(ctx, `select count(*) from footfall.sessions`).Scan(&k.sessions)
		}
	}
	if err != nil {
		return kept{}, fmt.Errorf("look for packed sessions that are missing: %w", err)
	}
	return k, nil
}

func (k kept) doubtful() bool { return k.built && !(k.tail && k.blocks && k.dead) }

// lost tells whether packed sessions are missing, or deaths of copies that count no more.
func (k kept) lost() bool {
	switch {
	case !k.doubtful():
		return false
	case k.blocks && k.dead: // some copies count no more
		return k.sessions > k.copies
	}
	return k.sessions != k.copies
}

// lookForLost has sessions packed anew where a restored dump lacks them. Until that is done questions read their rows.
func (w *worker) lookForLost(ctx context.Context) error {
	var k kept
	err := w.snapshot(ctx, func(tx pgx.Tx) (err error) {
		k, err = readKept(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	switch {
	case k.lost():
		w.opts.Logf("some packed sessions are missing, as after a restore without them; all are packed anew")
		err = exclusive(ctx, w.pool, func(tx pgx.Tx) error {
			// Another worker may have found it, too.
			if k, err := readKept(ctx, tx); err != nil || !k.lost() {
				return err
			}
			return unpackAll(ctx, tx)
		})
	case k.built && k.sealed && !k.blocks: // what was sealed is gone, or was packed anew
		err = exclusive(ctx, w.pool, func(tx pgx.Tx) error { return run(ctx, tx, nothingSealed) })
	}
	if err != nil {
		return fmt.Errorf("look for packed sessions that are missing: %w", err)
	}
	w.complete, w.behind = true, w.behind || k.lost()
	return nil
}

// nothingSealed says that no session ever was.
var nothingSealed = statement{`
	update footfall.columns set number = 0
	 where number > 0 and not exists (select from footfall.blocks) and not exists (select from footfall.dead)`, nil, nil}

// unpackAll has all sessions packed anew, and removes what is packed of sessions that are gone.
func unpackAll(ctx context.Context, tx pgx.Tx) error {
	return run(ctx, tx, statement{`update footfall.columns set built_from = 'infinity'`, nil, nil}, removeStrangers,
		statement{`delete from footfall.blocks`, nil, nil}, statement{`delete from footfall.block_attributes`, nil, nil},
		statement{`delete from footfall.dead`, nil, nil},
		nothingSealed)
}
