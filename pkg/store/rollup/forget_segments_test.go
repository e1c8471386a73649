package rollup_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/segment/table"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Members and list entries that are about the user alone are gone with the user, and the segments are computed again.
func TestForgetTakesMembersAndListEntries(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	view := func(id, name, email string) event.Row {
		return event.Row{
			TS: "2025-05-17T10:05:03Z", Type: "view", UserID: id, SessionID: id, ViewPath: "/", UserName: name, UserEmail: email,
		}
	}
	insert(t, pool, []event.Row{view("ann", "Ann", "Ann@x.org"), view("bob", "Bob", "team@x.org"), view("eve", "Bob", " TEAM@x.org")})
	drain(t, pool, 10)
	if _, err := pool.Exec(ctx, `
		insert into footfall.segments (id, name, kind, definition, identity, stale, created_by, changed_by)
		values ('all', 'All', 'dynamic', '{"where": {"users": "events:>0"}}', null, false, 'x', 'x'),
		       ('other', 'Other', 'dynamic', '{"where": {"users": "events:>0"}}', null, false, 'x', 'x'),
		       ('ids', 'Ids', 'static', null, 'usr.id', false, 'x', 'x'),
		       ('mails', 'Mails', 'static', null, 'usr.email', false, 'x', 'x'),
		       ('names', 'Names', 'static', null, 'usr.name', false, 'x', 'x');
		insert into footfall.segment_members (user_key, segment_key)
		select u.key, s.key from footfall.users u join footfall.segments s on s.id = 'all' or s.id = 'other' and u.id = 'eve';
		insert into footfall.segment_lists (segment_key, value, anonymous)
		select s.key, l.value, l.anonymous
		  from footfall.segments s
		  join (values ('ids', 'ann', false), ('ids', 'ann', true), ('ids', 'bob', false), ('mails', 'ann@x.org', false),
		        ('mails', 'team@x.org', false), ('names', 'Ann', false), ('names', 'Bob', false), ('names', 'ann', false))
		       l (id, value, anonymous) on l.id = s.id`); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(ctx, `
		update footfall.segments s
		   set listed = (select count(*) from footfall.segment_lists l where l.segment_key = s.key), matched = 2`); err != nil {
		t.Fatal(err)
	}
	text := func(sql string) (text string) {
		if err := pool.QueryRow(ctx, sql).Scan(&text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	for _, step := range []struct{ forget, members, list, stale string }{
		{"ann", "all/bob all/eve other/eve", "ids/ann? ids/bob mails/team@x.org names/Bob names/ann", "all ids mails names"},
		{"bob", "all/eve other/eve", "ids/ann? mails/team@x.org names/Bob names/ann", "all ids"},
		{"eve", "", "ids/ann? names/ann", "all mails names other"},
	} {
		if _, err := pool.Exec(ctx, `update footfall.segments set stale = false`); err != nil {
			t.Fatal(err)
		}
		if _, err := rollup.Forget(ctx, pool, rollup.People{Users: []string{step.forget}}, false); err != nil {
			t.Fatal(err)
		}
		for want, sql := range map[string]string{
			step.members: `select coalesce(string_agg(s.id || '/' || u.id, ' ' order by s.id, u.id), '')
				from footfall.segment_members m join footfall.segments s on s.key = m.segment_key join footfall.users u on u.key = m.user_key`,
			step.list: `select string_agg(s.id || '/' || l.value || case when l.anonymous then '?' else '' end, ' '
				              order by s.id, l.value collate "C", l.anonymous)
				from footfall.segment_lists l join footfall.segments s on s.key = l.segment_key`,
			step.stale: `select string_agg(id, ' ' order by id) from footfall.segments where stale`,
		} {
			if got := text(sql); got != want {
				t.Errorf("after %s: %q, want %q", step.forget, got, want)
			}
		}
		if n := count(t, pool, `select count(*) from footfall.segments s
			where listed <> (select count(*) from footfall.segment_lists l where l.segment_key = s.key) or matched not between 0 and 2`); n != 0 {
			t.Errorf("after %s: %d segments whose list is counted wrong", step.forget, n)
		}
		if n := count(t, pool, `select count(*) from footfall.segment_members m
			where not exists (select from footfall.users u where u.key = m.user_key)`); n != 0 {
			t.Errorf("after %s: %d members who are not there", step.forget, n)
		}
	}
}

// Lists, members and reference tables that were deleted, and are kept to be brought back, forget people as well.
func TestForgetReachesWhatWasDeleted(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	insert(t, pool, []event.Row{{
		TS: "2025-05-17T10:05:03Z", Type: "view", UserID: "ann", SessionID: "s", ViewPath: "/", UserName: "Ann", UserEmail: "Ann@x.org",
	}})
	drain(t, pool, 10)
	minutes := 60
	for id, c := range map[string]segment.Content{
		"ids":   {Identity: "usr.id", List: []string{"ann", "bob", "waiting"}, AnonymousIDs: []string{"ann", "visitor"}},
		"mails": {Identity: "usr.email", List: []string{"ann@x.org", "bob@x.org"}},
	} {
		c.ID, c.Name, c.Kind, c.RefreshMinutes = id, id, segment.Static, &minutes
		require.NoError(t, segment.Create(ctx, pool, c, "eve"))
		require.NoError(t, segment.Refresh(ctx, pool, id))
		require.NoError(t, segment.Delete(ctx, pool, id, "eve"))
	}
	for name, rows := range map[string]string{"by_id": "id,tier\nann,gold\nbob,gold\nrow,gold\n", "by_mail": "email,tier\nann@x.org,gold\n"} {
		key, _, _ := strings.Cut(rows, ",")
		_, err := table.Upload(ctx, pool, strings.NewReader(rows), table.Options{Name: name, Key: key})
		require.NoError(t, err)
		require.NoError(t, table.Delete(ctx, pool, name, "eve"))
	}
	f, err := rollup.Forget(ctx, pool, rollup.People{Users: []string{"ann", "waiting", "row", "never"}, Anonymous: []string{"visitor"}}, false)
	require.NoError(t, err)
	require.Equal(t, rollup.People{Users: []string{"never"}, Anonymous: []string{}}, f.NotFound)

	for _, id := range []string{"ids", "mails"} {
		require.NoError(t, segment.Restore(ctx, pool, id, "eve"))
		s, err := segment.Get(ctx, pool, id)
		require.NoError(t, err)
		require.EqualValues(t, 0, *s.Matched)
		require.NoError(t, s.ReadList(ctx, pool))
		require.EqualValues(t, len(s.List)+len(s.AnonymousIDs), s.Listed)
		require.Equal(t, map[string][]string{"ids": {"bob"}, "mails": {"bob@x.org"}}[id], s.List)
		require.Equal(t, map[string][]string{"ids": {"ann"}, "mails": {}}[id], s.AnonymousIDs)
	}
	require.Zero(t, count(t, pool, `select count(*) from footfall.segment_members`))
	for name, want := range map[string]int64{"by_id": 1, "by_mail": 0} {
		require.NoError(t, table.Restore(ctx, pool, name, "eve"))
		restored, err := table.Get(ctx, pool, name)
		require.NoError(t, err)
		require.Equal(t, want, restored.Rows)
	}
	require.EqualValues(t, 1, count(t, pool, `select count(*) from footfall.reference_rows`))
}
