package postgres

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFindKnowsVersions(t *testing.T) {
	install, err := Find(0)
	require.NoError(t, err)
	require.FileExists(t, install.program("initdb"))

	again, err := Find(install.Major)
	require.NoError(t, err)
	require.Equal(t, install, again)
}

func TestFindSaysWhatToInstall(t *testing.T) {
	_, err := Find(99)
	require.ErrorIs(t, err, ErrNotInstalled)
	require.ErrorContains(t, err, "PostgreSQL 99")
	require.ErrorContains(t, err, "npm ci")
	require.ErrorContains(t, err, "apt-get install postgresql")
}

func TestParseVersion(t *testing.T) {
	for text, want := range map[string]Install{
		"postgres (PostgreSQL) 18.4\n":                             {Version: "18.4", Major: 18},
		"postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n":   {Version: "15.14", Major: 15},
		"postgres (PostgreSQL) 19beta1\n":                          {Version: "19beta1", Major: 19},
		"postgres (PostgreSQL) 16.9 (Ubuntu 16.9-1.pgdg24.04+1)\n": {Version: "16.9", Major: 16},
	} {
		var got Install
		require.NoError(t, got.parseVersion(text))
		require.Equal(t, want, got)
	}
	require.Error(t, new(Install).parseVersion("command not found"))
}

func TestHydrateMakesLinksOnce(t *testing.T) {
	dir := t.TempDir()
	lib := filepath.Join(dir, "native", "lib")
	require.NoError(t, os.MkdirAll(lib, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(lib, "libpq.so.5.18"), []byte("library"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "native", "pg-symlinks.json"),
		[]byte(`[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so"}]`), 0o644))

	for range 2 {
		require.NoError(t, hydrate(dir))
		text, err := os.ReadFile(filepath.Join(lib, "libpq.so"))
		require.NoError(t, err)
		require.Equal(t, "library", string(text))
	}
	link, err := os.Readlink(filepath.Join(lib, "libpq.so"))
	require.NoError(t, err)
	require.Equal(t, "libpq.so.5.18", link, "relative, so that the folder can be copied")
}
