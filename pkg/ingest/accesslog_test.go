package ingest

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

const (
	commonLine   = `198.51.100.7 - ann [17/May/2026:10:05:03 +0200] "GET /cart?id=7 HTTP/1.1" 200 512`
	combinedLine = commonLine + ` "https://example.org/?q=a" "curl/8.5.0"`
)

// importLog imports lines and returns the inbox, and what was refused.
func importLog(t *testing.T, format Format, m Mapping, lines ...string) (rows, refused []string) {
	t.Helper()
	pool := testdb.New(t)
	file := write(t, "access.log", strings.Join(lines, "\n")+"\n")
	_, err := Import(context.Background(), pool, []string{file}, Options{Format: format, Mapping: m, OnRefusal: collect(&refused)})
	require.NoError(t, err)
	return texts(t, pool, `
		select concat_ws('|', ts, type, usr_anonymous_id, usr_id, view_url_path, device_type, browser_name, attributes)
		  from footfall.inbox order by seq::bigint`), refused
}

func TestAccessLogs(t *testing.T) {
	rows, refused := importLog(t, Combined, Mapping{}, combinedLine, "",
		`2001:db8::1 - - [17/May/2026:10:05:04 +0000] "POST https://example.org/api HTTP/2.0" 304 - "-" "-"`,
		`198.51.100.7 - a b [17/May/2026:10:05:05 +0000] "GET /say\"hi\" HTTP/1.1" 404 0 "-" "Mozilla/5.0 (Windows NT 6.1; \"x\") Gecko/20100101 Firefox/27.0`,
		`198.51.100.7 - - [17/May/2026:10:05:06 +0000] "GET / HTTP/1.1" 200 1 "-" "x/1" "203.0.113.9" 0.001`)
	require.Empty(t, refused)
	require.Equal(t, []string{
		`17/May/2026:10:05:03 +0200|view|198.51.100.7|ann|/cart|bot|curl|{"bytes":512,"method":"GET","referrer":"https://example.org/?q=a","status":200}`,
		`17/May/2026:10:05:04 +0000|view|2001:db8::1|/api|{"method":"POST","status":304}`,
		`17/May/2026:10:05:05 +0000|view|198.51.100.7|a b|/say"hi"|desktop|Firefox|{"bytes":0,"method":"GET","status":404}`,
		`17/May/2026:10:05:06 +0000|view|198.51.100.7|/|bot|x|{"bytes":1,"method":"GET","status":200}`,
	}, rows)

	rows, refused = importLog(t, CLF, Mapping{}, commonLine, combinedLine)
	require.Empty(t, refused)
	require.Len(t, rows, 2)
	require.Equal(t, `17/May/2026:10:05:03 +0200|view|198.51.100.7|ann|/cart|{"bytes":512,"method":"GET","status":200}`, rows[0])
}

func TestAccessLogMapping(t *testing.T) {
	m, err := ParseMapping([]string{"usr.id=address", "view.url_path={path}?{query}", "http_status=status"},
		[]string{"type=action", "application.id=blog"}, []string{"referrer", "user"}, true)
	require.NoError(t, err)
	rows, refused := importLog(t, Combined, m, combinedLine)
	require.Empty(t, refused)
	require.Equal(t, []string{`17/May/2026:10:05:03 +0200|action|198.51.100.7|/cart?id=7|bot|curl|{"bytes":512,"method":"GET","http_status":200}`}, rows)
}

func TestBadLogLines(t *testing.T) {
	for line, want := range map[string]string{
		"hello":                               "is no line of an access log",
		commonLine:                            "has no referrer and user agent: is this --format clf?",
		"www.example.org:443 " + combinedLine: "begins with a host's name, as vhost_combined has it",
		`1.2.3.4 - - [17/May/2026] "GET / HTTP/1.1" 200 1 "-" "-"`: `ts: "17/May/2026" is not a time`,
	} {
		_, refused := importLog(t, Combined, Mapping{}, combinedLine, line)
		require.Len(t, refused, 1, line)
		require.Contains(t, refused[0], want)
		require.Contains(t, refused[0], "2: ")
	}
}

// A request without a path, as scanners and closed connections make them, is an event without one.
func TestLogLinesWithoutPath(t *testing.T) {
	pool := testdb.New(t)
	var left []string
	const line = "1.2.3.4 - - [17/May/2026:10:05:03 +0000] "
	file := write(t, "access.log", line+`"-" 408 - "-" "-"`+"\n"+line+`"\x16\x03\x01" 400 0 "-" "-"`+"\n"+line+"\"GET /\xff HTTP/1.1\" 200 1 \"-\" \"-\"\n")
	report, err := Import(context.Background(), pool, []string{file}, Options{Format: Combined, OnLeftOut: collect(&left)})
	require.NoError(t, err)
	require.EqualValues(t, 3, report.Taken)
	require.Equal(t, []string{`408`, `400`, `200`}, texts(t, pool, `select attributes::jsonb->>'status' from footfall.inbox order by seq::bigint`))
	require.Zero(t, count(t, pool, `select count(view_url_path) from footfall.inbox`))
	require.Len(t, left, 3)
	require.Contains(t, left[0], "1: view.url_path: ")
	require.Contains(t, left[1], "is no request with a path")
	require.Contains(t, left[2], "is not UTF-8")
}

// A real server's log imports without a word about how.
func TestRealAccessLog(t *testing.T) {
	pool := testdb.New(t)
	file := write(t, "access.log", sample(t, "apache_access.log.gz"))
	report, err := Import(context.Background(), pool, []string{file}, Options{Format: Combined})
	require.NoError(t, err)
	require.Equal(t, []FileReport{{File: file, Read: 10_000, Taken: 10_000}}, report.Files)
	require.EqualValues(t, 1_753, count(t, pool, `select count(distinct usr_anonymous_id) from footfall.inbox`))
	require.EqualValues(t, 10_000, count(t, pool, `select count(distinct event_id) from footfall.inbox`))
	require.Zero(t, count(t, pool, `select count(*) from footfall.inbox where view_url_path like '%?%'`))
	require.EqualValues(t, 510, count(t, pool, `select count(*) from footfall.inbox where browser_name = 'Googlebot' and device_type = 'bot'`))
}
