package rollup

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// Rows are taken by their place, never by a mark on an id: a row committed late would be passed over by a mark. The scan
// starts where the last one ended, since the rows removed before stay in the table as long as some reader's snapshot does.
var takeSQL = `
delete from footfall.inbox
 where ctid = any (array(select ctid from footfall.inbox where ctid >= $1 limit $2))
returning ctid, ` + strings.Join(rowColumns, ", ")

// rowColumns are the columns of the inbox in the order of scanRow.
var rowColumns = append(column(event.Fields, func(f event.Field) string { return f.Column }),
	event.AttributesColumn, event.SourceColumn, "received_at", event.ImportColumn)

// inbox takes rows; it keeps its place and its memory from batch to batch.
type inbox struct {
	from pgtype.TID
	rows []event.Row
}

// take removes up to limit rows from the inbox and returns them; they are valid until the next take.
func (in *inbox) take(ctx context.Context, tx pgx.Tx, limit int) ([]event.Row, error) {
	clear(in.rows)
	in.rows, in.from.Valid = in.rows[:0], true
	from := in.from
	if err := in.takeFrom(ctx, tx, limit); err != nil {
		return nil, err
	}
	if len(in.rows) < limit {
		in.from = start
	}
	if len(in.rows) == 0 && from != start {
		return in.take(ctx, tx, limit)
	}
	return in.rows, nil
}

// start is the table's first place.
var start = pgtype.TID{Valid: true}

func (in *inbox) takeFrom(ctx context.Context, tx pgx.Tx, limit int) error {
	rows, err := tx.Query(ctx, takeSQL, in.from, limit)
	if err != nil {
		return fmt.Errorf("take from the inbox: %w", err)
	}
	defer rows.Close()
	var place pgtype.TID
	for rows.Next() {
		var row event.Row
		if err := errors.Join(scan(rows, 0, &place), scanRow(rows, 1, &row)); err != nil {
			return fmt.Errorf("take from the inbox: %w", err)
		}
		in.from.BlockNumber = max(in.from.BlockNumber, place.BlockNumber)
		in.rows = append(in.rows, row)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("take from the inbox: %w", err)
	}
	return nil
}

// scanRow reads rowColumns of the current row, which begin at the column given. Texts are taken as they come, since Scan
// costs more than all the rest.
func scanRow(rows pgx.Rows, from int, row *event.Row) error {
	values := rows.RawValues()[from:]
	n := len(event.Fields)
	for i, field := range event.Fields {
		*field.Of(row) = string(values[i])
	}
	row.Attributes, row.Source = string(values[n]), string(values[n+1])
	if values[n+3] != nil {
		if err := scan(rows, from+n+3, &row.Import); err != nil {
			return err
		}
	}
	return scan(rows, from+n+2, &row.ReceivedAt)
}

// scan reads one column of the current row.
func scan(rows pgx.Rows, column int, target any) error {
	field := rows.FieldDescriptions()[column]
	return rows.Conn().TypeMap().Scan(field.DataTypeOID, field.Format, rows.RawValues()[column], target)
}

// shrinkBytes is the size from which an empty inbox gives its space back.
const shrinkBytes = 8 << 20

// shrink empties the inbox's file where all rows in it are gone: under a long snapshot vacuum cannot. It never waits for
// a writer: with one at work it does nothing.
func shrink(ctx context.Context, tx pgx.Tx) error {
	var large bool
	if err := tx.QueryRow(ctx, `select pg_table_size('footfall.inbox') > $1`, shrinkBytes).Scan(&large); err != nil || !large {
		return err
	}
	if _, err := tx.Exec(ctx, `lock table footfall.inbox in access exclusive mode nowait`); err != nil {
		return err
	}
	var empty bool
	if err := tx.QueryRow(ctx, `select not exists (select from footfall.inbox)`).Scan(&empty); err != nil || !empty {
		return err
	}
	_, err := tx.Exec(ctx, `truncate footfall.inbox`)
	return err
}

// rejection is a row of footfall.rejected.
type rejection struct {
	ReceivedAt time.Time         `json:"received_at"`
	Source     *string           `json:"source"`
	Field      *string           `json:"field"`
	Reason     string            `json:"reason"`
	SQLState   *string           `json:"sqlstate"`
	UserID     *string           `json:"usr_id"`
	Row        map[string]string `json:"row"`
	Import     *int32            `json:"import_id"`
}

func reject(row *event.Row, why *event.Rejection, sqlState string) rejection {
	return rejection{
		ReceivedAt: row.ReceivedAt, Source: optional(row.Source), Field: optional(why.Field), Reason: why.Reason,
		SQLState: optional(sqlState), UserID: optional(row.UserID), Row: sentFields(row),
		Import: importID(row.Import),
	}
}

// sentFields are a row's fields that hold something, by name.
func sentFields(row *event.Row) map[string]string {
	sent := map[string]string{}
	for _, field := range event.Fields {
		if value := *field.Of(row); value != "" {
			sent[field.Name] = value
		}
	}
	if row.Attributes != "" {
		sent[event.AttributesField] = row.Attributes
	}
	return sent
}

func optional(value string) *string {
	if value == "" {
		return nil
	}
	return &value
}

// importID is nil for 0, other writers than imports.
func importID(id int32) *int32 {
	if id == 0 {
		return nil
	}
	return &id
}

func writeRejections(ctx context.Context, tx pgx.Tx, rejections []rejection) error {
	if len(rejections) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		insert into footfall.rejected (received_at, source, field, reason, sqlstate, usr_id, row, import_id)
		select received_at, source, field, reason, sqlstate, usr_id, row, import_id
		  from jsonb_populate_recordset(null::footfall.rejected, $1)`, rejections)
	if err != nil {
		return fmt.Errorf("write rejected rows: %w", err)
	}
	return nil
}
