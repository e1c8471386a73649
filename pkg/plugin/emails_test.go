package plugin

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// domain ends every e-mail of the demo's shop.
const domain = "@example.com"

// With restrictExport no way out tells a Viewer an e-mail: no query type, no format, no resource.
func TestRestrictedEmailsStayInside(t *testing.T) {
	db := testdb.New(t)
	loadShop(t, db)
	_, err := db.Exec(t.Context(), `update footfall.users set name = null where key % 2 = 0`) // known by their e-mail alone
	require.NoError(t, err)
	s := storedFor(db)
	s.json["restrictExport"] = true
	c := start(t, s)
	storeEverybody(t, db)

	editorSees := map[string]bool{}
	for _, role := range []string{"Editor", "Viewer", "", "Somebody"} {
		for _, q := range emailQueries() {
			q.TimeRange = backend.TimeRange{From: time.Now().AddDate(0, 0, -30), To: time.Now().Add(time.Minute)}
			response := c.as(role).queries(t.Context(), t, q)["A"]
			text, err := json.Marshal(response.Frames)
			require.NoError(t, err)
			name := q.QueryType + " " + string(q.JSON)
			if role == "Editor" {
				require.NoError(t, response.Error, name)
				editorSees[q.QueryType] = editorSees[q.QueryType] || strings.Contains(string(text), domain)
				continue
			}
			require.NotContains(t, string(text), domain, "%s: %s", role, name)
			if response.Error != nil {
				require.ErrorContains(t, response.Error, "Editors only", name)
			}
		}
		if role == "Editor" || role == "" {
			continue // nobody gets no resource at all
		}
		for _, url := range []string{
			"values?attribute=user_email", "values?attribute=user_id", "values?attribute=user_id&search=silva", "segments",
			"segments/all", "segments/all/members", "segments/all/members.csv", "segments/all/history", "tables", "attributes", "status",
		} {
			_, text := c.as(role).resource(t, http.MethodGet, url)
			require.NotContains(t, text, domain, "%s: %s", role, url)
		}
		_, text := c.as(role).send(t.Context(), t, http.MethodPost, "segments/preview", `{"where": {"users": "sessions:>=1"}}`)
		require.NotContains(t, text, domain, role)
	}
	for _, queryType := range []string{"profiles", "profile", "explorer", "values", "segmentMembers"} {
		require.True(t, editorSees[queryType], "%s shows an Editor no e-mail: this test would find no leak", queryType)
	}
}

// emailQueries are of every type, and of each way in which a type could show e-mails.
func emailQueries() []backend.DataQuery {
	facet := `"facets": [{"attribute": "user_email", "limit": 5}]`
	of := map[string][]string{
		"profile":        {`{"user": "user-00001"}`},
		"session":        {`{"user": "user-00001", "start": "` + time.Now().Format(time.RFC3339) + `"}`},
		"values":         {`{"attribute": "user_email"}`, `{"attribute": "user_id"}`, `{"attribute": "user_id", "search": "silva"}`},
		"facets":         {`{"attributes": [{"attribute": "user_name"}]}`, `{"attributes": [{"attribute": "user_email"}]}`},
		"segmentMembers": {`{"segment": "all"}`},
		"segmentSize":    {`{"segments": ["all"]}`},
		"explorer": {
			`{}`, `{"format": "table", ` + facet + `}`, `{"format": "value", ` + facet + `}`, `{` + facet + `}`,
			`{"over": "users", "format": "table", ` + facet + `}`, `{"over": "sessions", "format": "table", ` + facet + `}`,
		},
		"profiles": {`{}`, `{"columns": ["user_email", "user_name"], "sort": {"column": "user_email"}}`, `{"includeSegments": ["all"]}`},
	}
	var queries []backend.DataQuery
	for queryType := range Questions {
		options := of[queryType]
		if options == nil {
			options = []string{`{}`}
		}
		for _, text := range options {
			queries = append(queries, dataQuery("A", queryType, text))
		}
	}
	return queries
}

// storeEverybody makes the segment all.
func storeEverybody(t *testing.T, db *pgxpool.Pool) {
	t.Helper()
	d, err := segment.Decode([]byte(`{"where": {"users": "sessions:>=1"}}`))
	require.NoError(t, err)
	require.NoError(t, segment.Create(t.Context(), db, segment.Content{ID: "all", Name: "All", Kind: segment.Dynamic, Definition: &d}, "test"))
	require.NoError(t, segment.Refresh(t.Context(), db, "all"))
}
