package query

import (
	"encoding/json"
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/experimental"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/devtools/testdb"
)

var update = flag.Bool("update", false, "write the golden frames anew")

// shop are the customers the golden frames show.
func shop() []person {
	at := func(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 30, 0, 0, time.UTC) }
	ann := newPerson("u-1", map[string]any{
		"user_name": "Ann Example", "user_email": "ann@example.com", "first_seen": at(1, 8), "last_seen": at(20, 9),
		"first_country": "BR", "last_country": "DE", "last_city": "Köln", "last_device_type": "mobile",
		"sessions": int64(12), "views": int64(340), "events": int64(977),
	})
	ann.custom = map[string]any{"usr.plan": "pro", "usr.price": json.Number("9.5")}
	bob := newPerson("u-2", map[string]any{
		"user_name": "Bob", "last_seen": at(21, 9), "first_country": "XX", "last_country": "US", "sessions": int64(3),
	})
	bob.custom = map[string]any{"usr.plan": "free"}
	eve := newPerson("u-3", map[string]any{"last_seen": at(2, 0), "last_country": "DE"})
	visitor := newPerson("a-1", map[string]any{"last_seen": at(22, 0)})
	visitor.anonymous = true
	return []person{ann, bob, eve, visitor}
}

func TestProfilesGolden(t *testing.T) {
	db := testdb.New(t)
	storePeople(t, db, shop())
	for name, options := range map[string]*Profiles{
		"default": NewProfiles(),
		"page": {
			Search:       "U-",
			Filters:      []Filter{{"last_country", "=", []string{"DE", "US"}}, {"last_seen", ">=", []string{"2026-03-02"}}},
			Columns:      []string{"user_id", "last_country", "usr.plan", "usr.price", "sessions"},
			Sort:         Sort{Column: "last_country"},
			Limit:        2,
			IncludeTotal: true,
		},
		"nobody": {Search: "nobody", Columns: []string{"user_id", "last_seen", "last_country", "views"}, Limit: 10},
	} {
		t.Run(name, func(t *testing.T) {
			experimental.CheckGoldenJSONFrame(t, "testdata", "profiles_"+name, ask(t, db, options), *update)
		})
	}
}

func TestProfilesSayThereAreMore(t *testing.T) {
	db := testdb.New(t)
	storePeople(t, db, shop())
	notices := func(q Profiles, c Context) []string {
		answer, err := q.Prepare(c)
		require.NoError(t, err)
		frames, err := answer(t.Context(), db)
		require.NoError(t, err)
		var texts []string
		for _, notice := range frames[0].Meta.Notices {
			texts = append(texts, notice.Text)
		}
		return texts
	}
	utc := Context{Location: time.UTC}
	require.Nil(t, notices(Profiles{Limit: 3}, utc))
	require.Equal(t, []string{"Showing 2 users; there are more"}, notices(Profiles{Limit: 2}, utc))
	require.Equal(t, []string{"Showing 2 of 3 users"}, notices(Profiles{Limit: 2, IncludeTotal: true}, utc))
	require.Equal(t, []string{"Showing 1 of 3 users"}, notices(Profiles{Limit: 2, Offset: 2, IncludeTotal: true}, utc))
	require.Equal(t, []string{"Showing 1 users; there are more"},
		notices(Profiles{Limit: 3}, Context{Location: time.UTC, MaxRows: 1}))
}

func TestDatesAreOfTheQuerysTimeZone(t *testing.T) {
	db := testdb.New(t)
	storePeople(t, db, []person{newPerson("late", map[string]any{"last_seen": time.Date(2026, 1, 1, 23, 30, 0, 0, time.UTC)})})
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	for location, found := range map[*time.Location]int{time.UTC: 0, berlin: 1} {
		q := &Profiles{Limit: 1, Filters: []Filter{{"last_seen", ">=", []string{"2026-01-02"}}}}
		answer, err := q.Prepare(Context{Location: location})
		require.NoError(t, err)
		frames, err := answer(t.Context(), db)
		require.NoError(t, err)
		require.Equal(t, found, frames[0].Rows(), location)
	}
}

func TestProfilesRefuse(t *testing.T) {
	filter := func(attribute, operator string, values ...string) Profiles {
		return Profiles{Limit: 1, Filters: []Filter{{attribute, operator, values}}}
	}
	for wanted, q := range map[string]Profiles{
		`options.limit must be 1 to 10000, not 0`:                                        {},
		`options.limit must be 1 to 10000, not 10001`:                                    {Limit: 10001},
		`options.offset must be 0 to 1000000000, not -1`:                                 {Limit: 1, Offset: -1},
		`options.search contains a NUL character`:                                        {Limit: 1, Search: "a\x00b"},
		`options.search is longer than 1024 bytes`:                                       {Limit: 1, Search: strings.Repeat("a", 1025)},
		`options.columns[1] repeats "events"`:                                            {Limit: 1, Columns: []string{"events", "events"}},
		`options.columns[0] names no attribute: "u.id from users; --"`:                   {Limit: 1, Columns: []string{"u.id from users; --"}},
		`options.columns has 101 entries, more than 100`:                                 {Limit: 1, Columns: make([]string, 101)},
		`options.sort.column names no attribute: "usr."`:                                 {Limit: 1, Sort: Sort{Column: "usr."}},
		`options.sort.column contains a NUL character`:                                   {Limit: 1, Sort: Sort{Column: "usr.\x00"}},
		`options.sort.column is longer than 256 bytes`:                                   {Limit: 1, Sort: Sort{Column: "usr." + strings.Repeat("a", 256)}},
		`options.filters has 51 entries, more than 50`:                                   {Limit: 1, Filters: make([]Filter, 51)},
		`options.filters[0].attribute names no attribute: "password"; there are user_id`: filter("password", "="),
		`options.filters[0].operator is "or"; it must be one of =, !=, <`:                filter("user_id", "or", "1"),
		`options.filters[0].values has 0 entries; "=" takes 1 to 1000`:                   filter("user_id", "="),
		`options.filters[0].values has 2 entries; "<" takes 1`:                           filter("events", "<", "1", "2"),
		`options.filters[0].values has 1 entries; "exists" takes 0`:                      filter("user_id", "exists", "1"),
		`options.filters[0].values[1] must be a number such as 10 or 2.5, not "1; --"`:   filter("events", "=", "1", "1; --"),
		`options.filters[0].values[0] must be a number such as 10 or 2.5, not "NaN"`:     filter("events", "=", "NaN"),
		`options.filters[0].values[0] must be a time such as`:                            filter("last_seen", ">", "yesterday"),
		`options.filters[0].values[0] contains a NUL character`:                          filter("usr.plan", "=", "\x00"),
		`options.filters[0].values[0] is longer than 1024 bytes`:                         filter("usr.plan", "=", strings.Repeat("a", 1025)),
		`options.filters[0].operator contains works on text; views is a number`:          filter("views", "contains", "1"),
	} {
		_, err := q.Prepare(Context{Location: time.UTC})
		require.ErrorAs(t, err, &InvalidError{}, wanted)
		require.ErrorContains(t, err, wanted)
	}
}

func TestExecutedSQLIsSafeToRead(t *testing.T) {
	text := Statement{SQL: "select $1, $2", Args: []any{"a\n; drop table x", 5}}.String()
	require.Equal(t, "select $1, $2\n-- $1 = \"a\\n; drop table x\"\n-- $2 = 5", text)
}

func TestAttributesListCustomOnes(t *testing.T) {
	db := testdb.New(t)
	people := shop()
	people[1].custom["usr.price"] = json.Number("1")
	people[2].custom = map[string]any{"usr.mixed": json.Number("1")}
	people[3].custom = map[string]any{"usr.mixed": "one", "cart": "not the user's"}
	storePeople(t, db, people)
	list, err := Attributes(t.Context(), db)
	require.NoError(t, err)
	require.Equal(t, builtIn, list[:len(builtIn)])
	require.Equal(t, []Attribute{
		{ID: "usr.mixed", Name: "usr.mixed", Type: Text},
		{ID: "usr.plan", Name: "usr.plan", Type: Text},
		{ID: "usr.price", Name: "usr.price", Type: Number},
	}, list[len(builtIn):])
}

func TestCustomAttributesSortAsNumbersThenTexts(t *testing.T) {
	db := testdb.New(t)
	var people []person
	for i, value := range []any{"b", json.Number("10"), "9", nil, "1e1", "a", json.Number("-3")} {
		p := newPerson(string(rune('0'+i)), nil)
		p.custom = map[string]any{"usr.price": value}
		people = append(people, p)
	}
	storePeople(t, db, people)
	sorted := func(descending bool) []any {
		q := &Profiles{Columns: []string{"usr.price"}, Sort: Sort{"usr.price", descending}, Limit: 10}
		return fieldValues(t, ask(t, db, q), "usr.price")
	}
	require.Equal(t, []any{"-3", "9", "10", "1e1", "a", "b", nil}, sorted(false))
	require.Equal(t, []any{"1e1", "10", "9", "-3", "b", "a", nil}, sorted(true))
}
