package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func details(t *testing.T, result *backend.CheckHealthResult) healthDetails {
	t.Helper()
	var d healthDetails
	require.NoError(t, json.Unmarshal(result.JSONDetails, &d))
	return d
}

func TestHealthy(t *testing.T) {
	db := testdb.New(t)
	_, err := db.Exec(t.Context(), `update footfall.worker set users = 600, sessions = 3605, events = 31106;
		insert into footfall.workers (id, host, doing, since) values (gen_random_uuid(), 'here', 'idle', now())`)
	require.NoError(t, err)
	storeUser(t, db, 1, "u-1")
	_, err = db.Exec(t.Context(), `update footfall.profiles set last_seen = now() - interval '5 hours'`)
	require.NoError(t, err)
	_, err = db.Exec(t.Context(), `insert into footfall.inbox (ts) values ('now')`)
	require.NoError(t, err)

	result := start(t, storedFor(db)).health(t)
	require.Equal(t, backend.HealthStatusOk, result.Status, result.Message)
	require.Regexp(t, `^Connected to PostgreSQL \d+\.\d+, schema version \d+; 600 users, 3,605 sessions, 31,106 events; `+
		`the newest event is 5 hours old; 1 event waits in the inbox\.$`, result.Message)
	require.Equal(t, int64(31106), details(t, result).Status.Events)
}

func TestHealthOfAnEmptyStore(t *testing.T) {
	result := start(t, storedFor(testdb.New(t))).health(t)
	require.Equal(t, backend.HealthStatusOk, result.Status)
	require.Contains(t, result.Message, "0 users, 0 sessions, 0 events; no worker has been seen yet.")
	require.Contains(t, string(result.JSONDetails), `"rejected_kinds":[],"rejected_samples":[],"conflict_samples":[],"left_out":0,"left_out_kinds":[]`)
}

func TestHealthTellsWhatToDo(t *testing.T) {
	for name, c := range map[string]struct {
		break_ func(*stored)
		sql    string
		empty  bool
		wanted []string
	}{
		"unreachable": {
			break_: func(s *stored) { s.url = "127.0.0.1:1" },
			wanted: []string{"Nothing answers at 127.0.0.1:1: connection refused", "Check Host URL"},
		},
		"unknown host": {
			break_: func(s *stored) { s.url = "nowhere.invalid" },
			wanted: []string{"The name of nowhere.invalid cannot be resolved", "Check Host URL"},
		},
		"wrong password": {
			break_: func(s *stored) { s.secure["password"] = "wrong" },
			wanted: []string{"PostgreSQL refuses the password of user postgres", "Check user and password"},
		},
		"no password": {
			break_: func(s *stored) { s.secure = nil },
			wanted: []string{"PostgreSQL refuses the password of user postgres", "Check user and password"},
		},
		"unknown database": {
			break_: func(s *stored) { s.json["database"] = "nothing" },
			wanted: []string{"Database nothing does not exist", "Check the database"},
		},
		"no TLS": {
			break_: func(s *stored) { s.json["sslmode"] = "require" },
			wanted: []string{"The server does not offer TLS", "set TLS/SSL mode to disable"},
		},
		"wrong setting": {
			break_: func(s *stored) { s.json["sslmode"] = "maybe" },
			wanted: []string{`TLS/SSL mode is "maybe"; it must be disable, require, verify-ca or verify-full`},
		},
		"no schema": {
			empty:  true,
			wanted: []string{"This database has no footfall schema (relation", ". Run `footfall migrate`"},
		},
		"too old": {
			sql: `update footfall.schema_version set version = version - 1`,
			wanted: []string{
				fmt.Sprintf("The footfall schema is older than this program (version %d, wanted %d). Run `footfall migrate`",
					store.SchemaVersion-1, store.SchemaVersion),
			},
		},
		"too new": {
			sql:    `update footfall.schema_version set version = version + 1`,
			wanted: []string{"The footfall schema is newer", "Update the program"},
		},
		"no worker": {
			sql: `insert into footfall.inbox (ts) select 'x' from generate_series(1, 1200)`,
			wanted: []string{"No worker has been seen ever, and 1,200 events wait in the inbox", "`footfall work`",
				"switch on Run worker"},
		},
		"worker gone": {
			sql: `insert into footfall.inbox (ts) values ('x');
			      update footfall.worker set last_error = 'disk full';
			      insert into footfall.workers (id, host, heartbeat, doing, since)
			      values (gen_random_uuid(), 'here', now() - interval '3 days', 'idle', now())`,
			wanted: []string{"No worker has been seen for 3 days, and 1 event waits in the inbox (its last error: disk full)"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			db := testdb.Empty(t)
			if !c.empty {
				db = testdb.New(t)
			}
			if c.sql != "" {
				_, err := db.Exec(t.Context(), c.sql)
				require.NoError(t, err)
			}
			s := storedFor(db)
			if c.break_ != nil {
				c.break_(&s)
			}
			result := start(t, s).health(t)
			require.Equal(t, backend.HealthStatusError, result.Status, result.Message)
			for _, text := range c.wanted {
				require.Contains(t, result.Message, text)
			}
		})
	}
}

// Rejected rows, conflicts and full token caps do not make the datasource unhealthy, but they are told.
func TestHealthWarns(t *testing.T) {
	db := testdb.New(t)
	_, err := db.Exec(t.Context(), `
		update footfall.settings set token_cap = 1;
		insert into footfall.tokens (id, type) values (1, 'view');
		insert into footfall.rejected (source, field, reason) values ('shop.csv:3', 'ts', '"never" is not a time');
		insert into footfall.left_out values ('geo.country_iso_code', 'is no country', 3, now(), 'T1', 'shop.csv:7');
		insert into footfall.conflicts (fields, row) values ('{duration}', '{}');
		update footfall.worker set rejected = 1, conflicts = 1, last_error = 'disk full', last_error_at = now()`)
	require.NoError(t, err)
	c := start(t, storedFor(db))
	result := c.health(t)
	require.Equal(t, backend.HealthStatusOk, result.Status)
	for _, text := range []string{
		"1 row was rejected and 1 conflicts with another", "warning: all 1 tokens of type view are used",
		"warning: the worker's last error: disk full", "3 values were left out of events or cut (geo.country_iso_code)",
	} {
		require.Contains(t, result.Message, text)
	}
	status := details(t, result).Status
	require.Equal(t, `"never" is not a time`, status.RejectedSamples[0].Reason)
	require.Equal(t, []string{"duration"}, status.ConflictSamples[0].Fields)
	_, body := c.resource(t, "GET", "status")
	require.Contains(t, body, `"never\" is not a time`)
	require.Contains(t, body, `"sample":"T1"`)

	c.context.User.Role = "Editor"
	status = details(t, c.health(t)).Status
	require.Equal(t, []store.RejectedKind{}, status.RejectedKinds, "a list in any role, never null")
	require.Equal(t, []store.Rejected{}, status.RejectedSamples)
	require.Equal(t, []store.Conflict{}, status.ConflictSamples)
	require.Equal(t, "is no country", status.LeftOutKinds[0].Reason)
	require.Empty(t, status.LeftOutKinds[0].Sample+status.LeftOutKinds[0].Source)
	_, body = c.resource(t, "GET", "status")
	require.NotContains(t, body, "never")
}

func TestHealthMissesTraceIDs(t *testing.T) {
	db := testdb.New(t)
	message := func(settings map[string]any) string {
		s := storedFor(db)
		for name, value := range settings {
			s.json[name] = value
		}
		result := start(t, s).health(t)
		require.Equal(t, backend.HealthStatusOk, result.Status, result.Message)
		return result.Message
	}
	traced := map[string]any{"tracingDatasourceUid": "tempo"}
	const missing = `warning: no event has the attribute "%s", which is to hold trace ids`
	require.NotContains(t, message(nil), "trace")
	require.NotContains(t, message(map[string]any{"traceIdAttribute": "unused"}), "trace")
	require.Contains(t, message(traced), fmt.Sprintf(missing, "trace_id"))

	// As the worker would tell.
	_, err := db.Exec(t.Context(), `insert into footfall.attribute_names (level, name, numeric)
		values ('event', 'trace_id', false), ('user', 'usr.trace', false)`)
	require.NoError(t, err)
	require.NotContains(t, message(traced), "trace")
	traced["traceIdAttribute"] = "usr.trace"
	require.Contains(t, message(traced), fmt.Sprintf(missing, "usr.trace"))
}

func TestHealthWithoutRights(t *testing.T) {
	db := testdb.New(t)
	role := fmt.Sprintf("nobody_%d", time.Now().UnixNano())
	_, err := db.Exec(t.Context(), fmt.Sprintf(`create role %s login password 'secret'`, role))
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := db.Exec(context.Background(), fmt.Sprintf(`drop owned by %s; drop role %[1]s`, role))
		require.NoError(t, err)
	})
	s := storedFor(db)
	s.user, s.secure["password"] = role, "secret"
	c := start(t, s)
	result := c.health(t)
	require.Equal(t, backend.HealthStatusError, result.Status)
	require.Contains(t, result.Message, "This role may not read the footfall schema")
	require.Contains(t, result.Message, "Grant it the reader's rights")

	_, err = db.Exec(t.Context(), fmt.Sprintf(`grant usage on schema footfall to %s;
		grant select on footfall.schema_version, footfall.users to %[1]s`, role))
	require.NoError(t, err)
	response := c.query(t.Context(), t, `{}`)
	require.ErrorContains(t, response.Error, "permission denied for table attribute_names")
	requireDownstream(t, backend.StatusForbidden, response)
}

func TestHealthOfASilentServer(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close() //nolint:errcheck // the test is over
	s := storedFor(testdb.Empty(t))
	s.url, s.json["connectTimeout"] = listener.Addr().String(), 1
	result := start(t, s).health(t)
	require.Equal(t, backend.HealthStatusError, result.Status)
	require.Contains(t, result.Message, "No answer in time from "+s.url)
}

func TestHealthDetailsAreForAdministrators(t *testing.T) {
	s := storedFor(testdb.Empty(t))
	s.url = "127.0.0.1:1"
	c := start(t, s)
	require.Contains(t, details(t, c.health(t)).VerboseMessage, "dial")
	c.context.User.Role = "Editor"
	require.Empty(t, details(t, c.health(t)).VerboseMessage)
	c.context.User = nil
	require.Empty(t, details(t, c.health(t)).VerboseMessage)
}

func TestResources(t *testing.T) {
	db := testdb.New(t)
	storeUser(t, db, 1, "u-1")
	c := start(t, storedFor(db))

	code, body := c.resource(t, "GET", "status")
	require.Equal(t, 200, code, body)
	var status store.Status
	require.NoError(t, json.Unmarshal([]byte(body), &status))
	require.Equal(t, store.SchemaVersion, status.SchemaVersion)

	code, body = c.resource(t, "GET", "attributes")
	require.Equal(t, 200, code, body)
	require.Contains(t, body, `{"id":"last_country","name":"Last country","level":"profile","type":"text"}`)
	require.Contains(t, body, `{"id":"usr.plan","name":"usr.plan","level":"profile","type":"text"}`)

	code, _ = c.resource(t, "POST", "status")
	require.Equal(t, 405, code)
	code, _ = c.resource(t, "GET", "nothing")
	require.Equal(t, 404, code)

	code, body = start(t, storedFor(testdb.Empty(t))).resource(t, "GET", "status")
	require.Equal(t, 502, code)
	require.Contains(t, body, `{"message":"This database has no footfall schema (relation`)
}

// Who may only look need not learn where the database is.
func TestHealthNamesAddressesToAdministratorsAlone(t *testing.T) {
	db := testdb.New(t)
	_, err := db.Exec(t.Context(), `update footfall.worker set last_error = 'failed to connect to host=10.1.2.3 user=owner', last_error_at = now()`)
	require.NoError(t, err)
	working := start(t, storedFor(db))
	gone := storedFor(db)
	gone.url, gone.user = "127.0.0.1:1", "owner"
	wrong := storedFor(db)
	wrong.url = "owner:10.1.2.3:x"
	for name, c := range map[string]*client{"working": working, "gone": start(t, gone), "wrong": start(t, wrong)} {
		for _, role := range []string{"Viewer", "Editor", "", "Admin"} {
			result := c.as(role).health(t)
			text := result.Message + string(result.JSONDetails)
			if role != "Admin" {
				require.NotRegexp(t, `10\.1\.2\.3|127\.0\.0\.1|owner`, text, "%s, %s", name, role)
				continue
			}
			require.Regexp(t, `10\.1\.2\.3|127\.0\.0\.1:1`, text, name)
		}
	}
	_, text := working.as("Viewer").resource(t, "GET", "status")
	require.NotContains(t, text, "10.1.2.3")
}
