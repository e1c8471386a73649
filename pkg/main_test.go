package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What reads files, makes tables or starts servers belongs to the command line, not into Grafana.
func TestBinaryLinksTheDatasourceAlone(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	const project = "github.com/footfall-analytics/footfall/"
	const module = project + "pkg/"
	deps := strings.Fields(string(out))
	require.Contains(t, deps, module+"plugin")
	for _, dep := range deps {
		for _, unwanted := range []string{module + "cmd", module + "ingest", module + "testing", project + "tools", module + "store/schema"} {
			require.False(t, strings.HasPrefix(dep, unwanted), dep)
		}
	}
}
