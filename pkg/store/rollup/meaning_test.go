package rollup_test

import (
	"fmt"
	"testing"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// A writer that sends no ids and spells one event in several ways has sent one, with one payload: wherever the copies meet,
// and also where what they say of their user is kept with the event, since somebody else has filled the cap.
func TestSpellingsOfOneEventAreOne(t *testing.T) {
	pool := testdb.New(t)
	click := event.Row{Type: "action", UserID: "ann", SessionID: "s", ActionType: "click", ActionName: "buy", Seq: "7"}
	spelled := func(ts, duration, country, frustration, attributes string) event.Row {
		r := click
		r.TS, r.Duration, r.Country, r.Frustration, r.Attributes = ts, duration, country, frustration, attributes
		return r
	}
	spellings := []event.Row{
		spelled("1747476303000", "12.50", "de", "rage_click", `{"usr.age":30,"price":1.50,"of":{"a":1,"at":"2025-05-17 10:00:00"}}`),
		spelled("2025-05-17 10:05:03", "1.25e1", "Germany", `["rage_click"]`, `{ "of": {"at": "2025-05-17T10:00:00Z", "a": 1.0}, "price": 1.5, "usr.age": 30.0, "none": null }`),
		spelled("2025-05-17T12:05:03.0004+02:00", "12.5", " DEU ", "rage_click", `{"price":"1.50","usr.age":"30","of":{"a":1,"at":"2025-05-17T12:00:00+02:00"}}`),
	}
	filler := event.Row{TS: "2025-05-17", Type: "view", UserID: "bob", Attributes: `{"usr.age":1}`}
	for _, batch := range []int{1, 2, 100} {
		for _, traits := range []int{1000, 1} {
			t.Run(fmt.Sprint(batch, " ", traits), func(t *testing.T) {
				testdb.Clear(t, pool)
				limit(t, pool, "traits_cap", traits)
				insert(t, pool, []event.Row{filler})
				drain(t, pool, batch)
				insert(t, pool, spellings)
				if report := drain(t, pool, batch); report.Events != 1 || report.Duplicates != 2 || report.Conflicts != 0 {
					t.Errorf("got %+v, want one event and no conflicts", report)
				}
				one, other := click, click
				one.TS, one.ID, one.Attributes = "2025-05-18", "x", `{"usr.age":31}`
				other.TS, other.ID, other.Attributes = "2025-05-18", "x", `{"usr.age":32}`
				insert(t, pool, []event.Row{one, other})
				if report := drain(t, pool, batch); report.Events != 1 || report.Duplicates != 1 || report.Conflicts != 1 {
					t.Errorf("got %+v, want one event, and one in conflict", report)
				}
			})
		}
	}
}
