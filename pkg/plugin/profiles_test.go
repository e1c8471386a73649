package plugin

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestExportProfiles(t *testing.T) {
	db := testdb.New(t)
	loadShop(t, db)
	s := storedFor(db)
	c := start(t, s)
	body := `{"from": "2020-01-01T00:00:00Z", "to": "2040-01-01T00:00:00Z", "timeZone": "America/Sao_Paulo",
	          "options": {"filter": "last_country:BR", "columns": ["user_id", "user_email"], "limit": 1}}`
	file := c.ask(t, "POST", "profiles.csv", body, http.StatusOK, nil)
	total := c.query(t.Context(), t, `{"filter": "last_country:BR", "limit": 1, "includeTotal": true}`).Frames[0].Meta.Custom
	require.Equal(t, map[string]any{"total": float64(strings.Count(file, "\n") - 1)}, total)
	require.Greater(t, strings.Count(file, "\n"), 2)

	for problem, wrong := range map[string]string{
		"is empty":              "",
		`as \"from\" and`:       `{"options": {}}`,
		"columns[0] is":         `{"from": "2020-01-01T00:00:00Z", "to": "2040-01-01T00:00:00Z", "options": {"columns": ["page"]}}`,
		"unknown field":         `{"from": "2020-01-01T00:00:00Z", "to": "2040-01-01T00:00:00Z", "options": {"column": 1}}`,
		"ends (2020-01-01":      `{"from": "2040-01-01T00:00:00Z", "to": "2020-01-01T00:00:00Z", "options": {}}`,
		"timeZone is not known": `{"from": "2020-01-01T00:00:00Z", "to": "2040-01-01T00:00:00Z", "timeZone": "Mars"}`,
	} {
		text := c.ask(t, "POST", "profiles.csv", wrong, http.StatusBadRequest, nil)
		require.Contains(t, text, problem)
	}

	s.json["restrictExport"] = true
	c = start(t, s)
	require.Contains(t, c.as("Viewer").ask(t, "POST", "profiles.csv", body, http.StatusForbidden, nil), "only editors")
	c.as("Editor").ask(t, "POST", "profiles.csv", body, http.StatusOK, nil)
	c.as("").ask(t, "POST", "profiles.csv", body, http.StatusForbidden, nil)
}
