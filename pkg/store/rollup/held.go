package rollup

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// openImport tells of a row i of footfall.imports, beside s of footfall.settings, that the import can be taken back, or is
// being taken back. What its events keep out is kept as long as that.
const openImport = `case i.state
 when 'undone' then false
 when 'undoing' then true
 else coalesce(coalesce(i.ended_at, i.written_at, i.started_at) > clock_timestamp() - s.import_undo, true)
 end`

// heldBatch is how many rows one transaction removes of what is kept.
const heldBatch = 20_000

// held is a record that was dropped since an import had brought its event already. Without the import it would count.
type held struct {
	*record
	by       int32 // the import
	conflict bool  // the payloads differ
}

// hold keeps a duplicate of an import's event, unless it is the import's own.
func (b *batch) hold(first, r *record, conflict bool) {
	if first.Import != 0 && first.Import != r.Import {
		b.held = append(b.held, held{r, first.Import, conflict})
	}
}

var (
	heldTable = table{
		name:    "import_duplicates",
		columns: append(slices.Clone(rowColumns), "held_by", "conflict", "event_ts", "event_key"),
	}
	// What is kept again keeps its id, since ids tell in which order rows arrived.
	heldAgainTable = table{name: heldTable.name, columns: append(slices.Clone(heldTable.columns), "id")}
)

// writeHeld keeps the rows that an import has kept out, if it can be taken back still.
func (b *batch) writeHeld(ctx context.Context) error {
	if len(b.held) == 0 {
		return nil
	}
	found, err := b.tx.Query(ctx, `
		select i.id from footfall.imports i, footfall.settings s where i.id = any ($1) and `+openImport,
		column(b.held, func(h held) int32 { return h.by }))
	if err != nil {
		return fmt.Errorf("read the imports: %w", err)
	}
	open, err := pgx.CollectRows(found, pgx.RowTo[int32])
	if err != nil {
		return fmt.Errorf("read the imports: %w", err)
	}
	var rows, again [][]any
	for _, h := range b.held {
		if !slices.Contains(open, h.by) {
			continue
		}
		if id, ok := b.arrivals[h.Row]; ok {
			again = append(again, append(h.row(), id))
		} else {
			rows = append(rows, h.row())
		}
	}
	if err := heldTable.insert(ctx, b.tx, rows); err != nil {
		return err
	}
	return heldAgainTable.insert(ctx, b.tx, again)
}

func (h held) row() []any {
	row := column(event.Fields, func(f event.Field) any { return nullText(*f.Of(h.Row)) })
	return append(row, nullText(h.Row.Attributes), nullText(h.Row.Source), h.Row.ReceivedAt, null(h.Row.Import),
		h.by, h.conflict, fromMilli(h.TS), [16]byte(h.Key))
}

var (
	// takeHeldSQL takes what was kept out by events of an import that are gone now.
	takeHeldSQL = `
delete from footfall.import_duplicates d
 using unnest($2::timestamptz[], $3::uuid[]) gone (ts, key)
 where d.held_by = $1 and d.event_key = gone.key and d.event_ts = gone.ts
returning ` + heldColumns

	// takeMoreHeldSQL takes what an import kept out although its own event did not count in the end.
	takeMoreHeldSQL = `
delete from footfall.import_duplicates d
 where d.ctid = any (array(select ctid from footfall.import_duplicates where held_by = $1 order by id limit $2))
returning ` + heldColumns

	heldColumns = `d.id, d.conflict, d.event_ts, ` + strings.Join(column(rowColumns, func(c string) string { return "d." + c }), ", ")
)

// restored is a row that is not kept out any more.
type restored struct {
	id       int64
	conflict bool
	ts       time.Time
	row      event.Row
}

// restore rolls up what was taken out of footfall.import_duplicates by a statement, in the order of its arrival, and
// returns how many rows that were. It does so in a batch of its own, within the transaction of b.
func (b *batch) restore(ctx context.Context, take string, args ...any) (int, error) {
	list, err := b.takeHeld(ctx, take, args...)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	next := newBatch(b.tx, b.memory, b.now)
	next.settings, next.rules = b.settings, b.rules
	next.arrivals = make(map[*event.Row]int64, len(list))
	rows := make([]event.Row, 0, len(list)) // rows stay where they are: arrivals point to them
	for i := range list {
		r := &list[i]
		count := next.imports.of(r.row.Import)
		count.Duplicates--
		next.report.Duplicates--
		if r.conflict {
			count.Conflicts--
			next.report.Conflicts--
		}
		// Had it counted from the start, retention would have removed it by now.
		if oldest := b.settings.Oldest; oldest == nil || !r.ts.Before(*oldest) {
			rows = append(rows, r.row)
			next.arrivals[&rows[len(rows)-1]] = r.id
		}
	}
	if err := next.roll(ctx, rows); err != nil {
		return 0, err
	}
	b.report.add(next.report)
	b.totals.add(next.totals)
	return len(list), nil
}

func (b *batch) takeHeld(ctx context.Context, take string, args ...any) ([]restored, error) {
	rows, err := b.tx.Query(ctx, take, args...)
	if err != nil {
		return nil, fmt.Errorf("take what was kept out: %w", err)
	}
	defer rows.Close()
	var list []restored
	for rows.Next() {
		var r restored
		for i, target := range []any{&r.id, &r.conflict, &r.ts} {
			if err := scan(rows, i, target); err != nil {
				return nil, fmt.Errorf("take what was kept out: %w", err)
			}
		}
		if err := scanRow(rows, 3, &r.row); err != nil {
			return nil, fmt.Errorf("take what was kept out: %w", err)
		}
		list = append(list, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("take what was kept out: %w", err)
	}
	slices.SortFunc(list, func(x, y restored) int { return int(x.id - y.id) })
	return list, nil
}

// dropHeldSQL removes some of what is held by an import, or of what is older than a time.
const (
	dropHeldSQL = `
delete from footfall.import_duplicates
 where ctid = any (array(select ctid from footfall.import_duplicates where held_by = $1 limit $2))`
	dropOldHeldSQL = `delete from footfall.import_duplicates where event_ts < $1`
)

// dropHeld removes what is kept for imports that cannot be taken back any more, and events that would be too old to come.
func dropHeld(ctx context.Context, pool *pgxpool.Pool, before *time.Time) error {
	rows, err := pool.Query(ctx, `
		select i.id from footfall.imports i, footfall.settings s
		 where not `+openImport+`
		   and exists (select from footfall.import_duplicates d where d.held_by = i.id)`)
	if err != nil {
		return fmt.Errorf("read the imports: %w", err)
	}
	closed, err := pgx.CollectRows(rows, pgx.RowTo[int32])
	if err != nil {
		return fmt.Errorf("read the imports: %w", err)
	}
	for _, id := range closed {
		for n := int64(heldBatch); n == heldBatch; {
			tag, err := pool.Exec(ctx, dropHeldSQL, id, heldBatch)
			if err != nil {
				return fmt.Errorf("remove what import %d kept out: %w", id, err)
			}
			n = tag.RowsAffected()
		}
	}
	if before == nil {
		return nil
	}
	if _, err := pool.Exec(ctx, dropOldHeldSQL, *before); err != nil {
		return fmt.Errorf("remove old duplicates: %w", err)
	}
	return nil
}
