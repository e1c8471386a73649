package users

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/country"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// suggest lists values as value, text and count.
func suggest(t require.TestingT, db store.Querier, c query.Context, attribute, search string, limit int) []string {
	q := &Values{Attribute: attribute, Search: search, Limit: limit}
	list, err := q.Suggest(context.Background(), db, c)
	require.NoError(t, err)
	texts := []string{}
	for _, s := range list {
		text := s.Value
		if s.Text != s.Value {
			text += " = " + s.Text
		}
		if s.Count != nil {
			text += fmt.Sprint(" ", *s.Count)
		}
		texts = append(texts, text)
	}
	return texts
}

// Every attribute lists exactly the values there are, in a store so small that everything is recent.
func TestValuesAnswerAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	c := questions.Context()
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t), history.PageGroups(t)...)
		for _, a := range history.Names.All(filter.Profile, filter.Session, filter.Event) {
			if a.ID == "user_id" || a.Possible() != nil || a.Type != filter.Text && !a.IsCustom() {
				continue
			}
			search := rapid.SampledFrom([]string{"", "", "a", "A", "/", "/a_", "click", "bra", "ann", "%"}).Draw(t, "search")
			expected := plainValues(world, a, search)
			require.Equal(t, expected, withoutUnkept(world, a, search, suggest(t, reader, c, a.ID, search, 1000), expected), a.ID)
		}
	})
}

// withoutUnkept leaves out of suggestions those that only events have which were not kept: whether their texts are known
// depends on the batches that they came in.
func withoutUnkept(world history.World, a filter.Attribute, search string, got, expected []string) []string {
	unkept := map[string]map[any]bool{}
	if a.Dictionary != "" {
		for _, text := range dictionaryTexts(world.NotKept, a.Dictionary) {
			unkept[text] = nil
		}
	}
	texts := suggested(a, unkept, search)
	return slices.DeleteFunc(got, func(text string) bool {
		return slices.Contains(texts, text) && !slices.Contains(expected, text)
	})
}

// plainValues are texts as suggest writes them: users or sessions are counted once for each of their values, and texts
// that only events of no session have are not.
func plainValues(world history.World, a filter.Attribute, search string) []string {
	having := map[string]map[any]bool{}
	add := func(unit, value any) {
		texts, isList := value.([]string)
		if text, isText := value.(string); isText && text != "" {
			texts = []string{text}
		} else if !isList {
			return
		}
		for _, text := range texts {
			if having[text] == nil {
				having[text] = map[any]bool{}
			}
			if unit != nil {
				having[text][unit] = true
			}
		}
	}
	switch a.Level {
	case filter.Profile:
		for _, u := range world.Users {
			if !u.Anonymous {
				add(u, valueOrTexts(a, u))
			}
		}
	case filter.Session:
		for _, s := range world.Sessions {
			add(s, s.Value(a.ID))
		}
	case filter.Event:
		for _, e := range world.Events {
			if e.Session != nil {
				add(e.Session, valueOrTexts(a, e))
			}
		}
	}
	if a.Dictionary != "" {
		add(nil, dictionaryTexts(world.Events, a.Dictionary))
		if a.Dictionary == "page" {
			add(nil, world.PageGroups)
		}
	}
	return suggested(a, having, search)
}

// valueOrTexts are all values of a custom attribute, and the one of another.
func valueOrTexts(a filter.Attribute, of interface {
	Value(id string) any
	Custom(id string) any
}) any {
	if a.IsCustom() {
		return history.Texts(of.Custom(a.ID))
	}
	return of.Value(a.ID)
}

// dictionaryTexts are all texts of a kind that events have.
func dictionaryTexts(events []*history.Event, kind string) []string {
	var list []string
	for _, e := range events {
		own := map[string]string{
			"application": e.Context.Application, "country": e.Context.Country, "city": e.Context.City, "region": e.Context.Region,
			"device_type": e.Context.DeviceType, "os_name": e.Context.OSName, "os_version": e.Context.OSVersion,
			"browser_name": e.Context.BrowserName, "browser_version": e.Context.BrowserVersion,
			"page": e.Value("page").(string), "view_name": e.ViewName, "action_type": e.ActionType, "action_name": e.ActionName,
			"action_target": e.ActionTarget, "error_type": e.ErrorType,
		}
		if own[kind] != "" {
			list = append(list, own[kind])
		}
	}
	return list
}

func suggested(a filter.Attribute, having map[string]map[any]bool, search string) []string {
	var values []string
	for value := range having {
		within := func(text string) bool { return strings.Contains(strings.ToLower(text), strings.ToLower(search)) }
		found := hasPrefixFold(value, search)
		switch {
		case a.IsCountry():
			found = found || within(country.Name(value))
		case a.ID != "user_name" && a.ID != "user_email" && len(having[value]) > 0:
			found = within(value)
		}
		if found {
			values = append(values, value)
		}
	}
	closeness := func(value string) int {
		value, typed := strings.ToLower(value), strings.ToLower(search)
		switch {
		case a.IsCountry() || value == typed:
			return 0
		case strings.HasPrefix(value, typed):
			return 1
		}
		return 2
	}
	slices.SortFunc(values, func(x, y string) int {
		switch n := cmp.Or(cmp.Compare(closeness(x), closeness(y)), cmp.Compare(len(having[y]), len(having[x]))); {
		case n != 0:
			return n
		case a.IsCountry():
			return cmp.Compare(country.Name(x), country.Name(y))
		case a.Dictionary != "":
			return cmp.Compare(strings.ToLower(x), strings.ToLower(y))
		}
		return cmp.Compare(x, y)
	})
	list := []string{}
	for _, value := range values {
		text := value
		if a.IsCountry() {
			text += " = " + country.Name(value)
		}
		if n := len(having[value]); n > 0 {
			text += fmt.Sprint(" ", n)
		}
		list = append(list, text)
	}
	return list
}

func TestValuesOfUsers(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	c := questions.ShopContext()
	require.Equal(t, []string{"u-2 = Bob", "u-1 = Ann Example", "u-3"}, suggest(t, db, c, "user_id", "", 10), "those seen last first")
	require.Equal(t, []string{"u-1 = Ann Example"}, suggest(t, db, c, "user_id", "EXAMPLE.com", 10))
	require.Equal(t, []string{"u-2 = Bob"}, suggest(t, db, c, "user_id", "u-", 1))
	require.Equal(t, []string{"Ann Example 1"}, suggest(t, db, c, "user_name", "ann", 10), "among all users")
	require.Empty(t, suggest(t, db, c, "user_id", "_", 10), "a letter as any other")
}

func TestValuesOfListsAndNumbers(t *testing.T) {
	db := testdb.New(t)
	c := questions.ShopContext()
	c.Names.Segments = map[string]int32{"premium": 1, "brazil": 2}
	require.Equal(t, []string{"brazil", "premium"}, suggest(t, db, c, "segment", "", 10))
	require.Equal(t, []string{"error"}, suggest(t, db, c, "type", "ERR", 10))
	require.Equal(t, []string{"rage_click", "rage_tap"}, suggest(t, db, c, "@action.frustration.type", "rage", 10))
	require.Empty(t, suggest(t, db, c, "session_start", "", 10))
	require.Empty(t, suggest(t, db, c, "duration", "", 10))
}

func TestValuesLongerThanTheirIndex(t *testing.T) {
	db := testdb.New(t)
	long := "/" + strings.Repeat("ż", 150)
	history.Load(t, db, []event.Row{
		{TS: "2026-01-01", Type: "view", UserID: "u", SessionID: "s", ViewPath: long + "/a"},
		{TS: "2026-01-02", Type: "view", UserID: "u", SessionID: "s", ViewPath: long + "/b"},
	})
	require.Equal(t, []string{long + "/b 1"}, suggest(t, db, questions.Context(), "page", strings.ToUpper(long)+"/B", 10))
}

func TestValuesThatDifferInCaseAloneHaveAnOrder(t *testing.T) {
	db := testdb.New(t)
	var rows []event.Row
	for _, name := range []string{"buy", "Buy", "BUY"} {
		rows = append(rows, event.Row{TS: "2026-01-01", Type: "action", UserID: "u", SessionID: "s", ActionName: name})
	}
	history.Load(t, db, rows)
	require.Equal(t, []string{"BUY 1", "Buy 1", "buy 1"}, suggest(t, db, questions.Context(), "action", "b", 10))
	_, err := db.Exec(t.Context(), `delete from footfall.sessions`)
	require.NoError(t, err)
	require.Equal(t, []string{"BUY", "Buy"}, suggest(t, db, questions.Context(), "action", "b", 2), "used by none of the latest")
}

// Of many sessions the latest are counted, and what only others have has no number.
func TestValuesAreCountedAmongTheLatest(t *testing.T) {
	db := questions.Visits(t) // 20,000 sessions and 19,600 users
	c := questions.VisitsContext()
	counted := func(sql string) (list []string) {
		rows, err := db.Query(t.Context(), sql)
		require.NoError(t, err)
		list, err = pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		return list
	}
	_, err := db.Exec(t.Context(), `
		insert into footfall.dictionary (id, kind, hash, value) values (9000, 'page', md5('old')::uuid, '/old');
		insert into footfall.tokens (id, type, page) values (9000, 'view', 9000);
		update footfall.sessions set tokens = tokens || 9000 where start_ts < '2026-02-14'`)
	require.NoError(t, err)
	require.Equal(t, []string{"/old"}, suggest(t, db, c, "page", "/o", 10), "not among the latest")
	require.Equal(t, counted(`
		select d.value || ' ' || count(distinct s.session_key)
		  from (select * from footfall.sessions order by start_ts desc limit 5000) s
		 cross join unnest(s.tokens) token
		  join footfall.tokens k on k.id = token
		  join footfall.dictionary d on d.id = k.page
		 where d.value like '/page/9%'
		 group by d.value
		 order by count(distinct s.session_key) desc, d.value collate "C"
		 limit 30`), suggest(t, db, c, "page", "/page/9", 30))
}

// A few sessions as long as they may be do not make suggestions slow: they end the sample.
func TestValuesAreCountedAmongSoManyEvents(t *testing.T) {
	db := questions.Visits(t)
	_, err := db.Exec(t.Context(), `
		update footfall.sessions set tokens = array_fill(7, array[20000])
		 where session_key in (select session_key from footfall.sessions order by start_ts desc limit 10)`)
	require.NoError(t, err)
	require.Equal(t, []string{"/page/7 5"}, suggest(t, db, questions.VisitsContext(), "page", "/page/", 1))
}

func TestValuesGolden(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	for name, q := range map[string]*Values{
		"countries": {Attribute: "country", Limit: 2},
		"pages":     {Attribute: "page", Search: "/C", Limit: 10},
		"custom":    {Attribute: "usr.plan", Limit: 10},
	} {
		t.Run(name, func(t *testing.T) {
			questions.Golden(t, "values_"+name, questions.AskOne(t, db, questions.ShopContext(), q))
		})
	}
}

func TestValuesUseTheirIndexes(t *testing.T) {
	db := questions.Visits(t)
	c := questions.VisitsContext()
	for _, test := range []struct{ index, attribute, search string }{
		{"dictionary_search", "page", "/page/1"},
		{"dictionary_search", "action", ""},
		{"users_search", "user_id", "abc"},
		{"users_search", "user_name", "Name a"},
		{"profiles_last_seen", "user_id", ""},
		{"sessions_start", "attributes.price", "1"},
		{"sessions_start", "session_id", "s1"},
	} {
		find, err := (&Values{Attribute: test.attribute, Search: test.search, Limit: 50}).suggester(c)
		require.NoError(t, err)
		_, executed, err := find(t.Context(), testdb.AsDatasource(t, db))
		require.NoError(t, err)
		for _, statement := range executed {
			for _, large := range []string{"users", "profiles", "sessions", "events"} {
				require.NotContains(t, questions.Explain(t, db, statement), "Seq Scan on "+large, test.attribute)
			}
		}
		require.Contains(t, questions.Explain(t, db, executed[len(executed)-1]), test.index, test.attribute)
	}
}

// TestValuesOfManyUsers finds what few users have among all of them, once there are three letters.
func TestValuesOfManyUsers(t *testing.T) {
	db := questions.Visits(t) // of whom u1 was seen first
	find := func(search string) (ids []string) {
		list, err := (&Values{Attribute: "user_id", Search: search, Limit: 3}).Suggest(t.Context(), db, questions.VisitsContext())
		require.NoError(t, err)
		for _, s := range list {
			ids = append(ids, s.Value)
		}
		return ids
	}
	latest := []string{"u19999", "u19998", "u19997"} // every fiftieth is anonymous
	require.Equal(t, latest, find(""))
	require.Equal(t, latest, find("U1"))
	require.Equal(t, latest, find("name"))
	require.Equal(t, []string{"u9999", "u9998", "u9997"}, find("u99"))
	require.Equal(t, []string{"u12349", "u12348", "u12347"}, find("u1234"))
	require.Empty(t, find("u8"), "not among the 10,000 seen last")
}

func TestValuesRefuse(t *testing.T) {
	for wanted, q := range map[string]Values{
		"options.attribute is missing":                               {Limit: 1},
		"options.attribute names no attribute: unknown attribute `x": {Limit: 1, Attribute: "x'; --"},
		"options.limit must be 1 to 1000, not 0":                     {Attribute: "country"},
		"options.search is longer than 1024 bytes":                   {Attribute: "country", Limit: 1, Search: strings.Repeat("a", 1025)},
		"options.search contains a NUL character":                    {Attribute: "country", Limit: 1, Search: "\x00"},
		"options.filter and segments cannot narrow values":           {Attribute: "country", Limit: 1, Selection: query.Selection{Filter: "page:/"}},
	} {
		questions.Refused(t, wanted, &q)
	}
}
