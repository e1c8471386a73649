package plugin

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/query/users"
	"github.com/footfall-analytics/footfall/pkg/segment"
)

// profilesBody is a query of type profiles with the range that has(...) in its filter looks in.
type profilesBody struct {
	queryBody
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// exportProfiles streams all users that a query of type profiles matches as CSV; the body is a profilesBody.
func (d *Datasource) exportProfiles(w http.ResponseWriter, r *http.Request) {
	asked, q, err := readProfilesBody(r)
	if err != nil {
		writeError(w, r, err)
		return
	}
	if asked.Location == nil {
		asked.Location = d.settings.Location
	}
	asked.Now, asked.HideEmails, asked.Tokens = time.Now(), d.hidesEmails(r.Context()), d.tokens
	d.export(w, r, "users", func(tx pgx.Tx, file io.Writer) error {
		if asked.Names, err = d.names.read(r.Context(), tx); err != nil {
			return err
		}
		err := q.WriteCSV(r.Context(), tx, asked, file)
		if errors.As(err, new(query.InvalidError)) {
			err = badQuery{err}
		}
		return err
	})
}

func readProfilesBody(r *http.Request) (query.Context, *users.Profiles, error) {
	q := users.NewProfiles()
	raw, err := readBody(r)
	if err != nil {
		return query.Context{}, nil, err
	}
	asked, err := decodeQuery(raw, q)
	if err != nil {
		return asked, nil, badQuery{err}
	}
	var within profilesBody
	if err := json.Unmarshal(raw, &within); err != nil || within.From.IsZero() || within.To.IsZero() {
		return asked, nil, segment.Error{
			Path: "body", Problem: `must have the time range as "from" and "to", RFC 3339 such as "2026-05-17T10:00:00Z"`,
		}
	}
	asked.From, asked.To = within.From, within.To
	return asked, q, nil
}
