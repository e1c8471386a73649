package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/instancemgmt"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/grafana/grafana-plugin-sdk-go/experimental/datasourcetest"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestMain(m *testing.M) {
	backend.Logger = log.NewNullLogger() // the SDK tells of every request
	log.DefaultLogger = backend.Logger
	testdb.Main(m)
}

// stored are a datasource's settings as Grafana keeps them.
type stored struct {
	url, user string
	json      map[string]any
	secure    map[string]string
}

// storedFor are the settings that reach a test's database.
func storedFor(db *pgxpool.Pool) stored {
	return storedForConfig(db.Config().ConnConfig)
}

func storedForConfig(c *pgx.ConnConfig) stored {
	return stored{
		url:    net.JoinHostPort(c.Host, fmt.Sprint(c.Port)),
		user:   c.User,
		json:   map[string]any{"database": c.Database, "sslmode": "disable"},
		secure: map[string]string{"password": c.Password},
	}
}

func (s stored) settings(t testing.TB) backend.DataSourceInstanceSettings {
	t.Helper()
	encoded, err := json.Marshal(s.json)
	require.NoError(t, err)
	return backend.DataSourceInstanceSettings{
		UID: "footfall", Name: "Footfall", Type: ID, URL: s.url, User: s.user,
		JSONData: encoded, DecryptedSecureJSONData: s.secure, Updated: time.Unix(1, 0),
	}
}

// client talks to the datasource as Grafana does, by gRPC.
type client struct {
	*datasourcetest.TestPluginClient
	context backend.PluginContext
}

func start(t *testing.T, s stored) *client {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	prometheus.DefaultRegisterer = prometheus.NewRegistry() // the SDK registers its metrics with every server
	var instances []*Datasource
	server, err := datasourcetest.Manage(func(ctx context.Context, settings backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
		made, err := New(ctx, settings)
		instances = append(instances, made.(*Datasource))
		return made, err
	}, datasourcetest.ManageOpts{Address: address})
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, server.Shutdown())
		for _, d := range instances {
			d.Dispose()
		}
	})
	settings := s.settings(t)
	return &client{server.Client, backend.PluginContext{
		PluginID: ID, User: &backend.User{Login: "admin", Role: "Admin"}, DataSourceInstanceSettings: &settings,
	}}
}

// query asks for profiles; options is JSON.
func (c *client) query(ctx context.Context, t *testing.T, options string) backend.DataResponse {
	t.Helper()
	return c.queries(ctx, t, dataQuery("A", "profiles", options))["A"]
}

// testRange is what the dashboard shows.
var testRange = backend.TimeRange{
	From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC),
}

func dataQuery(refID, queryType, options string) backend.DataQuery {
	return backend.DataQuery{
		RefID: refID, QueryType: queryType, JSON: json.RawMessage(`{"options":` + options + `}`), TimeRange: testRange,
	}
}

func (c *client) queries(ctx context.Context, t *testing.T, queries ...backend.DataQuery) backend.Responses {
	t.Helper()
	response, err := c.QueryData(ctx, &backend.QueryDataRequest{PluginContext: c.context, Queries: queries})
	require.NoError(t, err)
	return response.Responses
}

func (c *client) health(t *testing.T) *backend.CheckHealthResult {
	t.Helper()
	result, err := c.CheckHealth(t.Context(), &backend.CheckHealthRequest{PluginContext: c.context})
	require.NoError(t, err)
	return result
}

func (c *client) resource(t *testing.T, method, url string) (int, string) {
	t.Helper()
	return c.send(t.Context(), t, method, url, "")
}

// send calls a resource with a body and joins the parts of the answer.
func (c *client) send(ctx context.Context, t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	path, _, _ := strings.Cut(url, "?")
	status := 0
	var got strings.Builder
	err := c.CallResource(ctx, &backend.CallResourceRequest{
		PluginContext: c.context, Method: method, Path: path, URL: url, Body: []byte(body),
	}, backend.CallResourceResponseSenderFunc(func(r *backend.CallResourceResponse) error {
		if status == 0 {
			status = r.Status
		}
		got.Write(r.Body)
		return nil
	}))
	if ctx.Err() == nil {
		require.NoError(t, err)
		require.NotZero(t, status)
	}
	return status, got.String()
}

// as is the same datasource in the hands of somebody else; role "" is nobody.
func (c *client) as(role string) *client {
	other := *c
	other.context.User = nil
	if role != "" {
		other.context.User = &backend.User{Login: strings.ToLower(role), Role: role}
	}
	return &other
}

// storeUser adds a user by hand.
func storeUser(t *testing.T, db *pgxpool.Pool, key int, id string) {
	t.Helper()
	for _, sql := range []string{
		`insert into footfall.users (key, kind, id, name) values ($1, 'usr', $2, 'Ann')`,
		`insert into footfall.profiles (user_key, first_seen, last_seen, sessions, views, actions, errors, frustrations, events,
		        first_session, last_session, last_session_start, anonymous, attributes)
		 select key, '2026-01-01', '2026-01-02', 1, 2, 0, 0, 0, 3, 1, 1, '2026-01-02', false, '{"usr.plan": "pro"}'
		   from footfall.users where key = $1 and id = $2`,
		`insert into footfall.attribute_names (level, name, numeric)
		 select 'user', 'usr.plan', false from footfall.users where key = $1 and id = $2
		     on conflict do nothing`,
	} {
		_, err := db.Exec(t.Context(), sql, key, id)
		require.NoError(t, err)
	}
}

func userIDs(t *testing.T, response backend.DataResponse) []string {
	t.Helper()
	require.NoError(t, response.Error)
	require.Len(t, response.Frames, 1)
	field, _ := response.Frames[0].FieldByName("user_id")
	require.NotNil(t, field)
	ids := []string{}
	for i := range field.Len() {
		ids = append(ids, *field.At(i).(*string))
	}
	return ids
}

func executedSQL(frames data.Frames) string {
	if len(frames) == 0 || frames[0].Meta == nil {
		return ""
	}
	return frames[0].Meta.ExecutedQueryString
}
