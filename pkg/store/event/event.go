package event

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"strconv"

	"github.com/google/uuid"
)

// Type of an event; the names are those of footfall.event_type.
type Type string

// The types of events.
const (
	View     Type = "view"
	Action   Type = "action"
	Error    Type = "error"
	Resource Type = "resource"
	LongTask Type = "long_task"
	Custom   Type = "custom"
)

// Frustration is a set of frustration types.
type Frustration uint8

// The frustration types, as SDKs report them.
const (
	RageClick Frustration = 1 << iota
	DeadClick
	ErrorClick
	RageTap
	ErrorTap
)

// FrustrationNames maps the SDKs' names to the bits.
var FrustrationNames = map[string]Frustration{
	"rage_click": RageClick, "dead_click": DeadClick, "error_click": ErrorClick, "rage_tap": RageTap, "error_tap": ErrorTap,
}

// Key identifies something by the first 128 bits of a sha256 of its text.
type Key [16]byte

// String writes a key as Postgres writes a uuid.
func (k Key) String() string { return uuid.UUID(k).String() }

// Context says where an event happened. Empty strings stand for nothing known.
type Context struct {
	Application, Country, Region, City                         string
	DeviceType, OSName, OSVersion, BrowserName, BrowserVersion string
}

// NoDuration stands for a duration that was not sent.
const NoDuration = -1

// Event is a valid event.
type Event struct {
	TS   int64 // milliseconds since 1970
	Seq  *int64
	Key  Key // with user and TS the identity: of the event's id and, but for a Version, without usr.id, of anonymous and session id
	Type Type

	UserID, AnonymousID, SessionID string
	Context                        Context

	ViewKey                              int64 // hash of view.id, 0 without one
	Page, Path                           string
	ViewName                             string
	ActionType, ActionName, ActionTarget string
	ErrorType, ErrorMessage              string
	Reported                             Frustration
	Duration                             float64 // milliseconds, NoDuration without one
	Traits                               string  // canonical JSON of usr.name, usr.email and usr.*, "" without any
	Attributes                           string  // canonical JSON of the other attributes, "" without any

	// Version: a view with view.id and session.id, of which an SDK sends one version after the other. They share TS and
	// Key, whatever user they say; at most one of them is stored.
	Version bool

	Flaws []Flaw // what of the row was left out or cut
}

// SetPage gives the event the page of a path; the path is kept where it says more.
func (e *Event) SetPage(path string, rules PageRules) {
	e.Page, e.Path = Page(path, rules), ""
	if e.Page != path {
		e.Path = path
	}
}

// RawPath is the path that the event's page was made of.
func (e *Event) RawPath() string {
	if e.Path != "" {
		return e.Path
	}
	return e.Page
}

// Order returns the event's place in event order.
func (e *Event) Order() Order { return Order{e.TS, e.Seq, e.Key} }

// Order is an event's place in event order: ts, seq (none first), key. It does not depend on the order of arrival.
type Order struct {
	TS  int64
	Seq *int64
	Key Key
}

// Compare is negative when o comes before p in event order.
func (o Order) Compare(p Order) int {
	switch {
	case o.TS != p.TS:
		return cmp.Compare(o.TS, p.TS)
	case o.Seq == nil && p.Seq != nil:
		return -1
	case o.Seq != nil && p.Seq == nil:
		return 1
	case o.Seq != nil && *o.Seq != *p.Seq:
		return cmp.Compare(*o.Seq, *p.Seq)
	}
	return bytes.Compare(o.Key[:], p.Key[:])
}

// MarshalJSON writes [ts, seq, key].
func (o Order) MarshalJSON() ([]byte, error) { return json.Marshal([]any{o.TS, o.Seq, o.Key.String()}) }

// UnmarshalJSON reads what MarshalJSON writes.
func (o *Order) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&o.TS, &o.Seq, (*uuid.UUID)(&o.Key)})
}

// HashKey hashes parts, told apart by their lengths, to a Key.
func HashKey(parts ...string) Key {
	sum := sha256.New()
	var length [8]byte
	for _, part := range parts {
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		sum.Write(length[:])
		sum.Write([]byte(part))
	}
	var key Key
	copy(key[:], sum.Sum(nil))
	return key
}

// HashInt hashes parts to a positive number: 62 bits of hash, and a lowest bit that is always set, so that it is never 0.
func HashInt(parts ...string) int64 {
	key := HashKey(parts...)
	return int64(binary.BigEndian.Uint64(key[:8])>>1) | 1
}

// SessionKey names a session by its session.id. Its lowest bit, which is set, tells it from the key of a session made of
// gaps.
func SessionKey(id string) int64 { return HashInt("session", id) }

// NobodyKeys is over how many users of kind none the events that have neither user nor session are spread.
const NobodyKeys = 64

// NobodyPrefix is what the ids of those users begin with, and no others of the kind.
const NobodyPrefix = "event:"

// NobodyID is the id of the i-th of those users.
func NobodyID(i int) string { return NobodyPrefix + strconv.Itoa(i) }
