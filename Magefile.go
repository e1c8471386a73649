//go:build mage

// The targets of `go tool mage`. What they do stands in tools.
package main

import (
	"context"
	"os"
	"strings"

	//mage:import sdk
	_ "github.com/grafana/grafana-plugin-sdk-go/build"

	"github.com/footfall-analytics/footfall/tools/build"
	"github.com/footfall-analytics/footfall/tools/checks"
	"github.com/footfall-analytics/footfall/tools/demo"
	"github.com/footfall-analytics/footfall/tools/process"
	"github.com/footfall-analytics/footfall/tools/tstypes"
)

// Build builds the plugin into dist and the command line into bin, where they are older than their sources.
func Build(ctx context.Context) error { return build.All(ctx) }

// Demo runs PostgreSQL with demo events, the worker and Footfall in Grafana, or else in the preview, on
// http://localhost:3000 until Ctrl-C.
func Demo(ctx context.Context) error { return demo.Run(ctx) }

// Preview is Demo in the preview, which follows every change of the sources.
func Preview(ctx context.Context) error { return demo.Preview(ctx) }

// Types writes the frontend's types of queries and resources anew from the backend's.
func Types() error { return tstypes.Write() }

// Bench asks Footfall, plain SQL and DuckDB the same questions and prints how long the answers took. BENCH_ARGS are the
// benchmark's own arguments, such as "-events 20000000 -run path".
func Bench(ctx context.Context) error {
	return process.Show(ctx, nil, "go", append([]string{"-C", "bench", "run", "."}, strings.Fields(os.Getenv("BENCH_ARGS"))...)...)
}

// Lint runs what reads the code only: gofmt, go vet, golangci-lint, eslint, prettier, tsc.
func Lint(ctx context.Context) error { return checks.Run(ctx, checks.Lint) }

// Test runs every check and every test.
func Test(ctx context.Context) error {
	if err := checks.Prerequisites(); err != nil {
		return err
	}
	return checks.Run(ctx, checks.All)
}

// TestGo runs the Go part of Test: on every PostgreSQL there is, with the race detector on the first.
func TestGo(ctx context.Context) error { return checks.Run(ctx, checks.Go) }

// TestFrontend runs the TypeScript part of Test.
func TestFrontend(ctx context.Context) error { return checks.Run(ctx, checks.Frontend) }

// TestE2E builds the plugin and tests it in Chromium, on the preview and on a Grafana where there is one.
func TestE2E(ctx context.Context) error { return checks.Run(ctx, checks.EndToEnd) }

// Pictures takes a picture of every state that tests/pictures.json lists, in both themes and three widths, into
// test-results/pictures.
func Pictures(ctx context.Context) error {
	for name, value := range map[string]string{"FOOTFALL_PICTURES": "1", "PLAYWRIGHT_ARGS": "--project=pictures"} {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return checks.Run(ctx, checks.EndToEnd)
}
