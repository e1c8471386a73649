// Package e2e runs the tests in tests/ with a browser, on a real Grafana with the built plugin and a real PostgreSQL.
package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/magefile/mage/sh"

	"github.com/footfall-analytics/footfall/tools/ports"
	"github.com/footfall-analytics/footfall/tools/process"
	"github.com/footfall-analytics/footfall/tools/stack"
	"github.com/footfall-analytics/footfall/tools/tempdir"
)

// Chromium is the browser's program, unless the variable CHROMIUM names another; playwright.config.ts says the same.
const Chromium = "/usr/bin/chromium"

// events are what the tests expect to see.
var events = stack.Events{Users: 200, Days: 30, Seed: 1}

// Run starts everything anew, runs the tests and stops it again. What they leave behind on failure is in test-results.
// The variable PLAYWRIGHT_ARGS chooses among them, for example "--project api".
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
	if _, err := os.Stat(sampleShop); err != nil {
		fmt.Println("NOT TESTED: the sample data is missing:", err)
	} else {
		if err := loadSample(ctx, running); err != nil {
			return err
		}
		env = append(env, "FOOTFALL_SAMPLE_DSN="+running.DSNOf(sampleDatabase))
	}
	playwright := append([]string{"run", "--silent", "e2e", "--"}, strings.Fields(os.Getenv("PLAYWRIGHT_ARGS"))...)
	if err := process.Show(ctx, env, "npm", playwright...); err != nil {
		return errors.Join(err, keepLog(running.Grafana.Log()))
	}
	return nil
}

// sampleShop is a web shop's events, kept beside the repository.
const (
	sampleShop     = "../shared/data/ecom.csv.gz"
	sampleDatabase = "sample"
)

// loadSample gives the sample shop a store of its own, by the commands that a user would type.
func loadSample(ctx context.Context, running *stack.Stack) error {
	if err := running.AddStore(ctx, sampleDatabase); err != nil {
		return err
	}
	if err := running.RunOn(ctx, sampleDatabase, "import",
		"--map", "ts=timestamp", "--map", "usr.id=user_id", "--map", "session.id=session_id",
		"--map", "view.url_path=event", "--map", "device.type=platform", "--set", "type=view", sampleShop); err != nil {
		return err
	}
	return running.RunOn(ctx, sampleDatabase, "work", "--once")
}

// keepLog copies Grafana's log beside the tests' own traces.
func keepLog(path string) error {
	if err := os.MkdirAll("test-results", 0o755); err != nil {
		return err
	}
	return sh.Copy(filepath.Join("test-results", "grafana.log"), path)
}
