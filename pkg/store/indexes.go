package store

import (
	"context"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

//go:embed indexes.sql
var indexesSQL string

var indexStatement = regexp.MustCompile(`(?m)^CREATE (UNIQUE )?INDEX (\w+) .*;$`)

// Index is an index that the schema should have.
type Index struct {
	Name      string `json:"name"`
	Statement string `json:"statement"` // that makes it
}

// Indexes are those of the schema, by name; the partitions of events have theirs besides.
func Indexes() []Index {
	var list []Index
	for _, match := range indexStatement.FindAllStringSubmatch(indexesSQL, -1) {
		statement := match[0]
		if strings.Contains(statement, "gin_trgm_ops") {
			statement = "CREATE EXTENSION IF NOT EXISTS pg_trgm; " + statement
		}
		list = append(list, Index{match[2], statement})
	}
	return list
}

// readMissingIndexes looks for indexes that are not there or not valid: those that a restored dump could not make, for
// example for want of the extension pg_trgm.
func (s *Status) readMissingIndexes(ctx context.Context, db Querier) error {
	rows, err := db.Query(ctx, `
		select c.relname
		  from pg_index i
		  join pg_class c on c.oid = i.indexrelid
		  join pg_namespace n on n.oid = c.relnamespace
		 where n.nspname = 'footfall' and i.indisvalid`)
	if err != nil {
		return fmt.Errorf("look for indexes: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("look for indexes: %w", err)
	}
	for _, index := range Indexes() {
		if !slices.Contains(found, index.Name) {
			s.MissingIndexes = append(s.MissingIndexes, index)
		}
	}
	return nil
}

func (i Index) warning() string {
	return fmt.Sprintf("the index %s is missing, as after a dump that could not be restored in full; run as the schema's owner: %s",
		i.Name, strings.TrimSuffix(i.Statement, ";"))
}
