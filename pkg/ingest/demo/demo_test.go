package demo

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

var until = time.Date(2026, 5, 17, 10, 0, 0, 0, time.UTC)

func all(o Options) []event.Row {
	var rows []event.Row
	for visitor := range Visitors(o) {
		for row := range visitor {
			rows = append(rows, *row)
		}
	}
	return rows
}

func TestEveryEventKeepsTheRules(t *testing.T) {
	ids := map[string]bool{}
	for _, row := range all(Options{Users: 300, Days: 30, Seed: 1, Until: until}) {
		e, rejection := event.Parse(&row, until)
		require.Nil(t, rejection, "%+v", row)
		require.False(t, ids[row.ID], "%s is the id of two events", row.ID)
		ids[row.ID] = true
		require.False(t, time.UnixMilli(e.TS).After(until))
		require.False(t, time.UnixMilli(e.TS).Before(until.AddDate(0, 0, -30)))
	}
}

func TestSameOptionsSameEvents(t *testing.T) {
	o := Options{Users: 50, Days: 10, Seed: 7, Until: until}
	require.Equal(t, all(o), all(o))
	other := o
	other.Seed = 8
	require.NotEqual(t, all(o)[0], all(other)[0])
}

func TestLaterTheSameDayOnlyAdds(t *testing.T) {
	o := Options{Users: 200, Days: 10, Seed: 1, Until: until}
	later := o
	later.Until = until.Add(5 * time.Hour)
	before, after := all(o), map[string]event.Row{}
	for _, row := range all(later) {
		after[row.ID] = row
	}
	require.Greater(t, len(after), len(before))
	for _, row := range before {
		require.Equal(t, row, after[row.ID])
	}
}

// TestShop checks that the shop has what the questions of the product are about.
func TestShop(t *testing.T) {
	users, sessions, anonymous, reported := map[string]bool{}, map[string]bool{}, map[string]bool{}, 0
	named := map[string]bool{}   // sessions with an event of a user
	unnamed := map[string]bool{} // sessions with an event without one
	pages, clicks, errors := map[string]int{}, map[string]int{}, map[string]int{}
	for _, row := range all(Options{Users: 500, Days: 30, Seed: 1, Until: until}) {
		sessions[row.SessionID] = true
		if row.UserID == "" {
			anonymous[row.AnonymousID], unnamed[row.SessionID] = true, true
		} else {
			users[row.UserID], named[row.SessionID] = true, true
		}
		if row.Frustration != "" {
			reported++
		}
		switch row.Type {
		case "view":
			pages[row.ViewName]++
		case "action":
			clicks[row.ActionName]++
		case "error":
			errors[row.ErrorType]++
		}
	}
	loggedInLater := 0
	for session := range unnamed {
		if named[session] {
			loggedInLater++
		}
	}
	t.Logf("%d users, %d anonymous ids, %d sessions, %v, %v, %v", len(users), len(anonymous), len(sessions), pages, clicks, errors)
	require.InDelta(t, 500, len(users), 5)
	require.Greater(t, len(anonymous), 150)
	require.Greater(t, loggedInLater, 200)
	require.Greater(t, reported, 5)
	require.Greater(t, pages["Cart"], pages["Checkout"])
	require.Greater(t, pages["Checkout"], pages["Order confirmation"])
	require.Greater(t, pages["Order confirmation"], 50)
	require.Greater(t, clicks["click on CHECKOUT"], 100)
	require.Greater(t, errors["PaymentDeclined"], 5)
}

func TestLoad(t *testing.T) {
	pool := testdb.New(t)
	o := Options{Users: 100, Days: 10, Seed: 1, Until: until}
	var toldUsers int
	var toldEvents int64
	sent, err := Load(context.Background(), pool, o, func(users int, events int64) { toldUsers, toldEvents = users, events })
	require.NoError(t, err)
	require.EqualValues(t, len(all(o)), sent)
	require.Equal(t, sent, toldEvents)
	require.Equal(t, 100, toldUsers)
	var stored, distinct int64
	err = pool.QueryRow(context.Background(), `select count(*), count(distinct event_id) from footfall.inbox`).Scan(&stored, &distinct)
	require.NoError(t, err)
	require.Equal(t, sent, stored)
	require.Equal(t, sent, distinct)
}
