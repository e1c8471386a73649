package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/ingest/demo"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/schema"
)

// chunkRows is how many rows one COPY of a writer sends.
const chunkRows = 1000

// inboxColumns are the columns that writers fill.
var inboxColumns = func() string {
	var columns []string
	for _, field := range event.Fields {
		columns = append(columns, field.Column)
	}
	return strings.Join(append(columns, event.AttributesColumn), ", ")
}()

// generate makes the events once, in a table beside the schema.
func generate(ctx context.Context, conn *pgx.Conn, o options) (int64, error) {
	if err := renew(ctx, conn); err != nil {
		return 0, err
	}
	n, err := demo.Load(ctx, conn, demo.Options{
		Users: o.users, Days: o.days, Seed: 1, Until: time.Now().UTC().Truncate(24 * time.Hour),
	}, func(int, int64) {})
	if err != nil {
		return 0, fmt.Errorf("make events: %w", err)
	}
	_, err = conn.Exec(ctx, `
		drop table if exists public.storebench;
		create unlogged table public.storebench as select * from footfall.inbox`)
	return n, err
}

// renew empties the store.
func renew(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, `drop schema if exists footfall cascade`); err != nil {
		return err
	}
	_, _, err := schema.Migrate(ctx, conn)
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
func stage(ctx context.Context, conn *pgx.Conn, dir string, s scenario) (*staged, error) {
	file, err := os.Create(filepath.Join(dir, "rows"))
	if err != nil {
		return nil, err
	}
	again := ""
	if s.doubled {
		again = " union all select *, true from public.storebench where random() < 0.1"
	}
	columns := inboxColumns
	if s.gaps {
		columns = strings.Replace(columns, "session_id", "null", 1)
	}
	out := &staged{file: file}
	sql := fmt.Sprintf(`copy (select %s from (select *, false as again from public.storebench%s) rows order by %s) to stdout`,
		columns, again, s.order)
	if _, err := conn.Exec(ctx, `select setseed(0.5)`); err != nil {
		return nil, err
	}
	if _, err := conn.PgConn().CopyTo(ctx, &chunker{staged: out}, sql); err != nil {
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
