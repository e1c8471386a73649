package columns_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
)

// After a scan was cancelled each goroutine ends what it has begun, some hundred sessions, and no more.
func TestCancelledScansEndSoon(t *testing.T) {
	db := questions.Visits(t)
	c := questions.VisitsContext()
	for _, before := range []int64{1, 5000} {
		ctx, cancel := context.WithCancel(t.Context())
		var taken, atCancel atomic.Int64
		_, err := columns.Scan{From: c.From, To: c.To}.Read(ctx, db, func(int, *columns.Session) error {
			if taken.Add(1) == before {
				time.Sleep(100 * time.Millisecond) // more sessions wait then
				cancel()
				atCancel.Store(taken.Load())
			}
			return nil
		})
		require.ErrorIs(t, err, context.Canceled)
		require.Less(t, taken.Load()-atCancel.Load(), int64(512*columns.Workers()))
	}
}

// Whoever gives up may ask again in the same transaction: to read users one by one, when too much would be kept otherwise.
func TestTransactionsGoOnAfterAScanThatGaveUp(t *testing.T) {
	db := questions.Visits(t)
	c := questions.VisitsContext()
	for _, isBuilt := range []bool{true, false} {
		tx, err := db.Begin(t.Context())
		require.NoError(t, err)
		if !isBuilt {
			_, err = tx.Exec(t.Context(), `update footfall.columns set built_from = 'infinity'`)
			require.NoError(t, err)
		}
		scan := columns.Scan{From: c.From, To: c.To}
		enough := errors.New("enough")
		_, err = scan.Read(t.Context(), tx, func(int, *columns.Session) error { return enough })
		require.ErrorIs(t, err, enough)
		var taken atomic.Int64
		_, err = scan.Read(t.Context(), tx, func(int, *columns.Session) error { taken.Add(1); return nil })
		require.NoError(t, err)
		require.Greater(t, taken.Load(), int64(1000))
		require.NoError(t, tx.Rollback(t.Context()))
	}
}
