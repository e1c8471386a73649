package load

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/footfall-analytics/footfall/bench/data"
	"github.com/footfall-analytics/footfall/pkg/store/schema"
)

// chunkRows is how many rows one COPY of a writer sends.
const chunkRows = 1000

// generate makes the events once, in a table beside the schema.
func (r *run) generate(ctx context.Context) (err error) {
	path := filepath.Join(r.Dir, "events.csv")
	if r.rows, err = data.WriteFile(path, r.Data); err != nil {
		return fmt.Errorf("make events: %w", err)
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was only read
	if _, err := r.conn.Exec(ctx, `create unlogged table public.rows (`+data.TextColumns()+`)`); err != nil {
		return err
	}
	if _, err := r.conn.PgConn().CopyFrom(ctx, file, `copy public.rows from stdin (format csv, header true)`); err != nil {
		return fmt.Errorf("store events beside the schema: %w", err)
	}
	return os.Remove(path)
}

// renew empties the store.
func (r *run) renew(ctx context.Context) error {
	if _, err := r.conn.Exec(ctx, `drop schema if exists footfall cascade`); err != nil {
		return err
	}
	if _, _, err := schema.Migrate(ctx, r.conn); err != nil {
		return err
	}
	_, err := r.conn.Exec(ctx, `
		insert into footfall.packed_attributes (name)
		select name from string_to_table($1, ',') name where name <> ''`, r.Pack)
	return err
}

// staged is a file of rows as COPY takes them, in the order of arrival.
type staged struct {
	file   *os.File
	rows   int64
	chunks []span
}

type span struct {
	from, length int64
	rows         int
}

// stage writes the events into a file in the scenario's order.
func (r *run) stage(ctx context.Context, s scenario) (*staged, error) {
	file, err := os.Create(filepath.Join(r.Dir, "rows"))
	if err != nil {
		return nil, err
	}
	twice := ""
	if s.doubled {
		twice = " union all select *, true from public.rows where random() < 0.1"
	}
	columns := data.ColumnNames()
	if s.gaps {
		columns = strings.Replace(columns, "session_id", "null", 1)
	}
	out := &staged{file: file}
	sql := fmt.Sprintf(`
		copy (select %s
		        from (select *, ts::double precision as seconds
		                from (select *, false as again from public.rows%s) twice) rows
		       order by %s, seq::bigint) to stdout`, columns, twice, s.order)
	if _, err := r.conn.Exec(ctx, `select setseed(0.5)`); err != nil {
		return nil, err
	}
	if _, err := r.conn.PgConn().CopyTo(ctx, &chunker{staged: out}, sql); err != nil {
		return nil, fmt.Errorf("stage events: %w", err)
	}
	return out, nil
}

func (s *staged) chunk(i int) io.Reader {
	return io.NewSectionReader(s.file, s.chunks[i].from, s.chunks[i].length)
}

// chunker writes rows to the file and notes where each chunk starts. Postgres sends whole rows.
type chunker struct{ *staged }

func (c *chunker) Write(rows []byte) (int, error) {
	if len(c.chunks) == 0 || c.chunks[len(c.chunks)-1].rows >= chunkRows {
		var from int64
		if n := len(c.chunks); n > 0 {
			from = c.chunks[n-1].from + c.chunks[n-1].length
		}
		c.chunks = append(c.chunks, span{from: from})
	}
	n, lines := &c.chunks[len(c.chunks)-1], bytes.Count(rows, []byte{'\n'})
	n.length, n.rows, c.rows = n.length+int64(len(rows)), n.rows+lines, c.rows+int64(lines)
	return c.file.Write(rows)
}
