package ingest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

const (
	goodCSV    = "2026-05-17T10:00:00Z,view,ann,\n"
	goodNDJSON = `{"ts":"2026-05-17T10:00:00Z","type":"view"}` + "\n"
)

// TestBadCSVRows puts each bad row between two good ones: those are taken, and the bad one is told with its line.
func TestBadCSVRows(t *testing.T) {
	pool := testdb.New(t)
	for name, test := range map[string]struct{ row, want string }{
		"too few columns":  {"2026-05-17T10:00:00Z,view\n", "3: : has 2 columns, the header has 4"},
		"too many columns": {"2026-05-17T10:00:00Z,view,a,b,c\n", "3: : has 5 columns, the header has 4"},
		"quote inside":     {"2026-05-17T10:00:00Z,view,a\"b,c\n", `3: : broken CSV at column 28: bare "`},
		"quote closed":     {"2026-05-17T10:00:00Z,view,\"a\"b,c\n", `3: : broken CSV at column 29: extraneous`},
		"not UTF-8":        {"2026-05-17T10:00:00Z,view,M\xfcller,\n", "3: usr.id: is not UTF-8"},
		"NUL":              {"2026-05-17T10:00:00Z,view,a\x00b,\n", "3: usr.id: has a NUL byte"},
		"no ts":            {",view,ann,\n", "3: ts: is missing"},
		"no time":          {"yesterday,view,ann,\n", `3: ts: "yesterday" is not a time`},
		"before 2000":      {"1999-12-31T23:59:59Z,view,ann,\n", "3: ts: "},
		"far future":       {"2126-05-17T10:00:00Z,view,ann,\n", "3: ts: "},
		"type":             {"2026-05-17T10:00:00Z,click,ann,\n", `3: type: "click" is none of view`},
		"long id":          {"2026-05-17T10:00:00Z,view," + strings.Repeat("a", 513) + ",\n", "3: usr.id: is 513 bytes long"},
		"long attribute":   {"2026-05-17T10:00:00Z,view,ann," + strings.Repeat("a", 70_000) + "\n", "3: attributes: is 70"},
	} {
		t.Run(name, func(t *testing.T) {
			var refused []string
			file := write(t, "bad.csv", "ts,type,usr.id,note\n"+goodCSV+test.row+goodCSV)
			report, err := Import(context.Background(), pool, []string{file}, Options{OnRefusal: collect(&refused)})
			require.NoError(t, err)
			require.Equal(t, FileReport{File: file, Read: 3, Taken: 2, Refused: 1}, report.Files[0])
			require.Len(t, refused, 1)
			require.Contains(t, refused[0], test.want)
		})
	}
}

func TestBadNDJSONRows(t *testing.T) {
	pool := testdb.New(t)
	row := func(more string) string { return `{"ts":"2026-05-17T10:00:00Z","type":"view",` + more + "}\n" }
	for name, test := range map[string]struct{ row, want string }{
		"broken":             {"{\"ts\":\n", "2: : broken JSON"},
		"list":               {"[1]\n", "2: : not a JSON object, but array"},
		"number":             {"7\n", "2: : not a JSON object, but number"},
		"null":               {"null\n", "2: : not a JSON object, but null"},
		"not UTF-8":          {row(`"usr.id":"M` + "\xfc" + `ller"`), "2: : is not UTF-8"},
		"NUL in a field":     {row(`"usr.id":"a\u0000b"`), "2: usr.id: has a NUL byte"},
		"NUL in a list":      {row(`"list":["a\u0000b"]`), "2: attributes: hold a NUL"},
		"NUL in a name":      {row(`"a\u0000b":1`), `2: : the name "a\x00b" has a NUL byte`},
		"object for a text":  {row(`"usr":{"id":{"a":1}}`), "2: usr.id: is a JSON object or list"},
		"list for a text":    {row(`"usr":{"id":["a"]}`), "2: usr.id: is a JSON object or list"},
		"text for a number":  {row(`"duration":"long"`), `2: duration: "long" is not a number`},
		"frustration":        {row(`"action":{"frustration":{"type":["boredom"]}}`), `2: action.frustration.type: "boredom"`},
		"twice":              {row(`"usr.id":"a","usr":{"id":"b"}`), "2: usr.id: is given twice"},
		"5 MB of attributes": {row(`"big":{"a":"` + strings.Repeat("x", 5<<20) + `"}`), "2: attributes: is 52"},
		"line over 16 MB":    {row(`"big":"` + strings.Repeat("x", 17<<20) + `"`), "2: : a line of more than 16 MB"},
		"huge number":        {row(`"n":1e999`), "2: attributes: hold the number"},
	} {
		t.Run(name, func(t *testing.T) {
			var refused []string
			file := write(t, "bad.ndjson", goodNDJSON+test.row+goodNDJSON)
			report, err := Import(context.Background(), pool, []string{file}, Options{OnRefusal: collect(&refused)})
			require.NoError(t, err)
			require.Equal(t, FileReport{File: file, Read: 3, Taken: 2, Refused: 1}, report.Files[0])
			require.Len(t, refused, 1)
			require.Contains(t, refused[0], test.want)
		})
	}
	t.Run("cut off", func(t *testing.T) {
		var refused []string
		file := write(t, "cut.ndjson", goodNDJSON+goodNDJSON[:20])
		report, err := Import(context.Background(), pool, []string{file}, Options{OnRefusal: collect(&refused)})
		require.NoError(t, err)
		require.EqualValues(t, 1, report.Taken)
		require.Contains(t, refused[0], "2: : broken JSON")
	})
	t.Run("strict", func(t *testing.T) {
		var refused []string
		file := write(t, "a.ndjson", goodNDJSON+row(`"colour":"red"`))
		report, err := Import(context.Background(), pool, []string{file}, Options{Mapping: Mapping{Strict: true}, OnRefusal: collect(&refused)})
		require.NoError(t, err)
		require.EqualValues(t, 1, report.Taken)
		require.Contains(t, refused[0], `2: colour: column "colour" is unknown`)
	})
}

// TestEveryFieldTooLong asks for each field in turn to be named.
func TestEveryFieldTooLong(t *testing.T) {
	pool := testdb.New(t)
	for _, field := range event.Fields {
		values := map[string]string{"ts": "2026-05-17T10:00:00Z", "type": "view"}
		values[field.Name] = strings.Repeat("9", field.Max+1)
		var columns, cells []string
		for name, value := range values {
			columns, cells = append(columns, name), append(cells, value)
		}
		var refused []string
		file := write(t, "long.csv", strings.Join(columns, ",")+"\n"+strings.Join(cells, ",")+"\n")
		_, err := Import(context.Background(), pool, []string{file}, Options{OnRefusal: collect(&refused)})
		require.NoError(t, err)
		require.Equal(t, 1, len(refused))
		require.Contains(t, refused[0], fmt.Sprintf("2: %s: is %d bytes long", field.Name, field.Max+1))
	}
}

// TestOpenQuote: a quote that is never closed would swallow the rest of the file.
func TestOpenQuote(t *testing.T) {
	pool := testdb.New(t)
	t.Run("small file", func(t *testing.T) {
		var refused []string
		file := write(t, "quote.csv", "ts,type,usr.id,note\n"+goodCSV+"2026-05-17T10:00:00Z,view,\"ann,\n"+goodCSV)
		report, err := Import(context.Background(), pool, []string{file}, Options{OnRefusal: collect(&refused)})
		require.NoError(t, err)
		require.EqualValues(t, 1, report.Taken)
		require.Contains(t, refused[0], "3: : broken CSV")
	})
	t.Run("large file", func(t *testing.T) {
		file := write(t, "quote.csv", "ts,type,usr.id,note\n"+goodCSV+"2026-05-17T10:00:00Z,view,\"ann,\n"+strings.Repeat(goodCSV, 1<<20))
		report, err := Import(context.Background(), pool, []string{file}, Options{})
		require.ErrorContains(t, err, "after line 2: a row of more than 16 MB")
		require.EqualValues(t, 1, report.Taken)
	})
}

// TestRaw gives each refused row back as it stood in the file.
func TestRaw(t *testing.T) {
	pool := testdb.New(t)
	bad := []string{"never,view,ann,\"two\nlines\"\n", "2026-05-17T10:00:00Z,view\n", "\"x\"y,view,,\n", "1,view,a\xff,\n"}
	var raw []string
	file := write(t, "bad.csv", "ts,type,usr.id,note\n"+strings.Join(bad, goodCSV))
	_, err := Import(context.Background(), pool, []string{file}, Options{OnRefusal: func(r Refusal) { raw = append(raw, string(r.Raw)) }})
	require.NoError(t, err)
	require.Equal(t, bad, raw)
}
