package rollup

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/blocks"
)

// Some attributes of events are packed beside blocks, those that footfall.packed_attributes names: what the copies of a block that count
// say in events. Sealing takes that over from the tail; where something is missing there, or an attribute is packed from now on, it is
// read from events, of blocks from new to old. It stays right as long as the block stands: a session that changes in any way dies there,
// and copies that are dead when a block's attributes are packed have none.

// nextValuesSQL finds the latest block with an attribute to be packed.
const nextValuesSQL = `
select b.bucket, b.id, b.sessions, b.events, b.number, b.min_start, b.max_start, array_agg(a.name order by a.name)
  from footfall.packed_attributes a
 cross join footfall.blocks b
 where not exists (select from footfall.block_attributes v where v.bucket = b.bucket and v.block = b.id and v.name = a.name)
 group by b.bucket, b.id
 order by b.max_start desc, b.bucket, b.id
 limit 1`

// packValues packs attributes of some sessions of the tail, or of one block, and tells whether there was anything to do.
func (w *worker) packValues(ctx context.Context) (more bool, err error) {
	if more, err = w.sayTail(ctx); more || err != nil {
		return more, err
	}
	var head blocks.Head
	var packed []blocks.NamedValues
	err = w.snapshot(ctx, func(tx pgx.Tx) (err error) {
		head, packed, err = readValues(ctx, tx)
		return err
	})
	if err == nil && packed != nil {
		_, err = w.transaction(ctx, func(b *batch) error { return blocks.InsertValues(ctx, b.tx, head.Bucket, head.ID, packed) })
	}
	var damaged blocks.Error
	switch {
	case errors.As(err, &damaged): // else nothing more would be done
		w.opts.Logf("pack attributes of events: %v", err)
		return false, nil
	case err != nil && !errors.Is(err, errBusy):
		w.memory = newMemory()
		return false, fmt.Errorf("pack attributes of events: %w", err)
	}
	return packed != nil && err == nil, err
}

// readValues packs what is missing of the next block; nothing where there is none.
func readValues(ctx context.Context, tx pgx.Tx) (head blocks.Head, packed []blocks.NamedValues, err error) {
	names, head, err := nextValues(ctx, tx)
	if err != nil || names == nil {
		return head, nil, err
	}
	deaths, err := blocks.ReadDeaths(ctx, tx, "d.bucket = $1", head.Bucket)
	if err != nil {
		return head, nil, err
	}
	var r blocks.Reader
	if err := readBlock(ctx, tx, &r, head, deaths[head.Bucket], func() {}); err != nil {
		return head, nil, err
	}
	values, err := valuesOf(ctx, tx, &r, int(head.Events), names)
	if err != nil {
		return head, nil, err
	}
	return head, named(names, values), nil
}

func nextValues(ctx context.Context, tx pgx.Tx) (names []string, head blocks.Head, err error) {
	rows, err := tx.Query(ctx, nextValuesSQL)
	if err != nil {
		return nil, head, err
	}
	var first, last time.Time
	_, err = pgx.ForEachRow(rows, []any{&head.Bucket, &head.ID, &head.Sessions, &head.Events, &head.Number, &first, &last, &names}, func() error {
		head.MinStart, head.MaxStart = first.UnixMilli(), last.UnixMilli()
		return nil
	})
	return names, head, err
}

// MaxPackedAttributes is how many attributes of events are packed at most.
const MaxPackedAttributes = 50

// ErrTooManyPacked says that no more attributes can be packed.
var ErrTooManyPacked = fmt.Errorf("%d attributes are packed already, which is the most; `footfall attributes unpack` makes room", MaxPackedAttributes)

// PackAttribute has the worker pack an attribute of events, by the name that events give it.
func PackAttribute(ctx context.Context, pool *pgxpool.Pool, name string) error {
	return exclusive(ctx, pool, func(tx pgx.Tx) error {
		var packed int
		var isSaid bool
		if err := tx.QueryRow(ctx, `
			select (select count(*) from footfall.packed_attributes where name <> $1),
			       exists (select from footfall.attribute_names where level = 'event' and name = $1)`, name).Scan(&packed, &isSaid); err != nil {
			return fmt.Errorf("look for the attribute: %w", err)
		}
		if !isSaid {
			return fmt.Errorf("no event has said %q; name it as events do, such as price", name)
		}
		if packed >= MaxPackedAttributes {
			return ErrTooManyPacked
		}
		return run(ctx, tx, statement{`insert into footfall.packed_attributes (name) values ($1) on conflict do nothing`, []any{name}, nil})
	})
}

// UnpackAttribute removes what is packed of an attribute.
func UnpackAttribute(ctx context.Context, pool *pgxpool.Pool, name string) error {
	return exclusive(ctx, pool, func(tx pgx.Tx) error {
		var gone int64
		err := run(ctx, tx, statement{`delete from footfall.packed_attributes where name = $1`, []any{name}, &gone},
			statement{`delete from footfall.block_attributes where name = $1`, []any{name}, nil},
			statement{`update footfall.tail set said = null where said <> ''`, nil, nil}) // it is written anew without this one
		if err == nil && gone == 0 {
			return fmt.Errorf("%q is not packed", name)
		}
		return err
	})
}

// PackedAttribute tells how far an attribute is packed.
type PackedAttribute struct {
	Name    string `json:"name"`
	Blocks  int64  `json:"blocks"`   // there are
	Packed  int64  `json:"packed"`   // of these
	TooLong int64  `json:"too_long"` // have values that are too long to be packed
	Bytes   int64  `json:"bytes"`    // of what is packed
}

// PackedAttributes are all that are to be packed, by name.
func PackedAttributes(ctx context.Context, db store.Querier) ([]PackedAttribute, error) {
	rows, err := db.Query(ctx, `
		select a.name, (select count(*) from footfall.blocks), count(*) filter (where v.packed), count(*) filter (where not v.packed),
		       coalesce(sum(coalesce(octet_length(v.texts), 0) + coalesce(octet_length(v.events), 0)), 0)::bigint
		  from footfall.packed_attributes a
		  left join footfall.block_attributes v on v.name = a.name
		 group by a.name
		 order by a.name collate "C"`)
	if err != nil {
		return nil, fmt.Errorf("read packed attributes: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[PackedAttribute])
	if err != nil {
		return nil, fmt.Errorf("read packed attributes: %w", err)
	}
	return list, nil
}
