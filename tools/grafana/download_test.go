package grafana

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func archiveOf(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var archive bytes.Buffer
	zipped := gzip.NewWriter(&archive)
	writer := tar.NewWriter(zipped)
	for name, text := range files {
		require.NoError(t, writer.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(text)), Typeflag: tar.TypeReg}))
		_, err := io.WriteString(writer, text)
		require.NoError(t, err)
	}
	require.NoError(t, writer.Close())
	require.NoError(t, zipped.Close())
	return archive.Bytes()
}

func TestUnpackDropsTheOuterFolder(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, unpack(bytes.NewReader(archiveOf(t, map[string]string{
		"grafana-13.2.3/bin/grafana": "program", "./grafana-13.2.3/conf/defaults.ini": "settings",
	})), dir))
	require.True(t, isHome(dir))
	info, err := os.Stat(filepath.Join(dir, "bin", "grafana"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o755), info.Mode().Perm())
}

func TestUnpackStaysInItsFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "inner")
	err := unpack(bytes.NewReader(archiveOf(t, map[string]string{"grafana/../../outside": "x"})), dir)
	require.Error(t, err)
	require.NoFileExists(t, filepath.Join(filepath.Dir(dir), "outside"))
}

func TestFetchChecksTheSum(t *testing.T) {
	content := []byte("an archive")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/archive" {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = w.Write(content)
	}))
	defer server.Close()
	sum := sha256.Sum256(content)
	ctx := context.Background()

	var got bytes.Buffer
	require.NoError(t, fetch(ctx, server.URL+"/archive", hex.EncodeToString(sum[:]), &got, io.Discard))
	require.Equal(t, content, got.Bytes())

	require.ErrorContains(t, fetch(ctx, server.URL+"/archive", "0000", io.Discard, io.Discard), "wanted 0000")
	require.ErrorContains(t, fetch(ctx, server.URL+"/other", "", io.Discard, io.Discard), "404")
	server.Close()
	require.Error(t, fetch(ctx, server.URL+"/archive", "", io.Discard, io.Discard))
}
