package query

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/devtools/history"
	"github.com/footfall-analytics/footfall/pkg/devtools/repo"
	"github.com/footfall-analytics/footfall/pkg/devtools/testdb"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// shopSample are the events of a real shop, as page views. They are not part of the repository.
func shopSample(t *testing.T) []event.Row {
	root, err := repo.Root()
	require.NoError(t, err)
	content, err := os.ReadFile(filepath.Join(root, "..", "shared", "data", "ecom.csv.gz"))
	if err != nil {
		t.Skipf("NOT TESTED: the sample data is missing: %v", err)
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(content))
	require.NoError(t, err)
	lines, err := csv.NewReader(unzipped).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"user_id", "session_id", "event", "timestamp", "platform"}, lines[0][:5])
	var rows []event.Row
	for i, line := range lines[1:] {
		number := strconv.Itoa(i + 2)
		rows = append(rows, event.Row{
			UserID: line[0], SessionID: line[1], ViewPath: line[2], TS: line[3], DeviceType: line[4],
			Type: "view", Seq: number, ID: number,
		})
	}
	return rows
}

// TestPathwaysOfShopSample compares with numbers that were found by other means: the paths of three pages, which are
// the sessions of a link and of the link after it.
func TestPathwaysOfShopSample(t *testing.T) {
	db := testdb.New(t)
	rows := shopSample(t)
	history.Load(t, db, rows)
	c := testContext()
	c.From, c.To = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 7, 1, 0, 0, 0, 0, time.UTC)
	behind := func(step int, from, to string) map[sessionRef]bool {
		found := map[sessionRef]bool{}
		asked := &PathwayStep{Options: *NewPathways(), Link: &PathwayLink{Step: step, From: from, To: to}}
		for _, ref := range sessionsBehind(t, db, c, asked) {
			found[ref] = true
		}
		return found
	}
	paths := func(first, second, third string) (n int) {
		after := behind(2, second, third)
		for ref := range behind(1, first, second) {
			if after[ref] {
				n++
			}
		}
		return n
	}
	require.Equal(t, 94, paths("home", "catalog", "product_view"))
	require.Equal(t, 70, paths("home", "search", "product_view"))
	require.Equal(t, 65, paths("home", "search", "catalog"))
	require.Len(t, behind(1, "catalog", "(dropoff)"), 75)
	require.Len(t, behind(1, "search", "(dropoff)"), 72)
	require.Len(t, behind(1, "home", "(dropoff)"), 70)
	require.EqualValues(t, 3605, ask(t, db, c, NewPathways())[0].Meta.Custom.(map[string]any)["counted"])
	requireConserved(t, db, c, NewPathways())
}
