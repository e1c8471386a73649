package segment

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Freeze makes a static segment of the members that a segment has now.
func Freeze(ctx context.Context, pool *pgxpool.Pool, of string, c Content, by string) error {
	c.Kind, c.Definition, c.Identity, c.List, c.AnonymousIDs = Static, nil, "usr.id", nil, nil
	if err := c.check(); err != nil {
		return err
	}
	err := changing(ctx, pool, func(tx pgx.Tx) error {
		source, err := Get(ctx, tx, of)
		if err != nil {
			return err
		}
		frozen, err := c.create(ctx, tx, by)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `
			insert into footfall.segment_lists (segment_key, value, anonymous)
			select $1, u.id, u.kind = 'anonymous'
			  from footfall.segment_members m
			  join footfall.users u on u.key = m.user_key
			 where m.segment_key = $2`, frozen, source.Key); err != nil {
			return fmt.Errorf("copy the members: %w", err)
		}
		return countList(ctx, tx, frozen, c.Identity)
	})
	if err != nil {
		return err
	}
	return Refresh(ctx, pool, c.ID)
}
