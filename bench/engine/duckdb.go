package engine

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	_ "github.com/duckdb/duckdb-go/v2" // the driver "duckdb", with the library itself

	"github.com/footfall-analytics/footfall/bench/question"
	"github.com/footfall-analytics/footfall/tools/machine"
)

// DuckDB runs in this process, on a file.
type DuckDB struct {
	File string

	db *sql.DB
}

//go:embed duckdb.sql
var makeDuckDB string

// Name of the engine.
func (d *DuckDB) Name() string { return question.DuckDB }

// Load makes the table.
func (d *DuckDB) Load(ctx context.Context, file string) (err error) {
	if err := d.Start(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Stop()) }()
	set := "set variable file = '" + strings.ReplaceAll(file, "'", "''") + "';\n"
	if _, err := d.db.ExecContext(ctx, set+makeDuckDB+makeMembers); err != nil {
		return fmt.Errorf("make DuckDB's table: %w", err)
	}
	return nil
}

// Start opens the file, with all its defaults: as many threads as the machine has cores.
func (d *DuckDB) Start(ctx context.Context) (err error) {
	if d.db, err = sql.Open("duckdb", d.File); err != nil {
		return fmt.Errorf("open %s: %w", d.File, err)
	}
	d.db.SetMaxOpenConns(1)
	return d.db.PingContext(ctx)
}

// Stop closes it.
func (d *DuckDB) Stop() error {
	if d.db == nil {
		return nil
	}
	db := d.db
	d.db = nil
	return db.Close()
}

// Size of the file.
func (d *DuckDB) Size(context.Context) (int64, error) {
	info, err := os.Stat(d.File)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// Spent is this process's, which has nothing else to do meanwhile.
func (d *DuckDB) Spent() time.Duration { return machine.Spent(os.Getpid()) }

// Ask reads all rows.
func (d *DuckDB) Ask(ctx context.Context, q question.Question) (question.Answer, error) {
	rows, err := d.db.QueryContext(ctx, q.SQL[question.DuckDB])
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // read to the end below, or failed anyway
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var found [][]any
	for rows.Next() {
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		found = append(found, values)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return q.Answer(found), nil
}
