// Package grafana finds a real Grafana, or gets one, and runs it with the built plugin: for the demo and for end-to-end
// tests.
package grafana

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

// Version is the Grafana that is downloaded, and the tag of the image that Docker runs.
const Version = "13.2.3"

// image is the official image that Docker runs unless GRAFANA_IMAGE names another.
const image = "grafana/grafana:" + Version

// Install is one Grafana that this machine can run.
type Install struct {
	Home   string // its home path, with bin/, conf/ and public/; "" with Docker
	Image  string // what Docker runs; "" without
	Origin string // where it comes from, for people
}

// ErrNone says that this machine has no Grafana, and none can be downloaded.
var ErrNone = errors.New("no Grafana on this machine, and none to download")

// Find returns the first of: the home path GRAFANA_HOME, the image GRAFANA_IMAGE, a `grafana` on the PATH, Docker if an
// engine answers, one downloaded before, the official download. The last takes its time and says on progress how it gets
// on. ErrNone, with the reason, where there is none of them; that one of the variables names none is another error.
func Find(ctx context.Context, progress io.Writer) (Install, error) {
	if home := os.Getenv("GRAFANA_HOME"); home != "" {
		if !isHome(home) {
			return Install{}, fmt.Errorf("GRAFANA_HOME is %s, which has no conf/defaults.ini and bin/grafana in it", home)
		}
		return Install{Home: home, Origin: "GRAFANA_HOME"}, nil
	}
	if named := os.Getenv("GRAFANA_IMAGE"); named != "" {
		if !dockerAnswers(ctx) {
			return Install{}, fmt.Errorf("GRAFANA_IMAGE is %s, and no Docker engine answers", named)
		}
		return Install{Image: named, Origin: "the image " + named}, nil
	}
	if home := homeOnPath(); home != "" {
		return Install{Home: home, Origin: "the PATH"}, nil
	}
	if dockerAnswers(ctx) {
		return Install{Image: image, Origin: "the image " + image}, nil
	}
	cache, err := cacheDir()
	if err != nil {
		return Install{}, err
	}
	return fromCache(ctx, cache, progress)
}

// fromCache returns the Grafana that was put into the cache folder, or puts one there.
func fromCache(ctx context.Context, cache string, progress io.Writer) (Install, error) {
	downloaded := Install{Home: filepath.Join(cache, Version), Origin: "the official download of " + Version}
	if isHome(downloaded.Home) {
		return downloaded, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return Install{}, err
	}
	if err := download(ctx, downloaded.Home, progress); err != nil {
		if ctx.Err() != nil {
			return Install{}, ctx.Err()
		}
		return Install{}, fmt.Errorf("%w (%w)", ErrNone, err)
	}
	return downloaded, nil
}

// cacheDir is where downloaded Grafanas are kept.
func cacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the cache folder for Grafana: %w", err)
	}
	return filepath.Join(dir, "footfall", "grafana"), nil
}

// homeOnPath returns the home path that belongs to the `grafana` on the PATH, or "".
func homeOnPath() string {
	program, err := exec.LookPath("grafana")
	if err != nil {
		return ""
	}
	if real, err := filepath.EvalSymlinks(program); err == nil {
		program = real
	}
	prefix := filepath.Dir(filepath.Dir(program))
	for _, home := range []string{prefix, filepath.Join(prefix, "share", "grafana"), "/usr/share/grafana"} {
		if isHome(home) {
			return home
		}
	}
	return ""
}

func isHome(dir string) bool {
	for _, file := range []string{programIn(dir), filepath.Join(dir, "conf", "defaults.ini")} {
		if info, err := os.Stat(file); err != nil || info.IsDir() {
			return false
		}
	}
	return true
}

func programIn(home string) string {
	name := "grafana"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(home, "bin", name)
}

// dockerAnswers tells whether there is an engine, not only the command.
func dockerAnswers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return exec.CommandContext(ctx, "docker", "version", "--format", "{{.Server.Version}}").Run() == nil
}
