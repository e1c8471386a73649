package top

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestTopAnswersAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t), history.PageGroups(t)...)
		for range 4 {
			c := questions.DrawContext(t)
			q := rapid.SampledFrom([]func() *Top{NewTopPages, NewTopActions}).Draw(t, "what")()
			q.Person, q.Filter = questions.DrawPerson(t), questions.DrawFilter(t, true)
			q.Limit = rapid.IntRange(1, 5).Draw(t, "limit")
			q.IncludeAnonymous = rapid.Bool().Draw(t, "include anonymous")
			requireTop(t, reader, c, q, world)
		}
	})
}

// topRow is what is known of a page or action.
type topRow struct {
	name            string
	events          int64
	sessions, users map[any]bool
	times           []int64
}

func requireTop(t *rapid.T, db *pgxpool.Pool, c query.Context, q *Top, world history.World) {
	wanted := plainTop(t, c, q, world)
	total := len(wanted)
	wanted = wanted[:min(q.Limit, total)]
	names, events, sessions, users, medians := []any{}, []any{}, []any{}, []any{}, []any{}
	for _, row := range wanted {
		names, events = append(names, row.name), append(events, row.events)
		sessions, users = append(sessions, int64(len(row.sessions))), append(users, int64(len(row.users)))
		medians = append(medians, questions.Median(row.times))
	}
	frame := questions.AskOne(t, db, c, q)
	require.Equal(t, names, questions.Values(t, frame, q.what.column))
	require.Equal(t, events, questions.Values(t, frame, q.what.count))
	require.Equal(t, sessions, questions.Values(t, frame, "sessions"))
	require.Equal(t, users, questions.Values(t, frame, "users"))
	require.Equal(t, medians, questions.Values(t, frame, "median_time"))
	require.Equal(t, total > q.Limit, len(frame.Meta.Notices) > 0, "notice")
}

func plainTop(t *rapid.T, c query.Context, q *Top, world history.World) []*topRow {
	rows := map[string]*topRow{}
	for _, e := range questions.SelectedEvents(c, world, questions.Parse(t, q.Filter)) {
		name, _ := e.Value("page").(string)
		if q.what.eventType == "action" {
			name = e.ActionName
		}
		if e.Type != q.what.eventType || name == "" || !questions.Is(q.Person, e.User) {
			continue
		}
		row := rows[name]
		if row == nil {
			row = &topRow{name: name, sessions: map[any]bool{}, users: map[any]bool{}}
			rows[name] = row
		}
		row.events++
		if e.Session != nil {
			row.sessions[e.Session] = true
		}
		if questions.CountsAsUser(e.User, q.IncludeAnonymous) {
			row.users[e.User] = true
		}
		if time, known := timeOf(e); known {
			row.times = append(row.times, time)
		}
	}
	var list []*topRow
	for _, row := range rows {
		list = append(list, row)
	}
	slices.SortFunc(list, func(a, b *topRow) int { return cmp.Or(-cmp.Compare(a.events, b.events), cmp.Compare(a.name, b.name)) })
	return list
}

// timeOf is a view's time to the session's next view, and an action's since the session's start.
func timeOf(e *history.Event) (int64, bool) {
	if e.Session == nil {
		return 0, false
	}
	if e.Type == event.Action {
		return e.TS - e.Session.Start(), true
	}
	for _, later := range e.Session.Events[slices.Index(e.Session.Events, e)+1:] {
		if later.Type == event.View {
			return later.TS - e.TS, true
		}
	}
	return 0, false
}

func TestTopGolden(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	user := NewTopPages()
	user.User, user.Filter = "u-1", "country:DE"
	for name, q := range map[string]*Top{"pages": NewTopPages(), "actions": NewTopActions(), "pages_of_user": user} {
		t.Run(name, func(t *testing.T) {
			questions.Golden(t, "top_"+name, questions.AskOne(t, db, questions.ShopContext(), q))
		})
	}
}

func TestTopReadsPackedSessions(t *testing.T) {
	db := questions.Visits(t)
	for _, q := range []*Top{NewTopPages(), NewTopActions()} {
		for _, selection := range []string{"", "country:BR -page:/page/7", "(country:BR OR device_type:mobile) has(page:/page/8)"} {
			for _, person := range []string{"", "u17"} {
				q.User, q.Filter = person, selection
				plan, err := q.plan(questions.VisitsContext())
				require.NoError(t, err)
				require.NotNil(t, plan.counting, selection)
				_, executed, err := plan.counting.Count(t.Context(), db)
				require.NoError(t, err)
				for _, statement := range executed {
					require.NotContains(t, questions.Explain(t, db, statement), "Seq Scan on events", statement)
				}
				last := questions.Explain(t, db, executed[len(executed)-1])
				if person != "" {
					require.Contains(t, last, "tail_pkey")
					require.NotContains(t, store.ExecutedText(executed...), "session_key = 0", "events in no session are of nobody")
				}
			}
		}
		for _, selection := range []string{"price:>1", "(country:BR OR page:/page/7)"} {
			q.Filter = selection
			plan, err := q.plan(questions.VisitsContext())
			require.NoError(t, err)
			require.Nil(t, plan.counting, "more than an event's session and token decide")
		}
	}
}

func TestTopRefuses(t *testing.T) {
	for wanted, q := range map[string]Top{
		"options.limit must be 1 to 1000, not 1001":                       {Limit: 1001},
		"options.user is longer than 512 bytes":                           {Limit: 1, Person: query.Person{User: string(make([]byte, 513))}},
		"options.user is missing: with anonymous it must be an anonymous": {Limit: 1, Person: query.Person{Anonymous: true}},
		"options.filter is wrong: at 1: unknown attribute `contry`":       {Limit: 1, Selection: query.Selection{Filter: "contry:BR"}},
	} {
		q.what = topPages
		questions.Refused(t, wanted, &q)
	}
}

func TestTopTellsTruncatedSessions(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	_, err := db.Exec(t.Context(), `update footfall.sessions set truncated = true where session_id = 'a'`)
	require.NoError(t, err)
	c := questions.ShopContext()
	for _, q := range []query.Question{NewTopPages(), NewTopActions()} {
		require.Contains(t, questions.Notices(questions.AskOne(t, db, c, q)), query.TruncatedText)
	}
	c.From = time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC)
	require.Empty(t, questions.Notices(questions.AskOne(t, db, c, NewTopPages())), "it is not in the range")
}
