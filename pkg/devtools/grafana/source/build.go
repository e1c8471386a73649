// Package source builds Grafana from the source that the Go module proxy serves, with what the Go and npm registries
// hold and nothing else: the last resort of a machine that has neither a Grafana, nor Docker, nor its download site.
//
// It needs go, a C compiler (SQLite), npm, 4 GB of memory, 6 GB of disk and, on two cores, about a quarter of an hour.
package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Version is what the built Grafana calls itself: the only recent source the module proxy serves is that of 10.0, on its
// way to release.
const Version = "10.0.0"

// builder is one build in its work folder. A step that is done leaves a stamp, so that a build that was interrupted goes
// on where it was.
type builder struct {
	dir      string // holds src/, npm/, bin/, log/, done/ and the finished home/
	progress io.Writer
	mu       sync.Mutex
	running  map[string]time.Time // the steps at work, by name
}

type step struct {
	name string
	run  func(b *builder, ctx context.Context, log io.Writer) error
}

// Backend and frontend need nothing of each other, and are built at the same time.
var (
	fetch   = []step{{"source", (*builder).fetchSource}}
	backend = []step{
		{"wiring", (*builder).generateWiring},
		{"server", (*builder).compileServer},
	}
	frontend = []step{
		{"tools", (*builder).installTools},
		{"trim", (*builder).trimWorkspaces},
		{"packages", (*builder).installPackages},
		{"web", (*builder).bundleWeb},
	}
	assemble = []step{{"home", (*builder).assembleHome}}
)

// Build makes home, a folder that `bin/grafana server --homepath` takes, and says on progress how it gets on.
func Build(ctx context.Context, home string, progress io.Writer) error {
	if err := checkTools(); err != nil {
		return err
	}
	b := &builder{dir: home + ".build", progress: progress, running: map[string]time.Time{}}
	for _, dir := range []string{"bin", "log", "done"} {
		if err := os.MkdirAll(filepath.Join(b.dir, dir), 0o755); err != nil {
			return fmt.Errorf("build Grafana: %w", err)
		}
	}
	b.say("Building Grafana %s from source in %s, once. This takes 10 to 20 minutes.", Version, b.dir)
	if err := b.build(ctx); err != nil {
		return fmt.Errorf("build Grafana from source (run again to go on from here): %w", err)
	}
	if err := os.Rename(filepath.Join(b.dir, "home"), home); err != nil {
		return fmt.Errorf("build Grafana: %w", err)
	}
	return os.RemoveAll(b.dir)
}

func checkTools() error {
	for program, why := range map[string]string{
		"go":  "it comes with https://go.dev/dl",
		"npm": "it comes with Node.js",
		"gcc": "a C compiler is needed for SQLite (Debian: `apt-get install gcc libc6-dev`)",
	} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("building Grafana from source needs %s: %s", program, why)
		}
	}
	return nil
}

func (b *builder) build(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go b.reportRunning(ctx)
	if err := b.runSteps(ctx, fetch); err != nil {
		return err
	}
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() error { return b.runSteps(groupCtx, backend) })
	group.Go(func() error { return b.runSteps(groupCtx, frontend) })
	if err := group.Wait(); err != nil {
		return err
	}
	return b.runSteps(ctx, assemble)
}

func (b *builder) runSteps(ctx context.Context, steps []step) error {
	for _, s := range steps {
		if err := b.runStep(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) runStep(ctx context.Context, s step) error {
	stamp := filepath.Join(b.dir, "done", s.name)
	if _, err := os.Stat(stamp); err == nil {
		b.say("  %s: done before", s.name)
		return nil
	}
	path := filepath.Join(b.dir, "log", s.name+".log")
	log, err := os.Create(path)
	if err != nil {
		return err
	}
	defer log.Close() //nolint:errcheck // a lost log line is no loss
	began := b.begin(s.name)
	defer b.end(s.name)
	if err := s.run(b, ctx, log); err != nil {
		text, _ := os.ReadFile(path)
		return fmt.Errorf("step %s: %w\n%s\n(all of it: %s)", s.name, err, lastLines(string(text), 20), path)
	}
	b.say("  %s: done in %s", s.name, time.Since(began).Round(time.Second))
	return os.WriteFile(stamp, nil, 0o644)
}

func (b *builder) begin(name string) time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.running[name] = time.Now()
	return b.running[name]
}

func (b *builder) end(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.running, name)
}

// reportRunning says every half minute what is at work, so that nobody takes the silence for a hang.
func (b *builder) reportRunning(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(30 * time.Second):
			b.say("  ... %s", b.atWork())
		}
	}
}

func (b *builder) atWork() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var parts []string
	for _, steps := range [][]step{fetch, backend, frontend, assemble} {
		for _, s := range steps {
			if began, ok := b.running[s.name]; ok {
				parts = append(parts, fmt.Sprintf("%s %s", s.name, time.Since(began).Round(time.Second)))
			}
		}
	}
	return strings.Join(parts, ", ")
}

func (b *builder) say(format string, args ...any) {
	_, _ = fmt.Fprintf(b.progress, format+"\n", args...)
}

func (b *builder) src() string { return filepath.Join(b.dir, "src") }
func (b *builder) bin() string { return filepath.Join(b.dir, "bin") }

// run runs a program in dir with the environment changed by env ("NAME=value").
func run(ctx context.Context, log io.Writer, dir string, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, log, log
	cmd.Env = append(os.Environ(), env...)
	if err := cmd.Run(); err != nil {
		return errors.Join(ctx.Err(), fmt.Errorf("%s %s: %w", filepath.Base(name), strings.Join(args, " "), err))
	}
	return nil
}

func lastLines(text string, count int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-count):], "\n")
}
