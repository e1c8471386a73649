package filter

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/footfall-analytics/footfall/pkg/store"
)

const (
	namesSQL    = `select level::text, name, "numeric" from footfall.attribute_names`
	tablesSQL   = `select id, name, identity, columns from footfall.reference_tables`
	segmentsSQL = `select id, key from footfall.segments`
)

// ReadNames reads what this store has beyond the built-in attributes. Its errors are of type *store.StatementError.
func ReadNames(ctx context.Context, db store.Querier) (Names, error) {
	names := Names{User: map[string]bool{}, Event: map[string]bool{}, Tables: map[string]*Table{}, Segments: map[string]int32{}}
	for _, read := range []func(context.Context, store.Querier) error{names.readCustom, names.readTables, names.readSegments} {
		if err := read(ctx, db); err != nil {
			return Names{}, err
		}
	}
	var err error
	names.PageRules, err = store.ReadPageRules(ctx, db)
	return names, err
}

func (n Names) readCustom(ctx context.Context, db store.Querier) error {
	var level, name string
	var numeric bool
	return store.Statement{SQL: namesSQL}.Each(ctx, db, []any{&level, &name, &numeric}, func() error {
		if level == "user" {
			n.User[name] = numeric
		} else {
			n.Event[name] = numeric
		}
		return nil
	})
}

func (n Names) readTables(ctx context.Context, db store.Querier) error {
	var t Table
	var columns []byte
	return store.Statement{SQL: tablesSQL}.Each(ctx, db, []any{&t.ID, &t.Name, &t.Identity, &columns}, func() error {
		table := t
		var list []struct {
			Name string `json:"name"`
			Type Type   `json:"type"`
		}
		if err := json.Unmarshal(columns, &list); err != nil {
			return fmt.Errorf("columns of reference table %s: %w", t.Name, err)
		}
		table.Columns = map[string]Type{}
		for _, column := range list {
			table.Columns[column.Name] = column.Type
		}
		n.Tables[t.Name] = &table
		return nil
	})
}

func (n Names) readSegments(ctx context.Context, db store.Querier) error {
	var id string
	var key int32
	return store.Statement{SQL: segmentsSQL}.Each(ctx, db, []any{&id, &key}, func() error {
		n.Segments[id] = key
		return nil
	})
}
