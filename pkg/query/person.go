package query

import (
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Person narrows a question to one user.
type Person struct {
	User      string `json:"user"`      // usr.id; "": everybody
	Anonymous bool   `json:"anonymous"` // user is an anonymous id
}

const maxID = 512 // of users and sessions, in bytes

func (p Person) check() error {
	if p.Anonymous && p.User == "" {
		return invalid("user", "is missing: with anonymous it must be an anonymous id")
	}
	return checkText("user", p.User, maxID)
}

// key selects the user's key, null where the store does not know the user.
func (p Person) key(params *store.Params) string {
	kind := "usr"
	if p.Anonymous {
		kind = "anonymous"
	}
	return "(select k.key from footfall.user_keys k where k.id = " + params.Add(p.User) + " and k.kind = '" + kind + "')"
}
