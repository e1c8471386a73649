package users

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestProfilesGolden(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	for name, options := range map[string]*Profiles{
		"default": NewProfiles(),
		"page": {
			WhichUsers: WhichUsers{Search: "U-", Filters: []filter.Condition{
				{Attribute: "last_country", Operator: "=", Values: []string{"DE", "US"}},
				{Attribute: "last_seen", Operator: ">=", Values: []string{"2026-03-02"}},
			}},
			Columns:      []string{"user_id", "last_country", "usr.plan", "usr.price", "sessions"},
			Sort:         query.Sort{Column: "last_country"},
			Limit:        2,
			IncludeTotal: true,
		},
		"nobody": {WhichUsers: WhichUsers{Search: "nobody"}, Columns: []string{"user_id", "last_seen", "last_country", "views"}, Limit: 10},
	} {
		t.Run(name, func(t *testing.T) {
			questions.Golden(t, "profiles_"+name, questions.AskOne(t, db, questions.ShopContext(), options))
		})
	}
}

// No index finds two letters: they are compared in another way than three, which must not show.
func TestSearchHeedsNeitherCaseNorAccents(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, []event.Row{
		{TS: "2026-01-01T00:00:00Z", Type: "view", UserID: "1", UserName: "Łukasz JÜRGENS", UserEmail: "lj@shop.example"},
		{TS: "2026-01-01T00:00:01Z", Type: "view", UserID: "2", UserName: "LUKE Jurgens"},
		{TS: "2026-01-01T00:00:02Z", Type: "view", UserID: "3"},
		{TS: "2026-01-01T00:00:03Z", Type: "view", UserID: "4", UserName: "Two\nLines"},
	})
	for search, found := range map[string][]string{
		"lu": {"1", "2"}, "ŁU": {"1", "2"}, "luk": {"1", "2"}, "ŁUK": {"1", "2"}, "ür": {"1", "2"}, "URGEN": {"1", "2"},
		"E ": {"2"}, "lj": {"1"}, "3": {"3"}, "3a": nil, "_": nil,
		"\n": {"4"}, "o\n": {"4"}, "3\n": nil, "\nt": nil,
	} {
		frame := questions.AskOne(t, db, questions.Context(), &Profiles{WhichUsers: WhichUsers{Search: search}, Columns: []string{"user_id"}, Sort: query.Sort{Column: "user_id"}, Limit: 9})
		var ids []string
		for i := range frame.Rows() {
			ids = append(ids, *frame.Fields[0].At(i).(*string))
		}
		require.Equal(t, found, ids, search)
	}
}

func TestProfilesSayThereAreMore(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	say := func(q Profiles, c query.Context) []string { return questions.Notices(questions.AskOne(t, db, c, &q)) }
	c := questions.ShopContext()
	require.Nil(t, say(Profiles{Limit: 3}, c))
	require.Equal(t, []string{"Showing 2 users; there are more"}, say(Profiles{Limit: 2}, c))
	require.Equal(t, []string{"Showing 2 of 3 users"}, say(Profiles{Limit: 2, IncludeTotal: true}, c))
	require.Equal(t, []string{"Showing 1 of 3 users"}, say(Profiles{Limit: 2, Offset: 2, IncludeTotal: true}, c))
	c.MaxRows = 1
	require.Equal(t, []string{"Showing 1 users; there are more"}, say(Profiles{Limit: 3}, c))
}

func TestDatesAreOfTheQuerysTimeZone(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, []event.Row{{TS: "2026-01-01T23:30:00Z", Type: "view", UserID: "late"}})
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	for location, found := range map[*time.Location]int{time.UTC: 0, berlin: 1} {
		c := questions.Context()
		c.Location = location
		q := &Profiles{Limit: 1, WhichUsers: filtered("last_seen:>=2026-01-02")}
		require.Equal(t, found, questions.AskOne(t, db, c, q).Rows(), location)
	}
}

// filtered are the users of a filter.
func filtered(text string) WhichUsers { return WhichUsers{Selection: query.Selection{Filter: text}} }

func TestProfilesRefuse(t *testing.T) {
	condition := func(attribute, operator string, values ...string) Profiles {
		return Profiles{Limit: 1, WhichUsers: WhichUsers{Filters: []filter.Condition{{Attribute: attribute, Operator: filter.Operator(operator), Values: values}}}}
	}
	filtered := func(text string) Profiles { return Profiles{Limit: 1, WhichUsers: filtered(text)} }
	searched := func(text string) Profiles { return Profiles{Limit: 1, WhichUsers: WhichUsers{Search: text}} }
	for wanted, q := range map[string]Profiles{
		`options.limit must be 1 to 10000, not 0`:                                                    {},
		`options.limit must be 1 to 10000, not 10001`:                                                {Limit: 10001},
		`options.offset must be 0 to 1000000000, not -1`:                                             {Limit: 1, Offset: -1},
		`options.search contains a NUL character`:                                                    searched("a\x00b"),
		`options.search is longer than 1024 bytes`:                                                   searched(strings.Repeat("a", 1025)),
		`options.columns[1] repeats "events"`:                                                        {Limit: 1, Columns: []string{"events", "events"}},
		"options.columns[0] names no attribute of profiles: unknown attribute `u.id from users; --`": {Limit: 1, Columns: []string{"u.id from users; --"}},
		`options.columns has 101 entries, more than 100`:                                             {Limit: 1, Columns: make([]string, 101)},
		"options.sort.column names no attribute of profiles: unknown attribute `usr.`":               {Limit: 1, Sort: query.Sort{Column: "usr."}},
		`options.sort.column names no attribute of profiles: a NUL character cannot`:                 {Limit: 1, Sort: query.Sort{Column: "usr.\x00"}},
		`options.sort.column names no attribute of profiles: a name is longer than 256`:              {Limit: 1, Sort: query.Sort{Column: "usr." + strings.Repeat("a", 300)}},
		`options.columns[0] is "page", an attribute of events`:                                       {Limit: 1, Columns: []string{"page"}},
		`options.filters has 51 entries, more than 50`:                                               {Limit: 1, WhichUsers: WhichUsers{Filters: make([]filter.Condition, 51)}},
		"options.filters[0] is wrong: unknown attribute `password`":                                  condition("password", "=", "1"),
		"options.filter is wrong: at 8: unknown attribute `contry`, did you mean `country`":          filtered("page:/ contry:BR"),
		"options.filter is wrong: at 1: this parenthesis is not closed":                              filtered("(page:/"),
		`options.filters[0].operator is "or"; it must be one of =, !=, <`:                            condition("user_id", "or", "1"),
		`options.filters[0].values has 0 entries; "=" takes 1 to 1000`:                               condition("user_id", "="),
		`options.filters[0].values has 2 entries; "<" takes 1`:                                       condition("events", "<", "1", "2"),
		`options.filters[0].values has 1 entries; "exists" takes 0`:                                  condition("user_id", "exists", "1"),
		"options.filters[0] is wrong: events must be a number such as 10 or 2.5, not `1; --`":        condition("events", "=", "1", "1; --"),
		"options.filters[0] is wrong: events must be a number such as 10 or 2.5, not `NaN`":          condition("events", "=", "NaN"),
		`options.filters[0] is wrong: last_seen must be a time such as`:                              condition("last_seen", ">", "yesterday"),
		`options.filters[0].values[0] contains a NUL character`:                                      condition("usr.plan", "=", "\x00"),
		`options.filters[0].values[0] is longer than 1024 bytes`:                                     condition("usr.plan", "=", strings.Repeat("a", 1025)),
		`options.filters[0] is wrong: views is a number; ~ searches texts`:                           condition("views", "contains", "1"),
	} {
		_, err := q.Prepare(questions.Context())
		require.ErrorAs(t, err, &query.InvalidError{}, wanted)
		require.ErrorContains(t, err, wanted)
	}
}

func TestExecutedSQLIsSafeToRead(t *testing.T) {
	text := store.Statement{SQL: "select $1, $2", Args: []any{"a\n; drop table x", 5}}.String()
	require.Equal(t, "select $1, $2\n-- $1 = \"a\\n; drop table x\"\n-- $2 = 5", text)
}

func TestRangesThatAreMistakes(t *testing.T) {
	c := questions.Context()
	c.From, c.To = c.To, c.From
	_, err := NewProfiles().Prepare(c)
	require.ErrorContains(t, err, "timeRange ends (2023-11-13T22:13:20Z) before it begins")
	c.From, c.To = time.UnixMilli(0), time.UnixMilli(0).AddDate(100, 0, 0)
	_, err = NewProfiles().Prepare(c)
	require.ErrorContains(t, err, "timeRange is 100 years long; the longest is 50 years")
}

func TestNamesOfCustomAttributes(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	names, err := filter.ReadNames(t.Context(), db)
	require.NoError(t, err)
	require.Equal(t, map[string]bool{"usr.plan": false, "usr.price": true}, names.User)
	require.Equal(t, map[string]bool{"price": true}, names.Event)
}

func TestCustomAttributesSortAsNumbersThenTexts(t *testing.T) {
	db := testdb.New(t)
	questions.StorePeople(t, db, "usr.price", "b", json.Number("10"), "9", nil, "1e1", "a", json.Number("-3"))
	sorted := func(descending bool) []any {
		q := &Profiles{Columns: []string{"usr.price"}, Sort: query.Sort{Column: "usr.price", Descending: descending}, Limit: 10}
		return questions.Values(t, questions.AskOne(t, db, questions.Context(), q), "usr.price")
	}
	require.Equal(t, []any{"-3", "9", "10", "1e1", "a", "b", nil}, sorted(false))
	require.Equal(t, []any{"1e1", "10", "9", "-3", "b", "a", nil}, sorted(true))
}

// Filters speak of segments; what wants one value of each row says that a user may be in several.
func TestSegmentIsNoColumn(t *testing.T) {
	c := questions.Context()
	c.Names.Segments = map[string]int32{"premium": 1}
	shown, sorted := NewProfiles(), NewProfiles()
	shown.Columns, sorted.Sort.Column = []string{"segment"}, "segment"
	for field, q := range map[string]*Profiles{"columns[0]": shown, "sort.column": sorted} {
		_, err := q.Prepare(c)
		require.ErrorContains(t, err, field)
		require.ErrorContains(t, err, "use it in a filter")
	}
}

// Users of a node are those whose sessions pathways count there, wherever users are asked for.
func TestUsersOfAPathway(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	c := questions.ShopContext()
	const pathway = `"pathway": {"options": {"includeAnonymous": true}, "node": {"step": 1, "name": "/"}}`
	q := NewProfiles()
	require.NoError(t, json.Unmarshal([]byte(`{"columns": ["user_id"], "sort": {"column": "user_id"}, "includeTotal": true, `+pathway+`}`), q))
	frame := questions.AskOne(t, db, c, q)
	require.Equal(t, []any{"a-1", "u-1", "u-3"}, questions.Values(t, frame, "user_id"), "of whom the pathway counts anonymous ones")
	require.Equal(t, map[string]any{"total": int64(3)}, frame.Meta.Custom)

	q.Filter = "last_country:DE"
	require.Equal(t, []any{"u-1", "u-3"}, questions.Values(t, questions.AskOne(t, db, c, q), "user_id"), "and of whom the rest holds")
	var file strings.Builder
	require.NoError(t, q.WriteCSV(t.Context(), db, c, &file))
	require.Equal(t, "user_id\nu-1\nu-3\n", strings.ReplaceAll(file.String(), "\r", ""))

	facets := NewFacets()
	require.NoError(t, json.Unmarshal([]byte(`{"attributes": [{"attribute": "last_country"}], `+pathway+`}`), facets))
	counted := questions.AskOne(t, db, c, facets)
	require.Equal(t, []any{"DE", nil}, questions.Values(t, counted, "value"))
	require.Equal(t, []any{int64(2), int64(1)}, questions.Values(t, counted, "count"))

	q = NewProfiles()
	require.NoError(t, json.Unmarshal([]byte(`{"pathway": {"options": {"steps": 1}, "node": {"step": 1, "name": "/"}}}`), q))
	questions.Refused(t, "options.pathway.options.steps must be 2 to 20, not 1", q)
}
