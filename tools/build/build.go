// Package build builds what the project consists of: the plugin in dist and the command line in bin. What is newer than
// its sources stays as it is.
package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	sdk "github.com/grafana/grafana-plugin-sdk-go/build"
	"github.com/magefile/mage/target"

	"github.com/footfall-analytics/footfall/tools/process"
)

// Dist is the folder of the built plugin.
const Dist = "dist"

// All builds the plugin for this system and the command line. The current folder must be the project's.
func All(ctx context.Context) error {
	if err := Plugin(ctx, runtime.GOOS, runtime.GOARCH); err != nil {
		return err
	}
	_, err := CommandLine(ctx)
	return err
}

// Plugin builds the frontend, and the backend for a system.
func Plugin(ctx context.Context, goos, goarch string) error {
	if err := Frontend(ctx); err != nil {
		return err
	}
	return Backend(goos, goarch)
}

// NodeModules installs the frontend's packages if package-lock.json has changed since.
func NodeModules(ctx context.Context) error {
	stale, err := target.Path("node_modules/.package-lock.json", "package-lock.json")
	if err != nil {
		return fmt.Errorf("look at node_modules: %w", err)
	}
	if !stale {
		return nil
	}
	if info, err := os.Lstat("node_modules"); err == nil && info.Mode()&os.ModeSymlink != 0 {
		return errors.New("node_modules is a link to another folder, which an installation would empty: remove the link")
	}
	say("Installing npm packages")
	// Without its warnings: they are about what other packages declare and nothing anybody here could act upon.
	if err := process.Show(ctx, nil, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"); err != nil {
		return err
	}
	return touch("node_modules/.package-lock.json")
}

// Frontend bundles src into dist.
func Frontend(ctx context.Context) error {
	if err := NodeModules(ctx); err != nil {
		return err
	}
	stale, err := isStale(filepath.Join(Dist, "module.js"), "src", ".config", "package.json", "package-lock.json",
		"tsconfig.json", "README.md", "CHANGELOG.md", "LICENSE")
	if err != nil || !stale {
		return err
	}
	say("Building the frontend")
	if err := process.Show(ctx, nil, "npm", "run", "--silent", "build"); err != nil {
		return err
	}
	return touch(filepath.Join(Dist, "module.js"))
}

// PreviewPage is the folder of the preview host's built page.
var PreviewPage = filepath.Join("tools", "preview", "web", "dist")

// Preview builds the preview host's page.
func Preview(ctx context.Context) error {
	if err := NodeModules(ctx); err != nil {
		return err
	}
	web := filepath.Dir(PreviewPage)
	stale, err := isStale(filepath.Join(PreviewPage, "main.js"), filepath.Join(web, "src"), filepath.Join(web, "build.mjs"),
		"package-lock.json")
	if err != nil || !stale {
		return err
	}
	say("Building the preview's page")
	return process.Show(ctx, nil, "npm", "run", "--silent", "build", "--workspace", "tools/preview/web")
}

// Backend builds the datasource's executable for a system, as the SDK's own targets do.
func Backend(goos, goarch string) error {
	name := fmt.Sprintf("gpx_footfall_%s_%s", goos, goarch)
	if goos == "windows" {
		name += ".exe"
	}
	stale, err := isStale(filepath.Join(Dist, "datasource", name), "pkg", "go.mod", "package.json", "src/datasource/plugin.json")
	if err != nil || !stale {
		return err
	}
	say("Building the datasource for %s/%s", goos, goarch)
	if err := (sdk.Build{}).Custom(goos, goarch); err != nil {
		return fmt.Errorf("build the datasource: %w", err)
	}
	return nil
}

// CommandLine builds `footfall` and returns its absolute path.
func CommandLine(ctx context.Context) (string, error) {
	path, err := filepath.Abs(filepath.Join("bin", "footfall"))
	if err != nil {
		return "", err
	}
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	return path, process.Show(ctx, nil, "go", "build", "-o", path, "./pkg/cmd/footfall")
}

// isStale tells whether the product is missing or older than any of those sources that exist.
func isStale(product string, sources ...string) (bool, error) {
	var existing []string
	for _, source := range sources {
		_, err := os.Stat(source)
		if err == nil {
			existing = append(existing, source)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return false, err
		}
	}
	stale, err := target.Dir(product, existing...)
	if err != nil {
		return false, fmt.Errorf("compare %s with its sources: %w", product, err)
	}
	return stale, nil
}

// touch marks a product as made now: tools leave a file alone whose contents have not changed.
func touch(path string) error { return os.Chtimes(path, time.Time{}, time.Now()) }

func say(format string, args ...any) { _, _ = fmt.Fprintf(os.Stderr, format+" ...\n", args...) }
