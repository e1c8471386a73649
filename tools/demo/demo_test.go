package demo

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadSettings(t *testing.T) {
	read := func(variables map[string]string) (Settings, error) {
		return readSettings(func(name string) (string, bool) { text, ok := variables[name]; return text, ok })
	}
	settings, err := read(nil)
	require.NoError(t, err)
	require.Equal(t, 3000, settings.Port)
	require.Positive(t, settings.Users)

	settings, err = read(map[string]string{"FOOTFALL_DEMO_PORT": "3001", "FOOTFALL_DEMO_USERS": "0", "FOOTFALL_DEMO_DAYS": "7"})
	require.NoError(t, err)
	require.Equal(t, Settings{Port: 3001, Users: 0, Days: 7}, settings)

	for name, text := range map[string]string{"FOOTFALL_DEMO_PORT": "70000", "FOOTFALL_DEMO_USERS": "-1", "FOOTFALL_DEMO_DAYS": "many"} {
		_, err := read(map[string]string{name: text})
		require.ErrorContains(t, err, name)
		require.ErrorContains(t, err, text)
	}
}

func TestTheDemoSaysWhatItIsShownInAndWhy(t *testing.T) {
	t.Setenv("PATH", t.TempDir()) // neither a grafana nor docker
	t.Setenv("GRAFANA_IMAGE", "")
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1") // nothing can be reached
	home := t.TempDir()
	for _, file := range []string{"bin/grafana", "conf/defaults.ini"} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(home, file)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(home, file), nil, 0o755))
	}

	t.Setenv("GRAFANA_HOME", home)
	_, choice, err := chooseHost(t.Context(), &bytes.Buffer{})
	require.NoError(t, err)
	require.Equal(t, "Shown in Grafana, from GRAFANA_HOME.", choice)

	t.Setenv("GRAFANA_HOME", "")
	start, choice, err := chooseHost(t.Context(), &bytes.Buffer{})
	require.NoError(t, err)
	require.NotNil(t, start)
	require.Contains(t, choice, "preview, which is not Grafana: no Grafana on this machine, and none to download")
	require.NotContains(t, choice, "\n")

	t.Setenv("GRAFANA_HOME", t.TempDir())
	_, _, err = chooseHost(t.Context(), &bytes.Buffer{})
	require.ErrorContains(t, err, "GRAFANA_HOME", "one that was asked for is never done without")
}
