package plugin

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// badQuery is a mistake of whoever wrote the query.
type badQuery struct{ error }

func (e badQuery) Unwrap() error { return e.error }

// problem is a failure of the database or the way to it, in words.
type problem struct {
	what   string // is wrong
	advice string // what to do about it
	status backend.Status
}

func (p problem) String() string { return p.what + ". " + p.advice + "." }

// errorResponse gives a failure its status and source: mistakes in queries and settings and whatever the database
// refuses are downstream, the rest is our own.
func errorResponse(err error) backend.DataResponse {
	response := backend.DataResponse{Error: err, Status: backend.StatusInternal, ErrorSource: backend.ErrorSourcePlugin}
	var statement *store.StatementError
	if errors.As(err, &statement) {
		response.Frames = data.Frames{{Meta: &data.FrameMeta{ExecutedQueryString: statement.Executed}}}
	}
	var settings SettingsError
	switch {
	case errors.As(err, new(badQuery)):
		response.Status = backend.StatusBadRequest
	case errors.As(err, &settings):
		response.Status, response.Error = backend.StatusBadRequest, fmt.Errorf("datasource settings: %w", err)
	case errors.Is(err, context.Canceled):
		response.Status = backend.Status(499) // as proxies call a request that nobody waits for
	default:
		p, known := explain(err, nameless)
		if !known {
			return response
		}
		response.Status, response.Error = p.status, errors.New(p.String())
	}
	response.ErrorSource = backend.ErrorSourceDownstream
	return response
}

// names are what an explanation calls things.
type names struct{ address, host, user, database string }

// nameless tells nothing of the settings: those who ask queries need not know them.
var nameless = names{"the host", "the host", "the user", "the database"}

func (s Settings) names() names {
	return names{s.Address(), s.Host, "user " + s.User, "database " + s.Database}
}

// explain finds words for an error of the way to the database or of the database.
func explain(err error, n names) (problem, bool) {
	for _, explanation := range []func(error, names) (problem, bool){
		explainBusy, explainTooMuch, explainScans, explainSchemaVersion, explainSQLState, explainTLS, explainNetwork,
	} {
		if p, ok := explanation(err, n); ok {
			return p, true
		}
	}
	return problem{}, false
}

// explainSchemaVersion takes the errors of package store, which say what to do.
func explainSchemaVersion(err error, _ names) (problem, bool) {
	for _, known := range []error{store.ErrNoSchema, store.ErrTooOld, store.ErrTooNew, store.ErrNoRights} {
		if errors.Is(err, known) {
			what, advice, _ := strings.Cut(known.Error(), "; ")
			what += strings.TrimPrefix(err.Error(), known.Error()) // the versions or what the server said
			return problem{upperFirst(what), upperFirst(advice), backend.StatusBadGateway}, true
		}
	}
	return problem{}, false
}

// explainSQLState takes what the server itself says. docs: PostgreSQL, appendix A.
func explainSQLState(err error, n names) (problem, bool) {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return problem{}, false
	}
	p := problem{"PostgreSQL says: " + pg.Message, "See the server's log for more", backend.StatusBadGateway}
	switch code := pg.Code; {
	case code == "28P01":
		p.what = "PostgreSQL refuses the password of " + n.user
		p.advice = "Check user and password in the datasource's settings"
	case code == "28000" && strings.Contains(pg.Message, "no encryption"):
		p.advice = "Set TLS/SSL mode to require, verify-ca or verify-full, or allow plain connections in pg_hba.conf"
	case code == "28000" && strings.Contains(pg.Message, "certificate"):
		p.advice = "Give a TLS/SSL client certificate and its key in the datasource's settings"
	case code == "28000":
		p.advice = "Check the user in the datasource's settings, and that pg_hba.conf lets it in from Grafana's address"
	case code == "3D000":
		p.what = upperFirst(n.database) + " does not exist on this server"
		p.advice = "Check the database in the datasource's settings"
	case code == "42501":
		p.what = fmt.Sprintf("The rights of %s do not suffice: %s", n.user, pg.Message)
		p.advice, p.status = "Grant it the reader's rights (docs/operations.md)", backend.StatusForbidden
	case code == "53300":
		p.what = "PostgreSQL has no connection left: " + pg.Message
		p.advice, p.status = "Lower Max open connections in the datasource's settings or raise max_connections", backend.StatusTooManyRequests
	case code == "57P03":
		p.advice = "It is starting or stopping; try again shortly"
	case strings.HasPrefix(code, "57P"):
		p.advice = "It was stopped or restarted; try again"
	case code == "57014" && strings.Contains(pg.Message, "user request"):
		p.what, p.advice = "Somebody stopped the query in PostgreSQL", "Try again"
	case code == "57014":
		p.what, p.status = "The query took longer than the statement timeout and was stopped", backend.StatusTimeout
		p.advice = "Ask for less, or raise Statement timeout in the datasource's settings"
	case code == "08P01", code == "26000", code == "42P05":
		p.advice = "If a connection pooler such as PgBouncer stands between, switch on PgBouncer mode in the datasource's settings"
	case strings.HasPrefix(code, "22"):
		p.advice, p.status = "Check the values in the query's options", backend.StatusBadRequest
	}
	return p, true
}

func explainTLS(err error, n names) (problem, bool) {
	var (
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
		alert     tls.AlertError
	)
	p := problem{status: backend.StatusBadGateway}
	switch {
	case strings.Contains(err.Error(), "server refused TLS connection"): // pgconn has no type for it
		p.what = "The server does not offer TLS"
		p.advice = "Switch TLS on in PostgreSQL (ssl = on), or set TLS/SSL mode to disable if the network is safe"
	case errors.As(err, &authority):
		p.what = "The server's certificate is not signed by a known authority"
		p.advice = "Paste the authority's certificate as TLS/SSL root certificate"
	case errors.As(err, &name):
		p.what = "The server's certificate is for another name: " + name.Error()
		p.advice = fmt.Sprintf("Use the certificate's name instead of %s, give it as TLS server name, or set TLS/SSL mode to verify-ca", n.host)
	case errors.As(err, &invalid):
		p.what = "The server's certificate is not valid: " + invalid.Error()
		p.advice = "Renew the certificate or check the clocks"
	case errors.As(err, &record), errors.As(err, &alert):
		p.what = "TLS failed: " + err.Error()
		p.advice = "Check TLS/SSL mode, client certificate and key in the datasource's settings"
	default:
		return p, false
	}
	return p, true
}

func explainNetwork(err error, n names) (problem, bool) {
	var (
		dns  *net.DNSError
		op   *net.OpError
		conn *pgconn.ConnectError
	)
	p := problem{
		advice: "Check Host URL in the datasource's settings, and that PostgreSQL runs and can be reached from Grafana",
		status: backend.StatusBadGateway,
	}
	switch {
	case errors.As(err, &dns) && !dns.IsTimeout:
		p.what = fmt.Sprintf("The name of %s cannot be resolved", n.host)
		p.advice = "Check Host URL in the datasource's settings, and the name service of the machine Grafana runs on"
	case errors.Is(err, syscall.ECONNREFUSED):
		p.what = fmt.Sprintf("Nothing answers at %s: connection refused", n.address)
	case pgconn.Timeout(err), errors.Is(err, context.DeadlineExceeded):
		p.what, p.status = fmt.Sprintf("No answer in time from %s", n.address), backend.StatusTimeout
	case errors.As(err, &conn), errors.As(err, &op), errors.Is(err, pgconn.ErrConnClosed):
		p.what = fmt.Sprintf("The connection to %s failed: %s", n.address, lastCause(err))
	default:
		return p, false
	}
	return p, true
}

// lastCause is the innermost error: those around it repeat user, database and addresses.
func lastCause(err error) error {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err
}

func upperFirst(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// aboutSchema is true for errors that another version of the schema, or none, explains.
func aboutSchema(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "3F000" || pg.Code == "42P01" || pg.Code == "42703" || pg.Code == "42501")
}
