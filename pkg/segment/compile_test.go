package segment_test

import (
	"context"
	"encoding/json"
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
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// Random definitions over random histories have the members that trying all choices of raw events finds.
func TestSegmentsHaveTheMembersTheyDefine(t *testing.T) {
	db := testdb.New(t)
	reader, people := testdb.AsDatasource(t, db), testdb.AsReader(t, db)
	rapid.Check(t, func(t *rapid.T) {
		o := plain{world: history.Load(t, db, history.Rows(t), history.PageGroups(t)...), now: history.Origin.AddDate(0, 0, 60)}
		if rapid.Bool().Draw(t, "truncated") {
			truncate(t, db)
		}
		o.matching = history.Matcher{Now: o.now, Names: history.Names}
		env := storeOthers(t, db, &o)
		for range 8 {
			d := segment.Definition{
				Identity:         rapid.SampledFrom([]string{"", "", "usr.id", "usr.email", "usr.name", "usr.plan"}).Draw(t, "identity"),
				IncludeAnonymous: rapid.Bool().Draw(t, "anonymous"),
				TimeZone:         drawZone(t),
				Where:            drawCondition(t, 3),
			}
			requireMembers(t, reader, d, env, o)
			requirePlain(t, people, d, env, o)
		}
	})
}

// drawZone draws zones in which dates begin at different times, "" among them.
func drawZone(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "UTC", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata"}).Draw(t, "zone")
}

// truncate cuts the arrays of all sessions as if they were very long. Segments must not depend on what is gone.
func truncate(t *rapid.T, db *pgxpool.Pool) {
	_, err := db.Exec(context.Background(), `
		update footfall.sessions set tokens = tokens[:1], offsets = offsets[:1], truncated = true where events > 1`)
	require.NoError(t, err)
}

func requireMembers(t *rapid.T, db *pgxpool.Pool, d segment.Definition, env segment.Env, o plain) {
	text, err := json.Marshal(d)
	require.NoError(t, err)
	read, err := segment.Decode(text)
	require.NoError(t, err, string(text))
	require.Equal(t, d, read)
	want := o.membersOf(d)
	require.Equal(t, want, membersOf(t, db, d, env), string(text))
	p, err := segment.ReadPreview(context.Background(), db, d, env)
	require.NoError(t, err, string(text))
	require.EqualValues(t, len(want), p.Size, "the preview of %s", text)
	require.EqualValues(t, len(o.universe(d)), p.Universe, "the preview of %s", text)
}

// requirePlain wants the SQL that is shown to people to have the same members.
func requirePlain(t *rapid.T, people *pgxpool.Pool, d segment.Definition, env segment.Env, o plain) {
	sql, err := d.Plain(env)
	require.NoError(t, err)
	got := lines(t, people, `select case when u.anonymous then 'anonymous ' else '' end || u.user_id
		from footfall.plain_users u where u.user_key in (select user_key from (`+sql+`) m)`)
	require.Equal(t, o.membersOf(d), got, sql)
}

// membersOf asks for the labels of those whom a definition means.
func membersOf(t require.TestingT, db *pgxpool.Pool, d segment.Definition, env segment.Env) []string {
	var params store.Params
	sql, err := d.Compile(env, &params)
	require.NoError(t, err)
	return lines(t, db, `
		select case when u.kind = 'anonymous' then 'anonymous ' else '' end || u.id
		  from footfall.users u where u.key in (`+sql+`)`, params.Values...)
}

func lines(t require.TestingT, db *pgxpool.Pool, sql string, args ...any) []string {
	rows, err := db.Query(context.Background(), sql, args...)
	require.NoError(t, err, sql)
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err, sql)
	if len(list) == 0 {
		return nil
	}
	slices.Sort(list)
	return list
}

// storeOthers stores a segment "other" and a table "vip" for definitions to speak of.
func storeOthers(t *rapid.T, db *pgxpool.Pool, o *plain) segment.Env {
	o.members, o.tables = map[string][]string{}, map[string][]string{"vip": {"a@example.org"}}
	batch := &pgx.Batch{}
	batch.Queue(`delete from footfall.segment_members`)
	batch.Queue(`delete from footfall.reference_rows`)
	batch.Queue(`insert into footfall.reference_rows values (9, 'a@example.org', '{"tier": "gold", "score": "7"}'), (9, 'b@example.org', '{}')`)
	for _, u := range o.world.Users {
		if !rapid.Bool().Draw(t, "member") {
			continue
		}
		o.members["other"] = append(o.members["other"], label(u))
		batch.Queue(`insert into footfall.segment_members (user_key, segment_key)
			select key, 5 from footfall.users where id = $1 and (kind = 'anonymous') = $2 and kind <> 'none'`, u.ID, u.Anonymous)
	}
	require.NoError(t, db.SendBatch(context.Background(), batch).Close())
	names := history.Names
	names.Tables = map[string]*filter.Table{"vip": {
		ID: 9, Name: "vip", Identity: "user_email", Columns: map[string]filter.Type{"tier": filter.Text, "score": filter.Number},
	}}
	names.Segments = map[string]int32{"other": 5}
	return segment.Env{Now: o.now, Names: names}
}

func drawCondition(t *rapid.T, depth int) segment.Condition {
	kind := rapid.IntRange(0, 9).Draw(t, "condition")
	if depth == 0 {
		kind = 3 + kind%7
	}
	parts := func() []segment.Condition {
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) segment.Condition { return drawCondition(t, depth-1) }), 1, 3).Draw(t, "parts")
	}
	switch kind {
	case 0:
		return segment.Condition{All: parts()}
	case 1:
		return segment.Condition{Any: parts()}
	case 2:
		inner := drawCondition(t, depth-1)
		return segment.Condition{Not: &inner}
	case 3:
		return segment.Condition{Users: filter.String(history.Filter(t, false, filter.Profile))}
	case 4:
		return rapid.SampledFrom([]segment.Condition{{Segment: "other"}, {Table: "vip"}}).Draw(t, "other")
	case 5, 6:
		return segment.Condition{Did: drawDid(t)}
	}
	return segment.Condition{Sequence: drawSequence(t)}
}

func drawEvent(t *rapid.T) string {
	if rapid.IntRange(0, 3).Draw(t, "any filter") == 0 {
		return filter.String(history.Filter(t, false, filter.Profile, filter.Session, filter.Event))
	}
	return rapid.SampledFrom([]string{
		"page:/cart", "page:/checkout", "type:view", "type:action", "-page:/cart", "page:/c*", `action:"click on CHECKOUT"`,
		"page:/cart country:BR", "price:>=5", "page:/cart price:10", "frustration:*", "duration:>=1s", "type:view OR type:error",
	}).Draw(t, "event")
}

func drawWindow(t *rapid.T) *segment.Window {
	return rapid.SampledFrom([]*segment.Window{
		nil, nil, {Last: "1440h"}, {Last: "1437h"}, {From: "2023-11-15"}, {To: "2023-12-20"}, {From: "2023-11-15", To: "2024-01-10"},
	}).Draw(t, "window")
}

func drawDid(t *rapid.T) *segment.Did {
	d := &segment.Did{Event: drawEvent(t), Window: drawWindow(t)}
	n := rapid.IntRange(0, 3).Draw(t, "n")
	switch rapid.IntRange(0, 4).Draw(t, "count") {
	case 0:
		n = max(n, 1)
		d.AtLeast = &n
	case 1:
		d.AtMost = &n
	case 2:
		d.Exactly = &n
	case 3:
		d.FirstTime = d.Window != nil
	}
	return d
}

func drawSequence(t *rapid.T) *segment.Sequence {
	s := &segment.Sequence{
		Scope:   rapid.SampledFrom([]segment.Scope{"", segment.ScopeSession, segment.ScopeUser}).Draw(t, "scope"),
		Within:  rapid.SampledFrom([]string{"", "", "2s", "1h", "720h"}).Draw(t, "within"),
		Pending: rapid.SampledFrom([]segment.Pending{"", segment.PendingExclude, segment.PendingInclude}).Draw(t, "pending"),
		Window:  drawWindow(t),
		Steps:   []segment.Step{{Event: drawEvent(t)}},
	}
	for range rapid.IntRange(1, 4).Draw(t, "more steps") {
		if text := drawEvent(t); rapid.Bool().Draw(t, "not") {
			s.Steps = append(s.Steps, segment.Step{Not: text})
		} else {
			s.Steps = append(s.Steps, segment.Step{Event: text})
		}
	}
	return s
}

func TestDecodeNamesWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		`{`:                                   "definition cannot be read: unexpected EOF",
		`{} {}`:                               "definition goes on after its end",
		`{"where":{}}`:                        "where must have exactly one of all, any, not, users, did, sequence, segment, table; it has none",
		`{"where":{"users":"a","table":"b"}}`: "it has table, users",
		`{"where":{"user":"a"}}`:              `unknown field "user"`,
		`{"where":{"all":[{"did":{"event":""}}]}}`:                                                                                 "where.all[0].did.event is empty",
		`{"where":{"did":{"event":"(a"}}}`:                                                                                         "where.did.event is wrong: at 1: this parenthesis is not closed",
		`{"where":{"did":{"event":"a","atLeast":0}}}`:                                                                              "where.did.atLeast must be 1 to",
		`{"where":{"did":{"event":"a","atLeast":1,"atMost":2}}}`:                                                                   "where.did can have only one of",
		`{"where":{"did":{"event":"a","firstTime":true}}}`:                                                                         "where.did.firstTime needs a window",
		`{"where":{"did":{"event":"a","atLeast":"x"}}}`:                                                                            "where.did.atLeast cannot be a string",
		`{"where":{"sequence":{"steps":[{"event":"a"}]}}}`:                                                                         "where.sequence.steps has 1 entries; a sequence has 2 to 20",
		`{"where":{"sequence":{"steps":[{"not":"a"},{"event":"b"}]}}}`:                                                             "where.sequence.steps[0] cannot be a not",
		`{"where":{"sequence":{"steps":[{"event":"a"},{"event":"b","not":"c"}]}}}`:                                                 "where.sequence.steps[1] must have either",
		`{"where":{"sequence":{"steps":[{"event":"a"},{"event":"b"}],"within":"soon"}}}`:                                           `where.sequence.within is "soon"`,
		`{"where":{"sequence":{"steps":[{"event":"a"},{"event":"b"}],"within":"900000000w"}}}`:                                     "more than 100 years",
		`{"where":{"sequence":{"steps":[{"event":"a"},{"event":"b"}],"scope":"page"}}}`:                                            `where.sequence.scope is "page"`,
		`{"where":{"did":{"event":"a","window":{}}}}`:                                                                              "where.did.window is empty",
		`{"where":{"did":{"event":"a","window":{"last":"1d","to":"2026-01-01"}}}}`:                                                 "where.did.window has both",
		`{"where":{"did":{"event":"a","window":{"from":"2026-01-02","to":"2026-01-01"}}}}`:                                         "where.did.window ends before",
		`{"where":{"did":{"event":"a","window":{"from":"tomorrow"}}}}`:                                                             `where.did.window.from is "tomorrow"`,
		`{"timeZone":"Berlin","where":{"table":"b"}}`:                                                                              `timeZone is not known: "Berlin"; give a name such as Europe/Berlin`,
		`{"timeZone":"Local","where":{"table":"b"}}`:                                                                               `timeZone is not known: "Local"`,
		`{"timeZone":"Pacific/Auckland","where":{"did":{"event":"a","window":{"from":"2026-01-02","to":"2026-01-01T11:00:00Z"}}}}`: "where.did.window ends before",
		`{"where":{"segment":"A B"}}`:                                                                                              `where.segment is "A B"; an id has`,
		strings.Repeat(`{"where":{"not":`, 1) + strings.Repeat(`{"not":`, 30) + `{"table":"x"}` + strings.Repeat("}", 32):          "is nested more than 20 deep",
	} {
		_, err := segment.Decode([]byte(text))
		require.ErrorContains(t, err, want, text)
	}
}

func TestCompileNamesWhatIsWrong(t *testing.T) {
	env := segment.Env{Now: history.Origin, Names: history.Names}
	for text, want := range map[string]string{
		`{"where":{"users":"contry:BR"}}`:                                      "where.users is wrong: at 1: unknown attribute `contry`, did you mean `country`?",
		`{"where":{"users":"page:/cart"}}`:                                     "where.users speaks of page, an attribute of events; say it with did",
		`{"where":{"users":"has(page:/cart)"}}`:                                "where.users speaks of page, an attribute of events; say it with did",
		`{"where":{"did":{"event":"has(page:/cart)"}}}`:                        "where.did.event is wrong: at 1: has(...) cannot stand where one event is described",
		`{"where":{"any":[{"segment":"gone"}]}}`:                               `where.any[0].segment names no segment: "gone"`,
		`{"where":{"users":"ann segment:*"}}`:                                  "where.users is wrong: at 5: the segments that a definition uses are named one by one",
		`{"where":{"did":{"event":"segment:~a"}}}`:                             "where.did.event is wrong: at 1: the segments that a definition uses are named one by one",
		`{"where":{"not":{"table":"gone"}}}`:                                   `where.not.table names no reference table: "gone"`,
		`{"identity":"country","where":{"users":"ann"}}`:                       `identity is "country"; it must be usr.id, usr.email, usr.name or another usr. attribute`,
		`{"where":{"sequence":{"steps":[{"event":"page:/a"},{"not":"x:1"}]}}}`: "where.sequence.steps[1] is wrong: at 1: unknown attribute `x`",
	} {
		d, err := segment.Decode([]byte(text))
		require.NoError(t, err, text)
		_, err = d.Compile(env, &store.Params{})
		require.ErrorContains(t, err, want, text)
	}
}

// A definition that asks for what tokens can tell reads sessions by their token index, and no events.
func TestSequencesUseTheTokenIndex(t *testing.T) {
	db := testdb.New(t)
	storeMany(t, db)
	d, err := segment.Decode([]byte(`{"where": {"sequence": {"steps": [{"event": "page:/rare"}, {"event": "page:/page/1"}]}}}`))
	require.NoError(t, err)
	var params store.Params
	sql, err := d.Compile(segment.Env{Now: time.Now()}, &params)
	require.NoError(t, err)
	plan := strings.Join(lines(t, testdb.AsDatasource(t, db), "explain "+sql, params.Values...), "\n")
	require.Contains(t, plan, "sessions_tokens")
	require.NotContains(t, plan, "Seq Scan on sessions")
}

// storeMany makes 50,000 sessions of ten views each, few of them of the page /rare.
func storeMany(t testing.TB, db *pgxpool.Pool) {
	t.Helper()
	for _, sql := range []string{
		`insert into footfall.dictionary (id, kind, hash, value)
		 select i, 'page', md5('p' || i)::uuid, case when i = 100 then '/rare' else '/page/' || i end from generate_series(1, 100) i`,
		`insert into footfall.tokens (id, type, page) select i, 'view', i from generate_series(1, 100) i`,
		`insert into footfall.users (key, kind, id) select i, 'usr', i::text from generate_series(1, 5000) i`,
		`insert into footfall.profiles (user_key, anonymous, first_seen, last_seen, sessions, views, actions, errors,
		        frustrations, events, first_session, last_session, last_session_start)
		 select i, false, '2026-01-01', '2026-03-01', 10, 100, 0, 0, 0, 100, i, i, '2026-03-01' from generate_series(1, 5000) i`,
		`insert into footfall.sessions (user_key, session_key, start_ts, end_ts, last_event_key, events, views, actions, errors,
		        frustrations, reported, truncated, tokens, offsets, pages)
		 select 1 + i % 5000, i, at, at + interval '9 s', gen_random_uuid(), 10, 10, 0, 0, 0, false, false, tokens,
		        array[0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000]::bigint[], tokens
		   from generate_series(1, 50000) i
		  cross join lateral (select timestamptz '2026-01-01' + i * interval '1 minute' as at,
		        array(select case when i % 1000 = 0 and n = 5 then 100 else 1 + (i * 7 + n * n) % 99 end from generate_series(1, 10) n) as tokens) x`,
		`vacuum analyze`,
	} {
		_, err := db.Exec(context.Background(), sql)
		require.NoError(t, err, fmt.Sprint(sql))
	}
}
