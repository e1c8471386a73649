package plugin

import (
	"fmt"
	"net/http"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// Role is what a user may do; each role may also do what those before it may.
type Role int

// The roles, from the least.
const (
	NoUser Role = iota // alert rules and public dashboards: queries and nothing else
	Viewer
	Editor
	Admin
)

// roleOf is the role of a user in Grafana. What is not known counts as Viewer.
func roleOf(user *backend.User) Role {
	if user == nil {
		return NoUser
	}
	switch user.Role {
	case "Admin":
		return Admin
	case "Editor":
		return Editor
	default:
		return Viewer
	}
}

var roleNames = map[Role]string{Viewer: "signed-in users", Editor: "editors", Admin: "administrators"}

// requires answers 403 to users below a role.
func requires(least Role, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if roleOf(backend.UserFromContext(r.Context())) < least {
			writeProblem(w, http.StatusForbidden, fmt.Sprintf("only %s may do this", roleNames[least]))
			return
		}
		next(w, r)
	}
}
