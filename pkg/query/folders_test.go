package query

import (
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// foundations are the folders of questions that others rest on, by the folder that does.
var foundations = map[string][]string{
	"activity": {"pathways"}, // the sessions that a step counts
	"explorer": {"counting"},
	"pathways": {"counting"},
	"segments": {"users"}, // members are listed as users are
	"top":      {"counting"},
	"users":    {"pathways"}, // whom a step counts
}

// TestQuestionsKnowOfNoOthers but those that they rest on, and what they share knows of none.
func TestQuestionsKnowOfNoOthers(t *testing.T) {
	const ours = "github.com/footfall-analytics/footfall/pkg/query"
	files, err := filepath.Glob("*/*.go")
	require.NoError(t, err)
	shared, err := filepath.Glob("*.go")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	found := map[string][]string{}
	for _, file := range append(files, shared...) {
		read, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		require.NoError(t, err)
		for _, one := range read.Imports {
			imported, err := strconv.Unquote(one.Path.Value)
			require.NoError(t, err)
			folder := filepath.Dir(file)
			if strings.HasPrefix(imported, ours+"/") && !slices.Contains(found[folder], path.Base(imported)) {
				found[folder] = append(found[folder], path.Base(imported))
			}
		}
	}
	require.Equal(t, foundations, found)
}
