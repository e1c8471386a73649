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
	Said [][]byte // Values.Events of the attributes that Wanted asks for
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
	return Wanted{Columns: want}.Statement(where, args...)
}

// Wanted is what is to be read of blocks b.
type Wanted struct {
	Columns  Set
	NotWhere string   // a condition on blocks, over the parameters of the other one, of which some columns are left out; "": none
	Not      Set      // those columns
	Said     []string // attributes of events that are packed beside them
}

// Statement reads that of blocks for which a condition holds.
func (w Wanted) Statement(where string, args ...any) store.Statement {
	list := []string{"b.id"}
	for _, head := range heads {
		list = append(list, "b."+head)
	}
	for c := range Columns {
		switch {
		case !(w.Columns | Of()).Has(c):
			list = append(list, "null::bytea")
		case w.NotWhere != "" && w.Not.Has(c):
			list = append(list, fmt.Sprintf("case when %s then null else b.%s end", w.NotWhere, c))
		default:
			list = append(list, "b."+c.String())
		}
	}
	from, params := "footfall.blocks b", &store.Params{Values: args}
	for i, name := range w.Said {
		list = append(list, fmt.Sprintf("v%d.events", i))
		from += fmt.Sprintf("\n  left join footfall.block_attributes v%[1]d on v%[1]d.bucket = b.bucket and v%[1]d.block = b.id and v%[1]d.name = %[2]s",
			i, params.Add(name))
	}
	return store.Statement{SQL: "select " + strings.Join(list, ", ") + "\n  from " + from + "\n where " + where, Args: params.Values, Binary: true}
}

// Each runs a statement of Statement. A row is good until take returns; its columns stay good.
func Each(ctx context.Context, db store.Querier, statement store.Statement, take func(*Row) error) error {
	return Wanted{}.Each(ctx, db, statement, take)
}

// Each runs a statement of w.Statement.
func (w Wanted) Each(ctx context.Context, db store.Querier, statement store.Statement, take func(*Row) error) error {
	var r Row
	var minStart, maxStart, maxEnd time.Time
	targets := []any{&r.ID, &r.Bucket, &r.Number, &r.Format, &r.Sessions, &r.Events, &minStart, &maxStart, &maxEnd}
	for c := range r.Columns {
		targets = append(targets, &r.Columns[c])
	}
	said := make([][]byte, len(w.Said))
	for i := range said {
		targets = append(targets, &said[i])
	}
	return statement.Each(ctx, db, targets, func() error {
		r.MinStart, r.MaxStart, r.MaxEnd = minStart.UnixMilli(), maxStart.UnixMilli(), maxEnd.UnixMilli()
		r.Said = slices.Clone(said)
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

// NamedValues are those of an attribute.
type NamedValues struct {
	Name string
	Values
}

const insertValuesSQL = `
insert into footfall.block_attributes (bucket, block, name, format, packed, texts, events)
select b.bucket, b.id, a.name, v.format, v.packed, v.texts, v.events
  from unnest($3::text[], $4::smallint[], $5::boolean[], $6::bytea[], $7::bytea[]) v (name, format, packed, texts, events)
  join footfall.packed_attributes a on a.name = v.name
  join footfall.blocks b on b.bucket = $1 and b.id = $2
    on conflict do nothing`

// InsertValues writes values of a block's events, if the block is there still and the attributes are to be packed.
func InsertValues(ctx context.Context, tx pgx.Tx, bucket int16, block int64, list []NamedValues) error {
	var names []string
	var formats []int16
	var packed []bool
	var texts, events [][]byte
	for _, v := range list {
		names, formats, packed = append(names, v.Name), append(formats, v.Format), append(packed, v.Packed)
		texts, events = append(texts, v.Texts), append(events, v.Events)
	}
	if _, err := tx.Exec(ctx, insertValuesSQL, bucket, block, names, formats, packed, texts, events); err != nil {
		return fmt.Errorf("write attributes of a block: %w", err)
	}
	return nil
}

// ReadValues reads the values v of blocks' attributes for which a condition holds.
func ReadValues(ctx context.Context, db store.Querier, where string, args ...any) ([]NamedValues, error) {
	statement := store.Statement{
		SQL: "select name, format, packed, texts, events\n  from footfall.block_attributes v\n where " + where + "\n order by name", Args: args, Binary: true,
	}
	var list []NamedValues
	var v NamedValues
	err := statement.Each(ctx, db, []any{&v.Name, &v.Format, &v.Packed, &v.Texts, &v.Events}, func() error {
		list = append(list, v)
		return nil
	})
	return list, err
}
