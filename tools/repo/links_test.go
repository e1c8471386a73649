package repo

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	link     = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading  = regexp.MustCompile(`(?m)^#+ (.+)$`)
	notAWord = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// anchors are the fragments of a document's headings, as GitHub makes them.
func anchors(text string) []string {
	var list []string
	for _, match := range heading.FindAllStringSubmatch(text, -1) {
		name := notAWord.ReplaceAllString(strings.ToLower(match[1]), "")
		list = append(list, strings.ReplaceAll(name, " ", "-"))
	}
	return list
}

func TestLinksOfDocumentsLeadSomewhere(t *testing.T) {
	root, err := Root()
	require.NoError(t, err)
	documents, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	require.NotEmpty(t, documents)
	ofRoot, err := filepath.Glob(filepath.Join(root, "*.md"))
	require.NoError(t, err)
	require.NotEmpty(t, ofRoot)
	for _, document := range append(documents, ofRoot...) {
		text, err := os.ReadFile(document)
		require.NoError(t, err)
		for _, match := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(match[1], "://") {
				continue
			}
			path, fragment, _ := strings.Cut(match[1], "#")
			target := filepath.Join(filepath.Dir(document), path)
			if path == "" {
				target = document
			}
			require.True(t, exists(target), "%s links to %s, which does not exist", document, match[1])
			if fragment != "" {
				linked, err := os.ReadFile(target)
				require.NoError(t, err)
				require.True(t, slices.Contains(anchors(string(linked)), fragment), "%s links to %s: no such heading", document, match[1])
			}
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
