package questions

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/grafana/grafana-plugin-sdk-go/experimental"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden answers anew")

// Golden compares an answer with testdata/<name>.jsonc, and the SQL behind it with testdata/<name>.sql. go test -update
// writes both.
func Golden(t *testing.T, name string, frames ...*data.Frame) {
	t.Helper()
	var sql strings.Builder
	bare := make(data.Frames, len(frames))
	for i, frame := range frames {
		copied, meta := *frame, *frame.Meta
		fmt.Fprintf(&sql, "%s\n%s\n", strings.TrimSpace("-- "+frame.Name), strings.TrimSpace(meta.ExecutedQueryString))
		meta.ExecutedQueryString = ""
		copied.Meta = &meta
		bare[i] = &copied
	}
	experimental.CheckGoldenJSONResponse(t, "testdata", name, &backend.DataResponse{Frames: bare}, *update)
	file := filepath.Join("testdata", name+".sql")
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(sql.String()), 0o644))
	}
	wanted, err := os.ReadFile(file) //nolint:gosec // below the test's own folder
	require.NoError(t, err)
	require.Equal(t, string(wanted), sql.String(), file)
}
