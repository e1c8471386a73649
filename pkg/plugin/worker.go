package plugin

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
)

// worker rolls up the inbox and refreshes segments while its datasource lives.
type worker struct {
	pool    *pgxpool.Pool
	started time.Time
	cancel  context.CancelFunc
	done    chan struct{}
}

// workerRetry is the pause after the worker has ended by itself.
const workerRetry = 10 * time.Second

// startWorker runs the worker on connections of its own: it writes, and a batch may take longer than a query.
func startWorker(ctx context.Context, s Settings, dial pgconn.DialFunc, uid string) (*worker, error) {
	config, err := poolConfig(s, dial)
	if err != nil {
		return nil, err
	}
	config.MaxConns, config.MinIdleConns = 4, 0 // roll-up, retention, segments, one to spare
	config.ConnConfig.Tracer = nil
	// As by command line: nothing is prepared on a connection, which poolers would not keep for us.
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	w := &worker{pool: pool, started: time.Now(), cancel: cancel, done: make(chan struct{})}
	go w.run(ctx, "Grafana datasource "+uid)
	return w, nil
}

func (w *worker) run(ctx context.Context, host string) {
	defer close(w.done)
	defer w.pool.Close()
	log := backend.Logger.With("worker", host)
	logf := func(format string, args ...any) { log.Warn("The worker says", "text", fmt.Sprintf(format, args...)) }
	var segments sync.WaitGroup
	segments.Go(func() { segment.Run(ctx, w.pool, segment.Options{Logf: logf}) })
	defer segments.Wait()
	for ctx.Err() == nil {
		err := rollup.Run(ctx, w.pool, rollup.Options{Host: host, Logf: logf})
		if err != nil && ctx.Err() == nil {
			log.Error("The worker has ended", "error", err, "retry_in", workerRetry)
		}
		select {
		case <-ctx.Done():
		case <-time.After(workerRetry):
		}
	}
}

// stop returns when the worker has ended.
func (w *worker) stop() {
	w.cancel()
	<-w.done
}
