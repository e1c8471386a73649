package rollup

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// table is a table the worker writes many rows of at once.
type table struct {
	name    string
	keys    []string
	columns []string // keys among them, in the order of the rows handed over
}

// insert adds rows.
func (t table) insert(ctx context.Context, tx pgx.Tx, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"footfall", t.name}, t.columns, pgx.CopyFromRows(rows)); err != nil {
		return fmt.Errorf("write %s: %w", t.name, err)
	}
	return nil
}

// update writes whole rows over those with the same key.
func (t table) update(ctx context.Context, tx pgx.Tx, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	changes := t.name + "_changes"
	create := fmt.Sprintf(`create temp table %s on commit drop as select %s from footfall.%s with no data`,
		changes, strings.Join(t.columns, ", "), t.name)
	if _, err := tx.Exec(ctx, create); err != nil {
		return fmt.Errorf("prepare changes of %s: %w", t.name, err)
	}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"pg_temp", changes}, t.columns, pgx.CopyFromRows(rows)); err != nil {
		return fmt.Errorf("prepare changes of %s: %w", t.name, err)
	}
	if _, err := tx.Exec(ctx, t.updateSQL(changes)); err != nil {
		return fmt.Errorf("change %s: %w", t.name, err)
	}
	// A rebuild does this again and again in one transaction.
	if _, err := tx.Exec(ctx, `drop table pg_temp.`+changes); err != nil {
		return fmt.Errorf("change %s: %w", t.name, err)
	}
	return nil
}

func (t table) updateSQL(changes string) string {
	var sets, matches []string
	for _, key := range t.keys {
		matches = append(matches, fmt.Sprintf("old.%s = new.%s", key, key))
	}
	for _, column := range t.columns {
		sets = append(sets, fmt.Sprintf("%s = new.%s", column, column))
	}
	return fmt.Sprintf(`update footfall.%s old set %s from pg_temp.%s new where %s`,
		t.name, strings.Join(sets[len(t.keys):], ", "), changes, strings.Join(matches, " and "))
}

func fromMilli(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// nullText is nil for "".
func nullText(value string) any {
	if value == "" {
		return nil
	}
	return value
}

// column returns one value of each item, as an array parameter.
func column[T, V any](items []T, value func(T) V) []V {
	values := make([]V, len(items))
	for i, item := range items {
		values[i] = value(item)
	}
	return values
}
