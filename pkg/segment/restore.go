package segment

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/segment/deleted"
)

// Restore brings a deleted segment back as it was, with its list, members and sizes, to be computed again. Its errors are
// ErrNotFound where there never was one, of type deleted.Refused, or of the database.
func Restore(ctx context.Context, pool *pgxpool.Pool, id, by string) error {
	return changing(ctx, pool, func(tx pgx.Tx) error {
		_, err := Get(ctx, tx, id)
		switch {
		case err == nil:
			return deleted.IsThere(deleted.Segment, id)
		case !errors.Is(err, ErrNotFound):
			return err
		}
		if back := deleted.Restore(ctx, tx, deleted.Segment, id); errors.Is(back, deleted.ErrNever) {
			return err
		} else if back != nil {
			return back
		}
		if _, err := tx.Exec(ctx, `update footfall.segments set stale = true, marks = marks + 1 where id = $1`, id); err != nil {
			return fmt.Errorf("mark the segment: %w", err)
		}
		s, err := Get(ctx, tx, id)
		if err != nil {
			return err
		}
		if s.Kind == Static { // somebody on its list may have been forgotten
			if err := countList(ctx, tx, s.Key, s.Identity); err != nil {
				return err
			}
		}
		return s.Content.record(ctx, tx, s.Version, Restored, by)
	})
}
