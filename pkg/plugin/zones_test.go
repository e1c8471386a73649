package plugin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/segment/files"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// storeEveryTwoHours stores 24 users, the first of midnight UTC on 19 November and each two hours after the one before.
func storeEveryTwoHours(t *testing.T, db *pgxpool.Pool) {
	t.Helper()
	var rows []event.Row
	for i := range 24 {
		at := time.Date(2026, 11, 19, 2*i, 0, 0, 0, time.UTC)
		user := fmt.Sprintf("u%02d", i)
		rows = append(rows, event.Row{TS: at.Format(time.RFC3339), Type: "view", UserID: user, SessionID: user, ViewPath: "/p"})
	}
	history.Load(t, db, rows)
}

// TestDatesOfDefinitionsMeanOneTime: a definition with dates has the same members in a preview, stored and computed by the
// datasource, applied from a file and computed by the worker, and within queries of viewers anywhere.
func TestDatesOfDefinitionsMeanOneTime(t *testing.T) {
	db := testdb.New(t)
	storeEveryTwoHours(t, db)
	s := storedFor(db)
	s.json["timeZone"] = "Pacific/Auckland"
	c := start(t, s)

	conditions := []string{
		`{"users": "first_seen:>=2026-11-20"}`,
		`{"did": {"event": "page:/p", "window": {"from": "2026-11-20"}}}`,
		`{"did": {"event": "page:/p time:>=2026-11-20"}}`,
		`{"not": {"did": {"event": "page:/p", "firstTime": true, "window": {"to": "2026-11-20"}}}}`,
	}
	for zone, want := range map[string]int64{"": 12, "UTC": 12, "Pacific/Auckland": 18, "America/Los_Angeles": 8} {
		said := ""
		if zone != "" {
			said = `"timeZone": "` + zone + `", `
		}
		for _, where := range conditions {
			requireSizes(t, db, c, `{`+said+`"where": `+where+`}`, withDefault(zone, "UTC"), want)
		}
	}
}

func requireSizes(t *testing.T, db *pgxpool.Pool, c *client, definition, zone string, want int64) {
	t.Helper()
	text := "(dates in " + zone + ")"
	var p segment.Preview
	c.ask(t, "POST", "segments/preview", definition, http.StatusOK, &p)
	require.Equal(t, want, p.Size, "the preview of %s", definition)
	require.Contains(t, p.Sentence, text)

	content := `{"id": "of", "name": "Of", "kind": "dynamic", "definition": ` + definition + `}`
	var s segment.Segment
	c.ask(t, "POST", "segments", content, http.StatusCreated, &s)
	require.Equal(t, zone, s.Definition.TimeZone, "the zone is stored")
	require.Contains(t, s.Sentence, text)
	c.ask(t, "POST", "segments/of/refresh", "", http.StatusOK, &s)
	require.Equal(t, want, *s.Size, "the stored segment of %s", definition)
	dir := t.TempDir()
	require.NoError(t, files.Export(t.Context(), db, dir, func(string) {}))
	exported, err := os.ReadFile(filepath.Join(dir, "of.json"))
	require.NoError(t, err)
	require.Contains(t, string(exported), `"timeZone": "`+zone+`"`)
	for name, text := range map[string]string{"of": content, "of2": strings.Replace(content, `"id": "of"`, `"id": "of2"`, 1)} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name+".json"), []byte(text), 0o600))
	}
	outcomes := map[string]string{}
	require.NoError(t, files.Apply(t.Context(), db, dir, "eve", func(file, outcome string) { outcomes[file] = outcome }))
	require.Equal(t, map[string]string{"of.json": files.Unchanged, "of2.json": files.Created}, outcomes, "a missing zone is the default")
	_, err = segment.RefreshDue(t.Context(), db, t.Logf)
	require.NoError(t, err)
	for _, id := range []string{"of", "of2"} {
		stored, err := segment.Get(t.Context(), db, id)
		require.NoError(t, err)
		require.Equal(t, want, *stored.Size, "the worker's segment of %s", definition)
		c.ask(t, "DELETE", "segments/"+id, "", http.StatusOK, nil)
	}
	for _, viewer := range []string{"", "UTC", "Asia/Tokyo", "America/New_York"} {
		require.Equal(t, want, inlineTotal(t, c, definition, viewer), "%s, asked from %q", definition, viewer)
	}
}

// inlineTotal counts the users of a definition in a query of somebody in a zone.
func inlineTotal(t *testing.T, c *client, definition, zone string) int64 {
	t.Helper()
	q := dataQuery("A", "segmentMembers", "")
	q.JSON = json.RawMessage(`{"timeZone": "` + zone + `", "options": {"segment": ` + definition + `}}`)
	q.TimeRange = backend.TimeRange{From: q.TimeRange.From, To: q.TimeRange.To.AddDate(1, 0, 0)}
	answer := c.queries(t.Context(), t, q)["A"]
	require.NoError(t, answer.Error)
	return int64(answer.Frames[0].Meta.Custom.(map[string]any)["total"].(float64))
}
