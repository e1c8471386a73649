package query

import (
	"context"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
)

const namesSQL = `select level::text, name, "numeric" from footfall.attribute_names`

// ReadNames reads the custom attributes that events and users of this store have.
func ReadNames(ctx context.Context, db store.Querier) (filter.Names, error) {
	names := filter.Names{User: map[string]bool{}, Event: map[string]bool{}}
	var level, name string
	var numeric bool
	err := store.Statement{SQL: namesSQL}.Each(ctx, db, []any{&level, &name, &numeric}, func() error {
		if level == "user" {
			names.User[name] = numeric
		} else {
			names.Event[name] = numeric
		}
		return nil
	})
	return names, err
}
