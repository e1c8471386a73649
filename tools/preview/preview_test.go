package preview

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/ingest/demo"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
	"github.com/footfall-analytics/footfall/tools/build"
	"github.com/footfall-analytics/footfall/tools/executable"
	"github.com/footfall-analytics/footfall/tools/manifest"
	"github.com/footfall-analytics/footfall/tools/ports"
	"github.com/footfall-analytics/footfall/tools/repo"
)

// The tests run in the project's folder, as builds do.
func TestMain(m *testing.M) {
	root, err := repo.Root()
	if err == nil {
		err = os.Chdir(root)
	}
	if err != nil {
		panic(err)
	}
	if os.Getenv("PREVIEW_TEST_CHILD") != "" {
		runChild()
		return
	}
	testdb.Main(m)
}

// started is a host of the built plugin on a database of the test's own.
type started struct {
	*Server
	t testing.TB
}

func start(t testing.TB, db *pgxpool.Pool) started {
	t.Helper()
	require.NoError(t, build.Plugin(t.Context(), runtime.GOOS, runtime.GOARCH))
	s, err := Start(t.Context(), optionsFor(t, t.TempDir(), environmentOf(db)))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Stop()) })
	return started{s, t}
}

func optionsFor(t testing.TB, dir string, environment map[string]string) Options {
	t.Helper()
	port, err := ports.Free()
	require.NoError(t, err)
	page := filepath.Join(dir, "page")
	require.NoError(t, os.MkdirAll(page, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(page, "main.js"), []byte("// the page"), 0o644))
	return Options{Dir: dir, Port: port, Plugin: build.Dist, Provisioning: "provisioning", Page: page, Environment: environment}
}

func environmentOf(db *pgxpool.Pool) map[string]string {
	c := db.Config().ConnConfig
	return map[string]string{
		"FOOTFALL_DB_HOST": net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port))), "FOOTFALL_DB_NAME": c.Database,
		"FOOTFALL_DB_USER": c.User, "FOOTFALL_DB_PASSWORD": c.Password, "FOOTFALL_DB_SSLMODE": "disable",
	}
}

// ask sends a request as somebody of a role and returns status and body.
func (s started) ask(role, method, path string, body any) (int, string) {
	s.t.Helper()
	text, isText := body.(string)
	if !isText && body != nil {
		encoded, err := json.Marshal(body)
		require.NoError(s.t, err)
		text = string(encoded)
	}
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.URL()+path, strings.NewReader(text))
	require.NoError(s.t, err)
	request.AddCookie(&http.Cookie{Name: roleCookie, Value: role})
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	require.NoError(s.t, err)
	defer response.Body.Close() //nolint:errcheck // it was only read
	answer, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	return response.StatusCode, string(answer)
}

func queryOf(uid, queryType string, options any) map[string]any {
	return map[string]any{"from": "now-30d", "to": "now", "queries": []any{map[string]any{
		"refId": "A", "datasource": map[string]any{"uid": uid}, "queryType": queryType, "options": options,
	}}}
}

// What Grafana answers to the same was looked at on Grafana 10.1; tests/api/statuses.spec.ts asks both.
func TestStatusCodes(t *testing.T) {
	s := start(t, testdb.New(t))
	type m = map[string]any
	broken := m{"uid": "broken", "name": "Broken", "type": datasourceType, "url": "127.0.0.1:1", "user": "x", "jsonData": m{"database": "x", "connectTimeout": 1}}
	for _, c := range []struct {
		role, method, path string
		body               any
		status             int
		says               string
	}{
		{"Viewer", "GET", "/", nil, 302, ""},
		{"Viewer", "GET", manifest.HomePage, nil, 200, "Footfall preview"},
		{"Viewer", "GET", "/public/preview/main.js", nil, 200, "the page"},
		{"Viewer", "GET", "/public/plugins/footfall-analytics-datasource/plugin.json", nil, 200, datasourceType},
		{"Viewer", "GET", "/public/plugins/other/module.js", nil, 404, "plugin file not found"},
		{"Viewer", "POST", "/api/ds/query", queryOf("footfall", "profiles", m{}), 200, `"results"`},
		{"Viewer", "POST", "/api/ds/query", queryOf("footfall", "profiles", m{"filter": "last_contry:BR"}), 400, "last_country"},
		{"Viewer", "POST", "/api/ds/query", queryOf("nobody", "profiles", m{}), 404, "Data source not found"},
		{"Viewer", "POST", "/api/ds/query", m{"from": "now-1h", "to": "now", "queries": []any{}}, 400, "no queries found"},
		{"Viewer", "POST", "/api/ds/query", "{", 400, "bad request data"},
		{"Viewer", "GET", "/api/datasources/uid/footfall/health", nil, 200, "OK"},
		{"Viewer", "GET", "/api/datasources/uid/nobody/health", nil, 500, "Unable to load"},
		{"Viewer", "GET", "/api/datasources/uid/footfall/resources/segments", nil, 200, "["},
		{"Viewer", "DELETE", "/api/datasources/uid/footfall/resources/segments/x", nil, 403, "only editors may do this"},
		{"Viewer", "POST", "/api/datasources", broken, 403, "permissions"},
		{"Editor", "POST", "/api/datasources", broken, 403, "permissions"},
		{"Admin", "POST", "/api/datasources", broken, 200, "Datasource added"},
		{"Admin", "POST", "/api/datasources", broken, 409, "already exists"},
		{"Admin", "POST", "/api/datasources", m{}, 400, "bad request data"},
		{"Admin", "GET", "/api/datasources/uid/broken/health", nil, 400, "127.0.0.1:1"},
		{"Admin", "PUT", "/api/datasources/uid/broken", broken, 200, "Datasource updated"},
		{"Admin", "DELETE", "/api/datasources/uid/broken", nil, 200, "Data source deleted"},
		{"Admin", "DELETE", "/api/datasources/uid/broken", nil, 404, "Data source not found"},
		{"Viewer", "GET", "/api/dashboards/uid/nothing", nil, 404, "Dashboard not found"},
		{"Viewer", "POST", "/api/dashboards/db", m{"dashboard": m{"uid": "a", "title": "A"}}, 403, "permissions"},
		{"Editor", "POST", "/api/dashboards/db", m{"dashboard": m{"uid": "a", "title": "A"}}, 200, "success"},
		{"Editor", "POST", "/api/dashboards/db", m{"dashboard": m{"uid": "a", "title": "A"}}, 412, "already exists"},
		{"Viewer", "GET", "/api/dashboards/uid/a", nil, 200, `"title":"A"`},
		{"Admin", "GET", "/api/org/users", nil, 501, "has no GET /api/org/users"},
		{"Admin", "POST", "/login", m{}, 501, "has no POST /login"},
		{"Admin", "PATCH", "/api/datasources/uid/footfall", m{}, 501, "has no PATCH"},
	} {
		status, answer := s.ask(c.role, c.method, c.path, c.body)
		require.Equal(t, c.status, status, "%s %s %s: %s", c.role, c.method, c.path, answer)
		require.Contains(t, answer, c.says, "%s %s %s", c.role, c.method, c.path)
	}
}

func TestSecretsAreTakenAndNeverGiven(t *testing.T) {
	s := start(t, testdb.New(t))
	made := map[string]any{"uid": "a", "name": "A", "type": datasourceType, "secureJsonData": map[string]any{"password": "sesame"}}
	status, _ := s.ask("Admin", "POST", "/api/datasources", made)
	require.Equal(t, 200, status)
	delete(made, "secureJsonData")
	status, _ = s.ask("Admin", "PUT", "/api/datasources/uid/a", made)
	require.Equal(t, 200, status)
	for _, path := range []string{"/api/datasources", "/api/datasources/uid/a", "/api/frontend/settings", manifest.HomePage} {
		_, answer := s.ask("Admin", "GET", path, nil)
		require.NotContains(t, answer, "sesame", path)
	}
	_, answer := s.ask("Admin", "GET", "/api/datasources/uid/a", nil)
	require.Contains(t, answer, `"secureJsonFields":{"password":true}`)
	d, err := s.host.datasources.get("a")
	require.NoError(t, err)
	require.Equal(t, "sesame", d.settings().DecryptedSecureJSONData["password"], "kept by the update without it")
}

func TestOnlyThisMachinesPagesMayAsk(t *testing.T) {
	s := start(t, testdb.New(t))
	send := func(change func(*http.Request)) int {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/api/ds/query", strings.NewReader("{"))
		require.NoError(t, err)
		change(request)
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		return response.StatusCode
	}
	require.Equal(t, 400, send(func(*http.Request) {}), "the body is none")
	require.Equal(t, 403, send(func(r *http.Request) { r.Host = "example.org" }))
	require.Equal(t, 403, send(func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }))
}

// Both ask the same executable; through the host goes what a browser sends.
func TestTheHostAnswersWhatTheBackendAnswers(t *testing.T) {
	db := testdb.New(t)
	loadShop(t, db)
	s := start(t, db)
	own, err := executable.Start(s.host.pluginMust(t).executable(), io.Discard)
	require.NoError(t, err)
	defer own.Stop()
	d, err := s.host.datasources.get("footfall")
	require.NoError(t, err)
	asking := backend.PluginContext{
		Namespace: "default", PluginID: d.Type, DataSourceInstanceSettings: d.settings(),
		User: &backend.User{Login: "viewer", Role: "Viewer"},
	}
	to := time.Now().Truncate(time.Minute)
	from := to.AddDate(0, 0, -30)
	asked := 0
	for _, model := range documentedQueries(t) {
		raw, err := json.Marshal(model)
		require.NoError(t, err)
		direct, err := own.QueryData(t.Context(), &backend.QueryDataRequest{PluginContext: asking, Queries: []backend.DataQuery{{
			RefID: "A", QueryType: model["queryType"].(string), MaxDataPoints: 100, Interval: time.Second, JSON: raw,
			TimeRange: backend.TimeRange{From: from, To: to},
		}}})
		require.NoError(t, err)
		want, err := json.Marshal(direct)
		require.NoError(t, err)
		status, got := s.ask("Viewer", "POST", "/api/ds/query", map[string]any{
			"from": strconv.FormatInt(from.UnixMilli(), 10), "to": strconv.FormatInt(to.UnixMilli(), 10), "queries": []any{model},
		})
		require.Equal(t, 200, status, got)
		require.JSONEq(t, string(want), got, "%s", raw)
		asked++
	}
	require.Greater(t, asked, 10)

	health, err := own.CheckHealth(t.Context(), asking)
	require.NoError(t, err)
	_, got := s.ask("Viewer", "GET", "/api/datasources/uid/footfall/health", nil)
	require.Contains(t, got, strings.Split(health.Message, ";")[0])

	var direct bytes.Buffer
	err = own.CallResource(t.Context(), &backend.CallResourceRequest{
		PluginContext: asking, Method: "GET", Path: "values", URL: "values?attribute=last_country&limit=3",
	}, func(part *backend.CallResourceResponse) error {
		direct.Write(part.Body)
		return nil
	})
	require.NoError(t, err)
	_, got = s.ask("Viewer", "GET", "/api/datasources/uid/footfall/resources/values?attribute=last_country&limit=3", nil)
	require.JSONEq(t, direct.String(), got)
}

func (h *host) pluginMust(t testing.TB) plugin {
	p, err := h.pluginOf(datasourceType)
	require.NoError(t, err)
	return p
}

// documentedQueries are the examples of docs/queries.md, which are whole queries of every type.
func documentedQueries(t testing.TB) []map[string]any {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("docs", "queries.md"))
	require.NoError(t, err)
	var queries []map[string]any
	for _, block := range regexp.MustCompile("(?ms)^```json query\n(.*?)^```$").FindAllSubmatch(text, -1) {
		var model map[string]any
		require.NoError(t, json.Unmarshal(block[1], &model))
		model["refId"], model["datasource"] = "A", map[string]any{"uid": "footfall"}
		queries = append(queries, model)
	}
	return queries
}

func loadShop(t testing.TB, db *pgxpool.Pool) {
	t.Helper()
	shop := demo.Options{Users: 100, Days: 30, Seed: 1, Until: time.Now().UTC().Truncate(time.Hour)}
	_, err := demo.Load(t.Context(), db, shop, func(int, int64) {})
	require.NoError(t, err)
	_, err = rollup.Drain(t.Context(), db, rollup.Options{})
	require.NoError(t, err)
	carts, err := segment.Decode([]byte(`{"where": {"did": {"event": "page:/cart"}}}`))
	require.NoError(t, err)
	require.NoError(t, segment.Create(t.Context(), db, segment.Content{ID: "carts", Name: "Carts", Kind: segment.Dynamic, Definition: &carts}, "test"))
	require.NoError(t, segment.Refresh(t.Context(), db, "carts"))
}

func TestReloadKeepsDataSources(t *testing.T) {
	s := start(t, testdb.New(t))
	status, _ := s.ask("Admin", "POST", "/api/datasources", map[string]any{"uid": "a", "name": "A", "type": datasourceType})
	require.Equal(t, 200, status)
	_, before := s.ask("Viewer", "GET", "/api/preview/build", nil)
	require.NoError(t, s.Reload())
	_, after := s.ask("Viewer", "GET", "/api/preview/build", nil)
	require.NotEqual(t, before, after, "so that pages load again")
	status, _ = s.ask("Admin", "GET", "/api/datasources/uid/a", nil)
	require.Equal(t, 200, status)
}

func TestReloadOfWhatIsNotBuiltKeepsWhatIsShown(t *testing.T) {
	require.NoError(t, build.Plugin(t.Context(), runtime.GOOS, runtime.GOARCH))
	options := optionsFor(t, t.TempDir(), nil)
	options.Plugin = t.TempDir()
	require.NoError(t, os.CopyFS(options.Plugin, os.DirFS(build.Dist)))
	server, err := Start(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Stop()) })
	s := started{server, t}
	_, before := s.ask("Viewer", "GET", "/api/preview/build", nil)

	dashboards := filepath.Join(options.Plugin, "dashboards")
	require.NoError(t, os.Rename(dashboards, dashboards+" later"))
	require.ErrorContains(t, s.Reload(), "not built: there is no dashboards/")
	status, still := s.ask("Viewer", "GET", "/api/preview/build", nil)
	require.Equal(t, 200, status)
	require.Equal(t, before, still)

	require.NoError(t, os.Rename(dashboards+" later", dashboards))
	require.NoError(t, s.Reload())
	_, after := s.ask("Viewer", "GET", "/api/preview/build", nil)
	require.NotEqual(t, before, after)

	require.NoError(t, s.Stop())
	require.ErrorContains(t, s.Reload(), "has ended")
}

func TestNothingBuiltIsSaid(t *testing.T) {
	_, err := Start(t.Context(), Options{Dir: t.TempDir(), Plugin: t.TempDir(), Provisioning: "provisioning"})
	require.ErrorContains(t, err, "go tool mage build")
}

// The child is this test program once more, which runs a host until it is killed.
func runChild() {
	s, err := Start(context.Background(), Options{
		Dir: os.Getenv("PREVIEW_TEST_CHILD"), Plugin: build.Dist, Provisioning: "provisioning", Page: os.TempDir(),
	})
	if err != nil {
		fmt.Println("failed:", err)
		return
	}
	fmt.Println(s.host.backend.ID())
	select {}
}
