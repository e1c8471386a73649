package activity

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/query/pathways"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestSessionsAnswerAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t))
		for range 4 {
			c := questions.DrawContext(t)
			q := &Sessions{Person: questions.DrawPerson(t), IncludeTotal: true}
			q.Filter = questions.DrawFilter(t, true)
			q.IncludeAnonymous = rapid.Bool().Draw(t, "include anonymous")
			if rapid.Bool().Draw(t, "sorted") {
				column := rapid.SampledFrom(sessionColumns).Draw(t, "sort").ID
				q.Sort = query.Sort{Column: column, Descending: rapid.Bool().Draw(t, "descending")}
			}
			q.Limit = rapid.IntRange(1, 8).Draw(t, "limit")
			requireSessions(t, reader, c, q, world)
		}
	})
}

// requireSessions reads all pages: together they are the wanted sessions, each once, in order. Which of equal ones is
// first is not said.
func requireSessions(t *rapid.T, db *pgxpool.Pool, c query.Context, q *Sessions, world history.World) {
	var wanted []map[string]any
	n := questions.Parse(t, q.Filter)
	for _, s := range world.Sessions {
		counted := q.IncludeAnonymous || q.User != "" || questions.CountsAsUser(s.User, false)
		if startsInRange(c, s) && counted && questions.Is(q.Person, s.User) && questions.Matcher(c).Session(n, s) {
			wanted = append(wanted, sessionRow(s))
		}
	}
	sort := q.Sort
	if sort.Column == "" {
		sort = query.Sort{Column: "session_start", Descending: true}
	}
	slices.SortStableFunc(wanted, func(a, b map[string]any) int {
		return cmp.Or(questions.Compare(sort, a[sort.Column], b[sort.Column]),
			-a["session_start"].(time.Time).Compare(b["session_start"].(time.Time)))
	})
	var got []map[string]any
	for q.Offset = 0; q.Offset <= len(wanted); q.Offset += q.Limit {
		frame := questions.AskOne(t, db, c, q)
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
		for i, value := range questions.Values(t, frame, c.ID) {
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
	history.Load(t, db, questions.Shop())
	for name, q := range map[string]*Sessions{
		"default": NewSessions(),
		"user":    {Person: query.Person{User: "u-1"}, Sort: query.Sort{Column: "country", Descending: false}, Limit: 1, IncludeTotal: true},
		"nobody":  {Person: query.Person{User: "nobody"}, Limit: 1},
	} {
		t.Run(name, func(t *testing.T) {
			questions.Golden(t, "sessions_"+name, questions.AskOne(t, db, questions.ShopContext(), q))
		})
	}
}

func TestSessionsUseTheirIndexes(t *testing.T) {
	db := questions.Visits(t)
	for index, q := range map[string]*Sessions{
		"sessions_start":      NewSessions(),
		"sessions_user_start": {Person: query.Person{User: "u17"}, Limit: 100},
	} {
		plan, err := q.plan(questions.VisitsContext())
		require.NoError(t, err)
		lines := questions.Explain(t, db, plan.rows)
		require.Contains(t, lines, index)
		require.NotContains(t, lines, "Seq Scan on")
		require.Equal(t, 2, strings.Count(plan.rows.SQL, "footfall.events"), "for the entry and exit page of truncated sessions alone")
	}
	plan, err := (&Sessions{Selection: query.Selection{Filter: "page:/page/7 -country:BR"}, Limit: 100}).plan(questions.VisitsContext())
	require.NoError(t, err)
	require.Equal(t, 2, strings.Count(plan.rows.SQL, "footfall.events"), "arrays suffice")
	require.NotContains(t, questions.Explain(t, db, plan.rows), "Seq Scan on events")
}

// Sessions of a node are those that pathways count there, with the options and the universe of the pathways.
func TestSessionsOfAPathway(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	q := NewSessions()
	require.NoError(t, json.Unmarshal([]byte(`{"includeTotal": true, "pathway": {"options": {}, "node": {"step": 1, "name": "/"}}}`), q))
	frame := questions.AskOne(t, db, questions.ShopContext(), q)
	require.Equal(t, []any{"b", "d", "a"}, questions.Values(t, frame, "session_id"))
	require.Equal(t, map[string]any{"total": int64(3)}, frame.Meta.Custom)
}

func TestSessionsRefuse(t *testing.T) {
	for wanted, q := range map[string]Sessions{
		"options.limit must be 1 to 10000, not 0":                           {},
		"options.offset must be 0 to 1000000000, not -1":                    {Limit: 1, Offset: -1},
		`options.sort.column is "start; --"; it must be one of session_sta`: {Limit: 1, Sort: query.Sort{Column: "start; --"}},
		"options.user is missing: with anonymous it must be an anonymous":   {Limit: 1, Person: query.Person{Anonymous: true}},
		"options.user contains a NUL character":                             {Limit: 1, Person: query.Person{User: "\x00"}},
		"options.filter is wrong: at 1: unknown attribute `contry`":         {Limit: 1, Selection: query.Selection{Filter: "contry:BR"}},
	} {
		questions.Refused(t, wanted, &q)
	}
}

func TestTruncatedSessionsAreFoundByTheirIndex(t *testing.T) {
	db := questions.Visits(t)
	for _, person := range []query.Person{{}, {User: "u17"}} {
		lines := questions.Explain(t, db, *questions.VisitsContext().TruncatedIn(person))
		require.Contains(t, lines, "sessions_truncated")
		require.NotContains(t, lines, "Seq Scan on")
	}
}

func TestTruncatedSessionsAreTold(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	_, err := db.Exec(t.Context(), `update footfall.sessions set truncated = true where session_id = 'a'`)
	require.NoError(t, err)
	c := questions.ShopContext()
	filtered := query.Selection{Filter: "has(page:/cart)"}
	for _, q := range []query.Question{
		&Sessions{Selection: filtered, Limit: 1, IncludeTotal: true, IncludeAnonymous: true},
		&Events{Selection: filtered, Limit: 100, IncludeAnonymous: true},
		&Annotations{Selection: filtered, Kind: "firstSeen", Limit: 10},
	} {
		require.Contains(t, questions.Notices(questions.AskOne(t, db, c, q)), query.TruncatedText)
	}
	require.Empty(t, questions.Notices(questions.AskOne(t, db, c, NewSessions())), "its columns are exact")
	require.Empty(t, questions.Notices(questions.AskOne(t, db, c, NewEvents())), "events are read themselves")
	behind := NewSessions()
	behind.Pathway = &pathways.PathwayStep{Options: *pathways.NewPathways(), Node: &pathways.PathwayNode{Step: 1, Name: "/"}}
	require.Equal(t, []string{query.TruncatedText}, questions.Notices(questions.AskOne(t, db, c, behind)))
}
