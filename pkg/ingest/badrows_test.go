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
		"not UTF-8":        {"2026-05-17T10:00:00Z,view,M\xfcller,\n", "3: usr.id: \"M\ufffdller\" is not UTF-8"},
		"NUL":              {"2026-05-17T10:00:00Z,view,a\x00b,\n", "3: usr.id: \"a\ufffdb\" has a NUL byte"},
		"no ts":            {",view,ann,\n", "3: ts: is missing"},
		"no time":          {"yesterday,view,ann,\n", `3: ts: "yesterday" is not a time`},
		"before 2000":      {"1999-12-31T23:59:59Z,view,ann,\n", "3: ts: "},
		"far future":       {"2126-05-17T10:00:00Z,view,ann,\n", "3: ts: "},
		"type":             {"2026-05-17T10:00:00Z,click,ann,\n", `3: type: "click" is none of view, action, error, resource, long_task, custom; say which of them it is with --value type:page_view=view`},
		"long id":          {"2026-05-17T10:00:00Z,view," + strings.Repeat("a", 513) + ",\n", `..." is longer than 512 bytes`},
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
		"broken":           {"{\"ts\":\n", "2: : broken JSON"},
		"list":             {"[1]\n", "2: : not a JSON object, but array"},
		"number":           {"7\n", "2: : not a JSON object, but number"},
		"null":             {"null\n", "2: : not a JSON object, but null"},
		"id not UTF-8":     {row(`"usr.id":"M` + "\xfc" + `ller"`), "2: usr.id: \"M\ufffdller\" is not UTF-8"},
		"NUL in an id":     {row(`"usr.id":"a\u0000b"`), "2: usr.id: \"a\ufffdb\" has a NUL byte"},
		"object for an id": {row(`"usr":{"id":{"a":1}}`), `2: usr.id: "{\"a\":1}" is a JSON object or list`},
		"list for an id":   {row(`"usr":{"id":["a"]}`), `2: usr.id: "[\"a\"]" is a JSON object or list`},
		"id given twice":   {row(`"usr.id":"a","usr":{"id":"b"}`), `2: usr.id: "b" is given twice`},
		"line over 16 MB":  {row(`"big":"` + strings.Repeat("x", 17<<20) + `"`), "2: : a line of more than 16 MB"},
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

// TestBadValues: what is wrong with one value of a row leaves out this one, or cuts it, and nothing else.
func TestBadValues(t *testing.T) {
	row := func(more string) string { return `{"ts":"2026-05-17T10:00:00Z","type":"view",` + more + "}\n" }
	for name, test := range map[string]struct{ file, content, want, stored string }{
		"not UTF-8": {"a.csv", "ts,type,usr.id,geo.city,note\n2026-05-17T10:00:00Z,view,ann,S\xe3o,x\n", "2: geo.city: is not UTF-8", `ann||{"note":"x"}`},
		"attribute": {"a.csv", "ts,type,usr.id,geo.city,note\n2026-05-17T10:00:00Z,view,ann,Bonn,\xe3\n", "2: note: is not UTF-8", `ann|Bonn|`},
		"NUL":       {"a.csv", "ts,type,usr.id,geo.city\n2026-05-17T10:00:00Z,view,ann,a\x00b\n", "2: geo.city: has a NUL byte", `ann||`},
		"country":   {"a.csv", "ts,type,usr.id,geo.country_iso_code\n2026-05-17T10:00:00Z,view,ann,T1\n", "2: geo.country_iso_code: is no country", `ann||`},
		"JSON":      {"a.ndjson", row(`"usr":{"id":"ann","name":{"first":"Ann"}},"geo.city":"Bonn"`), "1: usr.name: is a JSON object", `ann|Bonn|`},
		"JSON list": {"a.ndjson", row(`"usr.id":"ann","geo":{"city":["Bonn"]}`), "1: geo.city: is a JSON object or list", `ann||`},
		"JSON NUL":  {"a.ndjson", row(`"usr.id":"ann","list":["a\u0000b"],"n":1`), "1: attributes: holds a NUL", `ann||{"list":["a\u0000b"],"n":1}`},
		"JSON name": {"a.ndjson", row(`"usr.id":"ann","a\u0000b":1,"n":1`), "1: a\ufffdb: has a name that has a NUL byte", `ann||{"n":1}`},
		"JSON text": {"a.ndjson", row(`"usr.id":"ann","note":"M` + "\xfc" + `ller"`), "1: note: is not UTF-8", `ann||`},
		"deep text": {"a.ndjson", row(`"usr.id":"ann","note":{"a":["M` + "\xfc" + `ller"]},"n":1`), "1: note: is not UTF-8", `ann||{"n":1}`},
		"duration":  {"a.ndjson", row(`"usr.id":"ann","duration":"long"`), "1: duration: is not a number", `ann||`},
		"twice":     {"a.ndjson", row(`"usr.id":"ann","geo.city":"Bonn","geo":{"city":"Ulm"}`), "1: geo.city: is given twice", `ann|Bonn|`},
		"the same":  {"a.ndjson", row(`"usr.id":"ann","geo.city":"Bonn","geo":{"city":"Bonn"}`), "", `ann|Bonn|`},
		"number":    {"a.ndjson", row(`"usr.id":"ann","n":1e999`), "1: attributes: holds a number", `ann||{"n":1e999}`},
		"long":      {"a.csv", "ts,type,usr.id,geo.city\n2026-05-17T10:00:00Z,view,ann," + strings.Repeat("x", 2000) + "\n", "1: geo.city: is longer than 1024", ""},
	} {
		t.Run(name, func(t *testing.T) {
			pool := testdb.New(t)
			var refused, leftOut []string
			report, err := Import(context.Background(), pool, []string{write(t, test.file, test.content)},
				Options{OnRefusal: collect(&refused), OnLeftOut: collectReasons(&leftOut)})
			require.NoError(t, err)
			require.Empty(t, refused)
			require.EqualValues(t, 1, report.Taken)
			require.EqualValues(t, len(leftOut), report.LeftOut)
			if test.want != "" {
				require.Len(t, leftOut, 1)
				require.Contains(t, leftOut[0], strings.TrimPrefix(test.want, "1: geo.city: is longer"))
			}
			if test.stored != "" {
				require.Equal(t, []string{test.stored}, texts(t, pool,
					`select concat(usr_id, '|', geo_city, '|', attributes) from footfall.inbox`))
			}
		})
	}
}

// TestEveryFieldTooLong asks for each field in turn to be named: an id rejects the row, all else is left out or cut.
func TestEveryFieldTooLong(t *testing.T) {
	pool := testdb.New(t)
	for _, field := range event.Fields {
		values := map[string]string{"ts": "2026-05-17T10:00:00Z", "type": "view"}
		values[field.Name] = strings.Repeat("9", field.Max+1)
		var columns, cells []string
		for name, value := range values {
			columns, cells = append(columns, name), append(cells, value)
		}
		var refused, leftOut []string
		file := write(t, "long.csv", strings.Join(columns, ",")+"\n"+strings.Join(cells, ",")+"\n")
		_, err := Import(context.Background(), pool, []string{file}, Options{OnRefusal: collectReasons(&refused), OnLeftOut: collectReasons(&leftOut)})
		require.NoError(t, err)
		told := append(refused, leftOut...)
		require.Len(t, told, 1)
		require.Contains(t, told[0], fmt.Sprintf("2: %s: is longer than %d bytes", field.Name, field.Max))
		require.Equal(t, field.Rejects, len(refused) == 1, field.Name)
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
