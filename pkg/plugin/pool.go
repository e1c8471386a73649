package plugin

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/proxy"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// noEnvironment is parsed for pgx's defaults alone: it names whatever pgx would look up in files and variables of the
// machine, and every value is replaced.
const noEnvironment = `host=replaced port=1 user=replaced password=replaced database=replaced sslmode=disable
 sslcertmode=allow target_session_attrs=any application_name=replaced`

// newPool connects nowhere yet: connections are made when they are wanted.
func newPool(ctx context.Context, s Settings, dial pgconn.DialFunc) (*pgxpool.Pool, error) {
	config, err := poolConfig(s, dial)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("make the connection pool: %w", err)
	}
	return pool, nil
}

func poolConfig(s Settings, dial pgconn.DialFunc) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(noEnvironment)
	if err != nil {
		return nil, fmt.Errorf("make the connection pool: %w", err)
	}
	config.MaxConns = int32(s.MaxOpenConns)     //nolint:gosec // at most 1000
	config.MinIdleConns = int32(s.MinIdleConns) //nolint:gosec // at most MaxOpenConns
	config.MaxConnLifetime = s.ConnMaxLifetime
	config.MaxConnLifetimeJitter = s.ConnMaxLifetime / 10
	config.MaxConnIdleTime = s.ConnMaxIdleTime
	config.PingTimeout = s.ConnectTimeout

	c := config.ConnConfig
	c.Host, c.Port, c.Fallbacks = s.Host, s.Port, nil
	c.User, c.Password, c.Database = s.User, s.Password, s.Database
	c.SSLNegotiation = ""
	if c.TLSConfig, err = s.TLS.config(s.Host); err != nil {
		return nil, err
	}
	// Poolers refuse parameters they do not know, hence nothing but a name, and that only to PostgreSQL itself.
	c.RuntimeParams = map[string]string{}
	if !s.PgBouncer {
		c.RuntimeParams["application_name"] = "footfall-datasource"
	}
	// Without prepared statements every plan is made for the values at hand, which search needs, and a pooler may give
	// each transaction another connection.
	c.DefaultQueryExecMode = pgx.QueryExecModeExec
	c.ConnectTimeout = s.ConnectTimeout
	c.DialFunc = store.Dialer(s.ConnectTimeout).DialContext
	if dial != nil {
		c.DialFunc = dial
		c.LookupFunc = func(_ context.Context, host string) ([]string, error) { return []string{host}, nil }
	}
	c.BuildContextWatcherHandler = cancelInPostgres
	c.Tracer = queryTracer{}
	return config, nil
}

// cancelInPostgres ends the query in the server when its context ends, and keeps the connection. Should the server not
// listen, the connection is given up.
func cancelInPostgres(conn *pgconn.PgConn) ctxwatch.Handler {
	return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: 3 * time.Second}
}

// proxyDial dials through Grafana's secure SOCKS proxy; nil where the datasource does not use it.
func proxyDial(client proxy.Client, s Settings) (pgconn.DialFunc, error) {
	if !client.SecureSocksProxyEnabled() {
		return nil, nil
	}
	dialer, err := client.NewSecureSocksProxyContextDialer()
	if err != nil {
		return nil, fmt.Errorf("use the secure SOCKS proxy: %w", err)
	}
	contextDialer, ok := dialer.(interface {
		DialContext(ctx context.Context, network, address string) (net.Conn, error)
	})
	if !ok {
		return nil, errors.New("the secure SOCKS proxy's dialer cannot be cancelled")
	}
	// Always the server: to cancel a query pgx would dial the other end of its connection, which is the proxy.
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		return contextDialer.DialContext(ctx, network, s.Address())
	}, nil
}

// readOnly runs f in a read-only transaction that sees one state of the store. The time-out is set in the same round
// trip, and inside the transaction, where it reaches the right connection behind a pooler too.
func readOnly(ctx context.Context, pool *pgxpool.Pool, timeout time.Duration, f func(pgx.Tx) error) error {
	options := pgx.TxOptions{BeginQuery: fmt.Sprintf(
		`begin isolation level repeatable read, read only; set local statement_timeout = %d; `+store.BoundedPlans, timeout.Milliseconds())}
	conn, err := acquire(ctx, pool)
	if err != nil {
		return err
	}
	defer conn.Release()
	return pgx.BeginTxFunc(ctx, conn, options, f)
}
