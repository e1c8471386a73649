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
	UndoneAt  *time.Time `json:"undone_at,omitempty"`
	UndoneBy  string     `json:"undone_by,omitempty"`

	// Rows of the files: read = refused + written. The worker makes events, duplicates or rejected rows of those written.
	Read       int64 `json:"read"`
	Refused    int64 `json:"refused"`
	Written    int64 `json:"written"`
	Events     int64 `json:"events"`
	Duplicates int64 `json:"duplicates"` // conflicts among them
	Conflicts  int64 `json:"conflicts"`
	Rejected   int64 `json:"rejected"`

	ConflictsWith int32 `json:"conflicts_with,omitempty"` // the import it met last where it has conflicts
}

// RolledUp is how many of the import's rows the worker has taken.
func (i Import) RolledUp() int64 { return i.Events + i.Duplicates + i.Rejected }

const importsSQL = `
select id, name, files, started_by, started_at, written_at, ended_at, state, coalesce(error, ''), undone_at,
       coalesce(undone_by, ''), read, refused, written, events, duplicates, conflicts, rejected, coalesce(conflicts_with, 0)
  from footfall.imports`

// ReadImport reads one import; pgx.ErrNoRows where there is none with this id.
func ReadImport(ctx context.Context, db Querier, id int32) (Import, error) {
	rows, err := db.Query(ctx, importsSQL+` where id = $1`, id)
	if err != nil {
		return Import{}, fmt.Errorf("read import %d: %w", id, err)
	}
	imp, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Import])
	if err != nil {
		return Import{}, fmt.Errorf("read import %d: %w", id, err)
	}
	return imp, nil
}

// Imports lists all imports, the latest first.
func Imports(ctx context.Context, db Querier) ([]Import, error) {
	rows, err := db.Query(ctx, importsSQL+` order by id desc`)
	if err != nil {
		return nil, fmt.Errorf("read the imports: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Import])
	if err != nil {
		return nil, fmt.Errorf("read the imports: %w", err)
	}
	return list, nil
}
