package query

import (
	"cmp"
	"context"
	"slices"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/experimental"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestEventsAnswerAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t), history.PageGroups(t)...)
		keys := userKeys(t, db)
		for range 4 {
			c := drawContext(t)
			q := NewEvents()
			q.Filter = drawFilter(t, true)
			q.Limit, q.Offset = rapid.IntRange(1, 20).Draw(t, "limit"), rapid.SampledFrom([]int{0, 0, 1, 7}).Draw(t, "offset")
			q.IncludeAnonymous = rapid.Bool().Draw(t, "include anonymous")
			requireEvents(t, reader, c, q, world, keys)
		}
	})
}

func requireEvents(t require.TestingT, db *pgxpool.Pool, c Context, q *Events, world history.World, keys map[string]int) {
	var wanted []*history.Event
	for _, e := range selectedEvents(c, world, parse(t, q.Filter)) {
		if q.IncludeAnonymous || countsAsUser(e.User, false) {
			wanted = append(wanted, e)
		}
	}
	// Events of several users may be alike in all that has an order: those of the user who was stored last come first.
	slices.SortStableFunc(wanted, func(a, b *history.Event) int {
		return cmp.Or(-a.Order().Compare(b.Order()), -cmp.Compare(keyOf(keys, a.User), keyOf(keys, b.User)))
	})
	total := len(wanted)
	wanted = wanted[min(q.Offset, total):min(q.Offset+q.Limit, total)]
	frame := askOne(t, db, c, q)
	requireRows(t, frame, without(eventColumns, "offset", "attributes"), wanted, eventRow)
	require.Equal(t, total > q.Offset+q.Limit, len(frame.Meta.Notices) > 0, "notice")

	list, err := q.list(c)
	require.NoError(t, err)
	if list.wanted != nil { // however many tokens there are
		list.few, list.many = list.many, list.few
		frame, err = list.frame(context.Background(), db, "events")
		require.NoError(t, err)
		requireRows(t, frame, without(eventColumns, "offset", "attributes"), wanted, eventRow)
	}
}

// Without an order between them one event would stand on two pages, and another on none.
func TestEventsOfSeveralUsersThatAreAlike(t *testing.T) {
	db := testdb.New(t)
	var rows []event.Row
	for _, user := range []string{"bob", "ann", "cyd"} {
		rows = append(rows, event.Row{TS: history.Origin.Format(time.RFC3339Nano), Type: "view", UserID: user, ViewID: "v"})
	}
	world := history.Load(t, db, rows)
	for page := range rows {
		requireEvents(t, db, testContext(), &Events{Limit: 1, Offset: page}, world, userKeys(t, db))
	}
}

// Few sessions are looked at at a time, so that here it takes several times.
func TestEventsOfManySessions(t *testing.T) {
	db := testdb.New(t)
	storeVisits(t, db, 3000)
	reader := testdb.AsDatasource(t, db)
	c := visitsContext()
	var all []any
	for offset := 0; offset < 15_000; offset += 4000 {
		frame := askOne(t, reader, c, &Events{Limit: 4000, Offset: offset, IncludeAnonymous: true})
		all = append(all, fieldValues(t, frame, "time")...)
	}
	require.Len(t, all, 15_000)
	for i := 1; i < len(all); i++ {
		require.False(t, all[i].(time.Time).After(all[i-1].(time.Time)))
	}
	rare := &Events{Selection: Selection{Filter: "session_id:s7"}, Limit: 10, IncludeAnonymous: true}
	require.Equal(t, 5, askOne(t, reader, c, rare).Rows())
}

func TestEventsReadFewOfThem(t *testing.T) {
	db := visits(t)
	c := visitsContext()
	for name, q := range map[string]*Events{
		"default": NewEvents(),
		"page":    {Selection: Selection{Filter: "page:/page/7"}, Limit: 500, IncludeAnonymous: true},
		"user":    {Selection: Selection{Filter: "user_id:u17"}, Limit: 500, IncludeAnonymous: true},
	} {
		list, err := q.list(c)
		require.NoError(t, err)
		asked, err := list.chosen(context.Background(), db)
		require.NoError(t, err)
		boundary := fill(asked.boundary, c.From, c.To, firstSessions)
		from, err := earliest(context.Background(), db, boundary, c.From, firstSessions)
		require.NoError(t, err)
		for _, statement := range []string{
			explain(t, db, boundary), explain(t, db, fill(asked.chunk, from, c.To, q.Limit+1)),
		} {
			require.NotContains(t, statement, "Seq Scan on sessions", name)
			require.NotContains(t, statement, "Seq Scan on events", name)
		}
		require.Contains(t, explain(t, db, fill(asked.chunk, from, c.To, q.Limit+1)), "_pkey", name)
	}
	lines := explain(t, db, fill(mustList(t, c, NewEvents()).few.boundary, c.From, c.To, firstSessions))
	require.Contains(t, lines, "Index Only Scan Backward using sessions_start")
}

// An index over tokens is asked for few of them only: each of its entries would be compared with all that are wanted.
func TestEventsOfManyTokensAskNoIndexOfTokens(t *testing.T) {
	db := visits(t)
	c := visitsContext()
	list := mustList(t, c, &Events{Selection: Selection{Filter: "type:view"}, Limit: 500, IncludeAnonymous: true})
	asked, err := list.chosen(context.Background(), db)
	require.NoError(t, err)
	require.Equal(t, list.many, asked)
	for _, statement := range []string{explain(t, db, fill(asked.boundary, c.From, c.To, firstSessions)), explain(t, db, fill(asked.chunk, c.From, c.To, 501))} {
		require.NotContains(t, statement, "sessions_tokens")
		require.Contains(t, statement, "hashed SubPlan")
	}
	few, err := mustList(t, c, &Events{Selection: Selection{Filter: "page:/page/7"}, Limit: 500}).chosen(context.Background(), db)
	require.NoError(t, err)
	require.Contains(t, few.chunk.SQL, "s.tokens &&")
}

func mustList(t *testing.T, c Context, q *Events) *eventList {
	list, err := q.list(c)
	require.NoError(t, err)
	return list
}

func TestEventsGolden(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, shop())
	experimental.CheckGoldenJSONFrame(t, "testdata", "events", askOne(t, db, shopContext(), NewEvents()), *update)
}

func TestEventsRefuse(t *testing.T) {
	for wanted, q := range map[string]Events{
		"options.limit must be 1 to 10000, not 0":                         {},
		"options.limit must be 1 to 10000, not 10001":                     {Limit: 10001},
		"options.offset must be 0 to 1000000000, not -1":                  {Limit: 1, Offset: -1},
		"options.filter is wrong: at 1: unknown attribute `contry`":       {Limit: 1, Selection: Selection{Filter: "contry:BR"}},
		"options.filter is wrong: at 1: this parenthesis is not closed":   {Limit: 1, Selection: Selection{Filter: "has(page:/"}},
		"options.filter is wrong: at 6: has(...) cannot stand in":         {Limit: 1, Selection: Selection{Filter: "has(-has(page:/))"}},
		"options.filter is wrong: at 1: last_seen must be a time such as": {Limit: 1, Selection: Selection{Filter: "last_seen:>soon"}},
	} {
		requireRefused(t, wanted, &q)
	}
}

func TestWithoutKeepsTheList(t *testing.T) {
	before := len(eventColumns)
	require.Len(t, without(eventColumns, "offset"), before-1)
	require.Len(t, eventColumns, before)
}
