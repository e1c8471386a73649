// Package plugin is the datasource as Grafana sees it: settings, queries, health, resources. The questions themselves
// are in package query.
package plugin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/instancemgmt"
	"github.com/grafana/grafana-plugin-sdk-go/backend/resource/httpadapter"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/columns"
)

// ID is the plugin's, as in its plugin.json.
const ID = "footfall-analytics-datasource"

// Datasource is one configured datasource. Grafana makes a new one when the settings change and disposes of the old one
// shortly after.
type Datasource struct {
	settings Settings
	invalid  error // what is wrong with the settings; then there is no pool
	pool     *pgxpool.Pool
	worker   *worker // nil unless switched on

	names    attributeNames  // custom attributes of the store
	tokens   *columns.Tokens // of the store
	previews *previews
	flights  flights
	changes  atomic.Int64 // counts up with changes of segments and tables

	queries   backend.QueryDataHandler
	resources backend.CallResourceHandler

	inUse  sync.RWMutex // held for reading by whoever uses the pool
	closed bool
}

var (
	_ backend.QueryDataHandler      = (*Datasource)(nil)
	_ backend.CheckHealthHandler    = (*Datasource)(nil)
	_ backend.CallResourceHandler   = (*Datasource)(nil)
	_ instancemgmt.InstanceDisposer = (*Datasource)(nil)
)

// New makes a datasource. Wrong settings are no error here, since Grafana would hide its text: health and queries tell.
func New(ctx context.Context, stored backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
	d := &Datasource{tokens: columns.NewTokens(), flights: flights{all: map[string]*flight{}}}
	d.queries = d.newQueryMux()
	mux := http.NewServeMux()
	d.handleResources(mux)
	d.resources = httpadapter.New(d.withDeadline(withBody(mux)))

	d.invalid = d.connect(context.WithoutCancel(ctx), stored)
	d.previews = newPreviews(d.settings.MaxOpenConns)
	return d, nil
}

// connect makes the pool and starts the worker.
func (d *Datasource) connect(ctx context.Context, stored backend.DataSourceInstanceSettings) error {
	settings, err := ParseSettings(ctx, stored)
	if err != nil {
		return err
	}
	client, err := stored.ProxyClient(ctx)
	if err != nil {
		return SettingsError{"Secure socks proxy", "cannot be used: " + err.Error()}
	}
	dial, err := proxyDial(client, settings)
	if err != nil {
		return SettingsError{"Secure socks proxy", "cannot be used: " + err.Error()}
	}
	if d.pool, err = newPool(ctx, settings, dial); err != nil {
		return err
	}
	d.settings = settings
	if settings.RunWorker {
		d.worker, err = startWorker(ctx, settings, dial, stored.UID)
	}
	return err
}

// Dispose lets queries under way end, and stops the worker.
func (d *Datasource) Dispose() {
	d.inUse.Lock()
	defer d.inUse.Unlock()
	d.closed = true
	if d.worker != nil {
		d.worker.stop()
	}
	if d.pool != nil {
		d.pool.Close()
	}
}

var errDisposed = errors.New("the datasource's settings have changed meanwhile; try again")

// read runs f in a read-only transaction.
func (d *Datasource) read(ctx context.Context, f func(pgx.Tx) error) error {
	return d.readWithin(ctx, d.settings.StatementTimeout, f)
}

// readWithin is read with a time-out for each statement.
func (d *Datasource) readWithin(ctx context.Context, timeout time.Duration, f func(pgx.Tx) error) error {
	return d.use(ctx, func() error { return readOnly(ctx, d.pool, timeout, f) })
}

// write runs f, which changes something, with the pool: no time-out but the request's holds.
func (d *Datasource) write(ctx context.Context, f func(*pgxpool.Pool) error) error {
	d.changes.Add(1)
	err := d.use(ctx, func() error { return f(d.pool) })
	d.names.forget()
	d.changes.Add(1)
	return err
}

// use runs f while the pool cannot be closed.
func (d *Datasource) use(ctx context.Context, f func() error) error {
	d.inUse.RLock()
	defer d.inUse.RUnlock()
	switch {
	case d.closed:
		return errDisposed
	case d.invalid != nil:
		return d.invalid
	}
	err := f()
	if err != nil && ctx.Err() != nil { // whatever the server said of it
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return err
}
