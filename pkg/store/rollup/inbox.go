package rollup

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// Rows are taken by their place, never by a mark on an id: a row committed late would be passed over by a mark.
var takeSQL = `
delete from footfall.inbox
 where ctid = any (array(select ctid from footfall.inbox limit $1))
returning ` + strings.Join(column(event.Fields, func(f event.Field) string { return f.Column }), ", ") + `,
          attributes, source, received_at`

// take removes up to limit rows from the inbox and returns them.
func take(ctx context.Context, tx pgx.Tx, limit int) ([]event.Row, error) {
	rows, err := tx.Query(ctx, takeSQL, limit)
	if err != nil {
		return nil, fmt.Errorf("take from the inbox: %w", err)
	}
	defer rows.Close()
	n := len(event.Fields)
	var taken []event.Row
	var received time.Time
	for rows.Next() {
		values := rows.RawValues()
		var row event.Row
		for i, field := range event.Fields {
			*field.Of(&row) = string(values[i])
		}
		row.Attributes, row.Source = string(values[n]), string(values[n+1])
		if err := rows.Conn().TypeMap().Scan(rows.FieldDescriptions()[n+2].DataTypeOID,
			rows.FieldDescriptions()[n+2].Format, values[n+2], &received); err != nil {
			return nil, fmt.Errorf("take from the inbox: %w", err)
		}
		row.ReceivedAt = received
		taken = append(taken, row)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("take from the inbox: %w", err)
	}
	return taken, nil
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
}

func reject(row *event.Row, why *event.Rejection, sqlState string) rejection {
	return rejection{
		ReceivedAt: row.ReceivedAt, Source: optional(row.Source), Field: optional(why.Field), Reason: why.Reason,
		SQLState: optional(sqlState), UserID: optional(row.UserID), Row: sentFields(row),
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

func writeRejections(ctx context.Context, tx pgx.Tx, rejections []rejection) error {
	if len(rejections) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		insert into footfall.rejected (received_at, source, field, reason, sqlstate, usr_id, row)
		select received_at, source, field, reason, sqlstate, usr_id, row
		  from jsonb_populate_recordset(null::footfall.rejected, $1)`, rejections)
	if err != nil {
		return fmt.Errorf("write rejected rows: %w", err)
	}
	return nil
}
