package rollup_test

import (
	"fmt"
	"testing"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// The versions of one view are one view, in one batch or in several, whatever user they say: the first usr.id that one
// of them says.
func TestVersionsOfAViewAreOneView(t *testing.T) {
	pool := testdb.New(t)
	version := func(user string) event.Row {
		return event.Row{TS: "2025-05-17T10:00:00Z", Type: "view", ID: "sent by " + user, UserID: user, AnonymousID: "device",
			SessionID: "s", ViewID: "v", ViewPath: "/cart", Duration: fmt.Sprint(len(user)), Attributes: `{"usr.name":"` + user + `"}`}
	}
	click := event.Row{TS: "2025-05-17T10:00:01Z", Type: "action", UserID: "bob", SessionID: "s", ViewID: "v", ActionName: "buy"}
	for name, test := range map[string]struct {
		users   []string
		want    string // whose view it is
		profile int64  // users with an event
	}{
		"one user":           {[]string{"ann", "ann", "ann"}, "ann", 2},
		"login":              {[]string{"", "ann", "ann"}, "ann", 2},
		"logout":             {[]string{"ann", ""}, "ann", 2},
		"another user":       {[]string{"ann", "bob", "ann"}, "ann", 2},
		"login after others": {[]string{"", "", "ann", "bob"}, "ann", 2},
		"the session's user": {[]string{"", "bob"}, "bob", 1},
		"nobody":             {[]string{"", ""}, "bob", 1},
	} {
		for _, batch := range []int{1, 2, 100} {
			t.Run(fmt.Sprint(name, " ", batch), func(t *testing.T) {
				testdb.Clear(t, pool)
				all := []event.Row{click}
				for _, user := range test.users {
					all = append(all, version(user))
				}
				insert(t, pool, all)
				report := drain(t, pool, batch)
				if report.Events != 2 || report.Duplicates != int64(len(test.users)-1) || report.Conflicts != 0 {
					t.Errorf("got %+v, want 2 events, and no conflicts", report)
				}
				if n := count(t, pool, `select sum(views) from footfall.sessions`); n != 1 {
					t.Errorf("%d views", n)
				}
				if n := count(t, pool, `
					select count(*) from footfall.sessions s join footfall.users u on u.key = s.user_key
					 where views = 1 and u.kind = 'usr' and u.id = '`+test.want+`'`); n != 1 {
					t.Errorf("the view is not %s's", test.want)
				}
				if n := count(t, pool, `select count(*) from footfall.profiles`); int64(n) != test.profile {
					t.Errorf("%d profiles, want %d", n, test.profile)
				}
				world := oracle(parse(t, all), defaultRules)
				requireWorld(t, pool, world)
				requireTotals(t, pool, world)
				rebuild(t, pool)
				requireWorld(t, pool, world)
			})
		}
	}
}

// What is no version of another view stays: another time, session or view, and events of other types.
func TestOtherViewsStay(t *testing.T) {
	pool := testdb.New(t)
	view := event.Row{TS: "2025-05-17T10:00:00Z", Type: "view", ID: "1", UserID: "ann", SessionID: "s", ViewID: "v"}
	all := []event.Row{view, view, view, view, view, view}
	all[1].TS, all[1].ID = "2025-05-17T10:00:01Z", "2"
	all[2].SessionID = "t"
	all[3].ViewID = "w"
	all[4].Type = "error"
	all[5].Type, all[5].ID = "error", "6"
	insert(t, pool, all)
	if report := drain(t, pool, 1); report.Events != 6 {
		t.Errorf("got %+v, want 6 events", report)
	}
	requireWorld(t, pool, oracle(parse(t, all), defaultRules))
}
