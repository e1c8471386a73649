package filter_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

var berlin = func() *time.Location {
	location, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return location
}()

// names are those of the drawn histories, and of segments that storeMembers gives members.
var names = func() filter.Names {
	names := history.Names
	names.Segments = map[string]int32{"pro": 3, "promised": 4, "vip_2": 5, "empty": 6}
	return names
}()

// storeMembers puts the users in segments.
func storeMembers(t *rapid.T, db *pgxpool.Pool, world history.World) {
	batch := &pgx.Batch{}
	batch.Queue(`delete from footfall.segment_members`)
	for _, u := range world.Users {
		for _, id := range []string{"pro", "promised", "vip_2"} {
			if !rapid.Bool().Draw(t, "member") {
				continue
			}
			u.Segments = append(u.Segments, id)
			batch.Queue(`
				insert into footfall.segment_members (user_key, segment_key)
				select key, $3 from footfall.users where id = $1 and (kind = 'anonymous') = $2 and kind <> 'none'`,
				u.ID, u.Anonymous, names.Segments[id])
		}
	}
	require.NoError(t, db.SendBatch(context.Background(), batch).Close())
}

func matcher(ranged bool) history.Matcher {
	m := history.Matcher{Now: history.Origin.AddDate(0, 0, 90), Location: berlin, Names: names}
	if ranged {
		m.From, m.To = history.Origin.Add(time.Hour), history.Origin.AddDate(0, 0, 30)
	}
	return m
}

func newCompiler(m history.Matcher) *filter.Compiler {
	return &filter.Compiler{
		Scope:  filter.Scope{Location: m.Location, Now: m.Now, From: m.From, To: m.To, Names: m.Names},
		Params: &store.Params{},
	}
}

// lines returns the first column of a statement's rows, sorted.
func lines(t require.TestingT, db *pgxpool.Pool, sql string, params *store.Params) []string {
	rows, err := db.Query(context.Background(), sql, params.Values...)
	require.NoError(t, err)
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err, sql)
	slices.Sort(list)
	return list
}

func sorted[T any](items []T, matches func(T) bool, line func(T) string) []string {
	list := []string{}
	for _, item := range items {
		if matches(item) {
			list = append(list, line(item))
		}
	}
	slices.Sort(list)
	return list
}

const usersFrom = ` from footfall.profiles p join footfall.users u on u.key = p.user_key where `

const sessionsFrom = ` from footfall.sessions s left join footfall.profiles p using (user_key) left join footfall.users u on u.key = s.user_key and p.user_key is not null where `

// Every filter, over users, sessions and events, selects what the plain evaluation of raw events does, and so does what
// is printed of it.
func TestFiltersSelectAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t), history.PageGroups(t)...)
		storeMembers(t, db, world)
		all := []filter.Level{filter.Profile, filter.Session, filter.Event}
		for range 12 {
			n := history.FilterOf(t, names, true, all...)
			printed, err := filter.Parse(filter.String(n))
			require.NoError(t, err)
			requireUsers(t, reader, world, printed, rapid.Bool().Draw(t, "ranged"))
			requireUsers(t, reader, world, sideBySide(t, all), rapid.Bool().Draw(t, "ranged"))
			requireSessions(t, reader, world, printed)
			requireEvents(t, reader, world, printed)
			requireSessionEvents(t, reader, world, history.FilterOf(t, names, false, all...))
		}
	})
}

// sideBySide draws more events of users than are joined in any order.
func sideBySide(t *rapid.T, levels []filter.Level) filter.Node {
	var nodes []filter.Node
	for range rapid.IntRange(4, 8).Draw(t, "terms") {
		var n filter.Node = filter.Has{Node: history.FilterOf(t, names, false, levels...)}
		if rapid.Bool().Draw(t, "not") {
			n = filter.Not{Node: n}
		}
		nodes = append(nodes, n)
	}
	return filter.All(nodes...)
}

func requireUsers(t *rapid.T, db *pgxpool.Pool, world history.World, n filter.Node, ranged bool) {
	m := matcher(ranged)
	c := newCompiler(m)
	condition, err := c.Users(n)
	require.NoError(t, err)
	got := lines(t, db, `select p.anonymous || u.id`+usersFrom+condition, c.Params)
	want := sorted(world.Users, func(u *history.User) bool { return m.User(n, u) },
		func(u *history.User) string { return fmt.Sprint(u.Anonymous) + u.ID })
	require.Equal(t, want, got, "users with %s\n%s", filter.String(n), condition)
}

func requireSessions(t *rapid.T, db *pgxpool.Pool, world history.World, n filter.Node) {
	m := matcher(false)
	c := newCompiler(m)
	condition, err := c.Sessions(n)
	require.NoError(t, err)
	got := lines(t, db, `select s.last_event_key::text`+sessionsFrom+condition, c.Params)
	want := sorted(world.Sessions, func(s *history.Session) bool { return m.Session(n, s) },
		func(s *history.Session) string { return s.Events[len(s.Events)-1].Key.String() })
	require.Equal(t, want, got, "sessions with %s\n%s", filter.String(n), condition)
}

func requireEvents(t *rapid.T, db *pgxpool.Pool, world history.World, n filter.Node) {
	m := matcher(false)
	c := newCompiler(m)
	condition, err := c.Events(n)
	require.NoError(t, err)
	got := lines(t, db, `
		select e.event_key::text
		  from footfall.events e
		  left join footfall.sessions s on s.user_key = e.user_key and s.session_key = e.session_key
		  left join footfall.profiles p on p.user_key = e.user_key
		  left join footfall.users u on u.key = e.user_key and p.user_key is not null
		 where `+condition, c.Params)
	want := sorted(world.Events, func(e *history.Event) bool { return m.Event(n, e) },
		func(e *history.Event) string { return e.Key.String() })
	require.Equal(t, want, got, "events with %s\n%s", filter.String(n), condition)
}

// Where a condition on events does without columns of footfall.events, the arrays of sessions give the same answer, and
// no session has such an event without one of the tokens.
func requireSessionEvents(t *rapid.T, db *pgxpool.Pool, world history.World, n filter.Node) {
	m := matcher(false)
	c := newCompiler(m)
	e, err := c.Event(n)
	require.NoError(t, err)
	if e.Columns {
		return
	}
	from, where := ` from footfall.sessions s left join footfall.profiles p using (user_key)`+
		` left join footfall.users u on u.key = s.user_key and p.user_key is not null cross join lateral `+filter.SessionEvents,
		` where `+e.SQL
	if e.Tokens != "" {
		where += ` and s.tokens && ` + e.Tokens
	}
	got := lines(t, db, `select s.last_event_key || ' ' || (extract(epoch from e.ts) * 1000)::bigint`+from+where, c.Params)
	want := sorted(world.Events, func(e *history.Event) bool { return e.Session != nil && m.Event(n, e) },
		func(e *history.Event) string {
			return fmt.Sprint(e.Session.Events[len(e.Session.Events)-1].Key.String(), " ", e.TS)
		})
	require.Equal(t, want, got, "events in arrays with %s\n%s", filter.String(n), e.SQL)
}

func TestErrorsOfCompilationHaveAPosition(t *testing.T) {
	for text, want := range map[string]string{
		"page:/cart contry:BR":      "at 12: unknown attribute `contry`, did you mean `country`",
		"page:/cart has(pages:/x)":  "at 16: unknown attribute `pages`, did you mean `page`",
		"sessions:many":             "at 1: sessions must be a number such as 10 or 2.5, not `many`",
		"session_duration:>soon":    "at 1: session_duration must be a duration such as 500ms",
		"sessions:1*":               "at 1: sessions is a number; a wildcard has no meaning for it",
		"last_seen:yesterday":       "at 1: last_seen must be a time such as 2026-01-31T12:00:00Z",
		"type:click":                "at 1: type cannot be `click`; it is one of view, action, error",
		"frustration:>a":            "at 1: frustration has no order",
		"has(page:/ -has(page:/x))": "at 13: has(...) cannot stand in another has(...)",
		"zzzzzzzzzz:1":              "at 1: unknown attribute `zzzzzzzzzz`; write usr.zzzzzzzzzz for an attribute of users",
		"sessions:~1":               "at 1: sessions is a number; ~ searches texts",
		"ann -segment:prp":          "at 6: there is no segment `prp`; there are empty, pro, promised, vip_2",
		"segment:>pro":              "at 1: segments have no order; they are named by their ids",
		"segment:[a TO b]":          "at 1: segments have no order",
	} {
		n, err := filter.Parse(text)
		require.NoError(t, err, text)
		_, err = newCompiler(matcher(false)).Users(n)
		require.ErrorContains(t, err, want, text)
	}
}

func TestNamesTakeTheSpellingOfRUM(t *testing.T) {
	for name, id := range map[string]string{
		"@geo.country_iso_code": "country", "@view.url_path": "page", "@usr.email": "user_email", "browser": "browser_name",
		"@usr.plan": "usr.plan", "plan": "usr.plan", "price": "attributes.price", "attributes.x": "attributes.x",
		"session.view.count": "session_views",
	} {
		a, err := history.Names.Find(name)
		require.NoError(t, err, name)
		require.Equal(t, id, a.ID)
	}
	both := filter.Names{User: map[string]bool{"usr.plan": false}, Event: map[string]bool{"plan": false}}
	_, err := both.Find("plan")
	require.EqualError(t, err, `"plan" is an attribute of users and of events; write usr.plan or attributes.plan`)
}

func TestConditions(t *testing.T) {
	for _, test := range []struct {
		condition filter.Condition
		want      string
	}{
		{filter.Condition{Attribute: "country", Operator: "=", Values: []string{"BR", "DE"}}, "country:BR OR country:DE"},
		{filter.Condition{Attribute: "country", Operator: "!=", Values: []string{"BR"}}, "-country:BR"},
		{filter.Condition{Attribute: "page", Operator: "=~", Values: []string{"^(/a|/b.*)$"}}, "page:/a OR page:/b*"},
		{filter.Condition{Attribute: "page", Operator: "!~", Values: []string{`/a\.html`}}, "-page:/a.html"},
		{filter.Condition{Attribute: "page", Operator: "=~", Values: []string{`(\/user\/\?|\/about)`}}, "page:/user/? OR page:/about"},
		{filter.Condition{Attribute: "city", Operator: "=~", Values: []string{`^a\+b\(c\)\$$`}}, `city:"a+b(c)$"`},
		{filter.Condition{Attribute: "city", Operator: "=~", Values: []string{`\(a\)|\.\*|\\|x\|y`}}, `city:"(a)" OR city:.\* OR city:"\\" OR city:x|y`},
		{filter.Condition{Attribute: "price", Operator: ">=", Values: []string{"5"}}, "price:>=5"},
		{filter.Condition{Attribute: "city", Operator: "contains", Values: []string{"a b"}}, `city:~"a b"`},
		{filter.Condition{Attribute: "city", Operator: "not exists"}, "-city:*"},
		{filter.Condition{Attribute: "segment", Operator: "not exists"}, "-segment:*"},
		{filter.Condition{Attribute: "segment", Operator: "=~", Values: []string{"prem.*|vip"}}, "segment:prem* OR segment:vip"},
	} {
		n, err := filter.Conditions([]filter.Condition{test.condition})
		require.NoError(t, err)
		require.Equal(t, test.want, filter.String(n))
	}
	for _, test := range []struct {
		condition filter.Condition
		want      string
	}{
		{filter.Condition{Attribute: "city", Operator: "like"}, `[0].operator is "like"; it must be one of =, !=`},
		{filter.Condition{Attribute: "city", Operator: "="}, `[0].values has 0 entries; "=" takes 1 to 1000`},
		{filter.Condition{Attribute: "city", Operator: "=", Values: []string{"a\x00"}}, `[0].values[0] contains a NUL character`},
		{filter.Condition{Attribute: "city", Operator: "=~", Values: []string{"a.html"}}, `such as \. for a dot`},
		{filter.Condition{Attribute: "city", Operator: "=~", Values: []string{`\d`}}, "of regular"},
		{filter.Condition{Attribute: "city", Operator: "=~", Values: []string{`a\`}}, "of regular"},
		{filter.Condition{Attribute: "city", Operator: "=~", Values: []string{"a[0-9]+"}}, "of regular expressions only a|b and .* are known"},
	} {
		_, err := filter.Conditions([]filter.Condition{test.condition})
		require.ErrorContains(t, err, test.want)
	}
}

// Planning twice as many events of users, side by side, takes at most little more than twice the memory, also where each
// looks into the events of many months.
func TestPlansGrowWithTheEventsAskedFor(t *testing.T) {
	db := testdb.New(t)
	_, err := db.Exec(t.Context(), `
		do $$ begin
			for i in 0..23 loop
				execute format('create table footfall.month_%s partition of footfall.events for values from (%L) to (%L)',
				               i, timestamptz '2020-01-01 00:00Z' + make_interval(months => i),
				               timestamptz '2020-01-01 00:00Z' + make_interval(months => i + 1));
			end loop;
		end $$`)
	require.NoError(t, err)
	for _, term := range []string{"has(page:/p%d)", "-has(page:/p%d)", "has(price:%d)", "-has(price:%d)", "has(page:/p%d duration:>1s)",
		"has(page:/p%d country:BR)", "(has(price:%d) OR events:>9)", "-(has(price:%d) events:>9)"} {
		few, many := planMemory(t, db, term, 10), planMemory(t, db, term, 20)
		require.Less(t, many, few*5/2, term)
	}
}

// planMemory is what the planner takes for a condition on users, in kB; before PostgreSQL 17, which does not tell, the
// number of the plan's lines.
func planMemory(t *testing.T, db *pgxpool.Pool, term string, count int) int {
	t.Helper()
	var text []string
	for i := range count {
		text = append(text, fmt.Sprintf(term, i))
	}
	n, err := filter.Parse(strings.Join(text, " "))
	require.NoError(t, err)
	c := newCompiler(matcher(true))
	condition, err := c.Users(n)
	require.NoError(t, err)
	var version int
	require.NoError(t, db.QueryRow(t.Context(), `select current_setting('server_version_num')::int`).Scan(&version))
	options := "memory"
	if version < 170000 {
		options = "costs off"
	}
	plan := lines(t, testdb.AsDatasource(t, db), `explain (`+options+`) select p.user_key`+usersFrom+condition, c.Params)
	for _, line := range plan {
		var used, allocated int
		if _, err := fmt.Sscanf(strings.TrimSpace(line), "Memory: used=%dkB allocated=%dkB", &used, &allocated); err == nil {
			return used
		}
	}
	require.Less(t, version, 170000, "PostgreSQL tells the planner's memory")
	return len(plan)
}

// From some fifty on, planning takes gigabytes.
func TestFiltersOnUsersAskForAFewEventsOnly(t *testing.T) {
	compile := func(count int, term string) error {
		n, err := filter.Parse(strings.TrimSuffix(strings.Repeat(term+" OR ", count), " OR "))
		require.NoError(t, err)
		c := filter.Compiler{Scope: filter.Scope{Location: time.UTC, Now: time.Now()}, Params: &store.Params{}}
		_, err = c.Users(n)
		return err
	}
	for _, term := range []string{"has(page:/a)", "(sessions:1 OR page:/a type:view)", "-has(page:/a -action:b)"} {
		require.NoError(t, compile(20, term), term)
		require.ErrorContains(t, compile(21, term), "can ask for 20 events", term)
	}
}

func TestHasDates(t *testing.T) {
	for text, want := range map[string]bool{
		"first_seen:>=2026-11-20":                       true,
		"first_seen:2026-11-20":                         true,
		"country:BR OR -has(time:[2026-11-20 TO *])":    true,
		`last_seen:<"2026-11-20 10:00"`:                 true,
		"last_seen:<2026-11-20T10:00:00":                true,
		"last_seen:<2026-11-20T10:00:00Z":               false,
		"last_seen:<2026-11-20T10:00:00+13:00":          false,
		"last_seen:>now-30d first_seen:>=1763596800000": false,
		"first_seen:*":                                  false,
		"plan:2026-11-20 usr.since:>2026-11-20":         false,
		"first_seen:>=soon":                             false,
		"":                                              false,
	} {
		n, err := filter.Parse(text)
		require.NoError(t, err, text)
		require.Equal(t, want, filter.HasDates(n), text)
	}
}
