package segment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/segment/deleted"
	"github.com/footfall-analytics/footfall/pkg/segment/table"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// changing runs f in a transaction that no other change of segments runs beside, so that checks across segments hold.
func changing(ctx context.Context, pool *pgxpool.Pool, f func(pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if err := table.LockDefinitions(ctx, tx); err != nil {
			return err
		}
		return f(tx)
	})
}

// Create stores a segment. Its errors are of type Error, ErrExists or of the database.
func Create(ctx context.Context, pool *pgxpool.Pool, c Content, by string) error {
	if err := c.check(); err != nil {
		return err
	}
	return changing(ctx, pool, func(tx pgx.Tx) error {
		_, err := c.create(ctx, tx, by)
		return err
	})
}

// create stores checked content and returns the segment's key.
func (c *Content) create(ctx context.Context, tx pgx.Tx, by string) (key int32, err error) {
	definition, err := c.definitionJSON()
	if err != nil {
		return 0, err
	}
	names, err := c.checkNames(ctx, tx)
	if err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `
		insert into footfall.segments (id, name, description, kind, definition, identity, refresh_minutes, created_by, changed_by)
		values ($1, $2, $3, $4::text::footfall.segment_kind, $5, $6, $7, $8, $8)
		returning key`, c.ID, c.Name, c.Description, c.Kind, definition, store.OrNull(c.Identity), c.RefreshMinutes, by).Scan(&key)
	if pgErr := (*pgconn.PgError)(nil); errors.As(err, &pgErr) && pgErr.Code == "23505" {
		return 0, ErrExists
	}
	if err != nil {
		return 0, fmt.Errorf("store segment: %w", err)
	}
	return key, c.storeParts(ctx, tx, row{key, 1, names}, Created, by)
}

// Update replaces what a segment of that version says. A stale version is refused with ErrConflict.
func Update(ctx context.Context, pool *pgxpool.Pool, version int, c Content, by string) error {
	if err := c.check(); err != nil {
		return err
	}
	definition, err := c.definitionJSON()
	if err != nil {
		return err
	}
	return changing(ctx, pool, func(tx pgx.Tx) error {
		old, err := Get(ctx, tx, c.ID)
		switch {
		case err != nil:
			return err
		case old.Version != version:
			return ErrConflict
		}
		if err := c.checkListStays(ctx, tx, old); err != nil {
			return err
		}
		names, err := c.checkNames(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `
			update footfall.segments
			   set name = $2, description = $3, kind = $4::text::footfall.segment_kind, definition = $5, identity = $6,
			       refresh_minutes = $7, version = version + 1, changed_at = clock_timestamp(), changed_by = $8,
			       stale = true, marks = marks + 1
			 where key = $1`,
			old.Key, c.Name, c.Description, c.Kind, definition, store.OrNull(c.Identity), c.RefreshMinutes, by); err != nil {
			return fmt.Errorf("store segment: %w", err)
		}
		return c.storeParts(ctx, tx, row{old.Key, version + 1, names}, Updated, by)
	})
}

// definitionJSON is text, nil where there is none: connections that prepare nothing cannot send anything else as JSON.
func (c *Content) definitionJSON() (*string, error) {
	if c.Definition == nil {
		return nil, nil
	}
	raw, err := json.Marshal(c.Definition)
	if err != nil {
		return nil, fmt.Errorf("write definition: %w", err)
	}
	text := string(raw)
	return &text, nil
}

// Delete removes a segment; Restore undoes it. One that others use is kept and answered with deleted.InUse.
func Delete(ctx context.Context, pool *pgxpool.Pool, id, by string) error {
	return changing(ctx, pool, func(tx pgx.Tx) error {
		s, err := Get(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := deleted.CheckUnused(ctx, tx, deleted.Segment, id); err != nil {
			return err
		}
		if err := s.Content.record(ctx, tx, s.Version, Deleted, by); err != nil {
			return err
		}
		return deleted.Remove(ctx, tx, deleted.Segment, id)
	})
}

// checkNames compiles the definition with the names that it returns, and refuses a segment that would use itself.
func (c *Content) checkNames(ctx context.Context, tx pgx.Tx) (filter.Names, error) {
	if c.Definition == nil {
		return filter.Names{}, nil
	}
	names, err := filter.ReadNames(ctx, tx)
	if err != nil {
		return names, err
	}
	if _, known := names.Segments[c.ID]; !known { // so that a new one that uses itself is called a circle
		names.Segments[c.ID] = 0
	}
	if _, err := c.Definition.Compile(Env{Now: time.Now(), Names: names}, &store.Params{}); err != nil {
		return names, inDefinition(err)
	}
	return names, c.checkCircle(ctx, tx, names)
}

// inDefinition tells that a mistake is in the definition of a segment.
func inDefinition(err error) error {
	if wrong := (Error{}); errors.As(err, &wrong) {
		return Error{"definition." + wrong.Path, wrong.Problem}
	}
	return err
}

// checkCircle follows what the definition uses.
func (c *Content) checkCircle(ctx context.Context, tx pgx.Tx, names filter.Names) error {
	uses := map[string][]string{}
	rows, err := tx.Query(ctx, `
		select s.id, x.id from footfall.segment_uses x join footfall.segments s on s.key = x.segment_key where x.kind = 'segment'`)
	if err != nil {
		return fmt.Errorf("read what segments use: %w", err)
	}
	var from, to string
	if _, err := pgx.ForEachRow(rows, []any{&from, &to}, func() error {
		uses[from] = append(uses[from], to)
		return nil
	}); err != nil {
		return fmt.Errorf("read what segments use: %w", err)
	}
	uses[c.ID], _ = c.Definition.Uses(names)
	if circle := findCircle(uses, c.ID, []string{c.ID}, map[string]bool{}); circle != nil {
		return invalid("definition", "would make the segment use itself: %s", strings.Join(circle, " uses "))
	}
	return nil
}

// findCircle returns a way back to the start. Segments that were visited lead to none.
func findCircle(uses map[string][]string, start string, way []string, visited map[string]bool) []string {
	for _, next := range uses[way[len(way)-1]] {
		if next == start {
			return append(way, next)
		}
		if visited[next] {
			continue
		}
		visited[next] = true
		if circle := findCircle(uses, start, append(slices.Clone(way), next), visited); circle != nil {
			return circle
		}
	}
	return nil
}

// row is a stored segment, and the names that its definition was compiled with.
type row struct {
	key     int32
	version int
	names   filter.Names
}

// storeParts stores what a segment has beside its row, and tells those that use it.
func (c *Content) storeParts(ctx context.Context, tx pgx.Tx, of row, change Action, by string) error {
	if err := c.storeUses(ctx, tx, of); err != nil {
		return err
	}
	if err := c.storeList(ctx, tx, of.key); err != nil {
		return err
	}
	if err := markUsers(ctx, tx, c.ID); err != nil {
		return err
	}
	return c.record(ctx, tx, of.version, change, by)
}

// storeUses keeps what the definition speaks of from being deleted, and lets its changes reach this segment.
func (c *Content) storeUses(ctx context.Context, tx pgx.Tx, of row) error {
	var segments, tables []string
	if c.Definition != nil {
		segments, tables = c.Definition.Uses(of.names)
	}
	if _, err := tx.Exec(ctx, `delete from footfall.segment_uses where segment_key = $1`, of.key); err != nil {
		return fmt.Errorf("store what the segment uses: %w", err)
	}
	if _, err := tx.Exec(ctx, `
		insert into footfall.segment_uses (segment_key, kind, id)
		select $1::int, 'segment', id from unnest($2::text[]) id union all select $1::int, 'table', id from unnest($3::text[]) id`,
		of.key, segments, tables); err != nil {
		return fmt.Errorf("store what the segment uses: %w", err)
	}
	return nil
}

// markUsers marks the segments that use one as stale, and those that use these.
func markUsers(ctx context.Context, tx pgx.Tx, id string) error {
	_, err := tx.Exec(ctx, `select footfall.mark_segments('segment', $1)`, id)
	if err != nil {
		return fmt.Errorf("mark the segments that use it: %w", err)
	}
	return nil
}

// record writes a change down. Lists can be long and stay out of it.
func (c Content) record(ctx context.Context, tx pgx.Tx, version int, change Action, by string) error {
	c.List, c.AnonymousIDs = nil, nil
	content, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into footfall.segment_changes (kind, id, version, change, changed_by, content) values ('segment', $1, $2, $3, $4, $5)`,
		c.ID, version, change, by, string(content))
	if err != nil {
		return fmt.Errorf("record the change: %w", err)
	}
	return nil
}
