package questions

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/country"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
)

// DrawContext is a dashboard that shows a part of history.Rows.
func DrawContext(t *rapid.T) query.Context {
	c := Context()
	c.From = history.Origin.Add(time.Duration(rapid.IntRange(-24, 60*24).Draw(t, "from")) * time.Hour)
	c.To = c.From.Add(time.Duration(rapid.OneOf(rapid.IntRange(1, 48), rapid.IntRange(48, 60*24)).Draw(t, "hours")) * time.Hour)
	return c
}

// DrawFilter is a filter in text, mostly none.
func DrawFilter(t *rapid.T, has bool) string {
	if rapid.IntRange(0, 2).Draw(t, "filtered") != 0 {
		return ""
	}
	return filter.String(history.Filter(t, has, filter.Profile, filter.Session, filter.Event))
}

// Parse reads a filter that is right.
func Parse(t require.TestingT, text string) filter.Node {
	n, err := filter.Parse(text)
	require.NoError(t, err)
	return n
}

// DrawPerson is one of history.Rows, or nobody, or everybody.
func DrawPerson(t *rapid.T) query.Person {
	if rapid.Bool().Draw(t, "everybody") {
		return query.Person{}
	}
	if rapid.IntRange(0, 3).Draw(t, "anonymous") == 0 {
		return query.Person{User: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "anonymous id"), Anonymous: true}
	}
	return query.Person{User: rapid.SampledFrom([]string{"ann", "bob", "żółw'\"\\", "nobody"}).Draw(t, "user")}
}

// Is tells whether a user is the one a question is narrowed to, if it is.
func Is(p query.Person, u *history.User) bool {
	return p.User == "" || u != nil && u.ID == p.User && u.Anonymous == p.Anonymous
}

// CountsAsUser tells whether a user counts as one.
func CountsAsUser(u *history.User, includeAnonymous bool) bool {
	return u != nil && (includeAnonymous || !u.Anonymous)
}

// InRange tells whether milliseconds since 1970 are in the dashboard's range.
func InRange(c query.Context, ms int64) bool {
	return ms >= c.From.UnixMilli() && ms < c.To.UnixMilli()
}

// SelectedEvents are the events of a range that a filter selects, the latest first.
func SelectedEvents(c query.Context, world history.World, n filter.Node) []*history.Event {
	var list []*history.Event
	for _, e := range slices.Backward(world.Events) {
		if InRange(c, e.TS) && Matcher(c).Event(n, e) {
			list = append(list, e)
		}
	}
	return list
}

// UserKeys are the keys that users were given; they say who was stored first.
func UserKeys(t require.TestingT, db *pgxpool.Pool) map[string]int {
	keys := map[string]int{}
	rows, err := db.Query(context.Background(), `select kind = 'anonymous', id, key from footfall.users where kind <> 'none'`)
	require.NoError(t, err)
	for rows.Next() {
		var anonymous bool
		var id string
		var key int
		require.NoError(t, rows.Scan(&anonymous, &id, &key))
		keys[fmt.Sprint(anonymous, id)] = key
	}
	require.NoError(t, rows.Err())
	return keys
}

// KeyOf is the store's key of a user, 0 of nobody.
func KeyOf(keys map[string]int, u *history.User) int {
	if u == nil {
		return 0
	}
	return keys[fmt.Sprint(u.Anonymous, u.ID)]
}

// AsField is a value as a frame's field has it.
func AsField(value any) any {
	switch value := value.(type) {
	case float64:
		return int64(value)
	case string:
		if value == "" {
			return nil
		}
	}
	return value
}

// Compare has missing ones last in both directions, and countries by their names.
func Compare(sort query.Sort, x, y any) int {
	if x == nil || y == nil {
		return cmp.Compare(Number(x == nil), Number(y == nil))
	}
	var order int
	switch x := x.(type) {
	case int64:
		order = cmp.Compare(x, y.(int64))
	case float64:
		order = cmp.Compare(x, y.(float64))
	case time.Time:
		order = x.Compare(y.(time.Time))
	case string:
		order = cmp.Compare(x, y.(string))
		if strings.HasSuffix(sort.Column, "country") {
			order = cmp.Compare(country.Name(x), country.Name(y.(string)))
		}
	}
	if sort.Descending {
		return -order
	}
	return order
}

// Median is nil of nothing.
func Median(list []int64) any {
	if len(list) == 0 {
		return nil
	}
	slices.Sort(list)
	n := len(list)
	return float64(list[(n-1)/2]+list[n/2]) / 2
}

// Number is 1 or 0.
func Number(b bool) int {
	if b {
		return 1
	}
	return 0
}
