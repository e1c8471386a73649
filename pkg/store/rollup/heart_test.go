package rollup_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// A worker shows that it lives while its batch lasts. When its machine vanishes in the middle, another one says for whom
// it waits, until the server ends the batch, and goes on.
func TestWorkerWhoseMachineVanishes(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	line := newLine(t, pool)
	config := workerConfig(t, pool.Config().ConnString())
	config.ConnConfig.RuntimeParams["application_name"] = "footfall-test-frozen" // nobody else's tests end it
	line.lead(config)
	workers, err := pgxpool.NewWithConfig(context.Background(), config)
	require.NoError(t, err)
	insert(t, pool, history(t, 50, 1))

	// Somebody keeps the batch from going on.
	blocker, err := pool.Begin(t.Context())
	require.NoError(t, err)
	_, err = blocker.Exec(t.Context(), `lock table footfall.sessions in share mode`) // which status may read
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- rollup.Run(ctx, workers, rollup.Options{Host: "gone", Silence: 15 * time.Second}) }()
	t.Cleanup(func() {
		line.frozen.Store(false)
		line.cut()
		stop()
		require.NoError(t, <-ended)
		workers.Close()
	})
	var atWork store.Worker
	waitFor(t, "the first worker shows its batch", func() bool {
		s := status(t, pool)
		if running := s.Running(time.Now()); len(running) == 1 && running[0].Doing == store.DoingBatch {
			atWork = running[0]
		}
		return atWork.PID != 0 && s.Lock != nil && atWork.PID == s.Lock.PID && s.Lock.Since != nil && s.Lock.Address != ""
	})
	waitFor(t, "it shows that it lives while the batch lasts", func() bool {
		running := status(t, pool).Running(time.Now())
		return len(running) == 1 && running[0].PID == atWork.PID && running[0].Heartbeat.After(atWork.Heartbeat)
	})

	line.frozen.Store(true)
	require.NoError(t, blocker.Rollback(t.Context()))
	var logged sync.Map
	drained := make(chan error)
	go func() {
		_, err := rollup.Drain(context.Background(), pool, rollup.Options{Host: "next", Silence: time.Second,
			Logf: func(format string, args ...any) { logged.Store(fmt.Sprintf(format, args...), true) }})
		drained <- err
	}()
	waitFor(t, "the next worker shows that it waits", func() bool {
		for _, w := range status(t, pool).Running(time.Now()) {
			if w.Host == "next" && w.Doing == store.DoingWait {
				return true
			}
		}
		return false
	})
	require.NoError(t, <-drained)
	require.Equal(t, 0, count(t, pool, `select count(*) from footfall.inbox`))
	said := false
	logged.Range(func(text, _ any) bool {
		said = said || strings.Contains(text.(string), fmt.Sprintf("the worker's lock, which pid %d (%s, ", atWork.PID, "footfall-test-frozen"))
		return true
	})
	require.True(t, said, "the log says who had the lock")
}

func status(t *testing.T, pool *pgxpool.Pool) store.Status {
	t.Helper()
	s, err := store.ReadStatus(t.Context(), pool)
	require.NoError(t, err)
	return s
}
