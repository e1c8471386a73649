package ingest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/plans"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// visits is a CSV file of n views, each by one of ten users or, every eleventh, of nobody known but by a cookie.
func visits(n int) string {
	var file strings.Builder
	file.WriteString("ts,type,usr.id,usr.anonymous_id,view.url_path\n")
	for i := range n {
		user, cookie := fmt.Sprintf("u%d", i%10), ""
		if i%11 == 0 {
			user, cookie = "", "c"
		}
		fmt.Fprintf(&file, "%d,view,%s,%s,/product-%d?x\n", 1_779_012_303_000+i, user, cookie, i%3000)
	}
	return file.String()
}

// importAndRoll imports with constants, and lets the worker do its part.
func importAndRoll(t *testing.T, pool *pgxpool.Pool, file string, chunk int, constants ...string) Report {
	t.Helper()
	report, err := Import(context.Background(), pool, []string{file}, Options{Mapping: mapping(t, nil, constants), ChunkRows: chunk})
	require.NoError(t, err)
	_, err = rollup.Drain(context.Background(), pool, rollup.Options{})
	require.NoError(t, err)
	return report
}

func TestRowsThatResembleStoredEvents(t *testing.T) {
	pool := testdb.New(t)
	found := func(report Report) []int64 { return []int64{*report.LookedUp, *report.Resembling} }
	file := write(t, "a.csv", visits(60))
	report := importAndRoll(t, pool, file, 25)
	require.Equal(t, []int64{60, 0}, found(report))
	report = importAndRoll(t, pool, file, 25)
	require.Equal(t, []int64{60, 0}, found(report), "the same rows again are the same events")
	require.Empty(t, report.Warnings)

	report = importAndRoll(t, pool, file, 25, "shop=north")
	require.Equal(t, []int64{60, 60}, found(report))
	require.Len(t, report.Warnings, 1)
	require.Contains(t, report.Warnings[0], "of 60 rows looked up, 60 have the user, time, type and page of a stored event, and another id")
	require.Contains(t, report.Warnings[0], "`footfall imports undo`")

	// A tenth is no reason to warn; neither are other types, times, users and pages, nor rows of the import itself.
	rows := strings.SplitAfter(visits(7), "\n")
	content := rows[0] + rows[2]
	for i := range 9 {
		content += []string{"1779012303001,error,u1,,/product-1?x\n", "1779012303009,view,u1,,/product-1?x\n", "1779012303001,view,u3,,/product-1?x\n"}[i%3]
	}
	report = importAndRoll(t, pool, write(t, "b.csv", content), 3, "shop=south")
	require.Equal(t, []int64{10, 1}, found(report))
	require.Empty(t, report.Warnings)
}

// What an import has brought itself, and a worker has rolled up meanwhile, says nothing.
func TestRowsThatResembleTheirOwnImport(t *testing.T) {
	pool := testdb.New(t)
	files := []string{write(t, "a.csv", visits(20)), write(t, "b.csv", strings.ReplaceAll(visits(20), "\n", ",n\n"))}
	report, err := Import(context.Background(), pool, files, Options{OnProgress: func(Progress) {
		_, err := rollup.Drain(context.Background(), pool, rollup.Options{})
		require.NoError(t, err)
	}})
	require.NoError(t, err)
	require.Equal(t, []int64{40, 0}, []int64{*report.LookedUp, *report.Resembling})
	require.EqualValues(t, 40, count(t, pool, `select count(*) from footfall.events`))
}

// What cannot be looked up is told, and the import goes on.
func TestLookingUpNeverFailsAnImport(t *testing.T) {
	pool := testdb.New(t)
	file := write(t, "a.csv", visits(10))
	role := "writer_" + pool.Config().ConnConfig.Database
	name := pgx.Identifier{role}.Sanitize()
	_, err := pool.Exec(context.Background(), `create role `+name+`; grant usage on schema footfall to `+name+`;
		grant insert on footfall.inbox to `+name)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := pool.Exec(context.Background(), `drop owned by `+name+`; drop role `+name)
		require.NoError(t, err)
	})
	config := pool.Config()
	config.ConnConfig.RuntimeParams["role"] = role
	writer, err := pgxpool.NewWithConfig(context.Background(), config)
	require.NoError(t, err)
	defer writer.Close()
	report, err := Import(context.Background(), writer, []string{file}, Options{ChunkRows: 4})
	require.NoError(t, err)
	require.EqualValues(t, 10, report.Taken)
	require.Nil(t, report.LookedUp)
	require.Nil(t, report.Resembling)
	require.Empty(t, report.Warnings)
}

// Of however many rows between 500 and 1,000 are taken, as far from each other as they can be.
func TestRowsAreLookedUpEvenly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 20_000).Draw(t, "rows")
		var l likeness
		for i := range n {
			l.offer(&event.Event{UserID: "ann", TS: int64(i)})
		}
		require.LessOrEqual(t, len(l.rows), maxLookedUp)
		require.GreaterOrEqual(t, len(l.rows), min(n, maxLookedUp/2))
		for i, row := range l.rows {
			require.EqualValues(t, i*l.stride, row.ts.UnixMilli())
		}
		require.LessOrEqual(t, n, (len(l.rows))*max(l.stride, 1), "to the end")
	})
}

// A look-up reads the events of its rows, and not those of everybody, also where the database has no statistics.
func TestPlanOfLookingUp(t *testing.T) {
	pool, ran := plans.Server(t)
	file := write(t, "a.csv", visits(20_000))
	importAndRoll(t, pool, file, 0)
	ran()
	report := importAndRoll(t, pool, file, 0, "shop=north")
	require.Equal(t, *report.LookedUp, *report.Resembling)
	var lookUps []plans.Statement
	for _, statement := range ran() {
		if strings.Contains(statement.SQL, "as alike") {
			lookUps = append(lookUps, statement)
		}
	}
	plans.RequireBound(t, lookUps, 2*maxLookedUp)
}
