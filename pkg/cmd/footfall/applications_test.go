package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Settings of pages hold for new events, and for old ones after a rebuild; nothing else changes.
func TestApplicationsSetPages(t *testing.T) {
	dsn := newDSN(t)
	events := "ts,type,usr.id,view.url_path,application.id\n" +
		"2026-05-17T10:00:00Z,view,ann,/Über,shop\n2026-05-17T10:00:01Z,view,ann,/%C3%9Cber/,shop\n" +
		"2026-05-17T10:00:02Z,view,ann,/#/orders/7,shop\n2026-05-17T10:00:03Z,view,ann,/2024/05,\n" +
		"2026-05-17T10:00:04Z,view,,/#/orders/8,shop\n"
	succeed(t, "import", write(t, "a.csv", events))
	succeed(t, "work", "--once")
	require.Equal(t, []string{"/", "/?/?", "/Über"}, pages(t, dsn))

	out := succeed(t, "applications", "set", "shop", "--hash-routes", "--fold-case", "--gap", "30m")
	require.Regexp(t, `shop +30m0s +yes +- +yes +- +-\n`, out)
	require.Contains(t, out, "`footfall rebuild` applies them to old ones")
	require.Regexp(t, `\(none\) +- +- +- +- +- +1\n`, succeed(t, "applications", "set", "", "--keep-numbers", "1"))
	succeed(t, "import", write(t, "b.csv", "ts,type,usr.id,view.url_path,application.id\n2026-05-17T10:00:05Z,view,ann,/ABOUT,shop\n"))
	succeed(t, "work", "--once")
	require.Equal(t, []string{"/", "/?/?", "/about", "/Über"}, pages(t, dsn), "only new events follow")
	require.Zero(t, readStatus(t).Conflicts)

	succeed(t, "rebuild")
	require.Equal(t, []string{"/#/orders/?", "/2024/?", "/about", "/über"}, pages(t, dsn))
	succeed(t, "import", write(t, "c.csv", events))
	require.Zero(t, readStatus(t).Conflicts, "the same events, whatever their pages were when they came first")
	var texts int
	require.NoError(t, testdb.Connect(t, dsn).QueryRow(context.Background(),
		`select count(*) from footfall.dictionary where kind = 'page'`).Scan(&texts))
	require.Equal(t, 4, texts, "pages that are none any more are gone")

	succeed(t, "applications", "reset", "shop")
	succeed(t, "applications", "reset", "")
	succeed(t, "applications", "set", "--all", "--no-decode", "--no-fold-slash")
	succeed(t, "rebuild")
	require.Equal(t, []string{"/", "/%C3%9Cber/", "/?/?", "/ABOUT", "/Über"}, pages(t, dsn))

	var list []store.Application
	require.NoError(t, json.Unmarshal([]byte(succeed(t, "applications", "list", "--json")), &list))
	require.Len(t, list, 1)
	require.False(t, *list[0].Decode)
	for line, want := range map[string]string{
		"applications set": "name an application, or give --all", "applications set shop": "what?",
		"applications set shop --keep-numbers 0": `--keep-numbers "0": write all, none, or places from 1 to 32`,
		"applications set shop --gap 0s":         "--gap must be at least 1ms",
	} {
		r := footfall(context.Background(), "", strings.Fields(line)...)
		require.Equal(t, exitUsage, r.code, line)
		require.Contains(t, r.stderr, want)
	}
	r := footfall(context.Background(), "", "applications", "reset", "shop")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, `"shop" says nothing for itself`)
}

// pages are those of the stored events, in order.
func pages(t *testing.T, dsn string) []string {
	rows, err := testdb.Connect(t, dsn).Query(context.Background(), `
		select distinct d.value collate "C"
		  from footfall.events e
		  join footfall.tokens k on k.id = e.token
		  join footfall.dictionary d on d.id = k.page
		 order by 1`)
	require.NoError(t, err)
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return list
}
