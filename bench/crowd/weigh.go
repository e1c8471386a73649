package crowd

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// weighings is how often a run tells what blocks take on disk.
const weighings = 12

// weightSQL is in MB: of each table of packed sessions what it takes on disk with its TOAST table, and what its rows do. These are
// counted without the headers of chunks and pages, and the room that is left in a page.
const weightSQL = `
with weights (disk, live) as (
  select pg_table_size('footfall.blocks'), (select sum(pg_column_size(b)) from footfall.blocks b)
  union all
  select pg_table_size('footfall.block_attributes'), (select sum(pg_column_size(b)) from footfall.block_attributes b)
  union all
  select pg_table_size('footfall.dead'), (select sum(pg_column_size(d)) from footfall.dead d)
  union all
  select pg_table_size('footfall.tail'), (select sum(pg_column_size(t)) from footfall.tail t)
)
select disk / 1e6, coalesce(live, 0) / 1e6 from weights`

// weigh prints a line for each part of the run.
func (r *run) weigh(ctx context.Context) error {
	r.say("\n| after | rolled up | blocks: on disk, in use, MB | packed attributes | dead | tail |\n|---|---|---|---|---|---|\n")
	for {
		rows, err := r.pool.Query(ctx, weightSQL)
		if err != nil {
			return unlessOver(ctx, err)
		}
		weights, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct{ Disk, Live float64 }])
		if err != nil {
			return unlessOver(ctx, err)
		}
		r.mutex.Lock()
		line := fmt.Sprintf("| %s | %d |", time.Since(r.began).Round(time.Second), r.taken)
		r.mutex.Unlock()
		for _, w := range weights {
			line += fmt.Sprintf(" %.1f, %.1f |", w.Disk, w.Live)
		}
		r.say("%s\n", line)
		if !sleep(ctx, r.For/weighings) {
			return nil
		}
	}
}

// holdSnapshots keeps a transaction open that saw the store at its start, and then the next.
func (r *run) holdSnapshots(ctx context.Context) error {
	for {
		err := pgx.BeginTxFunc(ctx, r.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, `select from footfall.worker`); err != nil { // takes the snapshot
				return err
			}
			sleep(ctx, r.Snapshot)
			return ctx.Err()
		})
		if err != nil {
			return unlessOver(ctx, err)
		}
	}
}
