package rollup_test

import (
	"fmt"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// longSession draws the events of one session id, near enough to each other for frustrations, in any order of arrival.
func longSession(t *rapid.T) []event.Row {
	reports := rapid.SampledFrom([]string{"", "", "", "", "", "", "", "", "", "", "", "", "", "", "dead_click"})
	i := 0
	row := rapid.Custom(func(t *rapid.T) event.Row {
		pick := func(name string, values ...string) string { return rapid.SampledFrom(values).Draw(t, name) }
		i++
		r := event.Row{
			TS: strconv.FormatInt(1_700_000_000_000+rapid.OneOf(rapid.Int64Range(0, 20), rapid.Int64Range(0, 100)).Draw(t, "at")*300, 10),
			ID: fmt.Sprint(i), Seq: pick("seq", "", "1"), Type: pick("type", "view", "action", "action", "action", "error"),
			UserID: pick("user", "", "ann", "ann", "ann", "bob"), SessionID: "s", ViewPath: pick("path", "/a", "/a", "/b"),
			Country: pick("country", "", "", "", "DE", "FR"), DeviceType: pick("device", "", "", "mobile"),
		}
		if r.Type == "action" {
			r.ActionType, r.ActionName, r.Frustration = pick("action", "click", "click", "scroll"), "buy", reports.Draw(t, "reported")
		}
		return r
	})
	return rapid.SliceOfN(row, 5, 80).Draw(t, "rows")
}

// A session beyond the cap on its arrays is not read whole for late events, and is the same all the same.
func TestLateEventsOfTruncatedSessionsEqualOracle(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	r := defaultRules
	r.sessionCap = 4
	use(t, pool, r)
	rapid.Check(t, func(rt *rapid.T) {
		testdb.Clear(t, pool)
		drawSealing(t, rt, pool)
		all := longSession(rt)
		for from := 0; from < len(all); {
			n := rapid.IntRange(1, len(all)-from).Draw(rt, "delivery")
			insert(t, pool, all[from:from+n])
			drain(t, pool, rapid.SampledFrom([]int{1, 3, 1000}).Draw(rt, "batch"))
			from += n
		}
		want := oracle(parse(t, all), r)
		requireWorld(rt, pool, want)
		requireTotals(t, pool, want)
	})
}
