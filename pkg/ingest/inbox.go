package ingest

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// inboxColumns are the columns CopyRows fills.
var inboxColumns = func() []string {
	var columns []string
	for _, field := range event.Fields {
		columns = append(columns, field.Column)
	}
	return append(columns, event.AttributesColumn, event.SourceColumn, event.ImportColumn)
}()

// Copier is a pool, a connection or a transaction.
type Copier interface {
	CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error)
}

// CopyRows sends rows to the inbox with one COPY, until next returns nil, and returns how many it sent. It writes null
// for what is empty, and leaves received_at to the database. A row may be used again for the following one.
func CopyRows(ctx context.Context, db Copier, next func() (*event.Row, error)) (int64, error) {
	values := make([]any, len(inboxColumns))
	rows := pgx.CopyFromFunc(func() ([]any, error) {
		row, err := next()
		if row == nil || err != nil {
			return nil, err
		}
		for i, field := range event.Fields {
			values[i] = textOrNull(*field.Of(row))
		}
		values[len(event.Fields)] = textOrNull(row.Attributes)
		values[len(event.Fields)+1] = textOrNull(row.Source)
		values[len(event.Fields)+2] = idOrNull(row.Import)
		return values, nil
	})
	n, err := db.CopyFrom(ctx, pgx.Identifier{"footfall", "inbox"}, inboxColumns, rows)
	if err != nil {
		// pgx tells some of the copies that a context ended as a closed connection only.
		if ended := ctx.Err(); ended != nil {
			err = ended
		}
		return n, fmt.Errorf("copy to footfall.inbox: %w", err)
	}
	return n, nil
}

func textOrNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func idOrNull(id int32) any {
	if id == 0 {
		return nil
	}
	return id
}
