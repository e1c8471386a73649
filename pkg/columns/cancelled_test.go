package columns_test

import (
	"context"
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
