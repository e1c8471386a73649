package filter

import (
	"slices"
	"strings"
	"unicode"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// Level is what an attribute is known of.
type Level string

// Every attribute has one level. Asking over events, a session's attribute has the session's value, and so on.
const (
	Profile Level = "profile"
	Session Level = "session"
	Event   Level = "event"
)

// Type is how an attribute's values compare.
type Type string

// The types. Durations are numbers of milliseconds.
const (
	Text     Type = "text"
	Number   Type = "number"
	Time     Type = "time"
	Duration Type = "duration"
)

// Attribute is something known of users, sessions or events.
type Attribute struct {
	ID    string `json:"id"`
	Name  string `json:"name"` // for people
	Level Level  `json:"level"`
	Type  Type   `json:"type"`
	// A user may have several values of it, so that it is no column, facet or measure.
	FilterOnly bool `json:"filterOnly,omitempty"`

	Aliases    []string `json:"-"` // other names in filters, the RUM spelling among them
	Nullable   bool     `json:"-"`
	Dictionary string   `json:"-"` // the kind of text its column refers to; "" where the column holds the value

	column string   // in SQL; "" for custom attributes and those told by the token
	token  string   // condition of footfall.tokens k under which the token tells it, and the column that does
	viewed string   // in SQL, of the page that a session was entered or left at: the page as it is stored
	values []string // where only these are possible
	custom string   // key in the JSON of events or profiles
	table  *Table   // of a connected reference table
}

// IsCountry is true for attributes whose values are country codes.
func (a Attribute) IsCountry() bool { return a.Dictionary == "country" }

// InSentence is the name as it stands within a sentence: "last country", "OS name".
func (a Attribute) InSentence() string {
	first := []rune(a.Name)
	if a.IsCustom() || len(first) > 1 && unicode.IsUpper(first[1]) {
		return a.Name
	}
	return strings.ToLower(string(first[:1])) + string(first[1:])
}

// IsCustom is true for attributes that are named by whoever sends them or uploads a table, not by Footfall.
func (a Attribute) IsCustom() bool { return a.custom != "" }

// OfUsers is true for attributes of table users, alias u.
func (a Attribute) OfUsers() bool { return strings.HasPrefix(a.column, "u.") || a.table != nil }

// Possible lists the only values there can be, nil where there may be others.
func (a Attribute) Possible() []string { return slices.Clone(a.values) }

// builtIn are the attributes that every store has, in the order in which they are shown.
var builtIn = slices.Concat(profileAttributes(), sessionAttributes(), eventAttributes())

// membership is the attribute whose values are the segments that a user belongs to.
var membership = Attribute{ID: "segment", Name: "Segment", Level: Profile, Type: Text, Nullable: true, FilterOnly: true}

func profileAttributes() []Attribute {
	list := []Attribute{
		{ID: "user_id", Name: "User ID", Type: Text, Aliases: []string{"usr.id"}, column: "u.id"},
		{ID: "user_name", Name: "User name", Type: Text, Aliases: []string{"usr.name"}, column: "u.name", Nullable: true},
		{ID: "user_email", Name: "User email", Type: Text, Aliases: []string{"usr.email"}, column: "u.email", Nullable: true},
		{ID: "first_seen", Name: "First seen", Type: Time, column: "p.first_seen"},
		{ID: "last_seen", Name: "Last seen", Type: Time, column: "p.last_seen"},
	}
	for _, when := range []string{"first", "last"} {
		for _, of := range event.SessionTexts {
			list = append(list, Attribute{
				ID:         when + "_" + of.ID,
				Name:       upperFirst(when) + " " + of.Name,
				Type:       Text,
				column:     "p." + when + "_" + of.ID,
				Dictionary: of.ID,
				Nullable:   true,
			})
		}
	}
	for _, id := range []string{"sessions", "views", "actions", "errors", "frustrations", "events"} {
		list = append(list, Attribute{ID: id, Name: upperFirst(id), Type: Number, column: "p." + id})
	}
	return withLevel(Profile, list)
}

func sessionAttributes() []Attribute {
	list := []Attribute{
		{ID: "session_id", Name: "Session ID", Type: Text, Aliases: []string{"session.id"}, column: "s.session_id", Nullable: true},
		{ID: "session_start", Name: "Session start", Type: Time, column: "s.start_ts"},
		{
			ID: "session_duration", Name: "Session duration", Type: Duration, Aliases: []string{"session.time_spent"},
			column: "(extract(epoch from s.end_ts - s.start_ts) * 1000)",
		},
	}
	for _, of := range event.SessionTexts {
		list = append(list, Attribute{
			ID: of.ID, Name: upperFirst(of.Name), Type: Text, Aliases: append([]string{of.Field}, of.Short...),
			column: "s." + of.ID, Dictionary: of.ID, Nullable: true,
		})
	}
	for _, of := range []struct{ id, name, alias, viewed string }{
		{"entry_page", "Entry page", "session.initial_view.url_path", firstViewed},
		{"exit_page", "Exit page", "session.last_view.url_path", lastViewed},
	} {
		list = append(list, Attribute{
			ID: of.id, Name: of.name, Type: Text, Aliases: []string{of.alias, of.alias + "_group"},
			column: shown(of.viewed), viewed: of.viewed, Dictionary: "page", Nullable: true,
		})
	}
	for _, id := range []string{"events", "views", "actions", "errors", "frustrations"} {
		list = append(list, Attribute{
			ID: "session_" + id, Name: "Session " + id, Type: Number, column: "s." + id,
			Aliases: []string{"session." + strings.TrimSuffix(id, "s") + ".count"},
		})
	}
	return withLevel(Session, list)
}

// eventTypes and frustrationTypes are the only values of these attributes.
var (
	eventTypes       = []string{"view", "action", "error", "resource", "long_task", "custom"}
	frustrationTypes = []string{"rage_click", "dead_click", "error_click", "rage_tap", "error_tap"}
)

func eventAttributes() []Attribute {
	return withLevel(Event, []Attribute{
		{ID: "type", Name: "Event type", Type: Text, token: "type", values: eventTypes},
		{
			ID: "page", Name: "Page", Type: Text, Dictionary: "page", Nullable: true, token: "page",
			Aliases: []string{"view.url_path", "view.url_path_group"},
		},
		{ID: "path", Name: "Path", Type: Text, column: pathOf, Nullable: true},
		{ID: "view_name", Name: "View name", Type: Text, Aliases: []string{"view.name"}, column: "e.view_name", Dictionary: "view_name", Nullable: true},
		{
			ID: "action", Name: "Action", Type: Text, Dictionary: "action_name", Nullable: true, token: "action",
			Aliases: []string{"action.name", "action_name"},
		},
		{ID: "action_type", Name: "Action type", Type: Text, Aliases: []string{"action.type"}, column: "e.action_type", Dictionary: "action_type", Nullable: true},
		{
			ID: "action_target", Name: "Action target", Type: Text, column: "e.action_target", Dictionary: "action_target",
			Nullable: true, Aliases: []string{"action.target.name"},
		},
		{ID: "error", Name: "Error", Type: Text, Dictionary: "error_type", Nullable: true, token: "error", Aliases: []string{"error.type"}},
		{ID: "error_message", Name: "Error message", Type: Text, Aliases: []string{"error.message"}, column: "e.error_message", Nullable: true},
		{
			ID: "frustration", Name: "Frustration", Type: Text, Nullable: true, token: "frustration", values: frustrationTypes,
			Aliases: []string{"action.frustration.type"},
		},
		{ID: "duration", Name: "Duration", Type: Duration, column: "e.duration", Nullable: true},
		{ID: "time", Name: "Time", Type: Time, Aliases: []string{"ts"}, column: "e.ts"},
	})
}

func withLevel(level Level, list []Attribute) []Attribute {
	for i := range list {
		list[i].Level = level
	}
	return list
}

func upperFirst(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// BuiltIn lists the attributes of a level that every store has.
func BuiltIn(level Level) []Attribute {
	var list []Attribute
	for _, a := range builtIn {
		if a.Level == level {
			list = append(list, a)
		}
	}
	return list
}
