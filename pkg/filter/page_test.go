package filter_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// askEvents lists the ids of the users whose events a filter selects.
func askEvents(t *testing.T, rows []event.Row, filters map[string][]string) {
	t.Helper()
	db := testdb.New(t)
	history.Load(t, db, rows)
	names, err := filter.ReadNames(t.Context(), db)
	require.NoError(t, err)
	m := matcher(false)
	m.Names = names
	for text, want := range filters {
		n, err := filter.Parse(text)
		require.NoError(t, err, text)
		c := newCompiler(m)
		condition, err := c.Events(n)
		require.NoError(t, err, text)
		got := lines(t, testdb.AsDatasource(t, db), `select u.id from footfall.events e join footfall.users u on u.key = e.user_key where `+condition, c.Params)
		require.Equal(t, want, got, text)
	}
}

func TestPagesAreFoundByPathsAsTheyAreSent(t *testing.T) {
	var rows []event.Row
	for user, path := range map[string]string{
		"a": "/user/12345", "b": "/user/999", "c": "/about?ref=mail", "d": "/about#team", "e": "/about", "f": "/user/7/edit",
		"g": "/caf%C3%A9", "h": "/café", "i": "/user", "j": "/",
	} {
		rows = append(rows, event.Row{TS: "2026-11-20T10:00:00Z", Type: "view", UserID: user, SessionID: user, ViewPath: path})
	}
	askEvents(t, rows, map[string][]string{
		"page:/user/12345":               {"a", "b"},
		"@view.url_path:/user/1":         {"a", "b"},
		"page:/user/?":                   {"a", "b"},
		"page:/user/12345?tab=1":         {"a", "b"},
		`page:"/about?ref=mail"`:         {"c", "d", "e"},
		"page:/about#x":                  {"c", "d", "e"},
		"page:/about/":                   {"c", "d", "e"},
		"page:/user/12345/*":             {"f"},
		"page:/user/*":                   {"a", "b", "f"},
		"page:(/user/5 OR /user/?/edit)": {"a", "b", "f"},
		"page:/caf%C3%A9":                {"g", "h"},
		"page:/user/1*":                  {},
		"page:*/":                        {"j"},
		"path:/user/12345":               {"a"},
		"path:/user/*":                   {"a", "b", "f"},
		"path:/about":                    {"e"},
		`path:"/about?ref=mail"`:         {"c"},
		"path:~REF":                      {"c"},
		"-path:/user/* -path:/about*":    {"g", "h", "i", "j"},
		"path:* -page:*":                 {},
	})
}

func TestNamesThatAreNotThereAreTold(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, []event.Row{{
		TS: "2026-11-20T10:00:00Z", Type: "view", UserID: "a", ViewPath: "/cart/1",
		Attributes: `{"price": 1, "cart": {"total": 1}, "usr.plan": "pro", "case:channel": "Internet", "usr.a:b": 1}`,
	}, {
		TS: "2026-11-20T10:00:01Z", Type: "action", UserID: "a", ActionName: "click on BUY",
	}})
	names, err := filter.ReadNames(t.Context(), db)
	require.NoError(t, err)
	for text, want := range map[string]string{
		"attributes.price:1 cart.total:1 attributes.cart:* usr.plan:pro page:/cart/2 page:* path:/x": "",
		"attributes.prise:1":                        "No event has had attributes.prise so far; did you mean attributes.price?",
		"-usr.plam:pro":                             "No event has had usr.plam so far; did you mean usr.plan?",
		"has(attributes.cart.totl:1)":               "No event has had attributes.cart.totl so far; did you mean attributes.cart.total?",
		"attributes.nothinglikeit:1":                "No event has had attributes.nothinglikeit so far",
		"page:/cart/1*":                             "No event has had the page /cart/1* so far",
		"page:(/cart/? OR /abot)":                   "No event has had the page /abot so far",
		`action:("click on BUY" OR "click on BYE")`: "No event has had the action click on BYE so far",
		"-action:tap*":                              "No event has had the action tap* so far",
		"has(error:Oops)":                           "No event has had the error Oops so far",
		"action:click* action:~tap error:*":         "",
		`"attributes.case:channel":Internet`:        "",
		`"usr.a:b":1`:                               "",
	} {
		n, err := filter.Parse(text)
		require.NoError(t, err, text)
		m := matcher(false)
		m.Names = names
		c := newCompiler(m)
		c.Asked = &filter.Asked{}
		_, err = c.Sessions(n)
		require.NoError(t, err, text)
		notices, err := c.Asked.Notices(t.Context(), db, names)
		require.NoError(t, err)
		if want == "" {
			require.Empty(t, notices, text)
			continue
		}
		require.Len(t, notices, 1, text)
		require.Contains(t, notices[0], want)
	}
	for text, want := range map[string]string{
		"page:* attributes.case:channel:Internet": "at 8: there is no attribute attributes.case, but attributes.case:channel: a colon in a name needs quotes around it, write \"attributes.case:channel\":Internet",
		"case:channel:Internet":                   "at 1: a colon in a name needs quotes around it, write \"case:channel\":Internet",
		`usr.a:b:"1 2"`:                           `write "usr.a:b":`,
	} {
		n, err := filter.Parse(text)
		if err != nil {
			require.ErrorContains(t, err, want, text)
			continue
		}
		m := matcher(false)
		m.Names = names
		_, err = newCompiler(m).Sessions(n)
		require.ErrorContains(t, err, want, text)
	}
}
