package query

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/country"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

var update = flag.Bool("update", false, "write the golden frames anew")

// testContext is a dashboard that shows all of history.Rows in UTC.
func testContext() Context {
	return Context{
		Location: time.UTC,
		Now:      history.Origin.AddDate(0, 0, 91),
		From:     history.Origin.AddDate(0, 0, -1),
		To:       history.Origin.AddDate(0, 0, 91),
		Interval: time.Hour,
		Names:    history.Names,
	}
}

// matcher evaluates filters as a question in this context does.
func matcher(c Context) history.Matcher {
	return history.Matcher{Now: c.Now, Location: c.Location, From: c.From, To: c.To, Names: c.Names}
}

// ask answers a question on a database.
func ask(t require.TestingT, db *pgxpool.Pool, c Context, q Question) data.Frames {
	answer, err := q.Prepare(c)
	require.NoError(t, err)
	frames, err := answer(context.Background(), db)
	require.NoError(t, err)
	return frames
}

// askOne is ask for answers of one frame.
func askOne(t require.TestingT, db *pgxpool.Pool, c Context, q Question) *data.Frame {
	frames := ask(t, db, c, q)
	require.Len(t, frames, 1)
	return frames[0]
}

// fieldValues is a field's values, nil where missing; times are in UTC.
func fieldValues(t require.TestingT, frame *data.Frame, name string) []any {
	field, _ := frame.FieldByName(name)
	require.NotNil(t, field, name)
	list := []any{}
	for i := range field.Len() {
		value, ok := field.ConcreteAt(i)
		if at, isTime := value.(time.Time); isTime {
			value = at.UTC()
		}
		if !ok {
			value = nil
		}
		list = append(list, value)
	}
	return list
}

// notices are the texts of a frame's notices.
func notices(frame *data.Frame) []string {
	var texts []string
	for _, notice := range frame.Meta.Notices {
		texts = append(texts, notice.Text)
	}
	return texts
}

// shop are the visits the golden frames show: of Ann, Bob, Eve and somebody unknown.
func shop() []event.Row {
	at := func(day, hour, minute int) string {
		return time.Date(2026, 3, day, hour, minute, 0, 0, time.UTC).Format(time.RFC3339)
	}
	view := func(ts, user, session, page string) event.Row {
		return event.Row{TS: ts, Type: "view", UserID: user, SessionID: session, ViewPath: page, ApplicationID: "shop"}
	}
	rows := []event.Row{
		view(at(1, 8, 0), "u-1", "a", "/"), view(at(1, 8, 5), "u-1", "a", "/product/12"), view(at(1, 8, 7), "u-1", "a", "/cart"),
		view(at(20, 9, 0), "u-1", "b", "/"), view(at(20, 9, 30), "u-1", "b", "/cart"),
		view(at(21, 9, 0), "u-2", "c", "/cart"), view(at(21, 9, 1), "u-2", "c", "/checkout"),
		view(at(2, 0, 0), "u-3", "d", "/"),
		view(at(22, 0, 0), "", "e", "/"),
	}
	for i := range rows {
		switch rows[i].SessionID {
		case "a":
			rows[i].Country, rows[i].UserName, rows[i].UserEmail = "BR", "Ann Example", "ann@example.com"
			rows[i].Attributes = `{"usr.plan": "free", "price": 10}`
		case "b":
			rows[i].Country, rows[i].City, rows[i].DeviceType = "DE", "Köln", "mobile"
			rows[i].Attributes = `{"usr.plan": "pro", "usr.price": 9.5}`
		case "c":
			rows[i].Country, rows[i].UserName = "US", "Bob"
		case "d":
			rows[i].Country = "DE"
		case "e":
			rows[i].AnonymousID = "a-1"
		}
	}
	return append(rows,
		event.Row{
			TS: at(1, 8, 8), Type: "action", UserID: "u-1", SessionID: "a", ViewPath: "/cart", ApplicationID: "shop",
			ActionType: "click", ActionName: "click on CHECKOUT", ActionTarget: "CHECKOUT", Frustration: "dead_click",
		},
		event.Row{
			TS: at(1, 8, 9), Type: "error", UserID: "u-1", SessionID: "a", ViewPath: "/cart", ApplicationID: "shop",
			ErrorType: "TypeError", ErrorMessage: "x is undefined", Attributes: `{"price": 12.5}`,
		})
}

// shopContext is a dashboard that shows all of shop.
func shopContext() Context {
	c := testContext()
	c.From, c.To = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	c.Now = c.To
	return c
}

// storePeople stores one event for each user: an attribute of the user, as JSON, "" for none.
func storePeople(t testing.TB, db *pgxpool.Pool, attribute string, values ...any) {
	rows := make([]event.Row, len(values))
	for i, value := range values {
		rows[i] = event.Row{TS: "2026-01-02", Type: "view", UserID: strconv.Itoa(i), SessionID: strconv.Itoa(i)}
		encoded, err := json.Marshal(map[string]any{attribute: value})
		require.NoError(t, err)
		rows[i].Attributes = string(encoded)
	}
	history.Load(t, db, rows)
}

// explain returns PostgreSQL's plan for the values at hand, as the datasource gets it.
func explain(t *testing.T, db *pgxpool.Pool, s store.Statement) string {
	var lines []string
	var line string
	err := store.Statement{SQL: "explain " + s.SQL, Args: s.Args}.Each(t.Context(), testdb.AsDatasource(t, db), []any{&line},
		func() error { lines = append(lines, line); return nil })
	require.NoError(t, err)
	return strings.Join(lines, "\n")
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// inRange tells whether milliseconds since 1970 are in the dashboard's range.
func inRange(c Context, ms int64) bool { return ms >= c.From.UnixMilli() && ms < c.To.UnixMilli() }

// userKeys are the keys that users were given; they say who was stored first.
func userKeys(t require.TestingT, db *pgxpool.Pool) map[string]int {
	keys := map[string]int{}
	rows, err := db.Query(context.Background(), `select kind = 'anonymous', id, key from footfall.users where kind <> 'none'`)
	require.NoError(t, err)
	for rows.Next() {
		var anonymous bool
		var id string
		var key int
		require.NoError(t, rows.Scan(&anonymous, &id, &key))
		keys[fmt.Sprint(anonymous, id)] = key
	}
	require.NoError(t, rows.Err())
	return keys
}

func requireRefused(t *testing.T, wanted string, q Question) {
	t.Helper()
	_, err := q.Prepare(testContext())
	require.ErrorAs(t, err, &InvalidError{}, wanted)
	require.ErrorContains(t, err, wanted)
}

// keyOf is the store's key of a user, 0 of nobody.
func keyOf(keys map[string]int, u *history.User) int {
	if u == nil {
		return 0
	}
	return keys[fmt.Sprint(u.Anonymous, u.ID)]
}

// compareValues has missing ones last in both directions, and countries by their names.
func compareValues(sort Sort, x, y any) int {
	if x == nil || y == nil {
		return cmp.Compare(btoi(x == nil), btoi(y == nil))
	}
	var order int
	switch x := x.(type) {
	case int64:
		order = cmp.Compare(x, y.(int64))
	case float64:
		order = cmp.Compare(x, y.(float64))
	case time.Time:
		order = x.Compare(y.(time.Time))
	case string:
		order = cmp.Compare(x, y.(string))
		if strings.HasSuffix(sort.Column, "country") {
			order = cmp.Compare(country.Name(x), country.Name(y.(string)))
		}
	}
	if sort.Descending {
		return -order
	}
	return order
}

// storeSegments stores shop and segments over it: computed ones, one that failed, and one that waits.
func storeSegments(t *testing.T) (*pgxpool.Pool, Context) {
	db := testdb.New(t)
	history.Load(t, db, shop())
	hourly := 60
	for _, s := range []segment.Content{
		{ID: "pro", Name: "Pro users", Kind: segment.Dynamic, RefreshMinutes: &hourly,
			Definition: &segment.Definition{Where: segment.Condition{Users: "usr.plan:pro"}}},
		{ID: "cart", Name: "Reached the cart", Kind: segment.Dynamic, RefreshMinutes: &hourly,
			Definition: &segment.Definition{Where: segment.Condition{Did: &segment.Did{Event: "page:/cart"}}}},
		{ID: "ours", Name: "Our own", Kind: segment.Static, List: []string{"u-1", "u-9"}},
		{ID: "waits", Name: "Waits", Kind: segment.Dynamic,
			Definition: &segment.Definition{Where: segment.Condition{Not: &segment.Condition{Segment: "pro"}}}},
	} {
		require.NoError(t, segment.Create(t.Context(), db, s, "test"))
		if s.ID != "waits" {
			require.NoError(t, segment.Refresh(t.Context(), db, s.ID))
		}
	}
	for _, sql := range []string{ // so that frames can be compared
		`update footfall.segments
		    set computed_at = '2026-03-31T10:00:00Z', took_ms = 12.5,
		        error = case when id = 'ours' then 'It broke' end, error_at = case when id = 'ours' then timestamptz '2026-03-31T10:10:00Z' end
		  where id <> 'waits'`,
		`update footfall.segment_sizes set computed_at = '2026-03-31T10:00:00Z'`,
		`insert into footfall.segment_sizes (segment_key, computed_at, version, size, universe, took_ms)
		 select key, timestamptz '2026-03-30T10:00:00Z', 1, 7, 10, 1 from footfall.segments where id = 'pro'
		  union all
		 select key, timestamptz '2026-02-28T23:59:59Z', 1, 8, 10, 1 from footfall.segments where id = 'pro'`,
	} {
		_, err := db.Exec(t.Context(), sql)
		require.NoError(t, err)
	}
	c := shopContext()
	var err error
	c.Names, err = filter.ReadNames(context.Background(), db)
	require.NoError(t, err)
	return testdb.AsDatasource(t, db), c
}

// medianOf is nil of nothing.
func medianOf(list []int64) any {
	if len(list) == 0 {
		return nil
	}
	slices.Sort(list)
	n := len(list)
	return float64(list[(n-1)/2]+list[n/2]) / 2
}

// storeMarch makes sessions of ten events on average, spread over March 2026, and their events if wanted.
func storeMarch(t testing.TB, db *pgxpool.Pool, sessions int, withEvents bool) {
	t.Helper()
	users := sessions/4 + 1
	for _, statement := range []struct {
		sql  string
		args []any
	}{
		{`create table footfall.events_2026_03 partition of footfall.events for values from ('2026-03-01Z') to ('2026-04-01Z')`, nil},
		{`insert into footfall.dictionary (id, kind, hash, value)
		  select i, 'page'::footfall.dictionary_kind, md5('p' || i)::uuid, '/page/' || i from generate_series(1, 300) i
		  union all
		  select 1000 + i, 'action_name', md5('a' || i)::uuid, 'click ' || i from generate_series(1, 300) i
		  union all
		  select 2000 + i, 'country', md5('c' || i)::uuid, (array['BR', 'DE', 'US', 'FR'])[i] from generate_series(1, 4) i`, nil},
		{`insert into footfall.tokens (id, type, page, name)
		  select i, 'view'::footfall.event_type, i, null::integer from generate_series(1, 300) i
		  union all
		  select 1000 + i, 'action', i, 1000 + i from generate_series(1, 300) i`, nil},
		{`insert into footfall.contexts (id, country) select i, 2000 + i from generate_series(1, 4) i`, nil},
		{`insert into footfall.users (key, kind, id)
		  select i, (case when i % 50 = 0 then 'anonymous' else 'usr' end)::footfall.user_kind, md5(i::text)
		    from generate_series(1, $1::int) i`, []any{users}},
		{`insert into footfall.profiles (user_key, anonymous, first_seen, last_seen, sessions, views, actions, errors,
		         frustrations, events, first_session, last_session, last_session_start, attributes)
		  select i, i % 50 = 0, '2026-01-01', '2026-03-01', 1 + i % 40, 1, 1, 0, 0, 1, 1, 1, '2026-03-01',
		         jsonb_build_object('usr.plan', (array['free', 'pro', 'enterprise'])[1 + i % 3])
		    from generate_series(1, $1::int) i`, []any{users}},
		{`insert into footfall.sessions (user_key, session_key, start_ts, end_ts, last_event_key, country, events, views,
		         actions, errors, frustrations, reported, truncated, tokens, offsets, pages)
		  select 1 + i::bigint * 7919 % $2, i, at, at + offsets[n] * interval '1 ms', md5(i::text)::uuid, 2001 + i % 4, n,
		         n / 2, n / 2, 0, 0, false, false, tokens, offsets, '{}'
		    from generate_series(1, $1::int) i
		   cross join lateral (select timestamptz '2026-03-01Z' + i * interval '30 days' / $1::int as at,
		                              1 + (i::bigint * 7907 % 19)::int as n) x
		   cross join lateral (
		     select array_agg(1 + mod(i::bigint * 31 + j * j * 17, 300)::int * mod(j, 3) / 2 + 1000 * mod(j, 2) order by j) as tokens,
		            array_agg(j * 17000 + mod(i::bigint * j, 9973) order by j) as offsets
		       from generate_series(0, n - 1) j) y`, []any{sessions, users}},
		{`insert into footfall.events (user_key, session_key, ts, seq, event_key, duration, token, context, identified, attributes)
		  select s.user_key, s.session_key, s.start_ts + a."offset" * interval '1 ms', a.place,
		         md5(s.session_key || '-' || a.place)::uuid, a.place * 10, a.token, s.country - 2000, true,
		         case when a.place % 3 = 0 then jsonb_build_object('price', a.place) end
		    from footfall.sessions s
		   cross join unnest(s.tokens, s.offsets) with ordinality a (token, "offset", place)
		   where $1::boolean`, []any{withEvents}},
		{`vacuum analyze`, nil},
	} {
		_, err := db.Exec(t.Context(), statement.sql, statement.args...)
		require.NoError(t, err)
	}
}

// asField is a value as a frame's field has it.
func asField(value any) any {
	switch value := value.(type) {
	case float64:
		return int64(value)
	case string:
		if value == "" {
			return nil
		}
	}
	return value
}
