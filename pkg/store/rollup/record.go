package rollup

import (
	"cmp"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// attrs are dictionary ids of a session's attributes in the order of attrKinds; 0 stands for null.
type attrs [9]int32

// attrKinds names the columns of attrs in contexts and sessions, which are dictionary kinds as well.
var attrKinds = [9]string{
	"application", "country", "region", "city", "device_type", "os_name", "os_version", "browser_name", "browser_version",
}

func attrTexts(c *event.Context) [9]string {
	return [9]string{
		c.Application, c.Country, c.Region, c.City, c.DeviceType, c.OSName, c.OSVersion, c.BrowserName, c.BrowserVersion,
	}
}

// fill takes from other what a lacks.
func (a *attrs) fill(other attrs) {
	for i, id := range other {
		if a[i] == 0 {
			a[i] = id
		}
	}
}

// record is an event as footfall.events holds it.
type record struct {
	event.Order
	UserKey      int32
	SessionKey   int64
	Duration     float64 // event.NoDuration without one
	ViewKey      int64   // 0 without one
	Token        event.Token
	Context      int32
	Traits       int32
	ViewName     int32
	ActionType   int32
	ActionName   int32
	ActionTarget int32
	ErrorType    int32
	Reported     event.Frustration
	Identified   bool
	Path         string
	ErrorMessage string
	Attributes   string
	Own          string // what the event says of its user, where Traits is ownTraits
	Import       int32  // that brought it, 0 for other writers
	Replaces     bool   // a stored version of the same view, which counted already
	AnonymousID  string // of a session's user's event, where it may have to go back to it

	// What was in the table, where the record comes from there.
	Stored        bool
	StoredToken   int32
	StoredSession int64
	StoredPath    string

	SessionID string // of a record that was moved from its stored session

	Sent *event.Event // the new event, nil for a stored one
	Row  *event.Row   // the row it came in
}

// name is the dictionary id of the name that the token of a record has below the cap.
func (r *record) name() int32 {
	switch r.Token.Type {
	case event.View:
		return r.ViewName
	case event.Action:
		return r.ActionName
	case event.Error:
		return r.ErrorType
	}
	return 0
}

// sortRecords sorts into event order.
func sortRecords(records []*record) {
	slices.SortFunc(records, func(a, b *record) int { return a.Compare(b.Order) })
}

// identity is what one event has to itself within the store.
type identity struct {
	UserKey int32
	TS      int64
	Key     event.Key
}

func (r *record) identity() identity { return identity{r.UserKey, r.TS, r.Key} }

// sessionRef names a session.
type sessionRef struct {
	UserKey int32
	Key     int64
}

func compareRefs(a, b sessionRef) int {
	return cmp.Or(cmp.Compare(a.UserKey, b.UserKey), cmp.Compare(a.Key, b.Key))
}
