package ingest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestWarnings(t *testing.T) {
	pool := testdb.New(t)
	row := func(more string) string { return `{"ts":"2026-05-17T10:00:00Z","type":"view",` + more + "}\n" }
	many := func(n int, more func(int) string) string {
		var rows strings.Builder
		for i := range n {
			rows.WriteString(row(more(i)))
		}
		return rows.String()
	}
	user := func(i int) string { return fmt.Sprintf(`"usr.id":"u%d"`, i) }
	for name, test := range map[string]struct {
		columns, constants []string
		content            string
		want               []string // one warning each
	}{
		"none":             {nil, nil, many(50, user), nil},
		"key of no row":    {[]string{"usr.id=userID"}, nil, row(`"user_id":"ann","session.id":"s"`), []string{`column "userID" (mapped to usr.id) is in no row (did you mean user_id?); there are session.id, ts, type, user_id`}},
		"key of one row":   {[]string{"usr.id=uid"}, nil, row(`"n":1,"session.id":"s"`) + row(`"uid":"ann"`), nil},
		"key that is null": {[]string{"usr.id=uid"}, nil, row(`"uid":null,"session.id":"s"`), nil},
		"nested key":       {[]string{"usr.id=customer.nr"}, nil, row(`"customer":{"number":7},"session.id":"s"`), []string{`column "customer.nr" (mapped to usr.id) is in no row`}},
		"no field":         {[]string{"user.id=uid"}, nil, row(`"uid":"ann"`), []string{"user.id is kept as an attribute, since it is no field (did you mean usr.id?)", "no row has a user or a session"}},
		"another name":     {[]string{"page=where"}, nil, row(`"where":"/","usr.id":"ann"`), []string{"page is kept as an attribute, since it is no field (did you mean view.url_path?)"}},
		"attribute":        {[]string{"price=cost", "usr.plan=plan"}, nil, row(`"cost":1,"plan":"pro","usr.id":"ann"`), nil},
		"nobody":           {nil, nil, row(`"user":"ann"`), []string{"no row has a user or a session: its events count, but belong to nobody; name the columns, --map usr.id=COLUMN"}},
		"session alone":    {nil, nil, row(`"session.id":"s"`), nil},
		"one user":         {nil, nil, many(50, func(i int) string { return fmt.Sprintf(`"usr.id":"u%d"`, i/48) }), []string{`nearly all rows are of one user, "u0"`}},
		"few rows":         {nil, nil, many(10, func(int) string { return `"usr.id":"ann"` }), nil},
		"two users":        {nil, nil, many(50, func(i int) string { return fmt.Sprintf(`"usr.id":"u%d"`, i%2) }), nil},
		"set to one":       {nil, []string{"usr.id=ann"}, many(50, func(int) string { return `"n":1` }), nil},
		"placeholders": {nil, nil, row(`"usr.id":"null"`) + row(`"usr.id":"[object Object]"`) + row(`"usr.id":"null"`) + row(`"session.id":"NaN"`), []string{
			`session.id is "NaN" in 1 row`, `usr.id is "[object Object]" in 1 row, "null" in 2 rows: that makes one of all who have none; if it means that nothing was said, import with --null`}},
		"no placeholders": {nil, nil, row(`"usr.id":"nullable"`) + row(`"usr.id":"Nana"`) + row(`"usr.id":"0"`) + row(`"usr.id":"ann","geo.city":"null"`), nil},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := Import(context.Background(), pool, []string{write(t, "a.ndjson", test.content)},
				Options{Mapping: mapping(t, test.columns, test.constants)})
			require.NoError(t, err)
			require.Len(t, report.Warnings, len(test.want), "%q", report.Warnings)
			for i, want := range test.want {
				require.Contains(t, report.Warnings[i], want)
			}
		})
	}
}

// TestNull: what stands for nothing is nothing, in every column, so also for the ids that are made of rows.
func TestNull(t *testing.T) {
	pool := testdb.New(t)
	var m Mapping
	m.Null = []string{"null", "-1", "[object Object]"}
	files := []string{
		write(t, "a.csv", "ts,type,usr.id,usr.anonymous_id,note\n2026-05-17T10:00:00Z,view,null,x,-1\n"),
		write(t, "b.ndjson", `{"ts":"2026-05-17T10:00:00Z","type":"view","usr":{"id":-1,"anonymous_id":"x"},"note":"[object Object]"}`),
		write(t, "c.ndjson", `{"ts":"2026-05-17T10:00:00Z","type":"view","usr":{"anonymous_id":"x"},"note":null}`),
	}
	report, err := Import(context.Background(), pool, files, Options{Mapping: m})
	require.NoError(t, err)
	require.Empty(t, report.Warnings)
	require.Equal(t, []string{"x"}, texts(t, pool, `select distinct concat(usr_id, usr_anonymous_id, attributes) from footfall.inbox`))
	require.EqualValues(t, 1, count(t, pool, `select count(distinct event_id) from footfall.inbox`))
}

// TestHints: what is missing in every row is told once, with what gives it.
func TestHints(t *testing.T) {
	pool := testdb.New(t)
	for name, test := range map[string]struct{ row, want string }{
		"type": {`{"ts":"2026-05-17T10:00:00Z","usr.id":"ann"}`, "type: is missing; give one of view, action, error, resource, long_task, custom; name what holds it with --map type=NAME, or use --set type=view"},
		"time": {`{"date":1779012303123,"n":7,"type":"view"}`, "name what holds it with --map ts=NAME (date may be it)"},
		"null": {`{"ts":null,"type":"view"}`, "ts: is missing; give the time of the event, e.g. 2026-05-17T10:05:03.123Z"},
	} {
		t.Run(name, func(t *testing.T) {
			var refused []string
			_, err := Import(context.Background(), pool, []string{write(t, "a.ndjson", test.row)}, Options{OnRefusal: collect(&refused)})
			require.NoError(t, err)
			require.Len(t, refused, 1)
			require.True(t, strings.HasSuffix(refused[0], test.want), refused[0])
		})
	}
}
