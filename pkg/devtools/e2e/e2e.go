// Package e2e runs the tests in tests/ with a browser, on a real Grafana with the built plugin and a real PostgreSQL.
package e2e

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/magefile/mage/sh"

	"github.com/footfall-analytics/footfall/pkg/devtools/ports"
	"github.com/footfall-analytics/footfall/pkg/devtools/process"
	"github.com/footfall-analytics/footfall/pkg/devtools/stack"
	"github.com/footfall-analytics/footfall/pkg/devtools/tempdir"
)

// Chromium is the browser's program, unless the variable CHROMIUM names another; playwright.config.ts says the same.
const Chromium = "/usr/bin/chromium"

// events are what the tests expect to see.
var events = stack.Events{Users: 200, Days: 30, Seed: 1}

// Run starts everything anew, runs the tests and stops it again. What they leave behind on failure is in test-results.
func Run(ctx context.Context) (err error) {
	// Not below the project, which may stand where PostgreSQL's account cannot come.
	dir, err := tempdir.New("footfall-e2e")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	port, err := ports.Free()
	if err != nil {
		return err
	}
	running, err := stack.Start(ctx, stack.Options{Dir: dir, GrafanaPort: port, Events: events, Output: os.Stderr})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, running.Stop()) }()
	env := []string{"GRAFANA_URL=" + running.Grafana.URL(), "FOOTFALL_DSN=" + running.DSN()}
	if err := process.Show(ctx, env, "npm", "run", "--silent", "e2e"); err != nil {
		return errors.Join(err, keepLog(running.Grafana.Log()))
	}
	return nil
}

// keepLog copies Grafana's log beside the tests' own traces.
func keepLog(path string) error {
	if err := os.MkdirAll("test-results", 0o755); err != nil {
		return err
	}
	return sh.Copy(filepath.Join("test-results", "grafana.log"), path)
}
