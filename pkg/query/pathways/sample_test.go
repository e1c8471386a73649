package pathways

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/sample"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// TestPathwaysOfShopSample compares with numbers that were found by other means: the paths of three pages, which are
// the sessions of a link and of the link after it.
func TestPathwaysOfShopSample(t *testing.T) {
	db := testdb.New(t)
	sample.LoadShop(t, db)
	c := questions.Context()
	c.From, c.To = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 7, 1, 0, 0, 0, 0, time.UTC)
	behind := func(step int, from, to string) map[columns.Ref]bool {
		found := map[columns.Ref]bool{}
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
	require.EqualValues(t, 3605, questions.Ask(t, db, c, NewPathways())[0].Meta.Custom.(map[string]any)["counted"])
	requireConserved(t, questions.Ask(t, db, c, NewPathways()), NewPathways())
}
