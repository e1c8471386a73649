// Package checks is `go tool mage test`: every check of the project.
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

// Stage is what runs side by side: the one check computes where the other waits.
type Stage []Check

var (
	lintGo = []Stage{
		{{"gofmt", silent(gofmt)}},
		{{"go vet", command("go", append([]string{"vet"}, packages...)...)}},
		{{"golangci-lint", command("go", append([]string{"tool", "-modfile=tools/lint/go.mod", "golangci-lint", "run"}, packages...)...)}},
		{{"golangci-lint of the benchmark", command("go", "-C", "bench", "tool", "-modfile=../tools/lint/go.mod", "golangci-lint", "run")}},
	}
	lintFrontend = []Stage{{
		{"eslint and prettier", npm("lint")},
		{"tsc", npm("typecheck")},
	}}
	goTests        = Check{"go test", goTest}
	otherPostgres  = Check{"go test on other PostgreSQL versions", silent(testOtherPostgres)}
	benchmarkTests = Check{ // with DuckDB among its modules, and without the race detector, for which all would be compiled once more
		"go test of the benchmark", command("go", "-C", "bench", "test", "./..."),
	}
	jest       = Check{"jest", npm("test")}
	levitate   = Check{"levitate", npm("compatibility")}
	buildAll   = Check{"build", silent(build.All)}
	playwright = Check{"playwright", e2e.Run}
)

// Groups of checks. Lint is part of the others; those together are All.
var (
	Lint     = slices.Concat(lintGo, lintFrontend)
	Go       = append(slices.Clone(lintGo), Stage{goTests}, Stage{otherPostgres}, Stage{benchmarkTests})
	Frontend = append(slices.Clone(lintFrontend), Stage{jest, levitate})
	EndToEnd = []Stage{{buildAll}, {playwright}}
	// All has beside the browser, which waits a third of its time, what waits for no other.
	All = append(slices.Clone(Lint), Stage{goTests}, Stage{benchmarkTests, levitate}, Stage{buildAll}, Stage{playwright, otherPostgres, jest})
)

// packages are ours; ./... would take in the Go files in node_modules. Those whose tests take longest stand first, or one
// of them would run alone at the end.
var packages = []string{"./pkg/store/rollup", "./pkg/query/...", "./pkg/ingest", "./pkg/plugin", "./pkg/...", "./tools/..."}

// Run runs stages to the last even if some checks fail, and ends with a line for each.
func Run(ctx context.Context, stages []Stage) error {
	ctx, stop := process.UntilStopped(ctx)
	defer stop()
	if err := build.NodeModules(ctx); err != nil { // they hold a PostgreSQL too
		return err
	}
	var results []result
	for _, stage := range stages {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		results = append(results, stage.run(ctx)...)
	}
	return report(results)
}

// result is what came of a check.
type result struct {
	name, note string
	err        error
	took       time.Duration
}

// run runs the checks of a stage, each to its end.
func (s Stage) run(ctx context.Context) []result {
	results := make([]result, len(s))
	var running sync.WaitGroup
	for i, check := range s {
		fmt.Printf("\n== %s\n", check.Name)
		running.Go(func() {
			began := time.Now()
			note, err := check.Run(ctx)
			if err != nil {
				fmt.Printf("%s: %v\n", check.Name, err)
			}
			results[i] = result{check.Name, note, err, time.Since(began)}
		})
	}
	running.Wait()
	return results
}

// report prints a line for each check, then the notes, and returns an error that names those that failed.
func report(results []result) error {
	var failed []string
	fmt.Println()
	for _, r := range results {
		outcome := "ok  "
		if r.err != nil {
			outcome = "FAIL"
			failed = append(failed, r.name)
		}
		fmt.Printf("%s  %6.1fs  %s\n", outcome, r.took.Seconds(), r.name)
	}
	for _, r := range results {
		if r.note != "" {
			fmt.Printf("\n%s\n", r.note)
		}
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

// silent is a check without notes.
func silent(run func(context.Context) error) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) { return "", run(ctx) }
}

func npm(script string) func(context.Context) (string, error) {
	return command("npm", "run", "--silent", script)
}
