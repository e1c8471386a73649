package rollup_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	plainly "github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// requireNames compares the stored names of attributes with those of the events, given in the order of their arrival.
func requireNames(t rapid.TB, pool *pgxpool.Pool, arrived []event.Event) {
	t.Helper()
	numeric := map[string]bool{}
	var note func(level, prefix string, values map[string]any)
	note = func(level, prefix string, values map[string]any) {
		for name, value := range values {
			key := level + " " + prefix + name
			if inner, isObject := value.(map[string]any); isObject {
				note(level, prefix+name+".", inner)
				continue
			}
			if value == nil || name == "usr.name" || name == "usr.email" {
				continue
			}
			before, again := numeric[key]
			numeric[key] = plainly.Number(fmt.Sprint(value)) != nil && (before || !again)
		}
	}
	for _, e := range once(arrived) {
		note("event", "", object(e.Attributes))
		note("user", "", object(e.Traits))
	}
	var want []string
	for key, isNumeric := range numeric {
		want = append(want, fmt.Sprint(key, " ", isNumeric))
	}
	slices.Sort(want)
	got := storedNames(t, pool)
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("attribute names differ (-want +got):\n%s", diff)
	}
}

func storedNames(t rapid.TB, pool *pgxpool.Pool) []string {
	t.Helper()
	rows, err := pool.Query(context.Background(), `
		select concat_ws(' ', level, name, case when numeric then 'true' else 'false' end) from footfall.attribute_names`)
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	return got
}

// A sender that puts values into names fills neither the table nor the worker's memory.
func TestAttributeNamesAreLimited(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	var all []event.Row
	for i := range 60 {
		var pairs []string
		for j := range 100 {
			pairs = append(pairs, fmt.Sprintf(`"n%d": 1, "usr.n%d": "x"`, 100*i+j, 100*i+j))
		}
		all = append(all, event.Row{
			TS: "2025-05-17T10:05:03Z", Type: "view", ID: strconv.Itoa(i), UserID: "ann",
			Attributes: "{" + strings.Join(pairs, ", ") + `, "` + strings.Repeat("x", 257) + `": 1}`,
		})
	}
	insert(t, pool, all)
	drain(t, pool, 7)
	for _, level := range []string{"event", "user"} {
		if n := count(t, pool, `select count(*) from footfall.attribute_names where level = $1::footfall.attribute_level`, level); n != 5000 {
			t.Errorf("%d names of level %s are kept, want 5000", n, level)
		}
	}
	if n := count(t, pool, `select count(*) from footfall.attribute_names where octet_length(name) > 256`); n != 0 {
		t.Errorf("%d long names are kept", n)
	}
	requireWorld(t, pool, oracle(parse(t, all), defaultRules))
}
