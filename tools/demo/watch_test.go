package demo

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/tools/build"
)

func TestWhatCannotBeShownIsToldAndWaitedFor(t *testing.T) {
	t.Chdir(t.TempDir())
	late := filepath.Join(build.Dist, "dashboards", "late.json")
	write := func(path string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte("{}"), 0o644))
	}
	write(filepath.Join(build.Dist, "plugin.json"))
	read, written := io.Pipe()
	f := newFollower(func() error {
		if _, err := os.Stat(late); err != nil {
			return errors.New("late.json is not built")
		}
		return nil
	}, written)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		f.run(ctx)
		_ = written.Close() // nothing more is said
	}()
	lines := bufio.NewScanner(read)
	next := func() string {
		require.True(t, lines.Scan())
		return lines.Text()
	}

	write(filepath.Join(build.Dist, "module.js"))
	require.Equal(t, "Not shown anew, what was shown before stays: late.json is not built", next())
	write(late)
	require.Contains(t, next(), "Shown anew at ")
	require.NoError(t, os.Remove(late))
	require.Contains(t, next(), "late.json is not built", "what is gone is a change, too")
	stop()
	<-ended
}
