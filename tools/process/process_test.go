//go:build unix

package process

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestStopAsksFirst(t *testing.T) {
	p, err := Start(exec.Command("sh", "-c", `trap 'exit 0' TERM; while :; do sleep 0.01; done`), Options{})
	require.NoError(t, err)
	time.Sleep(100 * time.Millisecond) // until the trap is set
	require.NoError(t, p.Stop(10*time.Second))
	require.NoError(t, p.Err())
	require.NoError(t, p.Stop(time.Second), "a second time")
}

func TestStopKillsWhatDoesNotEnd(t *testing.T) {
	p, err := Start(exec.Command("sh", "-c", `trap '' TERM; while :; do sleep 0.01; done`), Options{})
	require.NoError(t, err)
	time.Sleep(100 * time.Millisecond) // until the trap is set
	require.ErrorContains(t, p.Stop(100*time.Millisecond), "was killed")
	require.False(t, Alive(p.cmd.Process.Pid))
}

func TestRunAnswersTheExitCode(t *testing.T) {
	require.NoError(t, Run(exec.Command("true"), Options{}))
	require.ErrorContains(t, Run(exec.Command("sh", "-c", "exit 3"), Options{}), "exit status 3")
	require.ErrorContains(t, Run(exec.Command("/does/not/exist"), Options{}), "start exist")
}

func TestFolderIsOneTheAccountCanEnter(t *testing.T) {
	closed := filepath.Join(t.TempDir(), "closed") // testing makes its folders for the current user alone
	require.NoError(t, os.Mkdir(closed, 0o700))
	data := filepath.Join(closed, "data")

	var current *Account
	require.True(t, current.CanEnter(closed))
	require.Equal(t, data, current.Folder(data))

	other := &Account{Name: "other"}
	require.False(t, other.CanEnter(closed))
	require.True(t, other.CanEnter("/usr"))
	require.Equal(t, "/usr/data", other.Folder("/usr/data"))
	moved := other.Folder(data)
	require.Equal(t, "/var/cache/footfall", filepath.Dir(moved))
	require.NotEqual(t, moved, other.Folder(data+"2"), "one folder for each")
}

func TestUntilStopped(t *testing.T) {
	ctx, cancel := UntilStopped(context.Background())
	defer cancel()
	time.Sleep(300 * time.Millisecond)
	require.NoError(t, ctx.Err(), "while the parent is there and nobody says anything")
	require.NoError(t, syscall.Kill(os.Getpid(), syscall.SIGTERM))
	<-ctx.Done()
}

func TestShowEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, Show(ctx, nil, "sleep", "infinity"), context.DeadlineExceeded)
	require.NoError(t, Show(context.Background(), []string{"CODE=0"}, "sh", "-c", "exit $CODE"))
	require.ErrorContains(t, Show(context.Background(), []string{"CODE=3"}, "sh", "-c", "exit $CODE"), "exit status 3")
}
