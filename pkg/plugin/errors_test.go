package plugin

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/columns"
)

// What a test cannot make a server say at will; the rest is in the tests of health and queries.
func TestExplainWhatServersSayRarely(t *testing.T) {
	state := func(code, message string) error {
		return fmt.Errorf("query: %w", &pgconn.PgError{Severity: "FATAL", Code: code, Message: message})
	}
	for _, c := range []struct {
		err    error
		status backend.Status
		wanted string
	}{
		{state("53300", "sorry, too many clients already"), 429, "Lower Max open connections"},
		{state("57P03", "the database system is starting up"), 502, "try again shortly"},
		{state("57P01", "terminating connection due to administrator command"), 502, "stopped or restarted"},
		{state("57014", "canceling statement due to user request"), 502, "Somebody stopped the query"},
		{state("08P01", "unsupported startup parameter: application_name"), 502, "switch on PgBouncer mode"},
		{state("26000", `prepared statement "x" does not exist`), 502, "switch on PgBouncer mode"},
		{state("22008", "date/time field value out of range"), 400, "Check the values"},
		{state("28000", `no pg_hba.conf entry for host "::1", SSL encryption`), 502, "pg_hba.conf lets it in"},
		{state("XX000", "cache lookup failed"), 502, "PostgreSQL says: cache lookup failed. See the server's log"},
		{&net.DNSError{Err: "no such host", IsNotFound: true}, 502, "The name of the host cannot be resolved"},
		{fmt.Errorf("%w: %w", columns.ErrBusy, context.DeadlineExceeded), 429, "Try again when fewer ask, or ask fewer queries at once."},
		{fmt.Errorf("count: %w", columns.ErrTooMuch), 400, "needs more memory than there is for them. Ask for less time, fewer groups or a narrower filter."},
		{context.DeadlineExceeded, 504, "No answer in time from the host"},
		{tls.AlertError(42), 502, "TLS failed: tls: bad certificate"},
		{&net.OpError{Op: "read", Err: errors.New("connection reset by peer")}, 502, "The connection to the host failed"},
	} {
		response := errorResponse(c.err)
		require.ErrorContains(t, response.Error, c.wanted)
		requireDownstream(t, c.status, response)
	}
}

func TestBugsAreOurs(t *testing.T) {
	response := errorResponse(errors.New("no field for x"))
	require.Equal(t, backend.StatusInternal, response.Status)
	require.Equal(t, backend.ErrorSourcePlugin, response.ErrorSource)
}

func TestCancelledIsNobodysFault(t *testing.T) {
	response := errorResponse(fmt.Errorf("%w: %w", context.Canceled, errors.New("conn closed")))
	require.Equal(t, backend.ErrorSourceDownstream, response.ErrorSource)
	require.ErrorIs(t, response.Error, context.Canceled)
}
