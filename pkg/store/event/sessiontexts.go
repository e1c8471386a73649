package event

// SessionText is a text of which an event has at most one, a session that of its events, and a user that of the first and
// of the last session.
type SessionText struct {
	// The column of sessions and contexts and the kind of its texts in the dictionary, and, with first_ and last_ before
	// it, two columns of profiles.
	ID    string
	Field string   // of events, in the RUM spelling
	Name  string   // for people, as it stands within a sentence
	Short []string // other names in filters
}

// SessionTexts are in the order in which they are shown.
var SessionTexts = []SessionText{
	{"application", "application.id", "application", nil},
	{"country", "geo.country_iso_code", "country", []string{"geo.country"}},
	{"region", "geo.country_subdivision", "region", nil},
	{"city", "geo.city", "city", nil},
	{"device_type", "device.type", "device type", []string{"device"}},
	{"os_name", "os.name", "OS name", []string{"os"}},
	{"os_version", "os.version", "OS version", nil},
	{"browser_name", "browser.name", "browser name", []string{"browser"}},
	{"browser_version", "browser.version", "browser version", nil},
}
