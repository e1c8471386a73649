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
)

// Field is one field of an event.
type Field struct {
	Name   string // the RUM spelling, e.g. "usr.id"
	Column string // of footfall.inbox
	Max    int    // longest value in bytes
	Of     func(*Row) *string
}

// Fields lists every field in the order of the inbox's columns.
var Fields = []Field{
	{"ts", "ts", 64, func(r *Row) *string { return &r.TS }},
	{"seq", "seq", 32, func(r *Row) *string { return &r.Seq }},
	{"event.id", "event_id", maxID, func(r *Row) *string { return &r.ID }},
	{"type", "type", 32, func(r *Row) *string { return &r.Type }},
	{"usr.id", "usr_id", maxID, func(r *Row) *string { return &r.UserID }},
	{"usr.name", "usr_name", maxName, func(r *Row) *string { return &r.UserName }},
	{"usr.email", "usr_email", maxName, func(r *Row) *string { return &r.UserEmail }},
	{"usr.anonymous_id", "usr_anonymous_id", maxID, func(r *Row) *string { return &r.AnonymousID }},
	{"session.id", "session_id", maxID, func(r *Row) *string { return &r.SessionID }},
	{"application.id", "application_id", maxID, func(r *Row) *string { return &r.ApplicationID }},
	{"view.id", "view_id", maxID, func(r *Row) *string { return &r.ViewID }},
	{"view.url_path", "view_url_path", maxMessage, func(r *Row) *string { return &r.ViewPath }},
	{"view.name", "view_name", maxName, func(r *Row) *string { return &r.ViewName }},
	{"action.type", "action_type", maxName, func(r *Row) *string { return &r.ActionType }},
	{"action.name", "action_name", maxName, func(r *Row) *string { return &r.ActionName }},
	{"action.target.name", "action_target_name", maxName, func(r *Row) *string { return &r.ActionTarget }},
	{"error.type", "error_type", maxName, func(r *Row) *string { return &r.ErrorType }},
	{"error.message", "error_message", maxMessage, func(r *Row) *string { return &r.ErrorMessage }},
	{"action.frustration.type", "action_frustration_type", maxName, func(r *Row) *string { return &r.Frustration }},
	{"duration", "duration", 64, func(r *Row) *string { return &r.Duration }},
	{"geo.country_iso_code", "geo_country_iso_code", maxName, func(r *Row) *string { return &r.Country }},
	{"geo.country_subdivision", "geo_country_subdivision", maxName, func(r *Row) *string { return &r.Region }},
	{"geo.city", "geo_city", maxName, func(r *Row) *string { return &r.City }},
	{"device.type", "device_type", maxName, func(r *Row) *string { return &r.DeviceType }},
	{"os.name", "os_name", maxName, func(r *Row) *string { return &r.OSName }},
	{"os.version", "os_version", maxName, func(r *Row) *string { return &r.OSVersion }},
	{"browser.name", "browser_name", maxName, func(r *Row) *string { return &r.BrowserName }},
	{"browser.version", "browser_version", maxName, func(r *Row) *string { return &r.BrowserVersion }},
}

// AttributesField and AttributesColumn name what is not in Fields: the JSON object of everything else.
const (
	AttributesField  = "attributes"
	AttributesColumn = "attributes"
	SourceColumn     = "source"
	ImportColumn     = "import_id" // of the inbox and of events
)
