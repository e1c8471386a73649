package table

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"
)

// replace puts the last row of each key in the place of what the table had. It waits for other changes of this table.
func (u *upload) replace(ctx context.Context) error {
	if _, err := u.tx.Exec(ctx, lockSQL, u.report.Table); err != nil {
		return err
	}
	before, err := Get(ctx, u.tx, u.report.Table)
	isNew := errors.Is(err, ErrUnknown)
	if err != nil && !isNew {
		return err
	}
	if u.options.IfChanged && !isNew {
		same, err := u.same(ctx, before)
		if err != nil {
			return err
		}
		if same {
			u.report.Changed, u.report.Version = false, before.Version
			return u.cleanUp(ctx)
		}
	}
	if err := u.write(ctx); err != nil {
		return err
	}
	change := "updated"
	if isNew {
		change = "created"
	}
	if err := recordChange(ctx, u.tx, change, u.options.By, u.table()); err != nil {
		return err
	}
	if _, err := u.tx.Exec(ctx, `select footfall.mark_segments('table', $1)`, u.report.Table); err != nil {
		return err
	}
	return u.cleanUp(ctx)
}

// sameRowsSQL tells whether the stored rows are those of the file, given that there are as many.
const sameRowsSQL = `
select not exists (
  select from pg_temp.winners w
    join pg_temp.incoming i on i.line = w.line
    left join footfall.reference_rows r
      on r.key = w.key and r.table_id = (select t.id from footfall.reference_tables t where t.name = $1)
   where r.value is distinct from i.value)`

// same tells whether the table says what the file says.
func (u *upload) same(ctx context.Context, before Table) (same bool, err error) {
	now := u.table()
	if before.Identity != now.Identity || before.Key != now.Key || before.Rows != now.Rows || !slices.Equal(before.Columns, now.Columns) {
		return false, nil
	}
	err = u.tx.QueryRow(ctx, sameRowsSQL, now.Name).Scan(&same)
	return same, err
}

// table is what the upload makes.
func (u *upload) table() Table {
	r := u.report
	return Table{
		Name: r.Table, Identity: r.Identity, Key: r.Key, Columns: r.Columns, Rows: r.Stored, Version: r.Version, File: u.options.File,
	}
}

const (
	// A table that was deleted and comes again goes on with its versions.
	versionSQL = `
select coalesce(max(c.version), 0) + 1
  from footfall.segment_changes c
 where c.kind = 'table' and c.id = $1`
	// The id stays: statements that were made before a replacement name it.
	tableSQL = `
insert into footfall.reference_tables as t (name, identity, key_column, columns, rows, version, file, uploaded_by, report)
values ($1, $2, $3, $4::jsonb, $5, $6, $7, $8, $9::jsonb)
on conflict (name) do update
   set identity = excluded.identity, key_column = excluded.key_column, columns = excluded.columns, rows = excluded.rows,
       version = excluded.version, file = excluded.file, uploaded_at = clock_timestamp(),
       uploaded_by = excluded.uploaded_by, report = excluded.report
returning id`
	insertSQL = `
insert into footfall.reference_rows (table_id, key, value)
select $1, w.key, i.value
  from pg_temp.winners w
  join pg_temp.incoming i on i.line = w.line`
)

func (u *upload) write(ctx context.Context) error {
	if err := u.tx.QueryRow(ctx, versionSQL, u.report.Table).Scan(&u.report.Version); err != nil {
		return err
	}
	t := u.table()
	var id int32
	err := u.tx.QueryRow(ctx, tableSQL, t.Name, u.identity.attribute, t.Key, asJSON(t.Columns), t.Rows, t.Version, t.File,
		u.options.By, asJSON(u.report)).Scan(&id)
	if err != nil {
		return err
	}
	if _, err := u.tx.Exec(ctx, `delete from footfall.reference_rows where table_id = $1`, id); err != nil {
		return err
	}
	_, err = u.tx.Exec(ctx, insertSQL, id)
	return err
}

// cleanUp makes room for another upload in the same transaction.
func (u *upload) cleanUp(ctx context.Context) error {
	_, err := u.tx.Exec(ctx, `drop table pg_temp.incoming, pg_temp.winners`)
	return err
}

var _ pgx.CopyFromSource = (*reader)(nil)
