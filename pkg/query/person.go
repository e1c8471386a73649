package query

import (
	"context"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
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

// checkText refuses what can be in no store.
func checkText(field, text string, most int) error {
	switch {
	case len(text) > most:
		return invalid(field, "is longer than %d bytes", most)
	case strings.ContainsRune(text, 0):
		return invalid(field, "contains a NUL character")
	}
	return nil
}

// checkPage checks a limit and an offset.
func checkPage(limit, maxLimit, offset int) error {
	switch {
	case limit < 1 || limit > maxLimit:
		return invalid("limit", "must be 1 to %d, not %d", maxLimit, limit)
	case offset < 0 || offset > maxOffset:
		return invalid("offset", "must be 0 to %d, not %d", maxOffset, offset)
	}
	return nil
}

// atMost lowers a limit to what an answer may have.
func (c Context) atMost(limit int) int {
	if c.MaxRows > 0 {
		return min(limit, c.MaxRows)
	}
	return limit
}

// key selects the user's key, null where the store does not know the user.
func (p Person) key(params *store.Params) string {
	kind := "usr"
	if p.Anonymous {
		kind = "anonymous"
	}
	return "(select k.key from footfall.user_keys k where k.id = " + params.Add(p.User) + " and k.kind = '" + kind + "')"
}

// Joins to a table with alias s or e. What belongs to nobody has neither a user nor a profile.
const (
	userOfSession    = "\n  left join footfall.users u on u.key = s.user_key and u.kind <> 'none'"
	profileOfSession = "\n  left join footfall.profiles p on p.user_key = s.user_key"
)

// joinsOfSession joins what conditions on sessions s speak of.
func joinsOfSession(needs filter.Needs) string {
	joins := ""
	if needs.Users {
		joins += userOfSession
	}
	if needs.Profiles {
		joins += profileOfSession
	}
	return joins
}

// outsideKeys selects the keys under which events that have neither user nor session are kept.
func outsideKeys(params *store.Params) string {
	ids := make([]string, event.NobodyKeys)
	for i := range ids {
		ids[i] = event.NobodyID(i)
	}
	return "array(select k.key from footfall.user_keys k where k.id = any (" + params.Add(ids) + "::text[]) and k.kind = 'none')"
}

// UserPage is the app's page of one user, without its parameters: user, and session, a moment of the session to show in
// milliseconds. Of anonymous users it also wants anonymous=true. The id is no part of the path, in which browsers and
// Grafana's router do not keep every character.
const UserPage = "/a/footfall-analytics-app/users/profile"

// Links to the page of one user.
var (
	userLinks = userLink("__value.raw")
	// Of the time of a session or event. It names the session by user and time, since those made of gaps have no id.
	sessionLinks = []data.DataLink{{
		Title: "Session", URL: UserPage + "?user=${__data.fields.user_id:percentencode}&session=${__value.raw}",
	}}
)

// userLink leads to the user whose id a variable of Grafana stands for. An id may hold any character, so it is encoded.
func userLink(id string) []data.DataLink {
	return []data.DataLink{{Title: "User", URL: UserPage + "?user=${" + id + ":percentencode}"}}
}

// attributeLinks lead from a user's id to the user, and from name and e-mail where the row has the id. All rows of a table
// share them: those without a user, too, have a link, to nobody.
func attributeLinks(attribute string, withID bool) []data.DataLink {
	switch {
	case attribute == "user_id":
		return userLinks
	case withID && (attribute == "user_name" || attribute == "user_email"):
		return userLink("__data.fields.user_id")
	}
	return nil
}

const truncatedText = "Some sessions are longer than what is kept of them at hand (20,000 events by default): " +
	"what happened later in them is not seen here"

var truncatedNotice = data.Notice{Severity: data.NoticeSeverityWarning, Text: truncatedText}

// noteTruncated adds a notice where there are truncated sessions that an answer needed whole.
func noteTruncated(ctx context.Context, db store.Querier, frame *data.Frame, statement *store.Statement) error {
	if statement == nil {
		return nil
	}
	truncated, err := isTrue(ctx, db, *statement)
	if truncated {
		frame.AppendNotices(truncatedNotice)
	}
	return err
}

// isTrue is the answer to a statement of one row and one column.
func isTrue(ctx context.Context, db store.Querier, statement store.Statement) (answer bool, err error) {
	err = statement.Each(ctx, db, []any{&answer}, func() error { return nil })
	return answer, err
}

// truncatedIn asks whether there are truncated sessions that reach into the range, of one user if person names one.
func (c Context) truncatedIn(person Person) *store.Statement {
	params := &store.Params{}
	where := filter.Overlap(params.Add(c.From), params.Add(c.To))
	if person.User != "" {
		where += "\n   and s.user_key = " + person.key(params)
	}
	return &store.Statement{
		SQL:  "select exists (\n  select from footfall.sessions s\n   where s.truncated\n   and " + where + ")",
		Args: params.Values,
	}
}
