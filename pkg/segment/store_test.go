package segment_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/segment/deleted"
	"github.com/footfall-analytics/footfall/pkg/segment/table"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func newCompiler(names filter.Names) *filter.Compiler {
	return &filter.Compiler{Scope: filter.Scope{Location: time.UTC, Now: time.Now(), Names: names}, Params: &store.Params{}}
}

// visits are of ann (cart, checkout), bob (cart), cyd (neither) and an unknown one (cart).
func visits() []event.Row {
	view := func(user, anonymous, page string, minute int) event.Row {
		return event.Row{
			TS: fmt.Sprintf("2026-03-01T10:%02d:00Z", minute), Type: "view", UserID: user, AnonymousID: anonymous,
			SessionID: user + anonymous, ViewPath: page, UserEmail: user + "@Example.org",
		}
	}
	return []event.Row{
		view("ann", "", "/cart", 1), view("ann", "", "/checkout", 2), view("bob", "", "/cart", 1), view("cyd", "", "/", 1),
		view("", "x", "/cart", 1),
	}
}

func definition(t *testing.T, text string) *segment.Definition {
	d, err := segment.Decode([]byte(text))
	require.NoError(t, err)
	return &d
}

// dynamic is a segment that is computed every hour.
func dynamic(t *testing.T, id, text string) segment.Content {
	minutes := segment.DefaultRefreshMinutes
	return segment.Content{ID: id, Name: "The " + id, Kind: segment.Dynamic, Definition: definition(t, text), RefreshMinutes: &minutes}
}

const (
	cart     = `{"where": {"did": {"event": "page:/cart"}}}`
	checkout = `{"where": {"did": {"event": "page:/checkout"}}}`
)

func members(t *testing.T, db *pgxpool.Pool, id string) []string {
	return lines(t, db, `
		select u.id from footfall.segment_members m
		  join footfall.segments s on s.key = m.segment_key
		  join footfall.users u on u.key = m.user_key where s.id = $1`, id)
}

func get(t *testing.T, db *pgxpool.Pool, id string) segment.Segment {
	s, err := segment.Get(t.Context(), db, id)
	require.NoError(t, err)
	return s
}

func refreshDue(t *testing.T, db *pgxpool.Pool) int {
	n, err := segment.RefreshDue(t.Context(), db, t.Logf)
	require.NoError(t, err)
	return n
}

func TestSegmentsAreKept(t *testing.T) {
	ctx := t.Context()
	db := testdb.New(t)
	history.Load(t, db, visits())
	require.NoError(t, segment.Create(ctx, db, dynamic(t, "cart", cart), "eve"))
	require.ErrorIs(t, segment.Create(ctx, db, dynamic(t, "cart", cart), "eve"), segment.ErrExists)
	require.NoError(t, segment.Create(ctx, db, dynamic(t, "dropped", `{"where": {"all": [{"segment": "cart"}, {"not": `+
		`{"did": {"event": "page:/checkout"}}}]}}`), "eve"))
	require.Equal(t, 2, refreshDue(t, db))
	require.Equal(t, []string{"ann", "bob"}, members(t, db, "cart"))
	require.Equal(t, []string{"bob"}, members(t, db, "dropped"))

	s := get(t, db, "dropped")
	require.EqualValues(t, 1, *s.Size)
	require.EqualValues(t, 3, *s.Universe)
	require.Equal(t, "eve", s.CreatedBy)
	require.False(t, s.Stale)
	require.WithinDuration(t, s.ComputedAt.Add(time.Hour), *s.NextAt, time.Second)
	require.Equal(t, []string{"dropped"}, get(t, db, "cart").UsedBy)

	_, err := segment.Get(ctx, db, "gone")
	require.ErrorIs(t, err, segment.ErrNotFound)
	var inUse deleted.InUse
	require.ErrorAs(t, segment.Delete(ctx, db, "cart", "eve"), &inUse)
	require.Equal(t, []deleted.Keeper{{ID: "dropped", Name: "The dropped"}}, inUse.By)
	require.NoError(t, segment.Delete(ctx, db, "dropped", "eve"))
	require.NoError(t, segment.Delete(ctx, db, "cart", "eve"))
	require.Empty(t, members(t, db, "cart"))
	changes, err := segment.History(ctx, db, "cart")
	require.NoError(t, err)
	require.Len(t, changes, 2)
	require.Equal(t, segment.Deleted, changes[0].Change)
	require.Contains(t, string(changes[1].Content), "page:/cart")
}

// A change of a segment reaches those that use it, at any distance, and a stale edit is refused.
func TestChangesReachWhoUsesThem(t *testing.T) {
	ctx := t.Context()
	db := testdb.New(t)
	history.Load(t, db, visits())
	require.NoError(t, segment.Create(ctx, db, dynamic(t, "a", cart), "eve"))
	require.NoError(t, segment.Create(ctx, db, dynamic(t, "b", `{"where": {"segment": "a"}}`), "eve"))
	require.NoError(t, segment.Create(ctx, db, dynamic(t, "c", `{"where": {"not": {"segment": "b"}}}`), "eve"))
	refreshAll(t, db)
	require.Equal(t, []string{"cyd"}, members(t, db, "c"))

	require.NoError(t, segment.Update(ctx, db, 1, dynamic(t, "a", checkout), "dan"))
	require.ErrorIs(t, segment.Update(ctx, db, 1, dynamic(t, "a", cart), "eve"), segment.ErrConflict)
	for _, id := range []string{"a", "b", "c"} {
		require.True(t, get(t, db, id).Stale, id)
	}
	refreshAll(t, db)
	require.Equal(t, []string{"bob", "cyd"}, members(t, db, "c"))
	require.Equal(t, "dan", get(t, db, "a").ChangedBy)
	require.Equal(t, 2, get(t, db, "a").Version)

	err := segment.Update(ctx, db, 2, dynamic(t, "a", `{"where": {"any": [{"segment": "c"}, {"table": "vip"}]}}`), "dan")
	require.ErrorContains(t, err, `definition.where.any[1].table names no reference table: "vip"`)
	err = segment.Update(ctx, db, 2, dynamic(t, "a", `{"where": {"segment": "c"}}`), "dan")
	require.ErrorContains(t, err, "would make the segment use itself: a uses c uses b uses a")
	err = segment.Create(ctx, db, dynamic(t, "self", `{"where": {"segment": "self"}}`), "dan")
	require.ErrorContains(t, err, "would make the segment use itself: self uses self")
}

// What the filters of a definition name is used as much as what its conditions name.
func TestFiltersOfADefinitionUseSegmentsAndTables(t *testing.T) {
	ctx := t.Context()
	db := testdb.New(t)
	history.Load(t, db, visits())
	uploadVIP(t, db, "ann,gold\nbob,gold\n")
	require.NoError(t, segment.Create(ctx, db, dynamic(t, "a", cart), "eve"))
	for id, where := range map[string]string{
		"users":    `{"users": "(segment:(a OR a) OR ann) vip.tier:gold"}`,
		"did":      `{"did": {"event": "page:/cart @segment:a vip.tier:gold"}}`,
		"sequence": `{"sequence": {"scope": "user", "steps": [{"event": "segment:a"}, {"not": "page:/checkout vip.tier:gold"}]}}`,
	} {
		require.NoError(t, segment.Create(ctx, db, dynamic(t, id, `{"where": {"not": `+where+`}}`), "eve"))
	}
	require.Equal(t, []string{"did", "sequence", "users"}, get(t, db, "a").UsedBy)
	require.ErrorAs(t, segment.Delete(ctx, db, "a", "eve"), &deleted.InUse{})
	var inUse deleted.InUse
	require.ErrorAs(t, table.Delete(ctx, db, "vip", "eve"), &inUse)
	require.Len(t, inUse.By, 3)
	err := segment.Update(ctx, db, 1, dynamic(t, "a", `{"where": {"segment": "users"}}`), "eve")
	require.ErrorContains(t, err, "would make the segment use itself: a uses users uses a")
	err = segment.Update(ctx, db, 1, dynamic(t, "a", `{"where": {"users": "-segment:a"}}`), "eve")
	require.ErrorContains(t, err, "would make the segment use itself: a uses a")

	refreshAll(t, db)
	require.Equal(t, []string{"cyd"}, members(t, db, "users"))
	uploadVIP(t, db, "ann,silver\nbob,gold\n")
	for _, id := range []string{"users", "did", "sequence"} {
		require.True(t, get(t, db, id).Stale, id)
	}
	refreshAll(t, db)
	require.Equal(t, []string{"ann", "cyd"}, members(t, db, "users"))
	require.NoError(t, segment.Update(ctx, db, 1, dynamic(t, "a", checkout), "eve"))
	refreshAll(t, db)
	require.Equal(t, []string{"ann", "bob", "cyd"}, members(t, db, "users"))
}

// Who saves a segment and who deletes what it names come one after the other, whoever is first.
func TestWhatIsNamedIsThere(t *testing.T) {
	ctx := t.Context()
	db := testdb.New(t)
	history.Load(t, db, visits())
	save := func(where string) func() error {
		return func() error { return segment.Create(ctx, db, dynamic(t, "user", `{"where": `+where+`}`), "eve") }
	}
	deleteSegment := func() error { return segment.Delete(ctx, db, "used", "eve") }
	deleteTable := func() error { return table.Delete(ctx, db, "vip", "eve") }
	for _, test := range []struct {
		where  string
		delete func() error
		gone   string // the answer to who comes too late with the definition
	}{
		{`{"segment": "used"}`, deleteSegment, `definition.where.segment names no segment: "used"`},
		{`{"users": "segment:used"}`, deleteSegment, "there is no segment `used`"},
		{`{"table": "vip"}`, deleteTable, `definition.where.table names no reference table: "vip"`},
		{`{"users": "vip.tier:gold"}`, deleteTable, "unknown attribute `vip.tier`"},
	} {
		storeUsed(t, db)
		saved, deleted := atOnce(t, db, save(test.where), test.delete)
		require.NoError(t, saved, test.where)
		require.ErrorContains(t, deleted, "is used by", test.where)

		require.NoError(t, segment.Delete(ctx, db, "user", "eve"))
		deleted, saved = atOnce(t, db, test.delete, save(test.where))
		require.NoError(t, deleted, test.where)
		require.ErrorContains(t, saved, test.gone, test.where)
	}
}

// storeUsed stores a segment and a table for others to use, where they are missing.
func storeUsed(t *testing.T, db *pgxpool.Pool) {
	t.Helper()
	if err := segment.Create(t.Context(), db, dynamic(t, "used", cart), "eve"); !errors.Is(err, segment.ErrExists) {
		require.NoError(t, err)
	}
	uploadVIP(t, db, "ann,gold\n")
}

// uploadVIP makes or replaces a table of rows user_id, tier.
func uploadVIP(t *testing.T, db *pgxpool.Pool, rows string) {
	t.Helper()
	_, err := table.Upload(t.Context(), db, strings.NewReader("user_id,tier\n"+rows), table.Options{Name: "vip", Key: "user_id", By: "eve"})
	require.NoError(t, err)
}

// atOnce runs two changes in transactions that overlap: the second begins while the first has only to record its change.
func atOnce(t *testing.T, db *pgxpool.Pool, first, second func() error) (firstErr, secondErr error) {
	t.Helper()
	block, err := db.Begin(t.Context())
	require.NoError(t, err)
	defer func() { _ = block.Rollback(context.Background()) }()
	_, err = block.Exec(t.Context(), `lock table footfall.segment_changes in share row exclusive mode`)
	require.NoError(t, err)
	var changes sync.WaitGroup
	for i, change := range []struct {
		run func() error
		err *error
	}{{first, &firstErr}, {second, &secondErr}} {
		changes.Go(func() { *change.err = change.run() })
		require.Eventually(t, func() bool { return waiting(t, db) == i+1 }, 20*time.Second, 5*time.Millisecond)
	}
	require.NoError(t, block.Rollback(t.Context()))
	changes.Wait()
	return firstErr, secondErr
}

// waiting counts who waits for a lock.
func waiting(t *testing.T, db *pgxpool.Pool) (n int) {
	require.NoError(t, db.QueryRow(t.Context(), `
		select count(distinct pid)
		  from pg_locks
		 where not granted and pid in (select pid from pg_stat_activity where datname = current_database())`).Scan(&n))
	return n
}

// refreshAll computes until nothing is due.
func refreshAll(t *testing.T, db *pgxpool.Pool) {
	for range 10 {
		if refreshDue(t, db) == 0 {
			return
		}
	}
	t.Fatal("segments are due for ever")
}

func TestAFailedComputationKeepsTheMembersAndSaysWhy(t *testing.T) {
	ctx := t.Context()
	db := testdb.New(t)
	history.Load(t, db, visits())
	require.NoError(t, segment.Create(ctx, db, dynamic(t, "cart", cart), "eve"))
	require.NoError(t, segment.Refresh(ctx, db, "cart"))
	_, err := db.Exec(ctx, `update footfall.segments set definition = '{"where": {"users": "nonsense:1"}}', stale = true`)
	require.NoError(t, err)

	require.ErrorContains(t, segment.Refresh(ctx, db, "cart"), "unknown attribute `nonsense`")
	s := get(t, db, "cart")
	require.Contains(t, s.Error, "The definition does not fit the store any more: where.users is wrong")
	require.Equal(t, []string{"ann", "bob"}, members(t, db, "cart"))
	require.Equal(t, s.ErrorAt.Add(5*time.Minute), *s.NextAt)
	require.Zero(t, refreshDue(t, db), "it is not tried again at once")
	_, err = db.Exec(ctx, `update footfall.segments set error_at = error_at - interval '6 minutes'`)
	require.NoError(t, err)
	var said []string
	_, err = segment.RefreshDue(ctx, db, func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) })
	require.NoError(t, err)
	require.Len(t, said, 1, "it is tried again, and the failure is told")

	notices, err := segment.Notices(ctx, db, []int32{s.Key}, time.Now())
	require.NoError(t, err)
	require.Len(t, notices, 1)
	require.Contains(t, notices[0], "computing it failed: The definition does not fit")
}

func TestNoticesTellOfMembersThatAreTooOld(t *testing.T) {
	ctx := t.Context()
	db := testdb.New(t)
	history.Load(t, db, visits())
	require.NoError(t, segment.Create(ctx, db, dynamic(t, "cart", cart), "eve"))
	say := func(at time.Time) []string {
		notices, err := segment.Notices(ctx, db, []int32{get(t, db, "cart").Key}, at)
		require.NoError(t, err)
		return notices
	}
	require.Equal(t, []string{"Segment The cart has not been computed yet"}, say(time.Now()))
	require.NoError(t, segment.Refresh(ctx, db, "cart"))
	require.Empty(t, say(time.Now().Add(time.Hour)))
	require.Contains(t, say(time.Now().Add(time.Hour + 3*time.Minute))[0], "older than its schedule")
	require.NoError(t, segment.Update(ctx, db, 1, dynamic(t, "cart", checkout), "eve"))
	require.Contains(t, say(time.Now())[0], "still those of the definition before")
}

func TestStaticSegments(t *testing.T) {
	ctx := t.Context()
	db := testdb.New(t)
	history.Load(t, db, visits())
	minutes := 60
	byMail := segment.Content{
		ID: "mails", Name: "Mails", Kind: segment.Static, Identity: "usr.email", RefreshMinutes: &minutes,
		List: []string{" ANN@example.org", "ann@example.org", "later@example.org"},
	}
	require.NoError(t, segment.Create(ctx, db, byMail, "eve"))
	refreshAll(t, db)
	require.Equal(t, []string{"ann"}, members(t, db, "mails"))
	require.EqualValues(t, 2, get(t, db, "mails").Listed)

	require.NoError(t, segment.Create(ctx, db, dynamic(t, "cart", `{"includeAnonymous": true, "where": {"did": {"event": "page:/cart"}}}`), "eve"))
	refreshAll(t, db)
	require.NoError(t, segment.Freeze(ctx, db, "cart", segment.Content{ID: "frozen", Name: "Frozen"}, "eve"))
	require.Equal(t, []string{"ann", "bob", "x"}, members(t, db, "frozen"))
	require.Equal(t, get(t, db, "cart").Universe, get(t, db, "frozen").Universe, "frozen, it is the same share of as many")
	require.NoError(t, segment.Update(ctx, db, 1, dynamic(t, "cart", checkout), "eve"))
	refreshAll(t, db)
	require.Equal(t, []string{"ann", "bob", "x"}, members(t, db, "frozen"), "a frozen segment does not follow")

	// Who was not known joins once seen.
	history.Load(t, db, append(visits(), event.Row{
		TS: "2026-03-02", Type: "view", UserID: "lea", UserEmail: "Later@example.org",
	}))
	require.NoError(t, segment.Refresh(ctx, db, "mails"))
	require.Equal(t, []string{"ann", "lea"}, members(t, db, "mails"))

	renamed := byMail
	renamed.Name, renamed.List = "E-mails", nil
	require.NoError(t, segment.Update(ctx, db, 1, renamed, "eve"))
	require.EqualValues(t, 2, get(t, db, "mails").Listed, "the list stays where none is given")
	renamed.Identity = "usr.name"
	require.EqualError(t, segment.Update(ctx, db, 2, renamed, "eve"), `identity is "usr.name", but the list holds usr.email; give the list too`)
	renamed.List = []string{"Ann"}
	require.NoError(t, segment.Update(ctx, db, 2, renamed, "eve"))
	require.EqualValues(t, 1, get(t, db, "mails").Listed)
}

// The list of a segment is counted whatever stores or changes it, and counted anew when it is computed.
// A computation leaves those alone who stay, so that it is known since when they are members.
func TestMembersKeepTheirDate(t *testing.T) {
	ctx := t.Context()
	db := testdb.New(t)
	history.Load(t, db, visits())
	require.NoError(t, segment.Create(ctx, db, dynamic(t, "seen", cart), "eve"))
	refreshAll(t, db)
	since := func() map[string]string {
		dates := map[string]string{}
		for _, line := range lines(t, db, `select u.id || ' ' || m.since from footfall.segment_members m join footfall.users u on u.key = m.user_key`) {
			user, date, _ := strings.Cut(line, " ")
			dates[user] = date
		}
		return dates
	}
	first := since()
	require.Len(t, first, 2)
	anyPage := `{"where": {"any": [{"did": {"event": "page:/cart"}}, {"did": {"event": "page:/"}}]}}`
	require.NoError(t, segment.Update(ctx, db, 1, dynamic(t, "seen", anyPage), "eve"))
	refreshAll(t, db)
	second := since()
	require.Len(t, second, 3)
	require.Equal(t, first["ann"], second["ann"])
	require.Equal(t, first["bob"], second["bob"])
	require.NotEqual(t, first["ann"], second["cyd"])
}

func TestListsAreCounted(t *testing.T) {
	ctx := t.Context()
	db := testdb.New(t)
	history.Load(t, db, visits())
	count := func(id string, listed, matched, unmatched int64) {
		t.Helper()
		s := get(t, db, id)
		require.Equal(t, []int64{listed, matched, unmatched}, []int64{s.Listed, *s.Matched, *s.Unmatched})
		require.Len(t, lines(t, db, `select value from footfall.segment_lists where segment_key = $1`, s.Key), int(listed))
	}
	list := segment.Content{ID: "list", Name: "List", Kind: segment.Static, Identity: "usr.id", List: []string{"ann", "lea", "x", "ann"}}
	require.NoError(t, segment.Create(ctx, db, list, "eve"))
	count("list", 3, 1, 2)

	history.Load(t, db, append(visits(), event.Row{TS: "2026-03-02", Type: "view", UserID: "lea"}))
	require.NoError(t, segment.Refresh(ctx, db, "list"))
	count("list", 3, 2, 1)
	require.Equal(t, []string{"ann", "lea"}, members(t, db, "list"))

	list.AnonymousIDs = []string{"x", "gone"}
	list.List = nil
	require.NoError(t, segment.Update(ctx, db, 1, list, "eve"))
	count("list", 5, 3, 2)
	list.List, list.AnonymousIDs = []string{"bob"}, nil
	require.NoError(t, segment.Update(ctx, db, 2, list, "eve"))
	count("list", 3, 2, 1)
	require.NoError(t, segment.Refresh(ctx, db, "list"))
	require.Equal(t, []string{"bob", "x"}, members(t, db, "list"), "who uploads users does not ask for anonymous ones to go")
	require.NoError(t, segment.Freeze(ctx, db, "list", segment.Content{ID: "frozen", Name: "Frozen"}, "eve"))
	count("frozen", 2, 2, 0)

	list.Identity, list.List = "usr.email", []string{"Bob@example.org", "nobody@example.org"}
	require.EqualError(t, segment.Update(ctx, db, 3, list, "eve"),
		`identity is "usr.email", but anonymous users are on the list; give "anonymousIds": [] to take them off`)
	list.AnonymousIDs = []string{}
	require.NoError(t, segment.Update(ctx, db, 3, list, "eve"))
	count("list", 2, 1, 1)

	require.NoError(t, segment.Update(ctx, db, 4, dynamic(t, "list", cart), "eve"))
	s := get(t, db, "list")
	require.Zero(t, s.Listed)
	require.Nil(t, s.Matched)
	require.Empty(t, lines(t, db, `select value from footfall.segment_lists where segment_key = $1`, s.Key))
}

// Notices are looked up by the segments that were used: whatever is wrong with another one does not matter.
func TestNoticesReadTheSegmentsThatWereUsed(t *testing.T) {
	ctx := t.Context()
	db := testdb.New(t)
	require.NoError(t, segment.Create(ctx, db, dynamic(t, "cart", cart), "eve"))
	require.NoError(t, segment.Create(ctx, db, dynamic(t, "broken", cart), "eve"))
	_, err := db.Exec(ctx, `update footfall.segments set definition = '{"where": 5}' where id = 'broken'`)
	require.NoError(t, err)
	_, err = segment.List(ctx, db)
	require.ErrorContains(t, err, "the stored definition of segment broken")
	key := get(t, db, "cart").Key
	notices, err := segment.Notices(ctx, db, []int32{key, key}, time.Now())
	require.NoError(t, err)
	require.Equal(t, []string{"Segment The cart has not been computed yet"}, notices)
}

func TestContentsThatAreRefused(t *testing.T) {
	db := testdb.New(t)
	zero := 0
	for want, c := range map[string]segment.Content{
		`id is "A b"`:                        {ID: "A b", Name: "x", Kind: segment.Static},
		"name is missing":                    {ID: "a", Kind: segment.Static},
		`kind is "big"`:                      {ID: "a", Name: "x", Kind: "big"},
		"definition is missing":              {ID: "a", Name: "x", Kind: segment.Dynamic},
		"refreshMinutes must be 1 to":        {ID: "a", Name: "x", Kind: segment.Static, RefreshMinutes: &zero},
		`identity is "usr.plan"; it must be`: {ID: "a", Name: "x", Kind: segment.Static, Identity: "usr.plan"},
		"list[1] is empty":                   {ID: "a", Name: "x", Kind: segment.Static, List: []string{"b", ""}},
		"list[0] is empty":                   {ID: "a", Name: "x", Kind: segment.Static, Identity: "usr.email", List: []string{" "}},
		"anonymousIds[0] is empty, longer":   {ID: "a", Name: "x", Kind: segment.Static, AnonymousIDs: []string{"\xff"}},
		"anonymousIds go only with a list of usr.id, not of usr.email": {
			ID: "a", Name: "x", Kind: segment.Static, Identity: "usr.email", AnonymousIDs: []string{"b"},
		},
		"definition.where.did.event is wrong: at 1: unknown attribute `pge`": {
			ID: "a", Name: "x", Kind: segment.Dynamic, Definition: definition(t, `{"where": {"did": {"event": "pge:/"}}}`),
		},
	} {
		err := segment.Create(t.Context(), db, c, "eve")
		require.ErrorAs(t, err, &segment.Error{}, want)
		require.ErrorContains(t, err, want)
	}
}

// A change of what a segment uses is not lost where the segment is being computed at the time.
func TestChangesDuringAComputationLeaveItStale(t *testing.T) {
	ctx := t.Context()
	db := testdb.New(t)
	history.Load(t, db, visits())
	require.NoError(t, segment.Create(ctx, db, dynamic(t, "a", cart), "eve"))
	require.NoError(t, segment.Create(ctx, db, dynamic(t, "b", `{"where": {"segment": "a"}}`), "eve"))
	refreshAll(t, db)

	hold, err := db.Begin(ctx)
	require.NoError(t, err)
	defer func() { _ = hold.Rollback(ctx) }()
	_, err = hold.Exec(ctx, `lock table footfall.segment_members in share mode`)
	require.NoError(t, err)
	computed := make(chan error)
	go func() { computed <- segment.Refresh(ctx, db, "b") }()
	require.Eventually(t, func() bool {
		var waits bool
		err := db.QueryRow(ctx, `select exists (select from pg_locks where relation = 'footfall.segment_members'::regclass and not granted)`).Scan(&waits)
		return err == nil && waits
	}, time.Minute, 10*time.Millisecond)
	require.NoError(t, segment.Update(ctx, db, 1, dynamic(t, "a", checkout), "dan"))
	require.NoError(t, hold.Rollback(ctx))
	require.NoError(t, <-computed)
	require.True(t, get(t, db, "b").Stale)

	refreshAll(t, db)
	require.False(t, get(t, db, "b").Stale)
	require.Equal(t, members(t, db, "a"), members(t, db, "b"))
}

// Two that compute one segment at once: one does, the other says so.
func TestNeverTwoAtOnce(t *testing.T) {
	ctx := t.Context()
	db := testdb.New(t)
	history.Load(t, db, visits())
	require.NoError(t, segment.Create(ctx, db, dynamic(t, "cart", cart), "eve"))
	tx, err := db.Begin(ctx)
	require.NoError(t, err)
	defer func() { _ = tx.Rollback(ctx) }()
	_, err = tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('footfall segment'), $1::int)`, get(t, db, "cart").Key)
	require.NoError(t, err)
	require.ErrorIs(t, segment.Refresh(ctx, db, "cart"), segment.ErrBusy)
	require.Empty(t, get(t, db, "cart").Error)
	require.NoError(t, tx.Rollback(ctx))

	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			if err := segment.Refresh(ctx, db, "cart"); err != nil && !errors.Is(err, segment.ErrBusy) {
				t.Error(err)
			}
		})
	}
	workers.Wait()
	require.Equal(t, []string{"ann", "bob"}, members(t, db, "cart"))
}

func TestPreview(t *testing.T) {
	ctx := t.Context()
	db := testdb.New(t)
	history.Load(t, db, visits())
	names, err := filter.ReadNames(ctx, db)
	require.NoError(t, err)
	d := definition(t, `{"where": {"all": [{"did": {"event": "page:/cart type:view"}}, {"not": {"did": {"event": "page:/checkout"}}}]}}`)
	p, err := segment.ReadPreview(ctx, testdb.AsDatasource(t, db), *d, segment.Env{Now: time.Now(), Names: names})
	require.NoError(t, err)
	require.EqualValues(t, 1, p.Size)
	require.EqualValues(t, 3, p.Universe)
	require.InDelta(t, 1.0/3, p.Share, 1e-9)
	require.Equal(t, "bob", p.Sample[0].UserID)
	require.Equal(t, []segment.Level{
		{Path: "where.all[0]", Sentence: "who viewed /cart", Users: 2},
		{Path: "where.all[1]", Sentence: "who never were on /checkout", Users: 1},
	}, p.Waterfall)

	// Of alternatives each counts by itself.
	parts := `[{"did": {"event": "page:/cart type:view"}}, {"did": {"event": "page:/checkout"}}]`
	for where, size := range map[string]int64{`{"any": ` + parts + `}`: 2, `{"not": {"any": ` + parts + `}}`: 1} {
		d := definition(t, `{"where": `+where+`}`)
		p, err := segment.ReadPreview(ctx, testdb.AsDatasource(t, db), *d, segment.Env{Now: time.Now(), Names: names})
		require.NoError(t, err)
		require.Equal(t, size, p.Size, where)
		path := "where.any"
		if d.Where.Not != nil {
			path = "where.not.any"
		}
		require.Equal(t, []segment.Level{
			{Path: path + "[0]", Sentence: "who viewed /cart", Users: 2},
			{Path: path + "[1]", Sentence: "who were on /checkout", Users: 1},
		}, p.Waterfall)
	}

	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, err = segment.ReadPreview(ended, db, *d, segment.Env{Now: time.Now(), Names: names})
	require.ErrorIs(t, err, context.Canceled)
}

// segment:<id> in the filter language means the stored members, over users, sessions and events.
func TestSegmentsInFilters(t *testing.T) {
	ctx := t.Context()
	db := testdb.New(t)
	history.Load(t, db, visits())
	require.NoError(t, segment.Create(ctx, db, dynamic(t, "cart", cart), "eve"))
	require.NoError(t, segment.Create(ctx, db, dynamic(t, "checkout", checkout), "eve"))
	refreshAll(t, db)
	names, err := filter.ReadNames(ctx, db)
	require.NoError(t, err)
	for text, want := range map[string][]string{
		"segment:cart":                               {"ann", "bob"},
		"segment:cart -segment:checkout":             {"bob"},
		"(segment:checkout OR ann) -segment:nobody*": {"ann"},
		"segment:c*":                                 {"ann", "bob"},
		"segment:*":                                  {"ann", "bob"},
		"-segment:*":                                 {"cyd", "x"},
		"segment:~CHECK":                             {"ann"},
	} {
		n, err := filter.Parse(text)
		require.NoError(t, err)
		for from, compile := range map[string]func(*filter.Compiler, filter.Node) (string, error){
			"footfall.profiles p join footfall.users u on u.key = p.user_key":                                            (*filter.Compiler).Users,
			"footfall.sessions s join footfall.users u on u.key = s.user_key":                                            (*filter.Compiler).Sessions,
			"footfall.events e join footfall.sessions s using (session_key) join footfall.users u on u.key = e.user_key": (*filter.Compiler).Events,
		} {
			c := newCompiler(names)
			where, err := compile(c, n)
			require.NoError(t, err)
			require.Equal(t, want, lines(t, db, "select distinct u.id from "+from+" where "+where, c.Params.Values...), text)
		}
	}
	n, err := filter.Parse("page:/cart segment:crat")
	require.NoError(t, err)
	_, err = newCompiler(names).Users(n)
	require.EqualError(t, err, "at 12: there is no segment `crat`; there are cart, checkout")
}
