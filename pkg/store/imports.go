package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Import is a row of footfall.imports: what one `footfall import` has brought.
type Import struct {
	ID        int32      `json:"id"`
	Name      string     `json:"name"`
	Files     []string   `json:"files"`
	StartedBy string     `json:"started_by"` // the database's user
	StartedAt time.Time  `json:"started_at"`
	WrittenAt *time.Time `json:"written_at"` // when rows last came
	EndedAt   *time.Time `json:"ended_at"`
	State     string     `json:"state"` // running, done, failed, undoing or undone
	Error     string     `json:"error,omitempty"`

	// Rows of the files: read = refused + written. The worker makes events, duplicates or rejected rows of those written.
	Read       int64 `json:"read"`
	Refused    int64 `json:"refused"`
	Written    int64 `json:"written"`
	Events     int64 `json:"events"`
	Duplicates int64 `json:"duplicates"` // conflicts among them
	Conflicts  int64 `json:"conflicts"`
	Rejected   int64 `json:"rejected"`
}

// RolledUp is how many of the import's rows the worker has taken.
func (i Import) RolledUp() int64 { return i.Events + i.Duplicates + i.Rejected }

// Imports lists all imports, the latest first.
func Imports(ctx context.Context, db Querier) ([]Import, error) {
	rows, err := db.Query(ctx, `
		select id, name, files, started_by, started_at, written_at, ended_at, state, coalesce(error, ''),
		       read, refused, written, events, duplicates, conflicts, rejected
		  from footfall.imports
		 order by id desc`)
	if err != nil {
		return nil, fmt.Errorf("read the imports: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Import])
	if err != nil {
		return nil, fmt.Errorf("read the imports: %w", err)
	}
	return list, nil
}
