package query

import "github.com/grafana/grafana-plugin-sdk-go/data"

// UserPage is the app's page of one user, without its parameters: user, and session, a moment of the session to show in
// milliseconds. Of anonymous users it also wants anonymous=true. The id is no part of the path, in which browsers and
// Grafana's router do not keep every character.
const UserPage = "/a/footfall-analytics-app/users/profile"

// Links to the page of one user.
var (
	UserLinks = UserLink("__value.raw")
	// Of the time of a session or event. It names the session by user and time, since those made of gaps have no id.
	SessionLinks = SessionLink("user_id")
)

// SessionLink is SessionLinks where another field has the user's id.
func SessionLink(user string) []data.DataLink {
	return []data.DataLink{{
		Title: "Session", URL: UserPage + "?user=${__data.fields." + user + ":percentencode}&session=${__value.raw}",
	}}
}

// UserLink leads to the user whose id a variable of Grafana stands for. An id may hold any character, so it is encoded.
func UserLink(id string) []data.DataLink {
	return []data.DataLink{{Title: "User", URL: UserPage + "?user=${" + id + ":percentencode}"}}
}

// AttributeLinks lead from a user's id to the user, and from name and e-mail where the row has the id. All rows of a table
// share them: those without a user, too, have a link, to nobody.
func AttributeLinks(attribute string, withID bool) []data.DataLink {
	switch {
	case attribute == "user_id":
		return UserLinks
	case withID && (attribute == "user_name" || attribute == "user_email"):
		return UserLink("__data.fields.user_id")
	}
	return nil
}
