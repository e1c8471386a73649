package segment_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/testing/sample"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// What a plain script finds in the sample shop's file.
func TestShopSample(t *testing.T) {
	db := testdb.New(t)
	sample.LoadShop(t, db)
	names, err := filter.ReadNames(t.Context(), db)
	require.NoError(t, err)
	size := func(text string) int64 {
		d, err := segment.Decode([]byte(text))
		require.NoError(t, err, text)
		p, err := segment.ReadPreview(context.Background(), testdb.AsDatasource(t, db), d, segment.Env{Now: time.Now(), Names: names})
		require.NoError(t, err, text)
		return p.Size
	}
	sequence := func(scope, second string) string {
		return `{"sequence": {"scope": "` + scope + `", "steps": [{"event": "page:cart"}, {"` + second + `": "page:purchase"}]}}`
	}
	where := func(condition string) string { return `{"where": ` + condition + `}` }
	require.EqualValues(t, 489, size(where(`{"did": {"event": "page:cart"}}`)), "cart")
	require.EqualValues(t, 277, size(where(sequence("user", "event"))), "cart, then purchase")
	require.EqualValues(t, 261, size(where(sequence("session", "event"))), "the same in one session")
	require.EqualValues(t, 336, size(where(sequence("user", "not"))), "some cart with no purchase after it")
	require.EqualValues(t, 423, size(where(sequence("session", "not"))), "the same in one session")
	require.EqualValues(t, 212, size(where(`{"all": [{"did": {"event": "page:cart"}}, {"not": `+sequence("user", "event")+`}]}`)),
		"cart, and never a purchase after any cart")
}
