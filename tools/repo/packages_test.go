package repo

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLayoutNamesEveryPackage wants each folder with Go files among the names of docs/development.md's layout.
func TestLayoutNamesEveryPackage(t *testing.T) {
	root, err := Root()
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(root, "docs", "development.md"))
	require.NoError(t, err)
	_, layout, found := strings.Cut(string(text), "\n## Layout\n")
	require.True(t, found)
	layout, _, _ = strings.Cut(layout, "\n## ")
	named := map[string]bool{}
	for _, top := range []string{"pkg", "tools"} {
		require.NoError(t, fs.WalkDir(os.DirFS(root), top, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" {
				return err
			}
			dir := filepath.Dir(path)
			if _, seen := named[dir]; !seen {
				named[dir] = regexp.MustCompile(`\b` + regexp.QuoteMeta(filepath.Base(dir)) + `\b`).MatchString(layout)
			}
			return nil
		}))
	}
	for dir, isNamed := range named {
		assert.True(t, isNamed, "docs/development.md, Layout, does not name %s", dir)
	}
}
