package deleted

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// Keeper is a segment whose definition speaks of something, which keeps that from being deleted.
type Keeper struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// InUse is why something is not deleted.
type InUse struct {
	Kind Kind
	Name string
	By   []Keeper
}

func (e InUse) Error() string {
	return fmt.Sprintf("%s %q is used by %s; change or delete these first", e.Kind, e.Name, Names(e.By))
}

// Names lists keepers for people.
func Names(by []Keeper) string {
	names := make([]string, len(by))
	for i, keeper := range by {
		names[i] = keeper.Name
	}
	return strings.Join(names, ", ")
}

// CheckUnused answers InUse where definitions speak of a segment or table.
func CheckUnused(ctx context.Context, db store.Querier, kind Kind, name string) error {
	found, err := db.Query(ctx, `
		select s.id, s.name
		  from footfall.segment_uses x
		  join footfall.segments s on s.key = x.segment_key
		 where x.kind = $1 and x.id = $2
		 order by lower(s.name), s.id`, string(kind), name)
	if err != nil {
		return fmt.Errorf("look for who uses it: %w", err)
	}
	by, err := pgx.CollectRows(found, pgx.RowToStructByPos[Keeper])
	switch {
	case err != nil:
		return fmt.Errorf("look for who uses it: %w", err)
	case len(by) > 0:
		return InUse{kind, name, by}
	}
	return nil
}
