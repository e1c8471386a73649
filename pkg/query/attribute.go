package query

import (
	"fmt"
	"strings"
)

// Type is how an attribute's values compare.
type Type string

const (
	Text   Type = "text"
	Number Type = "number"
	Time   Type = "time"
)

// Attribute is something known of every user.
type Attribute struct {
	ID   string `json:"id"`
	Name string `json:"name"` // for people
	Type Type   `json:"type"`

	column     string // of profiles p or users u; "" for custom attributes
	dictionary string // the kind of text the column refers to; "" where the column holds the value
	nullable   bool
}

// customPrefix starts the ids of attributes that are keys of profiles.attributes.
const customPrefix = "usr."

const maxCustomID = 256

func (a Attribute) isCustom() bool  { return a.column == "" }
func (a Attribute) isCountry() bool { return a.dictionary == "country" }

// ofUsers is true for attributes in table users.
func (a Attribute) ofUsers() bool { return strings.HasPrefix(a.column, "u.") }

// expression is the attribute in SQL: its value, or for texts of the dictionary the text's id.
func (a Attribute) expression(params *parameters) string {
	if a.isCustom() {
		return fmt.Sprintf("(p.attributes ->> %s)", params.add(a.ID))
	}
	return a.column
}

// builtIn are the attributes every store has, in the order tables show them.
var builtIn = func() []Attribute {
	list := []Attribute{
		{ID: "user_id", Name: "User ID", Type: Text, column: "u.id"},
		{ID: "user_name", Name: "User name", Type: Text, column: "u.name", nullable: true},
		{ID: "user_email", Name: "User email", Type: Text, column: "u.email", nullable: true},
		{ID: "first_seen", Name: "First seen", Type: Time, column: "p.first_seen"},
		{ID: "last_seen", Name: "Last seen", Type: Time, column: "p.last_seen"},
	}
	for _, when := range []string{"first", "last"} {
		for _, of := range []struct{ id, name string }{
			{"application", "application"},
			{"country", "country"},
			{"region", "region"},
			{"city", "city"},
			{"device_type", "device type"},
			{"os_name", "OS name"},
			{"os_version", "OS version"},
			{"browser_name", "browser name"},
			{"browser_version", "browser version"},
		} {
			list = append(list, Attribute{
				ID:         when + "_" + of.id,
				Name:       strings.ToUpper(when[:1]) + when[1:] + " " + of.name,
				Type:       Text,
				column:     "p." + when + "_" + of.id,
				dictionary: of.id,
				nullable:   true,
			})
		}
	}
	for _, id := range []string{"sessions", "views", "actions", "errors", "frustrations", "events"} {
		list = append(list, Attribute{ID: id, Name: strings.ToUpper(id[:1]) + id[1:], Type: Number, column: "p." + id})
	}
	return list
}()

// find returns the attribute of an id; field names the option that asks for it.
func find(id, field string) (Attribute, error) {
	for _, a := range builtIn {
		if a.ID == id {
			return a, nil
		}
	}
	if name, ok := strings.CutPrefix(id, customPrefix); ok && name != "" {
		if len(id) > maxCustomID {
			return Attribute{}, invalid(field, "is longer than %d bytes", maxCustomID)
		}
		return Attribute{ID: id, Name: id, Type: Text, nullable: true}, checkText(id, field)
	}
	return Attribute{}, invalid(field, "names no attribute: %q; there are %s and %s<name>", id, builtInIDs(), customPrefix)
}

func builtInIDs() string {
	var ids []string
	for _, a := range builtIn {
		ids = append(ids, a.ID)
	}
	return strings.Join(ids, ", ")
}
