package ingest

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestGivenHeader(t *testing.T) {
	pool := testdb.New(t)
	for name, content := range map[string]string{
		"a.csv": "1779012301,ann,\"/a,b\"\n1779012302,bob\n1779012303,cid,/c,\n",
		"b.csv": "sep=;\n1779012304;dan;\"" + strings.Repeat("x", 3000) + "\"\n",
	} {
		var refused []string
		file := write(t, name, content)
		report, err := Import(context.Background(), pool, []string{file}, Options{
			Header: []string{"ts", "usr.id", "view.url_path"}, Mapping: mapping(t, nil, []string{"type=view"}), OnRefusal: collect(&refused),
		})
		require.NoError(t, err)
		if name == "a.csv" {
			require.Equal(t, []string{"2: : has 2 columns, the header has 3"}, refused)
			require.EqualValues(t, 2, report.Taken)
		} else {
			require.EqualValues(t, 1, report.Taken)
		}
	}
	require.Equal(t, []string{"ann|/a,b", "cid|/c", "dan|3000"}, texts(t, pool, `
		select concat(usr_id, '|', case when length(view_url_path) < 9 then view_url_path else length(view_url_path)::text end)
		  from footfall.inbox order by ts`))
}

func TestOptionsThatDoNotFit(t *testing.T) {
	pool := testdb.New(t)
	rows := write(t, "rows.csv", "1779012301,ann\n1779012302,bob\n")
	header := write(t, "header.csv", "ts,usr.id\n1779012301,ann\n")
	json := write(t, "a.ndjson", `{"ts":1779012301}`)
	typed := mapping(t, nil, []string{"type=view"})
	translated := mapping(t, nil, nil)
	require.NoError(t, translated.ParseTranslations([]string{"type:page_view=view"}))
	for want, test := range map[string]struct {
		file    string
		options Options
	}{
		"if the file has no header, name its columns with --header":                            {rows, Options{Mapping: typed}},
		`two columns named "7"; if the file has no header, name its columns with --header`:     {write(t, "c.csv", "1779012301,7,7\n"), Options{Mapping: typed}},
		"--header names 3 columns, the first line has 2":                                       {rows, Options{Mapping: typed, Header: []string{"ts", "usr.id", "x"}}},
		"--header gives the names that the first line has: leave --header out":                 {header, Options{Mapping: typed, Header: []string{"ts", "usr.id"}}},
		"--header is for CSV files, and this is read as ndjson":                                {json, Options{Header: []string{"ts"}}},
		"--delimiter is for CSV files, and this is read as ndjson":                             {json, Options{Delimiter: ';'}},
		`column "frist" (--map usr.name='{frist} {last}') is not in the header; column "last"`: {header, Options{Mapping: mapping(t, []string{"usr.name={frist} {last}"}, []string{"type=view"})}},
		"no column is or gives type, whose values are to be translated (--value type:...)":     {header, Options{Mapping: translated}},
		`the header has two columns named "ts"`:                                                {header, Options{Mapping: typed, Header: []string{"ts", "ts"}}},
		"field usr.name is made of \"{ts}-{usr.id}\", and there is a column of that name":      {write(t, "b.csv", "ts,usr.id,usr.name\n"), Options{Mapping: mapping(t, []string{"usr.name={ts}-{usr.id}"}, []string{"type=view"})}},
	} {
		report, err := Import(context.Background(), pool, []string{test.file}, test.options)
		require.ErrorContains(t, err, want)
		require.Zero(t, report.Read)
	}
}
