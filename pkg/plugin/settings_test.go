package plugin

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/config"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func minimal() stored {
	return stored{url: "db.example.com", user: "reader", json: map[string]any{"database": "shop"}, secure: map[string]string{}}
}

func TestSettingsHaveDefaults(t *testing.T) {
	s, err := ParseSettings(t.Context(), minimal().settings(t))
	require.NoError(t, err)
	require.Equal(t, Settings{
		Host: "db.example.com", Port: 5432, User: "reader", Database: "shop",
		TLS:          TLSSettings{Mode: "require"},
		MaxOpenConns: 10, ConnMaxLifetime: 4 * time.Hour, ConnMaxIdleTime: 30 * time.Minute,
		ConnectTimeout: 10 * time.Second, StatementTimeout: time.Minute, Location: time.UTC,
		TraceIDAttribute: "trace_id",
	}, s)
}

func TestSettingsAreTaken(t *testing.T) {
	given := minimal()
	given.url = "[::1]:6432"
	given.json = map[string]any{
		"database": "shop", "sslmode": "disable", "maxOpenConns": 3, "minIdleConns": 2, "maxIdleConns": 100, "connMaxLifetime": 60,
		"connMaxIdleTime": 30, "connectTimeout": 5, "statementTimeout": 7, "pgBouncer": true,
		"timeZone": "Europe/Berlin", "runWorker": true,
		"tracingDatasourceUid": "tempo", "traceIdAttribute": "trace.id", "ofGrafana": "ignored",
	}
	given.secure["password"] = "secret"
	s, err := ParseSettings(t.Context(), given.settings(t))
	require.NoError(t, err)
	require.Equal(t, "Europe/Berlin", s.Location.String())
	s.Location = nil
	require.Equal(t, Settings{
		Host: "::1", Port: 6432, User: "reader", Password: "secret", Database: "shop",
		TLS:          TLSSettings{Mode: "disable"},
		MaxOpenConns: 3, MinIdleConns: 2, ConnMaxLifetime: time.Minute, ConnMaxIdleTime: 30 * time.Second,
		ConnectTimeout: 5 * time.Second, StatementTimeout: 7 * time.Second, PgBouncer: true, RunWorker: true,
		TracingDatasource: "tempo", TraceIDAttribute: "trace.id",
	}, s)
}

func TestSettingsFollowStricterDefaultsOfGrafana(t *testing.T) {
	ctx := config.WithGrafanaConfig(context.Background(), config.NewGrafanaCfg(map[string]string{
		config.SQLRowLimit: "50", config.SQLMaxOpenConnsDefault: "4",
		config.SQLMaxIdleConnsDefault: "100", config.SQLMaxConnLifetimeSecondsDefault: "600",
	}))
	s, err := ParseSettings(ctx, minimal().settings(t))
	require.NoError(t, err)
	require.Equal(t, 4, s.MaxOpenConns)
	require.Equal(t, 10*time.Minute, s.ConnMaxLifetime)
	require.Equal(t, 50, rowLimit(ctx))
}

func TestSettingsRefuse(t *testing.T) {
	for wanted, change := range map[string]func(*stored){
		"Host URL is missing; give host:port":                                    func(s *stored) { s.url = " " },
		"Host URL must be one host:port without scheme":                          func(s *stored) { s.url = "postgres://db" },
		"Host URL must be host:port with a port of 1 to 65535, not \"db:0\"":     func(s *stored) { s.url = "db:0" },
		"Host URL must be host:port with a port of 1 to 65535, not \"db:70000\"": func(s *stored) { s.url = "db:70000" },
		"Host URL must be host:port with a port of 1 to 65535, not \":5432\"":    func(s *stored) { s.url = ":5432" },
		"Host URL must be host:port, not \"::1\"; write IPv6":                    func(s *stored) { s.url = "::1" },
		"User is missing":     func(s *stored) { s.user = "" },
		"Database is missing": func(s *stored) { s.json["database"] = "" },
		"jsonData cannot be read: maxOpenConns must be a number, not a string":      func(s *stored) { s.json["maxOpenConns"] = "many" },
		"Max open connections must be 1 to 1000, not -1; 0 means the default, 10":   func(s *stored) { s.json["maxOpenConns"] = -1 },
		"Min idle connections must be 0 to 10, not 11":                              func(s *stored) { s.json["minIdleConns"] = 11 },
		"Max lifetime (seconds) must be 1 to 2592000, not -5":                       func(s *stored) { s.json["connMaxLifetime"] = -5 },
		"Max idle time (seconds) must be 1 to 2592000":                              func(s *stored) { s.json["connMaxIdleTime"] = 1e9 },
		"Connect timeout (seconds) must be 1 to 300, not 301":                       func(s *stored) { s.json["connectTimeout"] = 301 },
		"Statement timeout (seconds) must be 1 to 86400":                            func(s *stored) { s.json["statementTimeout"] = 86401 },
		`Time zone is not known: "Berlin"`:                                          func(s *stored) { s.json["timeZone"] = "Berlin" },
		`Time zone is not known: "Local"`:                                           func(s *stored) { s.json["timeZone"] = "Local" },
		`TLS/SSL mode is "prefer"`:                                                  func(s *stored) { s.json["sslmode"] = "prefer" },
		"TLS/SSL root certificate holds no certificate":                             func(s *stored) { s.secure["tlsCACert"] = "/etc/ca.pem" },
		"TLS/SSL client certificate and client key belong together":                 func(s *stored) { s.secure["tlsClientKey"] = "key" },
		"TLS/SSL client certificate or its key cannot be used: tls: failed to find": func(s *stored) { s.secure["tlsClientKey"], s.secure["tlsClientCert"] = "key", "cert" },
	} {
		given := minimal()
		change(&given)
		_, err := ParseSettings(t.Context(), given.settings(t))
		require.ErrorAs(t, err, &SettingsError{}, wanted)
		require.ErrorContains(t, err, wanted)
	}
}

func TestPoolIgnoresTheMachinesEnvironment(t *testing.T) {
	for name, value := range map[string]string{
		"PGHOST": "elsewhere", "PGPORT": "1", "PGUSER": "other", "PGPASSWORD": "other", "PGDATABASE": "other",
		"PGSSLMODE": "disable", "PGAPPNAME": "other", "PGOPTIONS": "-c work_mem=1GB", "PGTZ": "Mars", "PGTARGETSESSIONATTRS": "standby",
		"PGCONNECT_TIMEOUT": "1",
	} {
		t.Setenv(name, value)
	}
	s, err := ParseSettings(t.Context(), minimal().settings(t))
	require.NoError(t, err)
	config, err := poolConfig(s, nil)
	require.NoError(t, err)
	c := config.ConnConfig
	require.Equal(t, []string{"db.example.com", "reader", "", "shop"}, []string{c.Host, c.User, c.Password, c.Database})
	require.Equal(t, uint16(5432), c.Port)
	require.NotNil(t, c.TLSConfig)
	require.Empty(t, c.Fallbacks)
	require.Nil(t, c.ValidateConnect)
	require.Equal(t, 10*time.Second, c.ConnectTimeout)
	require.Equal(t, map[string]string{"application_name": "footfall-datasource"}, c.RuntimeParams)

	s.PgBouncer = true
	config, err = poolConfig(s, nil)
	require.NoError(t, err)
	require.Empty(t, config.ConnConfig.RuntimeParams, "PgBouncer refuses what it does not know")
	require.Equal(t, pgx.QueryExecModeExec, config.ConnConfig.DefaultQueryExecMode)
}

func TestSettingsErrorsNeverRepeatSecrets(t *testing.T) {
	given := minimal()
	given.secure = map[string]string{"password": "hunter2", "tlsCACert": "hunter2", "tlsClientCert": "hunter2", "tlsClientKey": "hunter2"}
	_, err := ParseSettings(t.Context(), given.settings(t))
	require.Error(t, err)
	require.False(t, strings.Contains(err.Error(), "hunter2"))
}
