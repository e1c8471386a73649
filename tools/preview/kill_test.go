//go:build linux

package preview

import (
	"bufio"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/tools/build"
	"github.com/footfall-analytics/footfall/tools/process"
)

func TestAKilledHostLeavesNoBackend(t *testing.T) {
	require.NoError(t, build.Plugin(t.Context(), runtime.GOOS, runtime.GOARCH))
	host := exec.Command(os.Args[0])
	host.Env = append(os.Environ(), "PREVIEW_TEST_CHILD="+t.TempDir())
	out, err := host.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, host.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	backend, err := strconv.Atoi(strings.TrimSpace(line))
	require.NoError(t, err, line)
	require.True(t, process.Alive(backend))

	require.NoError(t, host.Process.Kill())
	_ = host.Wait()
	require.Eventually(t, func() bool { return !process.Alive(backend) }, 10*time.Second, 50*time.Millisecond)
}
