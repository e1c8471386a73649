package segment_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/tools/repo"
)

// exampleSegment matches the blocks of docs/segment-definitions.md that are whole definitions.
var exampleSegment = regexp.MustCompile("(?ms)^```json segment\n(.*?)^```$")

func TestDocumentedSegments(t *testing.T) {
	root, err := repo.Root()
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(root, "docs", "segment-definitions.md"))
	require.NoError(t, err)
	blocks := exampleSegment.FindAllSubmatch(text, -1)
	require.NotEmpty(t, blocks)
	names := filter.Names{User: map[string]bool{"usr.plan": false}}
	for _, block := range blocks {
		d, err := segment.Decode(block[1])
		require.NoError(t, err, string(block[1]))
		_, err = d.Compile(segment.Env{Now: time.Now(), Names: names}, &store.Params{})
		require.NoError(t, err, string(block[1]))
	}
	first, err := segment.Decode(blocks[0][1])
	require.NoError(t, err)
	require.Contains(t, string(text), first.Sentence())
}
