package ingest

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// sample returns the content of a file of the sample data, which is not part of the repository.
func sample(t testing.TB, name string) string {
	t.Helper()
	f, err := os.Open(testdb.Sample(t, name))
	require.NoError(t, err)
	defer f.Close() //nolint:errcheck // it was only read
	unzipped, err := gzip.NewReader(f)
	require.NoError(t, err)
	content, err := io.ReadAll(unzipped)
	require.NoError(t, err)
	return string(content)
}

func shopMapping(t testing.TB) Mapping {
	return mapping(t, []string{
		"ts=timestamp", "usr.id=user_id", "session.id=session_id", "view.url_path=event", "device.type=platform",
	}, []string{"type=view"})
}

// stored lists what the inbox holds, but for source and time of arrival, in any order and each only once.
func stored(t testing.TB, pool *pgxpool.Pool) []string {
	return texts(t, pool, `
		select distinct concat_ws('|', ts, seq, event_id, type, usr_id, session_id, view_url_path, device_type, attributes)
		  from footfall.inbox
		 order by 1`)
}

func TestShopSample(t *testing.T) {
	content := sample(t, "ecom.csv.gz")
	ctx, once := context.Background(), testdb.New(t)
	whole := write(t, "ecom.csv.gz", gzipped(t, content))
	report, err := Import(ctx, once, []string{whole}, Options{Mapping: shopMapping(t)})
	require.NoError(t, err)
	require.Equal(t, []FileReport{{File: whole, Read: 31_106, Taken: 31_106}}, report.Files)
	want := stored(t, once)
	require.Len(t, want, 31_106, "identical rows are events of their own")
	require.EqualValues(t, 31_106, count(t, once, `select count(distinct event_id) from footfall.inbox`))

	t.Run("again", func(t *testing.T) {
		_, err := Import(ctx, once, []string{whole}, Options{Mapping: shopMapping(t)})
		require.NoError(t, err)
		require.EqualValues(t, 2*31_106, count(t, once, `select count(*) from footfall.inbox`))
		require.Equal(t, want, stored(t, once))
	})

	header, rest, _ := strings.Cut(content, "\n")
	lines := strings.Split(strings.TrimSuffix(rest, "\n"), "\n")
	t.Run("in ten pieces in random order", func(t *testing.T) {
		pool := testdb.New(t)
		size := (len(lines) + 9) / 10
		for _, piece := range rand.Perm(10) {
			rows := lines[piece*size : min((piece+1)*size, len(lines))]
			file := write(t, fmt.Sprintf("piece%d.csv", piece), header+"\n"+strings.Join(rows, "\n")+"\n")
			_, err := Import(ctx, pool, []string{file}, Options{Mapping: shopMapping(t), SeqBase: int64(piece * size)})
			require.NoError(t, err)
		}
		require.Equal(t, want, stored(t, pool))
	})
	t.Run("shuffled, with the order in a column", func(t *testing.T) {
		numbered := make([]string, len(lines))
		for i, line := range lines {
			numbered[i] = fmt.Sprintf("%d,%s", i+1, line)
		}
		ordered := importLines(t, "seq,"+header, numbered)
		rand.Shuffle(len(numbered), func(i, j int) { numbered[i], numbered[j] = numbered[j], numbered[i] })
		require.Equal(t, ordered, importLines(t, "seq,"+header, numbered))
		require.Len(t, ordered, 31_106)
	})
	t.Run("columns in another order", func(t *testing.T) {
		rows, err := csv.NewReader(strings.NewReader(content)).ReadAll()
		require.NoError(t, err)
		var turned bytes.Buffer
		w := csv.NewWriter(&turned)
		for _, row := range rows {
			slices.Reverse(row)
		}
		require.NoError(t, w.WriteAll(rows))
		pool := testdb.New(t)
		_, err = Import(ctx, pool, []string{write(t, "turned.csv", turned.String())}, Options{Mapping: shopMapping(t)})
		require.NoError(t, err)
		require.Equal(t, texts(t, once, `select distinct event_id from footfall.inbox order by 1`),
			texts(t, pool, `select distinct event_id from footfall.inbox order by 1`))
	})
}

func importLines(t *testing.T, header string, lines []string) []string {
	pool := testdb.New(t)
	file := write(t, "rows.csv", header+"\n"+strings.Join(lines, "\n")+"\n")
	_, err := Import(context.Background(), pool, []string{file}, Options{Mapping: shopMapping(t)})
	require.NoError(t, err)
	return stored(t, pool)
}

var accessLog = regexp.MustCompile(`^(\S+) \S+ \S+ \[([^\]]+)\] "(\S+) (\S+)[^"]*" (\d+) (\S+) "(.*?)" "(.*)"?$`)

// TestAccessLog turns a web server's log into CSV: every line is taken or reported.
func TestAccessLog(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(sample(t, "apache_access.log.gz"), "\n"), "\n")
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	require.NoError(t, w.Write([]string{"ip", "time", "method", "path", "status", "bytes", "referrer", "agent"}))
	for _, line := range lines {
		cells := []string{"", "", "", line}
		if m := accessLog.FindStringSubmatch(line); m != nil {
			ts, err := time.Parse("02/Jan/2006:15:04:05 -0700", m[2])
			require.NoError(t, err)
			cells = append([]string{m[1], ts.Format(time.RFC3339)}, m[3:]...)
		}
		require.NoError(t, w.Write(cells))
	}
	w.Flush()
	pool := testdb.New(t)
	var refused []string
	report, err := Import(context.Background(), pool, []string{write(t, "access.csv", out.String())}, Options{
		Mapping:   mapping(t, []string{"ts=time", "usr.anonymous_id=ip", "view.url_path=path"}, []string{"type=view", "application.id=blog"}),
		OnRefusal: collect(&refused), SessionGap: 30 * time.Minute,
	})
	require.NoError(t, err)
	require.EqualValues(t, len(lines), report.Read)
	require.EqualValues(t, len(lines), report.Taken+report.Refused)
	require.Len(t, refused, int(report.Refused))
	require.Equal(t, report.Taken, count(t, pool, `select count(distinct event_id) from footfall.inbox`))
	require.Greater(t, report.Taken, int64(9_900))
	require.EqualValues(t, 1_800_000, count(t, pool, `select session_gap_ms from footfall.applications where id = 'blog'`))
	t.Logf("%d lines: %d taken, %d refused %v", report.Read, report.Taken, report.Refused, refused)
}
