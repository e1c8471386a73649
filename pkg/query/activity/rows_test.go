package activity

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
)

func startsInRange(c query.Context, s *history.Session) bool { return questions.InRange(c, s.Start()) }

// textOrNil is a text as a frame has it.
func textOrNil(text any) any {
	if text == nil || text == "" {
		return nil
	}
	return text
}

func userValue(u *history.User, id string) any {
	if u == nil {
		return nil
	}
	return textOrNil(u.Value(id))
}

// sessionRow is a session as sessions lists it, by column.
func sessionRow(s *history.Session) map[string]any {
	row := map[string]any{
		"session_start": time.UnixMilli(s.Start()).UTC(), "duration": float64(s.End() - s.Start()),
		"user_id": userValue(s.User, "user_id"), "user_name": userValue(s.User, "user_name"), "session_id": textOrNil(s.ID),
	}
	if row["user_kind"] = nil; s.User != nil {
		row["user_kind"] = map[bool]string{false: "usr", true: "anonymous"}[s.User.Anonymous]
	}
	for _, id := range []string{"application", "device_type", "os_name", "browser_name", "country", "city"} {
		row[id] = textOrNil(s.Value(id))
	}
	for _, id := range []string{"events", "views", "actions", "errors", "frustrations"} {
		row[id] = int64(s.Count(id))
	}
	for _, id := range []string{"entry_page", "exit_page"} {
		row[id] = textOrNil(s.Value(id))
	}
	return row
}

// eventRow is an event as events and session list it, by column.
func eventRow(e *history.Event) map[string]any {
	row := map[string]any{
		"time": time.UnixMilli(e.TS).UTC(), "type": string(e.Type), "page": textOrNil(e.Value("page")), "path": textOrNil(e.Path),
		"name": eventName(e), "action_type": textOrNil(e.ActionType), "target": textOrNil(e.ActionTarget),
		"error_message": textOrNil(e.ErrorMessage), "frustration": frustrations(e), "duration": e.Value("duration"),
		"user_id": userValue(e.User, "user_id"), "user_name": userValue(e.User, "user_name"),
		"offset": nil, "session_id": nil, "application": nil, "country": nil, "device_type": nil,
	}
	if e.Session != nil {
		row["offset"] = float64(e.TS - e.Session.Start())
		row["session_id"] = textOrNil(e.Session.ID)
		for _, id := range []string{"application", "country", "device_type"} {
			row[id] = textOrNil(e.Session.Value(id))
		}
	}
	return row
}

func eventName(e *history.Event) any {
	switch e.Type {
	case event.View:
		return textOrNil(e.ViewName)
	case event.Action:
		return textOrNil(e.ActionName)
	case event.Error:
		return textOrNil(e.ErrorType)
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
	return textOrNil(strings.Join(names, ","))
}

// requireRows compares a frame with the rows it must have, by the columns in list.
func requireRows[T any](t require.TestingT, frame *data.Frame, list []sqlColumn, wanted []T, row func(T) map[string]any) {
	for _, c := range list {
		values := []any{}
		for _, w := range wanted {
			values = append(values, row(w)[c.ID])
		}
		require.Equal(t, values, questions.Values(t, frame, c.ID), c.ID)
	}
}
