package table

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/segment/deleted"
)

// Restore brings a deleted table back as it was. Its errors are ErrUnknown where there never was one, of type
// deleted.Refused, or of the database.
func Restore(ctx context.Context, db Beginner, name, by string) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if err := lock(ctx, tx, name); err != nil {
			return err
		}
		_, err := Get(ctx, tx, name)
		switch {
		case err == nil:
			return deleted.IsThere(deleted.Table, name)
		case !errors.Is(err, ErrUnknown):
			return err
		}
		if back := deleted.Restore(ctx, tx, deleted.Table, name); errors.Is(back, deleted.ErrNever) {
			return err
		} else if back != nil {
			return back
		}
		if _, err := tx.Exec(ctx, `
			update footfall.reference_tables t
			   set rows = (select count(*) from footfall.reference_rows r where r.table_id = t.id)
			 where t.name = $1`, name); err != nil { // somebody in it may have been forgotten
			return fmt.Errorf("count the rows: %w", err)
		}
		t, err := Get(ctx, tx, name)
		if err != nil {
			return err
		}
		return recordChange(ctx, tx, "restored", by, t)
	})
}
