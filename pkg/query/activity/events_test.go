package activity

import (
	"cmp"
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestEventsAnswerAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t), history.PageGroups(t)...)
		keys := questions.UserKeys(t, db)
		for range 4 {
			c := questions.DrawContext(t)
			q := NewEvents()
			q.Filter = questions.DrawFilter(t, true)
			q.Limit, q.Offset = rapid.IntRange(1, 20).Draw(t, "limit"), rapid.SampledFrom([]int{0, 0, 1, 7}).Draw(t, "offset")
			q.IncludeAnonymous = rapid.Bool().Draw(t, "include anonymous")
			requireEvents(t, reader, c, q, world, keys)
		}
	})
}

func requireEvents(t require.TestingT, db *pgxpool.Pool, c query.Context, q *Events, world history.World, keys map[string]int) {
	var wanted []*history.Event
	for _, e := range questions.SelectedEvents(c, world, questions.Parse(t, q.Filter)) {
		if q.IncludeAnonymous || questions.CountsAsUser(e.User, false) {
			wanted = append(wanted, e)
		}
	}
	// Events of several users may be alike in all that has an order: those of the user who was stored last come first.
	slices.SortStableFunc(wanted, func(a, b *history.Event) int {
		return cmp.Or(-a.Order().Compare(b.Order()), -cmp.Compare(questions.KeyOf(keys, a.User), questions.KeyOf(keys, b.User)))
	})
	total := len(wanted)
	wanted = wanted[min(q.Offset, total):min(q.Offset+q.Limit, total)]
	frame := questions.AskOne(t, db, c, q)
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
		requireEvents(t, db, questions.Context(), &Events{Limit: 1, Offset: page}, world, questions.UserKeys(t, db))
	}
}

// Few sessions are looked at at a time, so that here it takes several times.
func TestEventsOfManySessions(t *testing.T) {
	db := testdb.New(t)
	questions.StoreVisits(t, db, 3000)
	reader := testdb.AsDatasource(t, db)
	c := questions.VisitsContext()
	var all []any
	for offset := 0; offset < 15_000; offset += 4000 {
		frame := questions.AskOne(t, reader, c, &Events{Limit: 4000, Offset: offset, IncludeAnonymous: true})
		all = append(all, questions.Values(t, frame, "time")...)
	}
	require.Len(t, all, 15_000)
	for i := 1; i < len(all); i++ {
		require.False(t, all[i].(time.Time).After(all[i-1].(time.Time)))
	}
	rare := &Events{Selection: query.Selection{Filter: "session_id:s7"}, Limit: 10, IncludeAnonymous: true}
	require.Equal(t, 5, questions.AskOne(t, reader, c, rare).Rows())
}

func TestEventsReadFewOfThem(t *testing.T) {
	db := questions.Visits(t)
	c := questions.VisitsContext()
	for name, q := range map[string]*Events{
		"default": NewEvents(),
		"page":    {Selection: query.Selection{Filter: "page:/page/7"}, Limit: 500, IncludeAnonymous: true},
		"user":    {Selection: query.Selection{Filter: "user_id:u17"}, Limit: 500, IncludeAnonymous: true},
	} {
		list, err := q.list(c)
		require.NoError(t, err)
		asked, err := list.chosen(context.Background(), db)
		require.NoError(t, err)
		boundary := fill(asked.boundary, c.From, c.To, firstSessions)
		from, err := earliest(context.Background(), db, boundary, c.From, firstSessions)
		require.NoError(t, err)
		for _, statement := range []string{
			questions.Explain(t, db, boundary), questions.Explain(t, db, fill(asked.chunk, from, c.To, q.Limit+1)),
		} {
			require.NotContains(t, statement, "Seq Scan on sessions", name)
			require.NotContains(t, statement, "Seq Scan on events", name)
		}
		require.Contains(t, questions.Explain(t, db, fill(asked.chunk, from, c.To, q.Limit+1)), "_pkey", name)
	}
	latest := fill(mustList(t, c, NewEvents()).few.chunk, c.To.Add(-24*time.Hour), c.To, 501)
	require.Contains(t, questions.Explain(t, db, latest), "Index Scan using sessions_end")
	lines := questions.Explain(t, db, fill(mustList(t, c, NewEvents()).few.boundary, c.From, c.To, firstSessions))
	require.Contains(t, lines, "Index Only Scan Backward using sessions_end")
}

// An index over tokens is asked for few of them only: each of its entries would be compared with all that are wanted.
func TestEventsOfManyTokensAskNoIndexOfTokens(t *testing.T) {
	db := questions.Visits(t)
	c := questions.VisitsContext()
	list := mustList(t, c, &Events{Selection: query.Selection{Filter: "type:view"}, Limit: 500, IncludeAnonymous: true})
	asked, err := list.chosen(context.Background(), db)
	require.NoError(t, err)
	require.Equal(t, list.many, asked)
	for _, statement := range []string{questions.Explain(t, db, fill(asked.boundary, c.From, c.To, firstSessions)), questions.Explain(t, db, fill(asked.chunk, c.From, c.To, 501))} {
		require.NotContains(t, statement, "sessions_tokens")
		require.Contains(t, statement, "hashed SubPlan")
	}
	few, err := mustList(t, c, &Events{Selection: query.Selection{Filter: "page:/page/7"}, Limit: 500}).chosen(context.Background(), db)
	require.NoError(t, err)
	require.Contains(t, few.chunk.SQL, "s.tokens &&")
}

func mustList(t *testing.T, c query.Context, q *Events) *eventList {
	list, err := q.list(c)
	require.NoError(t, err)
	return list
}

func TestEventsGolden(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	questions.Golden(t, "events", questions.AskOne(t, db, questions.ShopContext(), NewEvents()))
}

func TestEventsRefuse(t *testing.T) {
	for wanted, q := range map[string]Events{
		"options.limit must be 1 to 10000, not 0":                         {},
		"options.limit must be 1 to 10000, not 10001":                     {Limit: 10001},
		"options.offset must be 0 to 1000000000, not -1":                  {Limit: 1, Offset: -1},
		"options.filter is wrong: at 1: unknown attribute `contry`":       {Limit: 1, Selection: query.Selection{Filter: "contry:BR"}},
		"options.filter is wrong: at 1: this parenthesis is not closed":   {Limit: 1, Selection: query.Selection{Filter: "has(page:/"}},
		"options.filter is wrong: at 6: has(...) cannot stand in":         {Limit: 1, Selection: query.Selection{Filter: "has(-has(page:/))"}},
		"options.filter is wrong: at 1: last_seen must be a time such as": {Limit: 1, Selection: query.Selection{Filter: "last_seen:>soon"}},
	} {
		questions.Refused(t, wanted, &q)
	}
}

func TestWithoutKeepsTheList(t *testing.T) {
	before := len(eventColumns)
	require.Len(t, without(eventColumns, "offset"), before-1)
	require.Len(t, eventColumns, before)
}
