package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/config"
)

// Settings of a datasource, checked.
type Settings struct {
	Host     string
	Port     uint16
	User     string
	Password string
	Database string

	TLS TLSSettings

	MaxOpenConns     int
	MinIdleConns     int
	ConnMaxLifetime  time.Duration
	ConnMaxIdleTime  time.Duration
	ConnectTimeout   time.Duration
	StatementTimeout time.Duration

	PgBouncer bool           // a pooler in transaction mode stands between
	Location  *time.Location // of queries that bring no time zone, such as alerts
	RunWorker bool           // roll up the inbox and refresh segments in this process

	RestrictExport bool // only editors see e-mails in lists and export

	// Events with a trace id lead to the trace, on pages; the backend only checks that there are such events.
	TracingDatasource string // the uid of a data source, "" for none
	TraceIDAttribute  string // of events
}

// TLSSettings hold certificates as PEM text.
type TLSSettings struct {
	Mode       string // disable, require, verify-ca or verify-full
	ServerName string // where it differs from the host
	CACert     string
	ClientCert string
	ClientKey  string
}

// Address is host:port.
func (s Settings) Address() string { return net.JoinHostPort(s.Host, strconv.Itoa(int(s.Port))) }

// jsonData is the part of the settings that Grafana keeps as JSON. Absent and 0 mean the default; times are in seconds.
// What Grafana's own PostgreSQL datasource has too is named as there. Its maxIdleConns, how many unused connections may
// stay open, is not taken: they are closed after connMaxIdleTime, but for minIdleConns.
type jsonData struct {
	Database         string `json:"database"`
	SSLMode          string `json:"sslmode"`
	TLSServerName    string `json:"tlsServerName"`
	MaxOpenConns     int    `json:"maxOpenConns"`
	MinIdleConns     int    `json:"minIdleConns"`
	ConnMaxLifetime  int    `json:"connMaxLifetime"`
	ConnMaxIdleTime  int    `json:"connMaxIdleTime"`
	ConnectTimeout   int    `json:"connectTimeout"`
	StatementTimeout int    `json:"statementTimeout"`
	PgBouncer        bool   `json:"pgBouncer"`
	TimeZone         string `json:"timeZone"`
	RunWorker        bool   `json:"runWorker"`
	RestrictExport   bool   `json:"restrictExport"`

	TracingDatasourceUID string `json:"tracingDatasourceUid"`
	TraceIDAttribute     string `json:"traceIdAttribute"`
}

const (
	defaultPort    = 5432
	defaultTLSMode = "require"
	defaultTraceID = "trace_id" // as in src/datasource/components/config/settings.ts

	day = 24 * 60 * 60 // seconds
)

// SettingsError names the setting that is wrong and says what would be right.
type SettingsError struct{ Field, Problem string }

func (e SettingsError) Error() string { return e.Field + " " + e.Problem }

// ParseSettings reads and checks what Grafana stores of a datasource. Its errors are of type SettingsError.
func ParseSettings(ctx context.Context, stored backend.DataSourceInstanceSettings) (Settings, error) {
	var j jsonData
	if len(stored.JSONData) > 0 {
		if err := json.Unmarshal(stored.JSONData, &j); err != nil {
			return Settings{}, SettingsError{"jsonData", "cannot be read: " + describeJSON(err)}
		}
	}
	s := Settings{
		User:      stored.User,
		Password:  stored.DecryptedSecureJSONData["password"],
		Database:  j.Database,
		PgBouncer: j.PgBouncer,
		RunWorker: j.RunWorker,

		RestrictExport: j.RestrictExport,

		TracingDatasource: j.TracingDatasourceUID,
		TraceIDAttribute:  withDefault(j.TraceIDAttribute, defaultTraceID),
		TLS: TLSSettings{
			Mode:       withDefault(j.SSLMode, defaultTLSMode),
			ServerName: j.TLSServerName,
			CACert:     stored.DecryptedSecureJSONData["tlsCACert"],
			ClientCert: stored.DecryptedSecureJSONData["tlsClientCert"],
			ClientKey:  stored.DecryptedSecureJSONData["tlsClientKey"],
		},
	}
	var err error
	if s.Host, s.Port, err = parseAddress(stored.URL); err != nil {
		return Settings{}, err
	}
	if s.User == "" {
		return Settings{}, SettingsError{"User", "is missing; give the name of a PostgreSQL role that may read schema footfall"}
	}
	if s.Database == "" {
		return Settings{}, SettingsError{"Database", "is missing; give the name of the database that holds schema footfall"}
	}
	if _, err := s.TLS.config(s.Host); err != nil {
		return Settings{}, err
	}
	if s.Location, err = time.LoadLocation(withDefault(j.TimeZone, "UTC")); err != nil || j.TimeZone == "Local" {
		return Settings{}, SettingsError{"Time zone", fmt.Sprintf("is not known: %q; give a name such as Europe/Berlin", j.TimeZone)}
	}
	return s, s.parseLimits(ctx, j)
}

// parseLimits takes the numbers over, each within its limits.
func (s *Settings) parseLimits(ctx context.Context, j jsonData) error {
	defaults := poolDefaults(ctx)
	var err error
	number := func(field string, value, byDefault, least, most int) int {
		value = withDefault(value, byDefault)
		if err == nil && (value < least || value > most) {
			err = SettingsError{field, fmt.Sprintf("must be %d to %d, not %d; 0 means the default, %d", least, most, value, byDefault)}
		}
		return value
	}
	seconds := func(field string, value, byDefault, most int) time.Duration {
		return time.Duration(number(field+" (seconds)", value, byDefault, 1, most)) * time.Second
	}
	s.MaxOpenConns = number("Max open connections", j.MaxOpenConns, defaults.maxOpen, 1, 1000)
	s.MinIdleConns = number("Min idle connections", j.MinIdleConns, 0, 0, s.MaxOpenConns)
	s.ConnMaxLifetime = seconds("Max lifetime", j.ConnMaxLifetime, defaults.lifetime, 30*day)
	s.ConnMaxIdleTime = seconds("Max idle time", j.ConnMaxIdleTime, 1800, 30*day)
	s.ConnectTimeout = seconds("Connect timeout", j.ConnectTimeout, 10, 300)
	s.StatementTimeout = seconds("Statement timeout", j.StatementTimeout, 60, day)
	return err
}

type defaults struct{ maxOpen, lifetime int }

// poolDefaults are ours, or where it sets stricter ones, those of this Grafana.
func poolDefaults(ctx context.Context) defaults {
	d := defaults{maxOpen: 10, lifetime: 4 * 60 * 60}
	grafana, err := config.GrafanaConfigFromContext(ctx).SQL()
	if err != nil {
		return d // a Grafana before 10.2 does not send them
	}
	if n := grafana.DefaultMaxOpenConns; n > 0 {
		d.maxOpen = min(d.maxOpen, n)
	}
	if n := grafana.DefaultMaxConnLifetimeSeconds; n > 0 {
		d.lifetime = min(d.lifetime, n)
	}
	return d
}

// parseAddress takes host, host:port, [IPv6] and [IPv6]:port.
func parseAddress(url string) (string, uint16, error) {
	text := strings.TrimSpace(url)
	if text == "" {
		return "", 0, SettingsError{"Host URL", "is missing; give host:port, such as db.example.com:5432"}
	}
	if strings.ContainsAny(text, "/@, ") {
		return "", 0, SettingsError{"Host URL", fmt.Sprintf("must be one host:port without scheme, user and path, not %q", url)}
	}
	if !strings.Contains(text, ":") || strings.HasSuffix(text, "]") {
		return strings.Trim(text, "[]"), defaultPort, nil
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		return "", 0, SettingsError{"Host URL", fmt.Sprintf("must be host:port, not %q; write IPv6 addresses as [::1]:5432", url)}
	}
	number, err := strconv.ParseUint(withDefault(port, strconv.Itoa(defaultPort)), 10, 16)
	if err != nil || number == 0 || host == "" {
		return "", 0, SettingsError{"Host URL", fmt.Sprintf("must be host:port with a port of 1 to 65535, not %q", url)}
	}
	return host, uint16(number), nil
}

func withDefault[T comparable](value, byDefault T) T {
	var zero T
	if value == zero {
		return byDefault
	}
	return value
}
