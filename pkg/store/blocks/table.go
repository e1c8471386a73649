package blocks

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// Row is a row of footfall.blocks.
type Row struct {
	Bucket int16
	ID     int64 // the store gives it
	Number int64
	Block
}

// Rows are blocks of sessions of a bucket, which it sorts.
func Rows(bucket int16, number int64, sessions []Session) []Row {
	var rows []Row
	for _, part := range Split(sessions) {
		rows = append(rows, Row{Bucket: bucket, Number: number, Block: Encode(part)})
	}
	return rows
}

// Extent is what tells which deaths concern the block.
func (r *Row) Extent() Extent { return Extent{r.Number, r.MinStart, r.MaxStart} }

var heads = []string{"bucket", "number", "format", "sessions", "events", "min_start", "max_start", "max_end"}

// Insert writes blocks.
func Insert(ctx context.Context, tx pgx.Tx, rows []Row) error {
	if len(rows) == 0 {
		return nil
	}
	columns := append(append([]string{}, heads...), names[:]...)
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"footfall", "blocks"}, columns, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
		r := &rows[i]
		values := []any{r.Bucket, r.Number, r.Format, r.Sessions, r.Events, time.UnixMilli(r.MinStart), time.UnixMilli(r.MaxStart), time.UnixMilli(r.MaxEnd)}
		for _, column := range r.Columns {
			values = append(values, column)
		}
		return values, nil
	}))
	if err != nil {
		return fmt.Errorf("write blocks: %w", err)
	}
	return nil
}

// Statement reads the wanted columns of blocks b for which a condition holds.
func Statement(want Set, where string, args ...any) store.Statement {
	list := append([]string{"id"}, heads...)
	for c := range Columns {
		if (want | Of()).Has(c) {
			list = append(list, c.String())
		} else {
			list = append(list, "null::bytea")
		}
	}
	return store.Statement{SQL: "select " + strings.Join(list, ", ") + "\n  from footfall.blocks b\n where " + where, Args: args, Binary: true}
}

// Each runs a statement of Statement. A row is good until take returns; its columns stay good.
func Each(ctx context.Context, db store.Querier, statement store.Statement, take func(*Row) error) error {
	var r Row
	var minStart, maxStart, maxEnd time.Time
	targets := []any{&r.ID, &r.Bucket, &r.Number, &r.Format, &r.Sessions, &r.Events, &minStart, &maxStart, &maxEnd}
	for c := range r.Columns {
		targets = append(targets, &r.Columns[c])
	}
	return statement.Each(ctx, db, targets, func() error {
		r.MinStart, r.MaxStart, r.MaxEnd = minStart.UnixMilli(), maxStart.UnixMilli(), maxEnd.UnixMilli()
		return take(&r)
	})
}

// maxList is how many deaths one row of footfall.dead holds.
const maxList = 1 << 16

var deadColumns = []string{"bucket", "format", "deaths", "min_start", "max_start", "starts", "users", "keys", "numbers"}

// InsertDeaths writes merged deaths of a bucket.
func InsertDeaths(ctx context.Context, tx pgx.Tx, bucket int16, merged []Death) error {
	var rows [][]any
	for part := range slices.Chunk(merged, maxList) {
		d := EncodeDeaths(part)
		row := []any{bucket, d.Format, d.Deaths, time.UnixMilli(d.MinStart), time.UnixMilli(d.MaxStart)}
		for _, column := range d.Columns {
			row = append(row, column)
		}
		rows = append(rows, row)
	}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"footfall", "dead"}, deadColumns, pgx.CopyFromRows(rows)); err != nil {
		return fmt.Errorf("write dead sessions: %w", err)
	}
	return nil
}

// ReadDeaths reads the lists d of deaths for which a condition holds, merged, by bucket.
func ReadDeaths(ctx context.Context, db store.Querier, where string, args ...any) (map[int16][]Death, error) {
	statement := store.Statement{
		SQL: "select " + strings.Join(deadColumns, ", ") + "\n  from footfall.dead d\n where " + where, Args: args, Binary: true,
	}
	var bucket int16
	var d Dead
	var minStart, maxStart time.Time
	targets := []any{&bucket, &d.Format, &d.Deaths, &minStart, &maxStart}
	for c := range d.Columns {
		targets = append(targets, &d.Columns[c])
	}
	lists := map[int16][]Death{}
	err := statement.Each(ctx, db, targets, func() error {
		d.MinStart, d.MaxStart = minStart.UnixMilli(), maxStart.UnixMilli()
		list, err := d.Decode()
		lists[bucket] = append(lists[bucket], list...)
		return err
	})
	for bucket, list := range lists {
		lists[bucket] = MergeDeaths(list)
	}
	return lists, err
}

// Head is what is read of a block before its columns are.
type Head struct {
	Bucket           int16
	ID               int64
	Sessions, Events int32
	Extent
}

// ReadHeads reads of blocks b for which a condition holds where they are, how large, and what tells their deaths, in the order of their ids.
func ReadHeads(ctx context.Context, db store.Querier, where string, args ...any) ([]Head, error) {
	statement := store.Statement{
		SQL:  "select bucket, id, sessions, events, number, min_start, max_start\n  from footfall.blocks b\n where " + where + "\n order by bucket, id",
		Args: args,
	}
	var list []Head
	var h Head
	var minStart, maxStart time.Time
	err := statement.Each(ctx, db, []any{&h.Bucket, &h.ID, &h.Sessions, &h.Events, &h.Number, &minStart, &maxStart}, func() error {
		h.MinStart, h.MaxStart = minStart.UnixMilli(), maxStart.UnixMilli()
		list = append(list, h)
		return nil
	})
	return list, err
}
