// Package e2e runs the tests in tests/ with a browser and a real PostgreSQL, around the built plugin: always on the
// preview host, and once more on a Grafana where there is one.
package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/magefile/mage/sh"

	"github.com/footfall-analytics/footfall/tools/grafana"
	"github.com/footfall-analytics/footfall/tools/ports"
	"github.com/footfall-analytics/footfall/tools/process"
	"github.com/footfall-analytics/footfall/tools/stack"
	"github.com/footfall-analytics/footfall/tools/tempdir"
)

// Chromium is the browser's program, unless the variable CHROMIUM names another; playwright.config.ts says the same.
const Chromium = "/usr/bin/chromium"

// The tags of tests that only one of the hosts can answer for.
const (
	needsGrafana = "@grafana"
	ofPreview    = "@preview"
)

// events are what the tests expect to see.
var events = stack.Events{Users: 200, Days: 30, Seed: 1}

// Run starts everything anew, runs the tests and stops it again. What they leave behind on failure is in test-results.
// The variable PLAYWRIGHT_ARGS chooses among them, for example "--project api". The note says which tests were not run,
// and why.
func Run(ctx context.Context) (note string, err error) {
	// Not below the project, which may stand where PostgreSQL's account cannot come.
	dir, err := tempdir.New("footfall-e2e")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	running, err := stack.Start(ctx, stack.Options{Dir: dir, Events: events, Output: os.Stderr})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, running.Stop()) }()
	stores, err := addStores(ctx, running)
	if err != nil {
		return "", err
	}
	return onEachHost(ctx, running, append(stores, "FOOTFALL_DEMO_DSN="+running.DSN()))
}

// onEachHost runs the tests on the preview and on a Grafana, the second also when the first has failed.
func onEachHost(ctx context.Context, running *stack.Stack, stores []string) (note string, err error) {
	install, missing := grafana.Find(ctx, os.Stderr)
	if missing != nil && !errors.Is(missing, grafana.ErrNone) {
		return "", missing
	}
	err = onHost(ctx, stores, "preview", func(port int) (stack.Host, error) { return running.StartPreview(ctx, port, false) })
	if ctx.Err() != nil {
		return "", err
	}
	if missing != nil {
		count, counted := countTests(ctx)
		return fmt.Sprintf("NOT RUN: %d specs need a Grafana (%v)", count, missing), errors.Join(err, counted)
	}
	return "", errors.Join(err, onHost(ctx, stores, "grafana", func(port int) (stack.Host, error) {
		return running.StartGrafana(ctx, install, port, false)
	}))
}

func onHost(ctx context.Context, stores []string, kind string, start func(port int) (stack.Host, error)) (err error) {
	port, err := ports.Free()
	if err != nil {
		return err
	}
	host, err := start(port)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, host.Stop()) }()
	fmt.Printf("\nOn %s, %s\n", kind, host.URL())
	env := environment(kind, host.URL(), stores...)
	args := append([]string{"playwright", "test"}, strings.Fields(os.Getenv("PLAYWRIGHT_ARGS"))...)
	unfit := ofPreview
	if kind == "preview" {
		unfit = needsGrafana
	}
	args = append(args, "--grep-invert", unfit)
	if err := process.Show(ctx, env, "npx", args...); err != nil {
		return errors.Join(fmt.Errorf("on %s: %w", kind, err), keepLog(host.Log(), kind))
	}
	return nil
}

// environment are the variables that the tests read.
func environment(kind, url string, more ...string) []string {
	return append([]string{"FOOTFALL_HOST=" + kind, "FOOTFALL_URL=" + url}, more...)
}

// countTests returns how many tests only a Grafana can answer for.
func countTests(ctx context.Context) (int, error) {
	cmd := exec.CommandContext(ctx, "npx", "playwright", "test", "--list", "--reporter=json", "--grep", needsGrafana)
	cmd.Env = append(os.Environ(), environment("grafana", "http://localhost")...)
	out, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("count the tests that need a Grafana: %w", err)
	}
	var list struct{ Suites []suite }
	if err := json.Unmarshal(out, &list); err != nil {
		return 0, fmt.Errorf("count the tests that need a Grafana: %w", err)
	}
	count := 0
	for _, s := range list.Suites {
		count += s.count()
	}
	return count, nil
}

// suite is part of Playwright's list of tests.
type suite struct {
	Suites []suite
	Specs  []struct{}
}

func (s suite) count() int {
	count := len(s.Specs)
	for _, inner := range s.Suites {
		count += inner.count()
	}
	return count
}

// store is one beside the demo's, filled by the commands that a user would type.
type store struct {
	database string
	variable string // tells the tests its address
	file     string // "" for a store without events
	args     []string
}

var stores = []store{
	// A web shop's events, kept beside the repository.
	{"sample", "FOOTFALL_SAMPLE_DSN", "../shared/data/ecom.csv.gz", []string{
		"--map", "ts=timestamp", "--map", "usr.id=user_id", "--map", "session.id=session_id",
		"--map", "view.url_path=event", "--map", "device.type=platform", "--set", "type=view",
	}},
	{"odd", "FOOTFALL_ODD_DSN", "tests/odd-users.ndjson", nil},
	{"long", "FOOTFALL_LONG_DSN", longSession, nil},
	{"empty", "FOOTFALL_EMPTY_DSN", "", nil},
}

// longSession has as many events as one session shows at most.
const longSession = "test-results/long-session.ndjson"

func writeLongSession() error {
	if err := os.MkdirAll(filepath.Dir(longSession), 0o755); err != nil {
		return err
	}
	var text bytes.Buffer
	start := time.Date(2026, 1, 10, 10, 0, 0, 0, time.UTC)
	for i := range 20_000 {
		what := `"type": "action", "action.name": "click"`
		switch {
		case i%10 == 0:
			what = `"type": "view"`
		case i%1000 == 999:
			what = `"type": "error", "error.type": "Broken"`
		}
		fmt.Fprintf(&text, `{"ts": %q, "usr.id": "long", "session.id": "long", "view.url_path": "/page-%c", %s, "n": %d}`+"\n",
			start.Add(time.Duration(i)*time.Second).Format(time.RFC3339), 'a'+rune(i/10%26), what, i)
	}
	return os.WriteFile(longSession, text.Bytes(), 0o600)
}

// addStores makes those whose file is there and returns the variables that name them.
func addStores(ctx context.Context, running *stack.Stack) ([]string, error) {
	if err := writeLongSession(); err != nil {
		return nil, err
	}
	var variables []string
	for _, s := range stores {
		if _, err := os.Stat(s.file); s.file != "" && err != nil {
			fmt.Println("NOT TESTED: the sample data is missing:", err)
			continue
		}
		err := running.AddStore(ctx, s.database)
		if err == nil && s.file != "" {
			err = running.RunOn(ctx, s.database, append(append([]string{"import"}, s.args...), s.file)...)
		}
		if err == nil {
			err = running.RunOn(ctx, s.database, "work", "--once")
		}
		if err != nil {
			return nil, err
		}
		variables = append(variables, s.variable+"="+running.DSNOf(s.database))
	}
	return variables, nil
}

// keepLog copies a host's log beside the tests' own traces.
func keepLog(path, kind string) error {
	if err := os.MkdirAll("test-results", 0o755); err != nil {
		return err
	}
	return sh.Copy(filepath.Join("test-results", kind+".log"), path)
}
