// Package event is the one place that knows what an event may look like: its fields, their limits, its identity.
package event

import "time"

// Row is an event as it stands in the inbox: text as sent, empty where nothing was sent.
type Row struct {
	TS, Seq, ID, Type                                          string
	UserID, UserName, UserEmail, AnonymousID                   string
	SessionID, ApplicationID                                   string
	ViewID, ViewPath, ViewName                                 string
	ActionType, ActionName, ActionTarget                       string
	ErrorType, ErrorMessage                                    string
	Frustration, Duration                                      string
	Country, Region, City                                      string
	DeviceType, OSName, OSVersion, BrowserName, BrowserVersion string
	Attributes                                                 string // a JSON object
	Source                                                     string // where the row came from, e.g. "shop.csv:123"
	ReceivedAt                                                 time.Time
	Import                                                     int32 // id of the import that brought it, 0 for other writers
}

// Limits in bytes.
const (
	maxID         = 512
	maxName       = 1024
	maxMessage    = 8192
	maxAttributes = 65536

	maxAttributesRead = 16 << 20 // a longer object is left out unread
)

// Field is one field of an event.
type Field struct {
	Name   string // the RUM spelling, e.g. "usr.id"
	Column string // of footfall.inbox
	Max    int    // longest value in bytes
	Of     func(*Row) *string

	Rejects bool // a value that breaks a rule rejects the event; without, the value is left out or cut
	Cut     bool // a value that is too long is cut, since its first part says something
}

// Fields lists every field in the order of the inbox's columns.
var Fields = []Field{
	{"ts", "ts", 64, func(r *Row) *string { return &r.TS }, true, false},
	{"seq", "seq", 32, func(r *Row) *string { return &r.Seq }, false, false},
	{"event.id", "event_id", maxID, func(r *Row) *string { return &r.ID }, true, false},
	{"type", "type", 32, func(r *Row) *string { return &r.Type }, true, false},
	{"usr.id", "usr_id", maxID, func(r *Row) *string { return &r.UserID }, true, false},
	{"usr.name", "usr_name", maxName, func(r *Row) *string { return &r.UserName }, false, true},
	{"usr.email", "usr_email", maxName, func(r *Row) *string { return &r.UserEmail }, false, true},
	{"usr.anonymous_id", "usr_anonymous_id", maxID, func(r *Row) *string { return &r.AnonymousID }, true, false},
	{"session.id", "session_id", maxID, func(r *Row) *string { return &r.SessionID }, true, false},
	{"application.id", "application_id", maxID, func(r *Row) *string { return &r.ApplicationID }, true, false},
	{"view.id", "view_id", maxID, func(r *Row) *string { return &r.ViewID }, true, false},
	{"view.url_path", "view_url_path", maxMessage, func(r *Row) *string { return &r.ViewPath }, false, true},
	{"view.name", "view_name", maxName, func(r *Row) *string { return &r.ViewName }, false, true},
	{"action.type", "action_type", maxName, func(r *Row) *string { return &r.ActionType }, false, true},
	{"action.name", "action_name", maxName, func(r *Row) *string { return &r.ActionName }, false, true},
	{"action.target.name", "action_target_name", maxName, func(r *Row) *string { return &r.ActionTarget }, false, true},
	{"error.type", "error_type", maxName, func(r *Row) *string { return &r.ErrorType }, false, true},
	{"error.message", "error_message", maxMessage, func(r *Row) *string { return &r.ErrorMessage }, false, true},
	{"action.frustration.type", "action_frustration_type", maxName, func(r *Row) *string { return &r.Frustration }, false, false},
	{"duration", "duration", 64, func(r *Row) *string { return &r.Duration }, false, false},
	{"geo.country_iso_code", "geo_country_iso_code", maxName, func(r *Row) *string { return &r.Country }, false, false},
	{"geo.country_subdivision", "geo_country_subdivision", maxName, func(r *Row) *string { return &r.Region }, false, true},
	{"geo.city", "geo_city", maxName, func(r *Row) *string { return &r.City }, false, true},
	{"device.type", "device_type", maxName, func(r *Row) *string { return &r.DeviceType }, false, true},
	{"os.name", "os_name", maxName, func(r *Row) *string { return &r.OSName }, false, true},
	{"os.version", "os_version", maxName, func(r *Row) *string { return &r.OSVersion }, false, true},
	{"browser.name", "browser_name", maxName, func(r *Row) *string { return &r.BrowserName }, false, true},
	{"browser.version", "browser_version", maxName, func(r *Row) *string { return &r.BrowserVersion }, false, true},
}

// AttributesField and AttributesColumn name what is not in Fields: the JSON object of everything else.
const (
	AttributesField  = "attributes"
	AttributesColumn = "attributes"
	SourceColumn     = "source"
	ImportColumn     = "import_id" // of the inbox and of events
)
