// Package checks is `go tool mage test`: every check of the project, one after the other.
package checks

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/magefile/mage/sh"

	"github.com/footfall-analytics/footfall/tools/build"
	"github.com/footfall-analytics/footfall/tools/e2e"
	"github.com/footfall-analytics/footfall/tools/postgres"
	"github.com/footfall-analytics/footfall/tools/process"
	"github.com/footfall-analytics/footfall/tools/repo"
)

// Check is one of them. Its note, if any, is what the reader must know though nothing failed.
type Check struct {
	Name string
	Run  func(context.Context) (note string, err error)
}

var (
	lintGo = []Check{
		{"gofmt", silent(gofmt)},
		{"go vet", command("go", append([]string{"vet"}, packages...)...)},
		{"golangci-lint", command("go", append([]string{"tool", "-modfile=tools/lint/go.mod", "golangci-lint", "run"}, packages...)...)},
		{"golangci-lint of the benchmark", command("go", "-C", "bench", "tool", "-modfile=../tools/lint/go.mod", "golangci-lint", "run")},
	}
	lintFrontend = []Check{
		{"eslint and prettier", npm("lint")},
		{"tsc", npm("typecheck")},
	}
)

// Groups of checks. Lint is part of the others; those together are All.
var (
	Lint = slices.Concat(lintGo, lintFrontend)
	Go   = append(slices.Clone(lintGo),
		Check{"go test", goTest},
		Check{"go test on other PostgreSQL versions", silent(testOtherPostgres)},
		// Apart, with DuckDB among its modules. Without the race detector, for which all would be compiled once more.
		Check{"go test of the benchmark", command("go", "-C", "bench", "test", "./...")},
	)
	Frontend = append(slices.Clone(lintFrontend), Check{"jest and levitate", together(npm("test"), npm("compatibility"))})
	EndToEnd = []Check{
		{"build", silent(build.All)},
		{"playwright", e2e.Run},
	}
)

// packages are ours; ./... would take in the Go files in node_modules. Those whose tests take longest stand first, or one
// of them would run alone at the end.
var packages = []string{"./pkg/store/rollup", "./pkg/query/...", "./pkg/ingest", "./pkg/plugin", "./pkg/...", "./tools/..."}

// All returns every check.
func All() []Check { return slices.Concat(Go, Frontend, EndToEnd) }

// Run runs checks to the last even if some fail, and ends with a line for each.
func Run(ctx context.Context, checks []Check) error {
	ctx, stop := process.UntilStopped(ctx)
	defer stop()
	if err := build.NodeModules(ctx); err != nil { // they hold a PostgreSQL too
		return err
	}
	var summary strings.Builder
	var failed, notes []string
	for _, check := range checks {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		fmt.Printf("\n== %s\n", check.Name)
		began := time.Now()
		note, err := check.Run(ctx)
		outcome := "ok  "
		if err != nil {
			outcome = "FAIL"
			failed = append(failed, check.Name)
			fmt.Println(err)
		}
		if note != "" {
			notes = append(notes, note)
		}
		_, _ = fmt.Fprintf(&summary, "%s  %6.1fs  %s\n", outcome, time.Since(began).Seconds(), check.Name)
	}
	fmt.Printf("\n%s", summary.String())
	for _, note := range notes {
		fmt.Printf("\n%s\n", note)
	}
	if len(failed) > 0 {
		return fmt.Errorf("failed: %s", strings.Join(failed, ", "))
	}
	return nil
}

// Prerequisites names, in one error, everything that All needs and this machine has not got.
func Prerequisites() error {
	var errs []error
	for _, need := range []struct{ program, advice string }{
		{"node", "Node.js 20 or newer"},
		{"npm", "it comes with Node.js"},
		{"gcc", "a C compiler, for Go's race detector (Debian: apt-get install gcc libc6-dev)"},
		{"g++", "a C++ compiler, whose library DuckDB in the benchmark is linked with (Debian: apt-get install g++)"},
		{chromium(), "a browser (Debian: apt-get install chromium), or name yours in the variable CHROMIUM"},
	} {
		if _, err := exec.LookPath(need.program); err != nil {
			errs = append(errs, fmt.Errorf("missing %s: %s", need.program, need.advice))
		}
	}
	if _, err := postgres.FindPooler(); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func chromium() string {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path
	}
	return e2e.Chromium
}

func goTest(ctx context.Context) (note string, err error) {
	dir, err := repo.SampleDir()
	if err != nil {
		return "", err
	}
	if dir == "" {
		note = "NOT RUN: the tests on the sample data, which is not beside the project (../shared/data)"
	}
	return note, process.Show(ctx, nil, "go", append([]string{"test", "-race", "-timeout", "40m"}, packages...)...)
}

func gofmt(context.Context) error {
	files, err := sh.Output("gofmt", "-l", "pkg", "tools", "bench", "Magefile.go")
	if err != nil {
		return err
	}
	if files != "" {
		return fmt.Errorf("not formatted, run gofmt -w on:\n%s", files)
	}
	return nil
}

// command returns a check that runs a program with its output shown.
func command(name string, args ...string) func(context.Context) (string, error) {
	return silent(func(ctx context.Context) error { return process.Show(ctx, nil, name, args...) })
}

// together runs checks without notes at the same time, each to its end: the one waits where the other computes.
func together(checks ...func(context.Context) (string, error)) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		errs := make([]error, len(checks))
		var running sync.WaitGroup
		for i, check := range checks {
			running.Go(func() { _, errs[i] = check(ctx) })
		}
		running.Wait()
		return "", errors.Join(errs...)
	}
}

// silent is a check without notes.
func silent(run func(context.Context) error) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) { return "", run(ctx) }
}

func npm(script string) func(context.Context) (string, error) {
	return command("npm", "run", "--silent", script)
}
