// Package deleted keeps what people delete of segments and reference tables for a while, so that it can be brought back.
//
// A deletion takes away one row, of footfall.segments or footfall.reference_tables, and keeps it as JSON with the change
// that is recorded of it. Members, lists, sizes and rows stay where they are, under the row's key: without the row nobody
// sees them.
package deleted

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// days is how long it is kept.
const days = 30

// Kind is what can be deleted.
type Kind string

// The kinds.
const (
	Segment Kind = "segment"
	Table   Kind = "table"
)

// rows are the tables that have the rows of a kind, and the column that people name them by.
var rows = map[Kind]struct{ table, name string }{
	Segment: {"footfall.segments", "id"}, Table: {"footfall.reference_tables", "name"},
}

// ErrNever is that there never was one of this name.
var ErrNever = errors.New("it was never there")

// Refused is why something does not come back, for people.
type Refused struct {
	Problem string
	Gone    bool // for good
}

func (r Refused) Error() string { return r.Problem }

// IsThere refuses to bring back what is there.
func IsThere(kind Kind, name string) error {
	return Refused{Problem: fmt.Sprintf("there is a %s %q, so a deleted one cannot come back under this name", kind, name)}
}

// Remove deletes the row of that name, whose deletion was recorded just now.
func Remove(ctx context.Context, tx pgx.Tx, kind Kind, name string) error {
	_, err := tx.Exec(ctx, fmt.Sprintf(`
		with gone as (
		  delete from %s r where r.%s = $2 returning to_jsonb(r) as row
		)
		update footfall.segment_changes c
		   set kept = gone.row
		  from gone
		 where c.number = (select max(number) from footfall.segment_changes where kind = $1 and id = $2)`,
		rows[kind].table, rows[kind].name), string(kind), name)
	if err != nil {
		return fmt.Errorf("delete %s: %w", kind, err)
	}
	return nil
}

// Restore puts back the row of that name, which must not be there. Its errors are ErrNever, of type Refused, or of the
// database.
func Restore(ctx context.Context, tx pgx.Tx, kind Kind, name string) error {
	var number int64
	var at time.Time
	var kept bool
	err := tx.QueryRow(ctx, `
		select number, changed_at, kept is not null and changed_at > clock_timestamp() - make_interval(days => $3::integer)
		  from footfall.segment_changes
		 where kind = $1 and id = $2
		 order by number desc
		 limit 1
		   for update`, string(kind), name, days).Scan(&number, &at, &kept)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return ErrNever
	case err != nil:
		return fmt.Errorf("look for the deleted %s: %w", kind, err)
	case !kept:
		return Refused{Gone: true, Problem: fmt.Sprintf("%s %q was deleted on %s and is not kept any more: what is deleted can be brought back for %d days",
			kind, name, at.UTC().Format(time.DateOnly), days)}
	}
	if err := checkUses(ctx, tx, kind, name, number); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, fmt.Sprintf(`
		with back as (
		  insert into %[1]s overriding system value
		  select r.*
		    from footfall.segment_changes c
		   cross join lateral jsonb_populate_record(null::%[1]s, c.kept) r
		   where c.number = $1
		)
		update footfall.segment_changes set kept = null where number = $1`, rows[kind].table), number)
	if err != nil {
		return fmt.Errorf("bring back the %s: %w", kind, err)
	}
	return nil
}

// checkUses refuses a segment that names what is gone.
func checkUses(ctx context.Context, tx pgx.Tx, kind Kind, name string, number int64) error {
	if kind != Segment {
		return nil
	}
	found, err := tx.Query(ctx, `
		select x.kind || ' ' || x.id
		  from footfall.segment_changes c
		  join footfall.segment_uses x on x.segment_key = (c.kept ->> 'key')::integer
		 where c.number = $1
		   and case x.kind when 'segment' then not exists (select from footfall.segments s where s.id = x.id)
		                   else not exists (select from footfall.reference_tables t where t.name = x.id) end
		 order by x.kind, x.id`, number)
	if err != nil {
		return fmt.Errorf("look for what the segment names: %w", err)
	}
	missing, err := pgx.CollectRows(found, pgx.RowTo[string])
	switch {
	case err != nil:
		return fmt.Errorf("look for what the segment names: %w", err)
	case len(missing) > 0:
		return Refused{Problem: fmt.Sprintf("segment %q names what is gone: %s; bring that back first", name, strings.Join(missing, ", "))}
	}
	return nil
}

// purgeSQL removes what stands under the keys of rows that were deleted too long ago.
const purgeSQL = `
with old as materialized (
  select c.number, c.kind, (case c.kind when 'segment' then c.kept ->> 'key' else c.kept ->> 'id' end)::integer as key
    from footfall.segment_changes c
   where c.kept is not null and c.changed_at <= clock_timestamp() - make_interval(days => $1::integer)
     for update
), forgotten as (
  update footfall.segment_changes c set kept = null from old where c.number = old.number
), members as (
  delete from footfall.segment_members m using old where old.kind = 'segment' and m.segment_key = old.key
), lists as (
  delete from footfall.segment_lists l using old where old.kind = 'segment' and l.segment_key = old.key
), sizes as (
  delete from footfall.segment_sizes z using old where old.kind = 'segment' and z.segment_key = old.key
), uses as (
  delete from footfall.segment_uses x using old where old.kind = 'segment' and x.segment_key = old.key
)
delete from footfall.reference_rows r using old where old.kind = 'table' and r.table_id = old.key`

// Purge removes for good what was deleted too long ago.
func Purge(ctx context.Context, db store.Querier) error {
	if _, err := db.Exec(ctx, purgeSQL, days); err != nil {
		return fmt.Errorf("remove what was deleted %d days ago: %w", days, err)
	}
	return nil
}
