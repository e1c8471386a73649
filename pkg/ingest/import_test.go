package ingest

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func mapping(t testing.TB, columns, constants []string) Mapping {
	t.Helper()
	m, err := ParseMapping(columns, constants, nil, false)
	require.NoError(t, err)
	return m
}

// write makes a file in a folder of the test.
func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func gzipped(t testing.TB, content string) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := io.WriteString(w, content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.String()
}

func count(t testing.TB, pool *pgxpool.Pool, sql string, args ...any) int64 {
	t.Helper()
	var n int64
	require.NoError(t, pool.QueryRow(context.Background(), sql, args...).Scan(&n))
	return n
}

// texts returns one column of text, "" for null.
func texts(t testing.TB, pool *pgxpool.Pool, sql string) []string {
	t.Helper()
	rows, err := pool.Query(context.Background(), sql)
	require.NoError(t, err)
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
		var text *string
		if err := row.Scan(&text); err != nil || text == nil {
			return "", err
		}
		return *text, nil
	})
	require.NoError(t, err)
	return list
}

// collect is OnRefusal that keeps "line: field: value reason".
func collect(into *[]string) func(Refusal) {
	return func(r Refusal) {
		reason := (&badRow{value: r.Value, reason: r.Reason}).Error()
		*into = append(*into, fmt.Sprintf("%d: %s: %s", r.Line, r.Field, reason))
	}
}

// collectReasons keeps "line: field: reason".
func collectReasons(into *[]string) func(Refusal) {
	return func(r Refusal) { *into = append(*into, fmt.Sprintf("%d: %s: %s", r.Line, r.Field, r.Reason)) }
}

func TestCSVRow(t *testing.T) {
	pool := testdb.New(t)
	file := write(t, "shop.csv", "\ufeffwhen, usr.id ,event,price,note,empty\n"+
		"2026-05-17 10:05:03,ann,/cart,12.5,\"two\nlines, \"\"quoted\"\"\",\n")
	report, err := Import(context.Background(), pool, []string{file}, Options{
		Mapping: mapping(t, []string{"ts=when", "view.url_path=event", "cost=price"}, []string{"type=view", "shop=north"}),
		SeqBase: 100,
	})
	require.NoError(t, err)
	require.Equal(t, []FileReport{{File: file, Read: 1, Taken: 1}}, report.Files)
	require.Equal(t, []string{"2026-05-17 10:05:03|101|view|ann|/cart|" + file + ":2"}, texts(t, pool,
		`select concat_ws('|', ts, seq, type, usr_id, view_url_path, source) from footfall.inbox`))
	require.Equal(t, []string{`{"cost": 12.5, "note": "two\nlines, \"quoted\"", "shop": "north"}`}, texts(t, pool,
		`select attributes::jsonb::text from footfall.inbox`))
}

func TestNDJSONRow(t *testing.T) {
	pool := testdb.New(t)
	file := write(t, "rum.ndjson", `{"date":1779012303123,"type":"action","usr":{"id":42,"plan":"pro","address":{"city":"Bonn"}},"view.url_path":"/cart","action":{"target":{"name":"BUY"},"frustration":{"type":["rage_click"]}},"who":{"mail":"a@b.c","age":7},"list":[1, 2],"gone":null,"price":"12"}`+"\n\n")
	report, err := Import(context.Background(), pool, []string{file}, Options{
		Mapping: mapping(t, []string{"ts=date", "usr.email=who.mail"}, nil),
	})
	require.NoError(t, err)
	require.EqualValues(t, 1, report.Taken)
	require.Equal(t, []string{`1779012303123|1|action|42|a@b.c|/cart|BUY|["rage_click"]`}, texts(t, pool,
		`select concat_ws('|', ts, seq, type, usr_id, usr_email, view_url_path, action_target_name, action_frustration_type) from footfall.inbox`))
	require.Equal(t, []string{`{"list": [1, 2], "price": "12", "who.age": 7, "usr.plan": "pro", "usr.address": {"city": "Bonn"}}`},
		texts(t, pool, `select attributes::jsonb::text from footfall.inbox`))
}

func TestSourcesAndFormats(t *testing.T) {
	const csv = "ts,type\n2026-05-17T10:00:00Z,view\n"
	const tsv = "ts\ttype\n2026-05-17T10:00:00Z\tview\n"
	const ndjson = `{"ts":"2026-05-17T10:00:00Z","type":"view"}`
	for name, file := range map[string]string{
		"csv": write(t, "a.csv", csv), "tsv": write(t, "a.tsv", tsv), "ndjson": write(t, "a.jsonl", ndjson),
		"gzip by suffix": write(t, "a.csv.gz", gzipped(t, csv)), "gzip by content": write(t, "b.csv", gzipped(t, csv)),
		"sep=":          write(t, "d.csv", "\ufeffsep=;\r\nts;type\r\n2026-05-17T10:00:00Z;view\r\n"),
		"sep= in .tsv":  write(t, "d.tsv", "sep=\t\n"+tsv),
		"empty column":  write(t, "e.csv", "ts,type,,\n2026-05-17T10:00:00Z,view,,\n"),
		"longer row":    write(t, "f.csv", "ts,type\n2026-05-17T10:00:00Z,view,\n"),
		"windows lines": write(t, "c.csv", strings.ReplaceAll(csv, "\n", "\r\n")),
	} {
		t.Run(name, func(t *testing.T) {
			report, err := Import(context.Background(), testdb.New(t), []string{file}, Options{Mapping: Mapping{Strict: true}})
			require.NoError(t, err)
			require.EqualValues(t, 1, report.Taken)
			require.Zero(t, report.Refused)
		})
	}
	t.Run("standard input", func(t *testing.T) {
		report, err := Import(context.Background(), testdb.New(t), []string{"-"},
			Options{Format: CSV, Stdin: strings.NewReader(gzipped(t, csv))})
		require.NoError(t, err)
		require.EqualValues(t, 1, report.Taken)
	})
}

// TestRefusedBeforeWriting has what is wrong with a file or the mapping as a whole: nothing of any file is written.
func TestRefusedBeforeWriting(t *testing.T) {
	pool := testdb.New(t)
	good := write(t, "good.csv", "ts,type\n2026-05-17T10:00:00Z,view\n")
	strict := Mapping{Strict: true}
	for name, test := range map[string]struct {
		file    string
		mapping Mapping
		want    string
	}{
		"no such file":     {filepath.Join(t.TempDir(), "none.csv"), Mapping{}, "no such file"},
		"mapped column":    {good, mapping(t, []string{"usr.id=user"}, nil), `column "user" (mapped to usr.id) is not in the header; the columns are: ts, type`},
		"skipped column":   {good, Mapping{Skip: []string{"x"}}, `column "x" (--skip) is not in the header`},
		"no ts":            {write(t, "a.csv", "type,when\n"), Mapping{}, "no column gives ts"},
		"no type":          {write(t, "a.csv", "ts\n"), Mapping{}, "--set type=view"},
		"field given":      {write(t, "a.csv", "ts,when,type\n"), mapping(t, []string{"ts=when"}, nil), `field ts is mapped from column "when", and there is a column of that name as well`},
		"constant given":   {good, mapping(t, nil, []string{"type=view"}), "field type is set to a constant, and there is a column"},
		"strict":           {write(t, "a.csv", "ts,type,colour\n"), strict, `column "colour" is unknown, and --strict`},
		"delimiter":        {write(t, "a.csv", "ts;type\n1;view\n"), Mapping{}, `if ';' separates the columns, say --delimiter ';'`},
		"tab":              {write(t, "a.csv", "ts\ttype\n"), Mapping{}, "--delimiter tab"},
		"same name twice":  {write(t, "a.csv", "ts,ts,type\n"), Mapping{}, `two columns named "ts"`},
		"empty":            {write(t, "a.csv", ""), Mapping{}, "not even a header"},
		"UTF-16":           {write(t, "a.csv", "\xff\xfet\x00s\x00"), Mapping{}, "UTF-16"},
		"binary":           {write(t, "a.csv", "\x89PNG\x80\n"), Mapping{}, "the header is not UTF-8"},
		"gzip in name":     {write(t, "a.csv.gz", "ts,type\n"), Mapping{}, "this is not gzip data"},
		"gzip header only": {write(t, "a.csv.gz", "\x1f\x8b\x08"), Mapping{}, "gzip data"},
		"format":           {write(t, "a.dat", ""), Mapping{}, "say --format csv, ndjson, clf or combined"},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := Import(context.Background(), pool, []string{good, test.file}, Options{Mapping: test.mapping})
			require.ErrorContains(t, err, test.want)
			require.Zero(t, report.Taken)
		})
	}
	require.Zero(t, count(t, pool, `select count(*) from footfall.inbox`))
}

func TestParseMappingErrors(t *testing.T) {
	for _, test := range []struct {
		columns, constants []string
		want               string
	}{
		{[]string{"ts"}, nil, "write field=column"},
		{[]string{"=a"}, nil, "write field=column"},
		{nil, []string{"type="}, "write field=value"},
		{[]string{"ts=a", "ts=b"}, nil, `field ts is mapped twice, from "a" and "b"`},
		{nil, []string{"type=a", "type=b"}, "field type is set twice"},
		{[]string{"type=a"}, []string{"type=view"}, "both mapped"},
		{nil, []string{"usr.name=\xff"}, "is not UTF-8"},
	} {
		_, err := ParseMapping(test.columns, test.constants, nil, false)
		require.ErrorContains(t, err, test.want)
	}
}

// TestChunks commits a file in pieces, and what came before an error stays.
func TestChunks(t *testing.T) {
	pool := testdb.New(t)
	var content strings.Builder
	content.WriteString("ts,type,n\n")
	for i := range 25_000 {
		fmt.Fprintf(&content, "2026-05-17T10:00:00Z,view,%d\n", i)
	}
	whole := gzipped(t, content.String())
	cut := write(t, "cut.csv.gz", whole[:len(whole)/2])
	good := write(t, "good.csv", "ts,type\n2026-05-17T10:00:00Z,view\n")
	report, err := Import(context.Background(), pool, []string{cut, good}, Options{ChunkRows: 1000})
	require.ErrorContains(t, err, "the gzip data is cut off")
	require.Len(t, report.Files, 2)
	require.Contains(t, report.Files[0].Error, "cut off")
	require.Greater(t, report.Files[0].Taken, int64(5000))
	require.EqualValues(t, 1, report.Files[1].Taken, "the other file is read still")
	require.Equal(t, report.Taken, count(t, pool, `select count(*) from footfall.inbox`))
	require.Equal(t, report.Taken, count(t, pool, `select count(distinct event_id) from footfall.inbox`))
}

// TestLineOfTheEnd names the last line that was read whole, also where that is the header, or none.
func TestLineOfTheEnd(t *testing.T) {
	pool := testdb.New(t)
	cut := func(content string) string {
		whole := gzipped(t, content)
		return whole[:len(whole)-12] // in the compressed data's end, before its checksum
	}
	for name, test := range map[string]struct{ file, content, want string }{
		"CSV, in the first row":  {"a.csv", "ts,type,note\n2026-05-17T10:00:00Z,view,\"" + strings.Repeat("x\n", 9<<20), "after line 1: a row of more than 16 MB"},
		"CSV, behind a long row": {"a.csv", "ts,type,note\n2026-05-17T10:00:00Z,view,\"a\nb\nc\"\n2026-05-17T10:00:00Z,view,\"" + strings.Repeat("x\n", 9<<20), "after line 4: a row of more than 16 MB"},
		"NDJSON, first line":     {"a.ndjson.gz", cut(`{"ts":1}`), "in line 1: the gzip data is cut off"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Import(context.Background(), pool, []string{write(t, test.file, test.content)}, Options{})
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestCancelKeepsWhatIsCommitted(t *testing.T) {
	pool := testdb.New(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	file := write(t, "a.csv", "ts,type\n"+strings.Repeat("2026-05-17T10:00:00Z,view\n", 20_000))
	report, err := Import(ctx, pool, []string{file, file}, Options{ChunkRows: 1000, OnProgress: func(p Progress) {
		if p.Rows >= 10_000 {
			cancel()
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, report.Files, 1)
	require.Less(t, report.Taken, int64(20_000))
	require.GreaterOrEqual(t, report.Taken, int64(9_000))
	require.Equal(t, report.Taken, count(t, pool, `select count(*) from footfall.inbox`))
}

func TestSessionGap(t *testing.T) {
	pool := testdb.New(t)
	file := write(t, "a.csv", "ts,type,application.id\n1779012303,view,web\n1779012304,view,\n1779012305,view,web\nnever,view,ghost\n")
	for _, gap := range []time.Duration{15 * time.Minute, 30 * time.Minute} {
		_, err := Import(context.Background(), pool, []string{file}, Options{SessionGap: gap, ChunkRows: 1})
		require.NoError(t, err)
		require.Equal(t, []string{fmt.Sprintf("=%d", gap.Milliseconds()), fmt.Sprintf("web=%d", gap.Milliseconds())},
			texts(t, pool, `select id || '=' || session_gap_ms from footfall.applications order by id`))
	}
}
