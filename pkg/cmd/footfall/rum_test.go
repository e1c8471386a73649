package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

// The example of docs/import.md for a browser SDK's events gives pages, actions and one view for all its versions.
func TestDocumentedRUMImport(t *testing.T) {
	dsn := newDSN(t)
	const example = "footfall import --map ts=date rum-*.ndjson.gz"
	docs, err := os.ReadFile("../../../docs/import.md")
	require.NoError(t, err)
	require.Contains(t, string(docs), "\n    "+example+"\n")
	const common = `"application":{"id":"shop"},"session":{"id":"s1","type":"user"},"service":"web"`
	view := func(version int, user string) string {
		return fmt.Sprintf(`{%s,"type":"view","date":1779012303123,"usr":{%s},"view":{"id":"v1","url":"https://shop.example/cart?x=1","time_spent":%d},"_dd":{"document_version":%d}}`,
			common, user, version*1_000_000_000, version) + "\n"
	}
	click := fmt.Sprintf(`{%s,"type":"action","date":1779012304000,"usr":{"id":"ann","plan":"pro"},"view":{"id":"v1","url":"https://shop.example/cart?x=1"},"action":{"id":"a1","type":"click","target":{"name":"CHECKOUT"},"loading_time":80000000,"frustration":{"type":["dead_click"]}},"context":{"cart":3}}`, common) + "\n"
	folder := t.TempDir()
	for i, content := range []string{view(1, `"anonymous_id":"x"`) + click, view(2, `"id":"ann"`) + view(3, `"anonymous_id":"x"`)} {
		var zipped bytes.Buffer
		w := gzip.NewWriter(&zipped)
		_, err := w.Write([]byte(content))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		require.NoError(t, os.WriteFile(filepath.Join(folder, fmt.Sprintf("rum-%d.ndjson.gz", i)), zipped.Bytes(), 0o600))
	}
	files, err := filepath.Glob(filepath.Join(folder, "rum-*.ndjson.gz"))
	require.NoError(t, err)
	for _, file := range files { // batches of their own
		succeed(t, "import", "--map", "ts=date", file)
		require.Contains(t, succeed(t, "work", "--once"), " 0 rejected\n")
	}
	pool, err := pgxpool.New(t.Context(), dsn)
	require.NoError(t, err)
	defer pool.Close()
	var user, page, name string
	var views, actions, frustrations int
	require.NoError(t, pool.QueryRow(t.Context(), `
		select u.id, s.views, s.actions, s.frustrations, page.value, name.value
		  from footfall.sessions s
		  join footfall.users u on u.key = s.user_key
		  join footfall.dictionary page on page.id = s.pages[1]
		  join footfall.tokens t on t.type = 'action'
		  join footfall.dictionary name on name.id = t.name`).Scan(&user, &views, &actions, &frustrations, &page, &name))
	require.Equal(t, []any{"ann", 1, 1, 1, "/cart", "click on CHECKOUT"}, []any{user, views, actions, frustrations, page, name})
}
