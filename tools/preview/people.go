package preview

import (
	"net/http"
	"slices"
	"strings"
)

// roles are those that somebody may take on, with a cookie: there are no log-ins here.
var roles = []string{"Admin", "Editor", "Viewer"}

const (
	roleCookie       = "preview_role"
	themeCookie      = "preview_theme"
	datasourceCookie = "preview_datasource"
)

// person is who asks, by the role that was taken on.
type person string

func personOf(r *http.Request) person {
	if role := cookie(r, roleCookie); slices.Contains(roles, role) {
		return person(role)
	}
	return person(roles[0])
}

func (p person) login() string { return strings.ToLower(string(p)) }
func (p person) email() string { return p.login() + "@preview.invalid" }

// may tells whether the person has a role, or one above it.
func (p person) may(role string) bool {
	return slices.Index(roles, string(p)) <= slices.Index(roles, role)
}

func cookie(r *http.Request, name string) string {
	if c, err := r.Cookie(name); err == nil {
		return c.Value
	}
	return ""
}
