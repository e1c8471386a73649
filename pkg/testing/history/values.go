package history

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// The values of attributes by id: nil, string, float64 or time.Time. Those of custom attributes are text, as they are shown.

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
	return asText(u.Custom(id))
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
	case "entry_page", "exit_page":
		if view := s.viewed(id); view != nil {
			return view.Value("page")
		}
		return ""
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

// viewed is the view whose page is the entry or exit page; nil where there is none.
func (s *Session) viewed(id string) (view *Event) {
	for _, e := range s.Events {
		if e.Type == event.View && e.Page != "" && (view == nil || id == "exit_page") {
			view = e
		}
	}
	return view
}

// Value is an attribute of the event itself. Of several frustrations none is told.
func (e *Event) Value(id string) any {
	switch id {
	case "type":
		return string(e.Type)
	case "page":
		return cmp.Or(e.PageGroup, e.Page)
	case "path":
		return cmp.Or(e.Path, e.Page)
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
	return asText(e.Custom(id))
}

func (e *Event) nameIf(of event.Type, name string) any {
	if e.Type != of {
		return nil
	}
	return name
}

// asText is a JSON value as it is shown: a number in one way only, lists and objects as PostgreSQL writes them.
func asText(value any) any {
	switch value := value.(type) {
	case nil:
		return nil
	case string:
		return value
	case json.Number:
		n, _ := new(big.Rat).SetString(value.String())
		return strings.TrimSuffix(strings.TrimRight(n.FloatString(200), "0"), ".")
	case bool:
		return fmt.Sprint(value)
	}
	return plainJSON(value)
}

// plainJSON writes a value as PostgreSQL's jsonb does: shorter keys first.
func plainJSON(value any) string {
	switch value := value.(type) {
	case []any:
		parts := make([]string, len(value))
		for i, item := range value {
			parts[i] = plainJSON(item)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		keys := slices.SortedFunc(maps.Keys(value), func(a, b string) int {
			return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
		})
		parts := make([]string, len(keys))
		for i, key := range keys {
			parts[i] = plainJSON(key) + ": " + plainJSON(value[key])
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// at is the value of a name in an object: a.b is a value of this name, or b in the object a. nil where there is none.
func at(object map[string]any, name string) any {
	if value := object[name]; value != nil {
		return value
	}
	for i, c := range name {
		inner, isObject := object[name[:i]].(map[string]any)
		if c != '.' || !isObject {
			continue
		}
		if value := at(inner, name[i+1:]); value != nil {
			return value
		}
	}
	return nil
}

// elements are the values of a list, or the one value.
func elements(value any) []any {
	list, isList := value.([]any)
	if !isList {
		list = []any{value}
	}
	return slices.DeleteFunc(slices.Clone(list), func(v any) bool { return v == nil })
}

// Texts are a custom attribute's values as they are shown, each once.
func Texts(value any) []string {
	var texts []string
	for _, v := range elements(value) {
		if text := asText(v).(string); !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// Custom is a custom attribute's JSON value.
func (u *User) Custom(id string) any { return at(u.Traits, id) }

// Custom is a custom attribute's JSON value.
func (e *Event) Custom(id string) any {
	return at(object(e.Attributes), strings.TrimPrefix(id, "attributes."))
}
