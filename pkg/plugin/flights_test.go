package plugin

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// waiting is how many wish for answers that are on their way.
func (f *flights) waiting() (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, one := range f.all {
		n += one.waiting
	}
	return n
}

func TestIdenticalQuestionsShareAnAnswer(t *testing.T) {
	db := testdb.New(t)
	storeUser(t, db, 1, "u-1")
	release := block(t, db)
	made, err := New(t.Context(), storedFor(db).settings(t))
	require.NoError(t, err)
	d := made.(*Datasource)
	t.Cleanup(d.Dispose)
	answers := make(chan backend.DataResponse, 100)
	var all sync.WaitGroup
	ask := func(ctx context.Context, refID, options string) {
		all.Go(func() {
			response, err := d.QueryData(ctx, &backend.QueryDataRequest{Queries: []backend.DataQuery{dataQuery(refID, "profiles", options)}})
			if err == nil {
				answers <- response.Responses[refID]
			}
		})
	}
	first, stop := context.WithCancel(t.Context())
	ask(first, "first", `{"filter": "-last_country:BR"}`)
	eventually(t, "the first runs", func() bool { return running(t, db) == 1 })
	const many = 20 // more than turns
	for i := range many {
		ask(t.Context(), fmt.Sprint(i), `{"filter": "-last_country:BR"}`)
	}
	ask(t.Context(), "other", `{"filter": "-last_country:DE"}`)
	eventually(t, "all wait", func() bool { return d.flights.waiting() == many+2 })
	eventually(t, "they ask twice", func() bool { return running(t, db) == 2 })
	stop() // whoever came first may go
	eventually(t, "one has left", func() bool { return d.flights.waiting() == many+1 })
	require.Equal(t, 2, running(t, db))
	d.changes.Add(1)
	ask(t.Context(), "changed", `{"filter": "-last_country:BR"}`)
	eventually(t, "after a change the answer is another one", func() bool { return running(t, db) == 3 })
	release()
	all.Wait()
	close(answers)
	for response := range answers {
		require.Equal(t, []string{"u-1"}, userIDs(t, response))
	}
	require.Zero(t, d.flights.waiting())
	require.Empty(t, d.flights.all)
	require.Empty(t, answering.running[d])
}

func TestWhatNobodyWaitsForEnds(t *testing.T) {
	db := testdb.New(t)
	block(t, db)
	made, err := New(t.Context(), storedFor(db).settings(t))
	require.NoError(t, err)
	d := made.(*Datasource)
	t.Cleanup(d.Dispose)
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for i := range 3 {
		all.Go(func() {
			_, _ = d.QueryData(ctx, &backend.QueryDataRequest{Queries: []backend.DataQuery{dataQuery(fmt.Sprint(i), "profiles", `{}`)}})
		})
	}
	eventually(t, "all wait", func() bool { return d.flights.waiting() == 3 && running(t, db) == 1 })
	stop()
	all.Wait()
	eventually(t, "nothing runs", func() bool { return running(t, db) == 0 })
	require.Empty(t, d.flights.all)
}
