package demo

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/footfall-analytics/footfall/tools/build"
	"github.com/footfall-analytics/footfall/tools/process"
	"github.com/footfall-analytics/footfall/tools/stack"
)

// pollInterval is how often the watched files are looked at; what is built is shown when it was the same twice.
const pollInterval = 200 * time.Millisecond

// startWatched starts the preview and what builds frontend and page when their sources change.
func startWatched(ctx context.Context, running *stack.Stack, port int) (stack.Host, error) {
	server, err := running.StartPreview(ctx, port, true)
	if err != nil {
		return nil, err
	}
	f := newFollower(server.Reload, os.Stderr) // before anything is built by those below
	for name, args := range map[string][]string{
		// Not through npm, which leaves them behind when it is ended.
		"frontend": {"node_modules/webpack/bin/webpack.js", "--watch", "--config", ".config/webpack/webpack.config.ts", "--env", "production"},
		"page":     {"tools/preview/web/build.mjs", "--watch"},
	} {
		if _, err := running.StartBeside(name, process.Options{}, "node", args...); err != nil {
			return nil, err
		}
	}
	go f.run(ctx)
	return server, nil
}

// follower builds the backend when its sources change, and shows anew what was built.
type follower struct {
	show            func() error // shows what is built now; where that is not complete, what was shown stays
	output          io.Writer
	compiled, shown state // of the backend's sources, and of what is built
}

func newFollower(show func() error, output io.Writer) *follower {
	return &follower{show: show, output: output, compiled: stateOf("pkg"), shown: stateOf(build.Dist, build.PreviewPage)}
}

// run goes on until the context ends. What cannot be compiled or shown is told and waited for.
func (f *follower) run(ctx context.Context) {
	var seen state
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pollInterval):
		}
		f.compile()
		before := seen
		if seen = stateOf(build.Dist, build.PreviewPage); seen == f.shown || seen != before {
			continue
		}
		f.shown = seen
		if err := f.show(); err != nil {
			f.say("Not shown anew, what was shown before stays: %v", err)
		} else {
			f.say("Shown anew at %s.", time.Now().Format(time.TimeOnly))
		}
	}
}

func (f *follower) compile() {
	changed := stateOf("pkg")
	if changed == f.compiled {
		return
	}
	f.compiled = changed
	if err := build.Backend(runtime.GOOS, runtime.GOARCH); err != nil {
		f.say("%v", err)
	}
}

func (f *follower) say(format string, args ...any) {
	_, _ = fmt.Fprintf(f.output, format+"\n", args...)
}

// state tells whether files have changed, come or gone.
type state struct {
	latest time.Time // when any was last written
	files  int
}

// stateOf looks at all files below the folders. A folder that is being made anew counts as it is.
func stateOf(dirs ...string) (s state) {
	for _, dir := range dirs {
		_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return nil
			}
			if info, err := entry.Info(); err == nil {
				s.files++
				if info.ModTime().After(s.latest) {
					s.latest = info.ModTime()
				}
			}
			return nil
		})
	}
	return s
}
