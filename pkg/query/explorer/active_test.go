package explorer

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestActiveUsersAnswersAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t), history.PageGroups(t)...)
		for range 6 {
			c, q := drawExplorerContext(t), NewActiveUsers()
			q.Filter, q.IncludeAnonymous = questions.DrawFilter(t, true), rapid.Bool().Draw(t, "anonymous")
			q.Whole = rapid.Bool().Draw(t, "whole")
			requireActive(t, reader, c, q, world)
		}
	})
}

const dateOnly = "2006-01-02"

// requireActive counts the dates of each user's sessions, by their names in the query's zone.
func requireActive(t *rapid.T, db *pgxpool.Pool, c query.Context, q *ActiveUsers, world history.World) {
	n, m := questions.Parse(t, q.Filter), questions.Matcher(c)
	dates := map[*history.User]map[string]bool{}
	for _, s := range world.Sessions {
		if s.User == nil || s.User.Anonymous && !q.IncludeAnonymous || !time.UnixMilli(s.Start()).Before(c.To) || !m.Session(n, s) {
			continue
		}
		if dates[s.User] == nil {
			dates[s.User] = map[string]bool{}
		}
		dates[s.User][time.UnixMilli(s.Start()).In(c.Location).Format(dateOnly)] = true
	}
	var days, active, active7, active28, fresh, returning []any
	first, last := c.From.In(c.Location).Format(dateOnly), c.To.Add(-1).In(c.Location).Format(dateOnly)
	if running := minTime(c.To.Add(time.Millisecond), c.Now).In(c.Location).Format(dateOnly); q.Whole && first < running {
		last = min(last, dayBefore(t, running))
	}
	day, err := time.Parse(dateOnly, first)
	require.NoError(t, err)
	for ; day.Format(dateOnly) <= last; day = day.AddDate(0, 0, 1) {
		within := map[int]int64{}
		isNew := int64(0)
		for user, of := range dates {
			for _, length := range []int{1, 7, 28} {
				for back := range length {
					if of[day.AddDate(0, 0, -back).Format(dateOnly)] {
						within[length]++
						break
					}
				}
			}
			seen := time.UnixMilli(user.Sessions[0].Start()).In(c.Location).Format(dateOnly)
			if seen == day.Format(dateOnly) && of[seen] {
				isNew++
			}
		}
		days = append(days, day.Format(dateOnly))
		active, active7, active28 = append(active, within[1]), append(active7, within[7]), append(active28, within[28])
		fresh, returning = append(fresh, isNew), append(returning, within[1]-isNew)
	}
	frame := questions.AskOne(t, db, c, q)
	shown := []any{}
	for _, at := range questions.Values(t, frame, "time") {
		shown = append(shown, at.(time.Time).In(c.Location).Format(dateOnly))
	}
	require.Equal(t, days, shown)
	require.Equal(t, active, questions.Values(t, frame, "active"))
	require.Equal(t, active7, questions.Values(t, frame, "active7"))
	require.Equal(t, active28, questions.Values(t, frame, "active28"))
	require.Equal(t, fresh, questions.Values(t, frame, "new"))
	require.Equal(t, returning, questions.Values(t, frame, "returning"))
}

func dayBefore(t *rapid.T, date string) string {
	day, err := time.Parse(dateOnly, date)
	require.NoError(t, err)
	return day.AddDate(0, 0, -1).Format(dateOnly)
}

func TestActiveUsersGolden(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	questions.Golden(t, "activeUsers", questions.AskOne(t, db, questions.ShopContext(), &ActiveUsers{Show: []Activity{activeDay, activeNew}}))
}

func TestActiveUsersShowsNoMoreDaysThanThereAreRows(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	c := questions.ShopContext()
	whole := questions.AskOne(t, db, c, NewActiveUsers())
	c.MaxRows = 3
	cut := questions.AskOne(t, db, c, NewActiveUsers())
	for _, field := range []string{"time", "active28", "returning"} {
		all := questions.Values(t, whole, field)
		require.Equal(t, all[len(all)-3:], questions.Values(t, cut, field))
	}
	require.Equal(t, []string{"A time series has at most 3 points: showing the last days of the range"}, questions.Notices(cut))
}

func TestActiveUsersRefusesWrongOptions(t *testing.T) {
	questions.Refused(t, `options.show[1] is "monthly"; it must be active, active7, active28, new or returning`, &ActiveUsers{Show: []Activity{activeDay, "monthly"}})
}
