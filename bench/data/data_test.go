package data

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

func all(o Options) []event.Row {
	var rows []event.Row
	for row := range Rows(o) {
		rows = append(rows, *row)
	}
	return rows
}

func TestSameOptionsSameEvents(t *testing.T) {
	o := Options{Events: 5_000, Seed: 7}
	require.Equal(t, all(o), all(o))
	require.NotEqual(t, all(o)[0], all(Options{Events: 5_000, Seed: 8})[0])
}

// The events are what the benchmark says they are.
func TestEvents(t *testing.T) {
	rows := all(Options{Events: 100_000, Seed: 1})
	require.InEpsilon(t, 100_000, len(rows), 0.02)
	sessions, pages, users, seconds := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	kinds := map[string]int{}
	for i, row := range rows {
		e, rejection := event.Parse(&row, To)
		require.Nil(t, rejection, "%+v", row)
		require.Empty(t, e.Flaws)
		require.True(t, i == 0 || rows[i-1].TS <= row.TS, "in order")
		sessions[row.SessionID]++
		pages[row.ViewPath]++
		users[row.UserID]++
		seconds[row.SessionID+row.TS]++
		kinds[row.Type]++
		if row.UserID == "" {
			kinds["anonymous"]++
		}
	}
	lengths := slices.Sorted(values(sessions))
	t.Logf("%d rows, %d sessions, %d users, %d pages, %v", len(rows), len(sessions), len(users), len(pages), kinds)
	t.Logf("sessions: median %d, p95 %d, max %d; pages: %v", lengths[len(lengths)/2], lengths[len(lengths)*95/100],
		lengths[len(lengths)-1], slices.Sorted(values(pages))[len(pages)-12:])
	require.Equal(t, 1, lengths[0])
	require.Greater(t, lengths[len(lengths)-1], 400)
	require.Greater(t, len(pages), 500)
	require.Less(t, len(seconds), len(rows)*19/20, "events tie")
	require.Greater(t, users["user-0"], 50*len(rows)/len(users), "a bot")
}

// What comes in live goes on where the others end: new sessions of the same people, many at a time, at the rate that is asked for.
func TestLive(t *testing.T) {
	o := Options{Events: 5_000, Seed: 7}
	before, users := map[string]bool{}, map[string]bool{}
	for _, row := range all(o) {
		before[row.SessionID], before[row.ID], users[row.UserID] = true, true, true
	}
	second, known, rows, sessions := To, 0, 0, map[string]int{}
	for live := range Live(o, 50) {
		require.GreaterOrEqual(t, len(live), 50)
		require.Less(t, len(live), 200)
		for _, row := range live {
			_, rejection := event.Parse(&row, To)
			require.Nil(t, rejection, "%+v", row)
			require.Equal(t, strconv.FormatInt(second.Unix(), 10), row.TS)
			require.False(t, before[row.SessionID] || before[row.ID], "it is new")
			before[row.ID] = true
			if sessions[row.SessionID]++; users[row.UserID] {
				known++
			}
		}
		if rows, second = rows+len(live), second.Add(time.Second); second.Sub(To) == time.Minute {
			break
		}
	}
	require.Greater(t, known, rows/4)
	require.Greater(t, len(sessions), rows/10)
	require.Less(t, len(sessions), rows*9/10, "some go on")
}

func values(counts map[string]int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for _, n := range counts {
			if !yield(n) {
				return
			}
		}
	}
}
