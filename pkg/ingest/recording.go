package ingest

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/csvfile"
)

// maxNameBytes is the longest name of an import.
const maxNameBytes = 200

// CheckName tells what is wrong with the name of an import, and how to mend it.
func CheckName(name string) error {
	if len(name) > maxNameBytes {
		return fmt.Errorf("is %d bytes long; at most %d are kept, shorten it", len(name), maxNameBytes)
	}
	if reason := csvfile.Unreadable(name); reason != "" {
		return errors.New(reason)
	}
	return nil
}

// recording is the row of footfall.imports that tells of an import. Its id, 0 where the role may not record imports,
// goes into every row of the inbox.
type recording struct {
	id            int32
	earlier       int32 // the latest import of a file of the same name, 0 without one
	name          string
	read, refused int64 // of all files so far
}

// errTakenBack: `footfall imports undo` came while the import ran.
var errTakenBack = errors.New("this import was taken back while it ran; import the files again if you want them")

const startImportSQL = `
insert into footfall.imports (name, files)
values ($1, $2)
returning id,
          (select coalesce(max(e.id), 0) from footfall.imports e
            where e.files && array_remove($2, 'standard input') and e.written > 0 and e.state <> 'undone')`

// startRecording registers an import. A role that may only write to the inbox imports all the same.
func startRecording(ctx context.Context, pool *pgxpool.Pool, name string, files []string) (recording, error) {
	names := make([]string, len(files))
	for i, file := range files {
		names[i] = strings.ToValidUTF8(filepath.Base(file), "?")
		if file == stdinName {
			names[i] = "standard input"
		}
	}
	if name == "" {
		name = shorten(strings.Join(names, ", "))
	}
	r := recording{name: name}
	err := pool.QueryRow(ctx, startImportSQL, name, names).Scan(&r.id, &r.earlier)
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == "42501" { // insufficient privilege
		return r, nil
	}
	if err != nil {
		return r, fmt.Errorf("record the import: %w", err)
	}
	return r, nil
}

func shorten(name string) string {
	if len(name) <= maxNameBytes {
		return name
	}
	return strings.ToValidUTF8(name[:maxNameBytes-len("...")], "") + "..."
}

// wrote adds what a chunk brought, in the chunk's transaction: once an import is being taken back, nothing of it comes any
// more.
func (r *recording) wrote(ctx context.Context, tx pgx.Tx, written int64) error {
	if r.id == 0 {
		return nil
	}
	tag, err := tx.Exec(ctx, `
		update footfall.imports
		   set read = $2, refused = $3, written = written + $4, written_at = clock_timestamp()
		 where id = $1 and state = 'running'`, r.id, r.read, r.refused, written)
	if err != nil {
		return fmt.Errorf("record the import: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return errTakenBack
	}
	return nil
}

// end says how the import ended, also when ctx has ended.
func (r *recording) end(ctx context.Context, pool *pgxpool.Pool, failure error) error {
	if r.id == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	var text *string
	if failure != nil {
		message := failure.Error()
		text = &message
	}
	_, err := pool.Exec(ctx, `
		update footfall.imports
		   set state = case when $2::text is null then 'done' else 'failed' end, error = $2, ended_at = clock_timestamp(),
		       read = $3, refused = $4
		 where id = $1 and state = 'running'`, r.id, text, r.read, r.refused)
	if err != nil {
		return fmt.Errorf("record the end of the import: %w", err)
	}
	return nil
}
