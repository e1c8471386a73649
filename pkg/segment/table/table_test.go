package table_test

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/segment/deleted"
	"github.com/footfall-analytics/footfall/pkg/segment/table"
)

func addSegment(t *testing.T, db *pgxpool.Pool, id, kind, uses string) {
	_, err := db.Exec(ctx, `
		with made as (
		  insert into footfall.segments (id, name, kind, definition, created_by, changed_by, stale)
		  values ($1, upper($1), 'dynamic', '{}', 'ann', 'ann', false)
		  returning key
		)
		insert into footfall.segment_uses select key, $2, $3 from made`, id, kind, uses)
	require.NoError(t, err)
}

func staleSegments(t *testing.T, db *pgxpool.Pool) string {
	var list string
	require.NoError(t, db.QueryRow(ctx, `select coalesce(string_agg(id, ' ' order by id), '') from footfall.segments where stale`).Scan(&list))
	return list
}

// What uses the table, also by way of other segments, is stale after an upload; the table cannot be deleted.
func TestTablesUnderSegments(t *testing.T) {
	db := newPool(t)
	addSegment(t, db, "buyers", "table", "vip")
	addSegment(t, db, "above", "segment", "buyers")
	addSegment(t, db, "top", "segment", "above")
	addSegment(t, db, "other", "table", "else")
	upload(t, db, "vip", "email\na@x.org\n")
	require.Equal(t, "above buyers top", staleSegments(t, db))

	_, err := db.Exec(ctx, `update footfall.segments set stale = false`)
	require.NoError(t, err)
	unchanged, err := table.Upload(ctx, db, strings.NewReader("email\na@x.org\n"), table.Options{Name: "vip", Key: "email", IfChanged: true})
	require.NoError(t, err)
	require.False(t, unchanged.Changed)
	require.Empty(t, staleSegments(t, db))

	var inUse deleted.InUse
	require.ErrorAs(t, table.Delete(ctx, db, "vip", "bob"), &inUse)
	require.Equal(t, []deleted.Keeper{{ID: "buyers", Name: "BUYERS"}}, inUse.By)
	require.NotEmpty(t, stored(t, db, "vip"))
	_, err = db.Exec(ctx, `delete from footfall.segment_uses where id = 'vip'`)
	require.NoError(t, err)
	require.NoError(t, table.Delete(ctx, db, "vip", "bob"))
	require.ErrorIs(t, table.Delete(ctx, db, "vip", "bob"), table.ErrUnknown)
	require.ErrorIs(t, table.Export(ctx, db, "vip", new(bytes.Buffer)), table.ErrUnknown)
	require.Empty(t, stored(t, db, "vip"))
}

func TestDeletedTablesComeBack(t *testing.T) {
	db := newPool(t)
	upload(t, db, "vip", "email,tier\na@x.org,gold\nb@x.org,silver\n")
	before, err := table.Get(ctx, db, "vip")
	require.NoError(t, err)
	rows := stored(t, db, "vip")
	require.Len(t, rows, 2)
	require.NoError(t, table.Delete(ctx, db, "vip", "bob"))
	require.NoError(t, table.Restore(ctx, db, "vip", "ann"))
	after, err := table.Get(ctx, db, "vip")
	require.NoError(t, err)
	require.Equal(t, before, after)
	require.Equal(t, rows, stored(t, db, "vip"))

	require.ErrorIs(t, table.Restore(ctx, db, "none", "ann"), table.ErrUnknown)
	require.ErrorContains(t, table.Restore(ctx, db, "vip", "ann"), `there is a table "vip"`)
	require.NoError(t, table.Delete(ctx, db, "vip", "bob"))
	require.Equal(t, 2, upload(t, db, "vip", "email\nc@x.org\n").Version)
	require.ErrorContains(t, table.Restore(ctx, db, "vip", "ann"), `there is a table "vip"`)
	require.NoError(t, table.Delete(ctx, db, "vip", "bob"))
	require.NoError(t, table.Restore(ctx, db, "vip", "ann"))
	require.Len(t, stored(t, db, "vip"), 1, "the one that was deleted last")
	var changes string
	require.NoError(t, db.QueryRow(ctx, `
		select string_agg(concat_ws(' ', version, change, changed_by), ', ' order by number)
		  from footfall.segment_changes where kind = 'table'`).Scan(&changes))
	require.Equal(t, "1 created ann, 1 deleted bob, 1 restored ann, 1 deleted bob, 2 created ann, 2 deleted bob, 2 restored ann", changes)
}

func TestChangesAreRecorded(t *testing.T) {
	db := newPool(t)
	upload(t, db, "vip", "email\na@x.org\n")
	upload(t, db, "vip", "email,n\na@x.org,1\nb@x.org,2\n")
	require.NoError(t, table.Delete(ctx, db, "vip", "bob"))
	require.Equal(t, 3, upload(t, db, "vip", "email\n").Version)
	var changes string
	require.NoError(t, db.QueryRow(ctx, `
		select string_agg(concat_ws(' ', id, version, change, changed_by, content ->> 'file', content ->> 'rows'), '; ' order by number)
		  from footfall.segment_changes where kind = 'table'`).Scan(&changes))
	require.Equal(t, "vip 1 created ann vip.csv 1; vip 2 updated ann vip.csv 2; vip 2 deleted bob vip.csv 2; vip 3 created ann vip.csv 0", changes)
}

func TestListAndGet(t *testing.T) {
	db := newPool(t)
	list, err := table.List(ctx, db)
	require.NoError(t, err)
	require.Empty(t, list)
	report := upload(t, db, "vip", "email,Score\na@x.org,5\n,6\n")
	upload(t, db, "alpha", "email\n")
	addSegment(t, db, "buyers", "table", "vip")
	list, err = table.List(ctx, db)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, "alpha", list[0].Name)
	got, err := table.Get(ctx, db, "vip")
	require.NoError(t, err)
	require.Equal(t, list[1], got)
	require.False(t, got.UploadedAt.IsZero())
	require.Equal(t, []table.Reject{{Line: 3, Reason: "the key is empty"}}, report.Samples)
	require.Equal(t, table.Table{
		Name: "vip", Identity: table.Email, Key: "email", Columns: []table.Column{{"email", filter.Text}, {"score", filter.Number}},
		Rows: 1, Version: 1, File: "vip.csv", UploadedAt: got.UploadedAt, UploadedBy: "ann", UsedBy: []deleted.Keeper{{ID: "buyers", Name: "BUYERS"}}, Report: report,
	}, got)
	_, err = table.Get(ctx, db, "")
	require.ErrorIs(t, err, table.ErrUnknown)

	var text bytes.Buffer
	require.NoError(t, table.Export(ctx, db, "alpha", &text))
	require.Equal(t, "email\n", text.String())
}

var lineBreak = regexp.MustCompile(`\r+\n`)

// Spreadsheets execute none of the cells, and what they hold can be told.
func TestCSVWriter(t *testing.T) {
	var text bytes.Buffer
	out := table.NewCSVWriter(&text)
	require.NoError(t, out.Write("=1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "a=1", "", `a"b`, "a,b", "a\nb", "'a"))
	require.NoError(t, out.Flush())
	require.Equal(t, "'=1,'+1,'-1,'@x,'\tx,\"'\rx\",''=1,a=1,,\"a\"\"b\",\"a,b\",\"a\nb\",'a\n", text.String())

	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOfN(rapid.StringMatching(`['=+@\t\r\n\x{0B}\x{FEFF}\x{FF1D} -]{0,3}[a",\n-]{0,3}`), 2, 5).Draw(t, "cells")
		var text bytes.Buffer
		out := table.NewCSVWriter(&text)
		require.NoError(t, out.Write(cells...))
		require.NoError(t, out.Flush())
		read, err := csv.NewReader(&text).Read()
		require.NoError(t, err)
		for i, cell := range read {
			require.NotRegexp(t, `^([\s\x{0B}\x{FEFF}]*[=+@\x{FF1D}-]|[\t\r\n\x{0B}\x{FEFF}])`, cell)
			require.Equal(t, lineBreak.ReplaceAllString(cells[i], "\n"), guarded.ReplaceAllString(cell, "$1"))
		}
	})
}

func TestParseIdentity(t *testing.T) {
	for text, want := range map[string]table.Identity{
		"usr.id": table.ID, "user_email": table.Email, "usr.name": table.Name, "usr.plan": "usr.plan", "usr.team.name": "usr.team.name",
	} {
		got, err := table.ParseIdentity(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, text := range []string{"", "usr.", "plan", "@usr.plan", "attributes.plan", "last_country", "usr.\x00", "usr." + strings.Repeat("x", 300)} {
		_, err := table.ParseIdentity(text)
		require.ErrorContains(t, err, "or another attribute of users", "%q", text)
	}
}
