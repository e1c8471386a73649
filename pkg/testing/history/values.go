package history

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// The values of attributes by id: nil, string, float64 or time.Time. Those of custom attributes are text, as
// PostgreSQL's ->> has it.

// Value is an attribute of the user's profile.
func (u *User) Value(id string) any {
	switch id {
	case "user_id":
		return u.ID
	case "user_name":
		return u.Traits["usr.name"]
	case "user_email":
		return u.Traits["usr.email"]
	case "first_seen":
		return time.UnixMilli(u.Sessions[0].Start()).UTC()
	case "last_seen":
		return time.UnixMilli(u.Events[len(u.Events)-1].TS).UTC()
	case "sessions":
		return float64(len(u.Sessions))
	case "views", "actions", "errors", "frustrations", "events":
		return float64(Count(u.Events, id))
	}
	if of, ok := strings.CutPrefix(id, "first_"); ok {
		return u.Sessions[0].Value(of)
	}
	if of, ok := strings.CutPrefix(id, "last_"); ok {
		return u.Sessions[len(u.Sessions)-1].Value(of)
	}
	return asText(u.Traits[id])
}

// Value is an attribute of the session.
func (s *Session) Value(id string) any {
	switch id {
	case "session_id":
		return s.ID
	case "session_start":
		return time.UnixMilli(s.Start()).UTC()
	case "session_duration":
		return float64(s.End() - s.Start())
	}
	if what, ok := strings.CutPrefix(id, "session_"); ok {
		return float64(s.Count(what))
	}
	c := s.Context()
	for i, name := range []string{
		"application", "country", "region", "city", "device_type", "os_name", "os_version", "browser_name", "browser_version",
	} {
		if name == id {
			return *contextTexts(&c)[i]
		}
	}
	panic("no attribute of sessions " + id)
}

// Value is an attribute of the event itself. Of several frustrations none is told.
func (e *Event) Value(id string) any {
	switch id {
	case "type":
		return string(e.Type)
	case "page":
		return cmp.Or(e.PageGroup, e.Page)
	case "view_name":
		return e.ViewName
	case "action":
		return e.nameIf(event.Action, e.ActionName)
	case "action_type":
		return e.ActionType
	case "action_target":
		return e.ActionTarget
	case "error":
		return e.nameIf(event.Error, e.ErrorType)
	case "error_message":
		return e.ErrorMessage
	case "time":
		return time.UnixMilli(e.TS).UTC()
	case "duration":
		if e.Duration == event.NoDuration {
			return nil
		}
		return e.Duration
	}
	return asText(object(e.Attributes)[strings.TrimPrefix(id, "attributes.")])
}

func (e *Event) nameIf(of event.Type, name string) any {
	if e.Type != of {
		return nil
	}
	return name
}

func asText(value any) any {
	switch value := value.(type) {
	case nil:
		return nil
	case string:
		return value
	case json.Number:
		return value.String()
	case bool:
		return fmt.Sprint(value)
	}
	panic(fmt.Sprintf("the oracle does not know how PostgreSQL writes %v", value))
}
