package demo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/footfall-analytics/footfall/tools/build"
	"github.com/footfall-analytics/footfall/tools/preview"
	"github.com/footfall-analytics/footfall/tools/process"
	"github.com/footfall-analytics/footfall/tools/stack"
)

// pollInterval is how often the watched files are looked at; what is built is shown when it was the same twice.
const pollInterval = 200 * time.Millisecond

// watched is a preview that follows the sources.
type watched struct {
	*preview.Server // the one that runs now
	done            chan struct{}
}

// startWatched starts the preview and what builds frontend and page when their sources change.
func startWatched(ctx context.Context, running *stack.Stack, port int) (stack.Host, error) {
	server, err := running.StartPreview(ctx, port, true)
	if err != nil {
		return nil, err
	}
	for name, args := range map[string][]string{
		// Not through npm, which leaves them behind when it is ended.
		"frontend": {"node_modules/webpack/bin/webpack.js", "--watch", "--config", ".config/webpack/webpack.config.ts", "--env", "production"},
		"page":     {"tools/preview/web/build.mjs", "--watch"},
	} {
		if _, err := running.StartBeside(name, process.Options{}, "node", args...); err != nil {
			return nil, err
		}
	}
	w := &watched{Server: server, done: make(chan struct{})}
	go func() {
		defer close(w.done)
		if err := w.follow(ctx); err != nil && ctx.Err() == nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
		}
	}()
	return w, nil
}

// Done is closed when nothing is followed any more.
func (w *watched) Done() <-chan struct{} { return w.done }

// follow builds the backend when its sources change, and restarts the host when anything was built, until the context
// ends. A source that cannot be compiled is told and waited for.
func (w *watched) follow(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, w.Server.Stop()) }()
	compiled, shown, seen := newest("pkg"), newest(build.Dist, build.PreviewPage), time.Time{}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pollInterval):
		}
		if changed := newest("pkg"); changed.After(compiled) {
			compiled = changed
			if err := build.Backend(runtime.GOOS, runtime.GOARCH); err != nil {
				_, _ = fmt.Fprintln(os.Stderr, err)
			}
		}
		before := seen
		seen = newest(build.Dist, build.PreviewPage)
		if !seen.After(shown) || !seen.Equal(before) {
			continue
		}
		shown = seen
		if w.Server, err = w.Restart(ctx); err != nil {
			return err
		}
		_, _ = fmt.Fprintf(os.Stderr, "Shown anew at %s.\n", time.Now().Format(time.TimeOnly))
	}
}

// newest returns when any file below the folders was last written. A folder that is being made anew counts as it is.
func newest(dirs ...string) time.Time {
	var latest time.Time
	for _, dir := range dirs {
		_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
			if err != nil {
				return nil
			}
			if info, err := entry.Info(); err == nil && !entry.IsDir() && info.ModTime().After(latest) {
				latest = info.ModTime()
			}
			return nil
		})
	}
	return latest
}
