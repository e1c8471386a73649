package query

import (
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Person narrows a question to one user.
type Person struct {
	User      string `json:"user"`      // usr.id; "": everybody
	Anonymous bool   `json:"anonymous"` // user is an anonymous id
}

// MaxID is how long ids of users and sessions may be, in bytes.
const MaxID = 512

// Check refuses who can be nobody.
func (p Person) Check() error {
	if p.Anonymous && p.User == "" {
		return Invalid("user", "is missing: with anonymous it must be an anonymous id")
	}
	return CheckText("user", p.User, MaxID)
}

// Key selects the user's key, null where the store does not know the user.
func (p Person) Key(params *store.Params) string {
	kind := "usr"
	if p.Anonymous {
		kind = "anonymous"
	}
	return "(select k.key from footfall.user_keys k where k.id = " + params.Add(p.User) + " and k.kind = '" + kind + "')"
}
