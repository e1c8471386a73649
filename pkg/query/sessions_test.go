package query

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/grafana/grafana-plugin-sdk-go/experimental"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestSessionsAnswerAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t))
		for range 4 {
			c := drawContext(t)
			q := &Sessions{Person: drawPerson(t), IncludeTotal: true}
			q.Filter = drawFilter(t, true)
			q.IncludeAnonymous = rapid.Bool().Draw(t, "include anonymous")
			if rapid.Bool().Draw(t, "sorted") {
				column := rapid.SampledFrom(sessionColumns).Draw(t, "sort").ID
				q.Sort = Sort{column, rapid.Bool().Draw(t, "descending")}
			}
			q.Limit = rapid.IntRange(1, 8).Draw(t, "limit")
			requireSessions(t, reader, c, q, world)
		}
	})
}

// requireSessions reads all pages: together they are the wanted sessions, each once, in order. Which of equal ones is
// first is not said.
func requireSessions(t *rapid.T, db *pgxpool.Pool, c Context, q *Sessions, world history.World) {
	var wanted []map[string]any
	n := parse(t, q.Filter)
	for _, s := range world.Sessions {
		counted := q.IncludeAnonymous || q.User != "" || countsAsUser(s.User, false)
		if startsInRange(c, s) && counted && personIs(q.Person, s.User) && matcher(c).Session(n, s) {
			wanted = append(wanted, sessionRow(s))
		}
	}
	sort := q.Sort
	if sort.Column == "" {
		sort = Sort{"session_start", true}
	}
	slices.SortStableFunc(wanted, func(a, b map[string]any) int {
		return cmp.Or(compareValues(sort, a[sort.Column], b[sort.Column]),
			-a["session_start"].(time.Time).Compare(b["session_start"].(time.Time)))
	})
	var got []map[string]any
	for q.Offset = 0; q.Offset <= len(wanted); q.Offset += q.Limit {
		frame := askOne(t, db, c, q)
		require.Equal(t, map[string]any{"total": int64(len(wanted))}, frame.Meta.Custom)
		require.Equal(t, frame.Rows() < len(wanted), len(frame.Meta.Notices) > 0, "notice")
		got = append(got, frameRows(t, frame, sessionColumns)...)
	}
	require.Len(t, got, len(wanted))
	require.ElementsMatch(t, printed(wanted), printed(got))
	for i := range wanted {
		require.Equal(t, wanted[i][sort.Column], got[i][sort.Column])
		require.Equal(t, wanted[i]["session_start"], got[i]["session_start"])
	}
}

// frameRows are a frame's rows by column.
func frameRows(t require.TestingT, frame *data.Frame, list []sqlColumn) []map[string]any {
	rows := make([]map[string]any, frame.Rows())
	for _, c := range list {
		for i, value := range fieldValues(t, frame, c.ID) {
			if rows[i] == nil {
				rows[i] = map[string]any{}
			}
			rows[i][c.ID] = value
		}
	}
	return rows
}

func printed(rows []map[string]any) []string {
	list := []string{}
	for _, row := range rows {
		list = append(list, fmt.Sprint(row))
	}
	return list
}

func TestSessionsGolden(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, shop())
	for name, q := range map[string]*Sessions{
		"default": NewSessions(),
		"user":    {Person: Person{User: "u-1"}, Sort: Sort{"country", false}, Limit: 1, IncludeTotal: true},
		"nobody":  {Person: Person{User: "nobody"}, Limit: 1},
	} {
		t.Run(name, func(t *testing.T) {
			experimental.CheckGoldenJSONFrame(t, "testdata", "sessions_"+name, askOne(t, db, shopContext(), q), *update)
		})
	}
}

func TestSessionsUseTheirIndexes(t *testing.T) {
	db := visits(t)
	for index, q := range map[string]*Sessions{
		"sessions_start":      NewSessions(),
		"sessions_user_start": {Person: Person{User: "u17"}, Limit: 100},
	} {
		plan, err := q.plan(visitsContext())
		require.NoError(t, err)
		lines := explain(t, db, plan.rows)
		require.Contains(t, lines, index)
		require.NotContains(t, lines, "Seq Scan on")
		require.NotContains(t, lines, "events")
	}
	plan, err := (&Sessions{Selection: Selection{Filter: "page:/page/7 -country:BR"}, Limit: 100}).plan(visitsContext())
	require.NoError(t, err)
	require.NotContains(t, explain(t, db, plan.rows), "events_visits", "arrays suffice")
}

// Sessions of a node are those that pathways count there, with the options and the universe of the pathways.
func TestSessionsOfAPathway(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, shop())
	q := NewSessions()
	require.NoError(t, json.Unmarshal([]byte(`{"includeTotal": true, "pathway": {"options": {}, "node": {"step": 1, "name": "/"}}}`), q))
	frame := askOne(t, db, shopContext(), q)
	require.Equal(t, []any{"b", "d", "a"}, fieldValues(t, frame, "session_id"))
	require.Equal(t, map[string]any{"total": int64(3)}, frame.Meta.Custom)
}

func TestSessionsRefuse(t *testing.T) {
	for wanted, q := range map[string]Sessions{
		"options.limit must be 1 to 10000, not 0":                           {},
		"options.offset must be 0 to 1000000000, not -1":                    {Limit: 1, Offset: -1},
		`options.sort.column is "start; --"; it must be one of session_sta`: {Limit: 1, Sort: Sort{Column: "start; --"}},
		"options.user is missing: with anonymous it must be an anonymous":   {Limit: 1, Person: Person{Anonymous: true}},
		"options.user contains a NUL character":                             {Limit: 1, Person: Person{User: "\x00"}},
		"options.filter is wrong: at 1: unknown attribute `contry`":         {Limit: 1, Selection: Selection{Filter: "contry:BR"}},
	} {
		requireRefused(t, wanted, &q)
	}
}

func TestTruncatedSessionsAreFoundByTheirIndex(t *testing.T) {
	db := visits(t)
	for _, person := range []Person{{}, {User: "u17"}} {
		lines := explain(t, db, *visitsContext().TruncatedIn(person))
		require.Contains(t, lines, "sessions_truncated")
		require.NotContains(t, lines, "Seq Scan on")
	}
}

func TestTruncatedSessionsAreTold(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, shop())
	_, err := db.Exec(t.Context(), `update footfall.sessions set truncated = true where session_id = 'a'`)
	require.NoError(t, err)
	c := shopContext()
	filtered := Selection{Filter: "has(page:/cart)"}
	for _, q := range []Question{
		&Sessions{Selection: filtered, Limit: 1, IncludeTotal: true, IncludeAnonymous: true},
		&Events{Selection: filtered, Limit: 100, IncludeAnonymous: true},
		&Annotations{Selection: filtered, Kind: "firstSeen", Limit: 10},
	} {
		require.Contains(t, notices(askOne(t, db, c, q)), TruncatedText)
	}
	require.Empty(t, notices(askOne(t, db, c, NewSessions())), "its columns are exact")
	require.Empty(t, notices(askOne(t, db, c, NewEvents())), "events are read themselves")
	behind := NewSessions()
	behind.Pathway = &PathwayStep{Options: *NewPathways(), Node: &PathwayNode{Step: 1, Name: "/"}}
	require.Equal(t, []string{TruncatedText}, notices(askOne(t, db, c, behind)))
}
