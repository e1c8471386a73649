package source

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func newBuilder(t *testing.T, progress io.Writer) *builder {
	t.Helper()
	b := &builder{dir: t.TempDir(), progress: progress, running: map[string]time.Time{}}
	for _, dir := range []string{"log", "done"} {
		require.NoError(t, os.Mkdir(filepath.Join(b.dir, dir), 0o755))
	}
	return b
}

func TestAStepIsDoneOnceAndTriedAgainAfterAFailure(t *testing.T) {
	var progress bytes.Buffer
	b, runs := newBuilder(t, &progress), 0
	fails := true
	try := step{"try", func(_ *builder, _ context.Context, log io.Writer) error {
		runs++
		if fails {
			_, _ = io.WriteString(log, "what the tool said\n")
			return errors.New("did not work")
		}
		return nil
	}}
	err := b.runSteps(context.Background(), []step{try})
	require.ErrorContains(t, err, "step try: did not work")
	require.ErrorContains(t, err, "what the tool said")

	fails = false
	require.NoError(t, b.runSteps(context.Background(), []step{try}))
	require.NoError(t, b.runSteps(context.Background(), []step{try}))
	require.Equal(t, 2, runs)
	require.Contains(t, progress.String(), "try: done before")
}

func TestTrimKeepsWhatTheBundleNeeds(t *testing.T) {
	b := newBuilder(t, io.Discard)
	write := func(folder, text string) {
		require.NoError(t, writeFile(filepath.Join(b.src(), folder, "package.json"), []byte(text)))
	}
	write(".", `{"name": "grafana", "scripts": {"build": "x"}, "dependencies": {"xlsx": "https://elsewhere", "react": "18.2.0"},
		"devDependencies": {"webpack": "5", "cypress": "9"}, "resolutions": {"trim": "0.0.3", "@storybook/a/webpack": "5"},
		"workspaces": {"packages": ["packages/*"]}}`)
	for _, name := range neededWorkspaces {
		write("packages/grafana-"+name, `{"devDependencies": {"react": "18.2.0", "rollup": "2"}, "scripts": {"build": "x"}}`)
	}
	require.NoError(t, b.trimWorkspaces(context.Background(), io.Discard))

	read := func(folder string) (p map[string]any) {
		text, err := os.ReadFile(filepath.Join(b.src(), folder, "package.json"))
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &p))
		return p
	}
	root := read(".")
	require.Equal(t, map[string]any{"webpack": "5"}, root["devDependencies"])
	require.Equal(t, map[string]any{"xlsx": "0.18.5", "react": "18.2.0"}, root["dependencies"])
	require.Equal(t, map[string]any{"trim": "0.0.3"}, root["resolutions"])
	require.Len(t, root["workspaces"].(map[string]any)["packages"], len(neededWorkspaces))
	require.Equal(t, map[string]any{"react": "18.2.0"}, read("packages/grafana-ui")["devDependencies"])
}

func TestCorePluginAssets(t *testing.T) {
	for path, want := range map[string]bool{
		"panel/table/plugin.json":                          true,
		"panel/table/img/icn-table-panel.svg":              true,
		"datasource/prometheus/dashboards/stats.json":      true,
		"datasource/prometheus/dashboards/readme.md":       false,
		"datasource/prometheus/module.ts":                  false,
		"datasource/prometheus/components/imgages/file.ts": false,
	} {
		require.Equal(t, want, corePluginAsset(filepath.FromSlash(path)), path)
	}
}
