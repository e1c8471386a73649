package grafana

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// makeHome makes what counts as a home path of Grafana.
func makeHome(t *testing.T, dir string) string {
	t.Helper()
	for _, file := range []string{programIn(dir), filepath.Join(dir, "conf", "defaults.ini")} {
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte("#!/bin/sh\n"), 0o755))
	}
	return dir
}

func TestGrafanaHomeComesFirst(t *testing.T) {
	home := makeHome(t, t.TempDir())
	t.Setenv("GRAFANA_HOME", home)
	t.Setenv("PATH", filepath.Join(makeHome(t, t.TempDir()), "bin"))
	install, err := Find(context.Background(), &bytes.Buffer{})
	require.NoError(t, err)
	require.Equal(t, home, install.Home)

	t.Setenv("GRAFANA_HOME", t.TempDir())
	_, err = Find(context.Background(), &bytes.Buffer{})
	require.ErrorContains(t, err, "GRAFANA_HOME")
}

func TestGrafanaOnThePathComesSecond(t *testing.T) {
	home := makeHome(t, t.TempDir())
	t.Setenv("GRAFANA_HOME", "")
	links := t.TempDir()
	require.NoError(t, os.Symlink(programIn(home), filepath.Join(links, "grafana")))
	t.Setenv("PATH", links)
	install, err := Find(context.Background(), &bytes.Buffer{})
	require.NoError(t, err)
	require.Equal(t, home, install.Home, "the home path of the program, not of the link to it")
}

func TestDockerNeedsAnEngine(t *testing.T) {
	programs := t.TempDir()
	t.Setenv("PATH", programs)
	require.False(t, dockerAnswers(context.Background()), "no command")
	docker := filepath.Join(programs, "docker")
	require.NoError(t, os.WriteFile(docker, []byte("#!/bin/sh\nexit 1\n"), 0o755))
	require.False(t, dockerAnswers(context.Background()), "no engine")
	require.NoError(t, os.WriteFile(docker, []byte("#!/bin/sh\necho 29.0\n"), 0o755))
	require.True(t, dockerAnswers(context.Background()))

	t.Setenv("GRAFANA_HOME", "")
	t.Setenv("GRAFANA_IMAGE", "grafana/grafana:10.1.10")
	install, err := Find(context.Background(), &bytes.Buffer{})
	require.NoError(t, err)
	require.Equal(t, "grafana/grafana:10.1.10", install.Image)
	require.NoError(t, os.Remove(docker))
	_, err = Find(context.Background(), &bytes.Buffer{})
	require.ErrorContains(t, err, "GRAFANA_IMAGE")
	require.NotErrorIs(t, err, ErrNone, "a Grafana that was asked for is never done without")
}

func TestTheDownloadIsKept(t *testing.T) {
	cache := t.TempDir()
	downloaded := makeHome(t, filepath.Join(cache, Version))
	install, err := fromCache(context.Background(), cache, &bytes.Buffer{})
	require.NoError(t, err)
	require.Equal(t, downloaded, install.Home)
}

func TestNoGrafanaIsToldApart(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1") // nothing can be reached
	_, err := fromCache(context.Background(), t.TempDir(), &bytes.Buffer{})
	require.ErrorIs(t, err, ErrNone)
}
