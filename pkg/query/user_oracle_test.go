package query

import (
	"slices"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
)

// drawContext is a dashboard that shows a part of history.Rows.
func drawContext(t *rapid.T) Context {
	c := testContext()
	c.From = history.Origin.Add(time.Duration(rapid.IntRange(-24, 60*24).Draw(t, "from")) * time.Hour)
	c.To = c.From.Add(time.Duration(rapid.OneOf(rapid.IntRange(1, 48), rapid.IntRange(48, 60*24)).Draw(t, "hours")) * time.Hour)
	return c
}

// drawFilter is a filter in text, mostly none.
func drawFilter(t *rapid.T, has bool) string {
	if rapid.IntRange(0, 2).Draw(t, "filtered") != 0 {
		return ""
	}
	return filter.String(history.Filter(t, has, filter.Profile, filter.Session, filter.Event))
}

func parse(t require.TestingT, text string) filter.Node {
	n, err := filter.Parse(text)
	require.NoError(t, err)
	return n
}

func drawPerson(t *rapid.T) Person {
	if rapid.Bool().Draw(t, "everybody") {
		return Person{}
	}
	if rapid.IntRange(0, 3).Draw(t, "anonymous") == 0 {
		return Person{User: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "anonymous id"), Anonymous: true}
	}
	return Person{User: rapid.SampledFrom([]string{"ann", "bob", "żółw'\"\\", "nobody"}).Draw(t, "user")}
}

// personIs tells whether a user is the one a question is narrowed to, if it is.
func personIs(p Person, u *history.User) bool {
	return p.User == "" || u != nil && u.ID == p.User && u.Anonymous == p.Anonymous
}

// countsAsUser tells whether a user counts as one.
func countsAsUser(u *history.User, includeAnonymous bool) bool {
	return u != nil && (includeAnonymous || !u.Anonymous)
}

// selectedEvents are the events of a range that a filter selects, the latest first.
func selectedEvents(c Context, world history.World, n filter.Node) []*history.Event {
	var list []*history.Event
	for _, e := range slices.Backward(world.Events) {
		if inRange(c, e.TS) && matcher(c).Event(n, e) {
			list = append(list, e)
		}
	}
	return list
}
