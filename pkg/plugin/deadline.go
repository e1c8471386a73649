package plugin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/jackc/pgx/v5/pgxpool"
)

// The server ends a statement that takes too long. These deadlines hold for whole answers, with all that they wait for,
// and also where the server cannot be heard any more or all connections are in use.
const (
	// afterStatement lets the server say first that a statement took too long.
	afterStatement = 2 * time.Second
	// afterConnect is how long health waits for answers once it has a connection.
	afterConnect = 5 * time.Second
	// longDeadline is for changes and files: computing a segment may take ten minutes.
	longDeadline = 15 * time.Minute
)

// answerDeadline is for a query, and for a resource that reads.
func (s Settings) answerDeadline() time.Duration { return s.StatementTimeout + afterStatement }

// healthDeadline is for somebody who waits for "Save & test".
func (s Settings) healthDeadline() time.Duration { return s.ConnectTimeout + afterConnect }

// withDeadline gives every resource its own.
func (d *Datasource) withDeadline(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		deadline := d.settings.answerDeadline()
		if r.Method != http.MethodGet || strings.HasSuffix(r.URL.Path, ".csv") {
			deadline = longDeadline
		}
		ctx, cancel := context.WithTimeout(r.Context(), deadline)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// busyError is that no connection became free.
type busyError struct {
	cause error
	most  int32
}

func (e busyError) Error() string {
	return fmt.Sprintf("all %d connections in use: %v", e.most, e.cause)
}
func (e busyError) Unwrap() error { return e.cause }

// acquire takes a connection of the pool, and tells it apart where there is none to be had.
func acquire(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Conn, error) {
	conn, err := pool.Acquire(ctx)
	if s := pool.Stat(); err != nil && ctx.Err() != nil && s.AcquiredConns() == s.MaxConns() {
		return nil, busyError{err, s.MaxConns()}
	}
	return conn, err
}

// explainBusy says that others keep the connections.
func explainBusy(err error, _ names) (problem, bool) {
	var busy busyError
	ok := errors.As(err, &busy)
	return problem{
		what:   fmt.Sprintf("Busy: %d of %d connections are in use, and none became free in time", busy.most, busy.most),
		advice: "Try again when fewer ask, or raise Max open in the datasource's settings",
		status: backend.StatusTooManyRequests,
	}, ok
}
