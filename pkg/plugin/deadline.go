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

	"github.com/footfall-analytics/footfall/pkg/columns"
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

// busyError is that the time was over before others had left anything of what there is only so much of.
type busyError struct {
	cause error
	most  int
	of    shortage
}

// shortage says what others have, as a format of how much there is, and what to do about it.
type shortage struct{ what, advice string }

var (
	ofConnections = shortage{
		"%d of %[1]d connections are in use, and none became free in time",
		"Try again when fewer ask, or raise Max open in the datasource's settings",
	}
	ofTurns = shortage{
		"at most %d questions are answered at once, and the time was over before it was this one's turn",
		"Try again when fewer ask, or ask fewer queries at once",
	}
)

func (e busyError) what() string { return fmt.Sprintf("Busy: "+e.of.what, e.most) }

func (e busyError) Error() string { return fmt.Sprintf("%s: %v", e.what(), e.cause) }
func (e busyError) Unwrap() error { return e.cause }

// acquire takes a connection of the pool, and tells it apart where there is none to be had.
func acquire(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Conn, error) {
	conn, err := pool.Acquire(ctx)
	if s := pool.Stat(); err != nil && ctx.Err() != nil && s.AcquiredConns() == s.MaxConns() {
		return nil, busyError{err, int(s.MaxConns()), ofConnections}
	}
	return conn, err
}

// explainScans says why a question over all sessions was not answered: the errors of package columns say what to do.
func explainScans(err error, _ names) (problem, bool) {
	for known, status := range map[error]backend.Status{
		columns.ErrTooMuch: backend.StatusBadRequest, columns.ErrBusy: backend.StatusTooManyRequests,
	} {
		if errors.Is(err, known) {
			what, advice, _ := strings.Cut(known.Error(), "; ")
			return problem{upperFirst(what), upperFirst(advice), status}, true
		}
	}
	return problem{}, false
}

// explainBusy says what others have.
func explainBusy(err error, _ names) (problem, bool) {
	var busy busyError
	ok := errors.As(err, &busy)
	return problem{what: busy.what(), advice: busy.of.advice, status: backend.StatusTooManyRequests}, ok
}
