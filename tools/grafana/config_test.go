package grafana

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

func pluginFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for path, id := range map[string]string{"plugin.json": "footfall-analytics-app", "datasource/plugin.json": "footfall-analytics-datasource"} {
		file := filepath.Join(dir, path)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(`{"id": "`+id+`"}`), 0o644))
	}
	return dir
}

func TestConfigurationAllowsEveryPluginAndKeepsToThisMachine(t *testing.T) {
	options := Options{Dir: t.TempDir(), Port: 3001, Plugin: pluginFolder(t), Provisioning: "/project/provisioning"}
	path, err := options.writeConfiguration("127.0.0.1")
	require.NoError(t, err)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, line := range []string{
		"http_addr = 127.0.0.1\n", "http_port = 3001\n", "provisioning = /project/provisioning\n",
		"allow_loading_unsigned_plugins = footfall-analytics-datasource,footfall-analytics-app\n",
		"home_page = /a/footfall-analytics-app\n",
	} {
		require.Contains(t, string(text), line)
	}
	require.NotContains(t, string(text), "auth.anonymous")
	require.FileExists(t, filepath.Join(options.Dir, "plugins", "footfall-analytics-app", "plugin.json"))

	options.Anonymous = true
	_, err = options.writeConfiguration("127.0.0.1")
	require.NoError(t, err, "a second time, over the first")
	text, err = os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(text), "[auth.anonymous]\nenabled = true\norg_role = Admin\n")
}

func TestConfigurationNeedsABuiltPlugin(t *testing.T) {
	_, err := Options{Dir: t.TempDir(), Plugin: t.TempDir()}.writeConfiguration("127.0.0.1")
	require.ErrorContains(t, err, "go tool mage build")
}

func TestEnvironmentLeavesOutGrafanasOwn(t *testing.T) {
	got := environment([]string{"PATH=/bin", "GF_SERVER_HTTP_ADDR=0.0.0.0"}, map[string]string{"FOOTFALL_DB_NAME": "footfall"})
	require.Equal(t, []string{"PATH=/bin", "FOOTFALL_DB_NAME=footfall"}, got)
}

func TestDockerArguments(t *testing.T) {
	options := Options{Dir: "/state", Port: 3001, Plugin: "/project/dist", Provisioning: "/project/provisioning",
		Environment: map[string]string{"FOOTFALL_DB_PASSWORD": "secret"}}
	args := dockerArguments("grafana/grafana:1", "/state/grafana.ini", options)
	require.Subset(t, args, []string{"/state:/state", "/project/dist:/project/dist", "/project/provisioning:/project/provisioning",
		"GF_PATHS_PLUGINS=/state/plugins", "FOOTFALL_DB_PASSWORD"})
	require.Equal(t, []string{"grafana/grafana:1", "server", "--homepath", "/usr/share/grafana", "--config", "/state/grafana.ini"}, args[len(args)-6:])
	for _, arg := range args {
		require.NotContains(t, arg, "secret", "the process list shows it")
	}
	if runtime.GOOS == "linux" {
		require.Contains(t, args, "host")
	} else {
		require.Contains(t, args, "127.0.0.1:3001:3001")
	}
}
