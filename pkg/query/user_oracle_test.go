package query

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store/event"
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

func startsInRange(c Context, s *history.Session) bool { return inRange(c, s.Start()) }

// segmentOrNil is a text as a frame has it.
func segmentOrNil(text any) any {
	if text == nil || text == "" {
		return nil
	}
	return text
}

func userValue(u *history.User, id string) any {
	if u == nil {
		return nil
	}
	return segmentOrNil(u.Value(id))
}

// sessionRow is a session as sessions lists it, by column.
func sessionRow(s *history.Session) map[string]any {
	row := map[string]any{
		"session_start": time.UnixMilli(s.Start()).UTC(), "duration": float64(s.End() - s.Start()),
		"user_id": userValue(s.User, "user_id"), "user_name": userValue(s.User, "user_name"), "session_id": segmentOrNil(s.ID),
	}
	for _, id := range []string{"application", "device_type", "os_name", "browser_name", "country", "city"} {
		row[id] = segmentOrNil(s.Value(id))
	}
	for _, id := range []string{"events", "views", "actions", "errors", "frustrations"} {
		row[id] = int64(s.Count(id))
	}
	return row
}

// eventRow is an event as events and session list it, by column.
func eventRow(e *history.Event) map[string]any {
	row := map[string]any{
		"time": time.UnixMilli(e.TS).UTC(), "type": string(e.Type), "page": segmentOrNil(e.Value("page")), "path": segmentOrNil(e.Path),
		"name": eventName(e), "action_type": segmentOrNil(e.ActionType), "target": segmentOrNil(e.ActionTarget),
		"error_message": segmentOrNil(e.ErrorMessage), "frustration": frustrations(e), "duration": e.Value("duration"),
		"user_id": userValue(e.User, "user_id"), "user_name": userValue(e.User, "user_name"),
		"offset": nil, "session_id": nil, "application": nil, "country": nil, "device_type": nil,
	}
	if e.Session != nil {
		row["offset"] = float64(e.TS - e.Session.Start())
		row["session_id"] = segmentOrNil(e.Session.ID)
		for _, id := range []string{"application", "country", "device_type"} {
			row[id] = segmentOrNil(e.Session.Value(id))
		}
	}
	return row
}

func eventName(e *history.Event) any {
	switch e.Type {
	case event.View:
		return segmentOrNil(e.ViewName)
	case event.Action:
		return segmentOrNil(e.ActionName)
	case event.Error:
		return segmentOrNil(e.ErrorType)
	}
	return nil
}

func frustrations(e *history.Event) any {
	var names []string
	for name, bit := range event.FrustrationNames {
		if e.Frustration&bit != 0 {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(event.FrustrationNames[a], event.FrustrationNames[b]) })
	return segmentOrNil(strings.Join(names, ","))
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
