package preview

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// maxLines keeps the host what it is: a stand-in that is read in an hour, not a second Grafana.
const maxLines = 2500

// sources calls f with each source file of the host, tests left out.
func sources(t *testing.T, f func(path string, text []byte)) {
	t.Helper()
	root := filepath.Join("tools", "preview")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "dist") {
			return fs.SkipDir
		}
		if entry.IsDir() || strings.HasSuffix(path, "_test.go") || filepath.Ext(path) == ".json" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err == nil {
			f(path, text)
		}
		return err
	})
	require.NoError(t, err)
}

func TestTheHostStaysSmall(t *testing.T) {
	lines := 0
	sources(t, func(_ string, text []byte) { lines += bytes.Count(text, []byte("\n")) })
	require.Greater(t, lines, 1000, "the sources were found")
	require.Less(t, lines, maxLines)
}

var imported = regexp.MustCompile(`(?:from|import|require\()\s*'(\.[^']+)'`)

// It loads dist/ alone, as Grafana does.
func TestTheHostTakesNothingOfThePlugin(t *testing.T) {
	web, err := filepath.Abs(filepath.Join("tools", "preview", "web"))
	require.NoError(t, err)
	found := 0
	sources(t, func(path string, text []byte) {
		require.NotContains(t, string(text), "footfall/pkg/", path)
		for _, match := range imported.FindAllSubmatch(text, -1) {
			found++
			target, err := filepath.Abs(filepath.Join(filepath.Dir(path), string(match[1])))
			require.NoError(t, err)
			require.True(t, strings.HasPrefix(target, web), "%s imports %s", path, match[1])
		}
	})
	require.Positive(t, found)
}

func TestThePackagesVersionIsTold(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("tools", "preview", "web", "package.json"))
	require.NoError(t, err)
	require.Contains(t, string(text), `"@grafana/ui": "`+grafanaPackages+`"`)
}
