package tempdir

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNewRemovesWhatKilledProgramsLeft(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	gone := exec.Command("go", "version")
	require.NoError(t, gone.Run())
	leftover := filepath.Join(os.TempDir(), fmt.Sprintf("try-%d-1", gone.Process.Pid))
	other := filepath.Join(os.TempDir(), fmt.Sprintf("other-%d-1", gone.Process.Pid))
	for _, dir := range []string{leftover, other} {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "data"), 0o755))
	}

	mine, err := New("try")
	require.NoError(t, err)
	require.NoDirExists(t, leftover)
	require.DirExists(t, other, "of another prefix")
	_, err = New("try")
	require.NoError(t, err)
	require.DirExists(t, mine, "its program still runs")
}

// Where there is memory enough it is used, and what killed programs left there goes, too.
func TestInMemory(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	parent := os.TempDir()
	if roomInMemory() >= neededInMemory {
		parent = memory
	}
	gone := exec.Command("go", "version")
	require.NoError(t, gone.Run())
	leftover := filepath.Join(parent, fmt.Sprintf("try-in-memory-%d-1", gone.Process.Pid))
	require.NoError(t, os.Mkdir(leftover, 0o755))

	mine, err := InMemory("try-in-memory")
	require.NoError(t, err)
	defer func() { require.NoError(t, os.RemoveAll(mine)) }()
	require.Equal(t, parent, filepath.Dir(mine))
	require.DirExists(t, mine)
	require.NoDirExists(t, leftover)
}
