package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
)

// metrics counts what this worker does; what the store holds is read from the database at each scrape.
type metrics struct {
	registry                                   *prometheus.Registry
	rows                                       *prometheus.CounterVec
	batches                                    prometheus.Histogram
	errors, conflicts, goneEvents, goneSession prometheus.Counter
	segments                                   *prometheus.CounterVec
	segmentSeconds                             prometheus.Histogram
}

func newMetrics(pool *pgxpool.Pool) *metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	}
	m := &metrics{
		registry: prometheus.NewRegistry(),
		rows: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "footfall_worker_rows_total", Help: "Rows taken from the inbox, by what became of them.",
		}, []string{"outcome"}),
		batches: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "footfall_worker_batch_seconds", Help: "Time a batch took.", Buckets: prometheus.ExponentialBuckets(0.01, 2, 12),
		}),
		segments: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "footfall_worker_segments_total", Help: "Computations of segments, by outcome: computed or failed.",
		}, []string{"outcome"}),
		segmentSeconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "footfall_worker_segment_seconds", Help: "Time that computing a segment took.",
			Buckets: prometheus.ExponentialBuckets(0.01, 3, 10),
		}),
		errors:      counter("footfall_worker_errors_total", "Errors that were retried, such as lost connections."),
		conflicts:   counter("footfall_worker_conflicts_total", "Duplicates that say something else than the event that counts."),
		goneEvents:  counter("footfall_worker_retained_events_removed_total", "Events that retention removed."),
		goneSession: counter("footfall_worker_retained_sessions_removed_total", "Sessions that retention removed."),
	}
	for _, outcome := range []string{"event", "duplicate", "rejected"} {
		m.rows.WithLabelValues(outcome)
	}
	for _, outcome := range []string{"computed", "failed"} {
		m.segments.WithLabelValues(outcome)
	}
	m.registry.MustRegister(m.segments, m.segmentSeconds, m.rows, m.batches, m.errors, m.conflicts, m.goneEvents, m.goneSession, &statusCollector{pool})
	return m
}

// watch lets the worker tell what it does.
func (m *metrics) watch(options *rollup.Options) {
	next := options.OnBatch
	options.OnBatch = func(batch rollup.Report) {
		next(batch)
		if batch.Batches == 0 {
			return
		}
		m.batches.Observe(batch.Took.Seconds())
		m.rows.WithLabelValues("event").Add(float64(batch.Events))
		m.rows.WithLabelValues("duplicate").Add(float64(batch.Duplicates))
		m.rows.WithLabelValues("rejected").Add(float64(batch.Rejected))
		m.conflicts.Add(float64(batch.Conflicts))
	}
	options.OnError = func(error) { m.errors.Inc() }
	options.OnRemoved = func(removed rollup.Removed) {
		m.goneEvents.Add(float64(removed.Events))
		m.goneSession.Add(float64(removed.Sessions))
	}
}

// refreshed counts a computation of a segment.
func (m *metrics) refreshed(_ string, took time.Duration, err error) {
	outcome := "computed"
	if err != nil {
		outcome = "failed"
	}
	m.segments.WithLabelValues(outcome).Inc()
	m.segmentSeconds.Observe(took.Seconds())
}

// serve answers GET /metrics on address until ctx ends. An address that cannot be had is an error at once.
func (m *metrics) serve(ctx context.Context, address string, logf func(string, ...any)) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("--metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Timeout: 10 * time.Second}))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	logf("Metrics are on http://%s/metrics", listener.Addr())
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			logf("metrics: %v", err)
		}
	}()
	return nil
}

// statusCollector reads the store's status at each scrape.
type statusCollector struct{ pool *pgxpool.Pool }

// Describe implements prometheus.Collector; saying nothing leaves it to Collect.
func (c *statusCollector) Describe(chan<- *prometheus.Desc) {}

// Collect implements prometheus.Collector. Times are seconds since 1970, 0 where there is none.
func (c *statusCollector) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	gauge := func(name, help string, value float64) {
		desc := prometheus.NewDesc("footfall_"+name, help, nil, nil)
		out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value)
	}
	s, err := store.ReadStatus(ctx, c.pool)
	if err != nil {
		gauge("up", "1 when the store's status could be read, else 0.", 0)
		return
	}
	gauge("up", "1 when the store's status could be read, else 0.", 1)
	gauge("inbox_rows", "Rows that wait in the inbox, counted up to a million.", float64(s.Inbox))
	gauge("inbox_age_seconds", "Age of the oldest row in the inbox.", s.InboxAgeSeconds)
	gauge("worker_heartbeat_seconds", "When a worker was last seen.", unix(s.WorkerHeartbeat))
	c.collectWorkers(out, s)
	gauge("worker_last_batch_seconds", "When a batch last ended.", unix(s.LastBatch))
	gauge("worker_last_error_seconds", "When a worker last met an error.", unix(s.LastErrorAt))
	gauge("worker_last_retention_seconds", "When retention was last applied.", unix(s.LastRetention))
	gauge("last_event_seconds", "Time of the newest event.", unix(s.LastEvent))
	gauge("events", "Events stored.", float64(s.Events))
	gauge("sessions", "Sessions stored.", float64(s.Sessions))
	gauge("users", "Users with a usr.id.", float64(s.Users))
	gauge("anonymous_users", "Users with an anonymous id only.", float64(s.Anonymous))
	gauge("rejected_rows", "Rows rejected so far, by all workers.", float64(s.Rejected))
	gauge("left_out_values", "Values left out of events or cut so far, by all workers.", float64(s.LeftOut))
	gauge("conflicts", "Conflicts so far, by all workers.", float64(s.Conflicts))
	gauge("database_bytes", "Size of the database.", float64(s.DatabaseBytes))
	c.tokens(out, s.TokenUse)
	c.dictionaries(out, s.DictionaryUse)
}

func (c *statusCollector) tokens(out chan<- prometheus.Metric, uses []store.TokenUse) {
	used := prometheus.NewDesc("footfall_tokens", "Distinct tokens in use, by event type.", []string{"type"}, nil)
	limit := prometheus.NewDesc("footfall_token_cap", "Distinct tokens an event type may have.", []string{"type"}, nil)
	for _, use := range uses {
		out <- prometheus.MustNewConstMetric(used, prometheus.GaugeValue, float64(use.Used), use.Type)
		out <- prometheus.MustNewConstMetric(limit, prometheus.GaugeValue, float64(use.Cap), use.Type)
	}
}

func (c *statusCollector) dictionaries(out chan<- prometheus.Metric, uses []store.DictionaryUse) {
	used := prometheus.NewDesc("footfall_dictionary_values", "Distinct values in use, by kind.", []string{"kind"}, nil)
	limit := prometheus.NewDesc("footfall_dictionary_cap", "Distinct values a kind may have.", []string{"kind"}, nil)
	for _, use := range uses {
		out <- prometheus.MustNewConstMetric(used, prometheus.GaugeValue, float64(use.Used), use.Kind)
		out <- prometheus.MustNewConstMetric(limit, prometheus.GaugeValue, float64(use.Cap), use.Kind)
	}
}

func unix(t *time.Time) float64 {
	if t == nil {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}

// collectWorkers tells what the workers do, and who has the worker's lock.
func (c *statusCollector) collectWorkers(out chan<- prometheus.Metric, s store.Status) {
	now := time.Now()
	workers := prometheus.NewDesc("footfall_workers", "Workers seen lately, by what they do.", []string{"doing"}, nil)
	doing := map[string]int{store.DoingNothing: 0, store.DoingBatch: 0, store.DoingWait: 0}
	for _, w := range s.Running(now) {
		doing[w.Doing]++
	}
	for what, n := range doing {
		out <- prometheus.MustNewConstMetric(workers, prometheus.GaugeValue, float64(n), what)
	}
	if s.Lock == nil {
		return
	}
	lock := prometheus.NewDesc("footfall_worker_lock_since_seconds",
		"When the transaction that has the worker's lock began, 0 where this role may not see it; nothing while nobody has it.",
		[]string{"pid", "address"}, nil)
	out <- prometheus.MustNewConstMetric(lock, prometheus.GaugeValue, unix(s.Lock.Since),
		strconv.Itoa(int(s.Lock.PID)), s.Lock.Address)
}
