package plugin

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// hostile are texts that would do harm if they became SQL, a pattern or a format.
var hostile = []string{
	`'; drop table footfall.users; --`,
	`' or '1'='1`,
	`" or ""="`,
	`\'; truncate footfall.profiles; --`,
	`$1`, `$$; delete from footfall.users; $$`,
	`1; update footfall.users set id = 'gone'`,
	`user_id = 'x') union select id from footfall.users --`,
	`*/ drop schema footfall cascade; /*`,
	`%s%d%[1]s`, `%`, `_`, `\`, `{}`, `[]`, `null`,
	"a\nb; drop table footfall.events", "\u2019; drop table footfall.users; --", "\ufffd", "a\x00b",
	`-has(-has(page:/))`, `((((`, `page:"`, `usr.'; drop table x; --:1`, `last_seen:>'now'`, `events:1e400`, `a:[1 TO`,
	strings.Repeat("(", 5000), strings.Repeat("a", 100_000),
}

// FuzzDecodeQuery: whatever a query says, it is decoded and prepared, or refused with an error.
func FuzzDecodeQuery(f *testing.F) {
	queryTypes := slices.Sorted(maps.Keys(Questions))
	for _, queryType := range queryTypes {
		f.Add(queryType, `{}`)
		f.Add(queryType, `{"timeZone": "Europe/Berlin", "adHocFilters": [{"attribute": "page", "operator": "=|", "values": ["/"]}]}`)
	}
	for i, text := range hostile[:len(hostile)-2] {
		for j, field := range []string{"filter", "user", "search", "start", "attribute", "session", "page", "kind", "columns", "groups"} {
			raw, err := json.Marshal(map[string]any{"options": map[string]any{field: text}})
			require.NoError(f, err)
			f.Add(queryTypes[(i+j)%len(queryTypes)], string(raw))
		}
	}
	f.Fuzz(func(t *testing.T, queryType, raw string) {
		newQuestion := Questions[queryType]
		if newQuestion == nil {
			return
		}
		question := newQuestion()
		asked, err := decodeQuery([]byte(raw), question)
		if err != nil {
			return
		}
		asked.Now = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		asked.From, asked.To = asked.Now.AddDate(0, 0, -30), asked.Now
		if asked.Location == nil {
			asked.Location = time.UTC
		}
		answer, err := question.Prepare(asked)
		if (answer == nil) != (err != nil) {
			t.Fatalf("neither an answer nor an error, or both: %v", err)
		}
	})
}

// textOptions are paths of the options that hold text, with what leads to a text put in its place.
func textOptions(t reflect.Type, put func(value any) map[string]any) []func(text string) map[string]any {
	var list []func(string) map[string]any
	for i := range t.NumField() {
		field := t.Field(i)
		name := field.Tag.Get("json")
		place := func(value any) map[string]any { return put(map[string]any{name: value}) }
		switch {
		case !field.IsExported():
		case field.Anonymous:
			list = append(list, textOptions(field.Type, put)...)
		case field.Type.Kind() == reflect.String:
			list = append(list, func(text string) map[string]any { return place(text) })
		case field.Type.Kind() == reflect.Slice && field.Type.Elem().Kind() == reflect.String:
			list = append(list, func(text string) map[string]any { return place([]string{text}) })
		case field.Type.Kind() == reflect.Slice && field.Type.Elem().Kind() == reflect.Struct && name != "includeSegments" && name != "excludeSegments":
			within := textOptions(field.Type.Elem(), func(value any) map[string]any { return place([]any{value}) })
			list = append(list, within...)
		case field.Type.Kind() == reflect.Slice:
			list = append(list, func(text string) map[string]any { return place([]any{text}) })
		case field.Type.Kind() == reflect.Struct:
			list = append(list, textOptions(field.Type, place)...)
		}
	}
	return list
}

// valid options, by query type, that the hostile ones are added to.
var valid = map[string]map[string]any{
	"profile": {"user": "u-1"},
	"session": {"user": "u-1", "start": "2026-01-01T00:00:00Z"},
	"values":  {"attribute": "page"},
}

func TestHostileTextDoesNoHarm(t *testing.T) {
	db := testdb.New(t)
	storeUser(t, db, 1, "u-1")
	storeUser(t, db, 2, "u-2")
	before := tableRows(t, db)
	c := start(t, storedFor(db))
	for queryType, newQuestion := range Questions {
		same := func(value any) map[string]any { return value.(map[string]any) }
		places := textOptions(reflect.TypeOf(newQuestion()).Elem(), same)
		if queryType == "segments" {
			require.Empty(t, places, "it has no options")
			continue
		}
		require.NotEmpty(t, places, queryType)
		for _, text := range hostile {
			var queries []backend.DataQuery
			for i, place := range places {
				options := place(text)
				for name, value := range valid[queryType] {
					if _, set := options[name]; !set {
						options[name] = value
					}
				}
				queries = append(queries, hostileQuery(t, fmt.Sprint(i), queryType, options, nil))
			}
			adHoc := []map[string]any{{"attribute": "page", "operator": "=", "values": []string{text}}}
			queries = append(queries, hostileQuery(t, "value", queryType, valid[queryType], adHoc))
			adHoc = []map[string]any{{"attribute": text, "operator": "=", "values": []string{"1"}}}
			queries = append(queries, hostileQuery(t, "attribute", queryType, valid[queryType], adHoc))
			for refID, response := range c.queries(t.Context(), t, queries...) {
				what := fmt.Sprintf("%s %s %.60q: %v", queryType, refID, text, response.Error)
				require.Contains(t, []backend.Status{backend.StatusOK, backend.StatusBadRequest}, response.Status, what)
				if response.Error != nil {
					require.Equal(t, backend.ErrorSourceDownstream, response.ErrorSource, what)
				}
			}
		}
	}
	require.Equal(t, before, tableRows(t, db))
}

func hostileQuery(t *testing.T, refID, queryType string, options map[string]any, adHoc []map[string]any) backend.DataQuery {
	raw, err := json.Marshal(map[string]any{"options": options, "adHocFilters": adHoc})
	require.NoError(t, err)
	to := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	return backend.DataQuery{
		RefID: refID, QueryType: queryType, JSON: raw, TimeRange: backend.TimeRange{From: to.AddDate(0, 0, -90), To: to},
	}
}

// tableRows counts the rows of every table.
func tableRows(t *testing.T, db *pgxpool.Pool) map[string]int {
	t.Helper()
	counts := map[string]int{}
	rows, err := db.Query(t.Context(), `select tablename from pg_tables where schemaname = 'footfall'`)
	require.NoError(t, err)
	var names []string
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		names = append(names, name)
	}
	require.NoError(t, rows.Err())
	for _, name := range names {
		var n int
		require.NoError(t, db.QueryRow(t.Context(), `select count(*) from footfall.`+name).Scan(&n))
		counts[name] = n
	}
	require.Equal(t, 2, counts["users"])
	return counts
}
