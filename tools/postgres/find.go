// Package postgres finds the programs of a real PostgreSQL and runs servers with them: for tests and for the demo.
package postgres

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/footfall-analytics/footfall/tools/repo"
)

// Install is one PostgreSQL on this machine.
type Install struct {
	Dir     string // holds bin; with npm's packages lib and share too, and can then be moved
	Version string // "18.4"
	Major   int    // 18
	npm     bool
}

// program returns the path of one of its programs.
func (i Install) program(name string) string { return filepath.Join(i.Dir, "bin", name) }

// Has tells whether it brings a program: npm's packages have the server's alone.
func (i Install) Has(program string) bool {
	_, err := os.Stat(i.program(program))
	return err == nil
}

// Find returns the PostgreSQL of a major version, or with 0 the preferred one. Its error says what to install.
func Find(major int) (Install, error) {
	installs, err := All()
	if err != nil {
		return Install{}, err
	}
	for _, install := range installs {
		if major == 0 || install.Major == major {
			return install, nil
		}
	}
	return Install{}, missing(major)
}

// All returns what there is, the preferred first: npm's embedded package, then the system's, the newest before older.
func All() ([]Install, error) {
	root, err := repo.Root()
	if err != nil {
		return nil, err
	}
	embedded, err := embeddedDir(root)
	if err != nil {
		return nil, err
	}
	dirs, err := installedDirs()
	if err != nil {
		return nil, err
	}
	if embedded != "" {
		dirs = append([]string{embedded}, dirs...)
	}
	var installs []Install
	for _, dir := range dirs {
		install, err := inspect(dir)
		if err != nil {
			return nil, err
		}
		install.npm = dir == embedded
		installs = append(installs, install)
	}
	return installs, nil
}

// ErrNotInstalled marks the error of Find where there is no such PostgreSQL.
var ErrNotInstalled = errors.New("PostgreSQL is not installed")

func missing(major int) error {
	wanted := "PostgreSQL"
	if major != 0 {
		wanted = fmt.Sprintf("PostgreSQL %d", major)
	}
	return fmt.Errorf("%w: no %s found in node_modules/%s (`npm ci` brings version 18), /usr/lib/postgresql, "+
		"nor on the PATH (Debian: `apt-get install postgresql`)", ErrNotInstalled, wanted, npmPackage())
}

// npmPackage is the npm package with this system's programs.
func npmPackage() string {
	system, arch := runtime.GOOS, runtime.GOARCH
	if system == "windows" {
		return "@embedded-postgres/windows-x64"
	}
	switch arch {
	case "amd64":
		arch = "x64"
	case "386":
		arch = "ia32"
	}
	return fmt.Sprintf("@embedded-postgres/%s-%s", system, arch)
}

// embeddedDir returns the programs npm installed, made complete, or "" where there are none.
func embeddedDir(root string) (string, error) {
	dir := filepath.Join(root, "node_modules", filepath.FromSlash(npmPackage()))
	_, err := os.Stat(dir)
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("look for npm's PostgreSQL: %w", err)
	}
	if err := hydrate(dir); err != nil {
		return "", fmt.Errorf("complete npm's PostgreSQL in %s: %w", dir, err)
	}
	return filepath.Join(dir, "native"), nil
}

// hydrate makes the links between libraries that an npm package cannot carry. The package's own install script would do
// it, but npm runs no scripts here.
func hydrate(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, "native", "pg-symlinks.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil // Windows has no links
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string } // both relative to dir; Target is the link
	if err := json.Unmarshal(text, &links); err != nil {
		return fmt.Errorf("pg-symlinks.json: %w", err)
	}
	for _, link := range links {
		target := filepath.Join(dir, filepath.FromSlash(link.Target))
		source, err := filepath.Rel(filepath.Dir(target), filepath.Join(dir, filepath.FromSlash(link.Source)))
		if err != nil {
			return err
		}
		if err := os.Symlink(source, target); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	return nil
}

// installedDirs lists what the system's packages installed, newest first, then what pg_config and the PATH know.
func installedDirs() ([]string, error) {
	dirs, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil {
		return nil, err
	}
	for i, path := range dirs {
		dirs[i] = filepath.Dir(filepath.Dir(path))
	}
	slices.SortFunc(dirs, func(a, b string) int { return debianMajor(b) - debianMajor(a) })
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		dirs = appendServer(dirs, strings.TrimSpace(string(out)))
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			dirs = appendServer(dirs, filepath.Dir(real))
		}
	}
	return dirs, nil
}

// appendServer adds the folder above bin, where bin holds a server: pg_config comes with the client library as well.
func appendServer(dirs []string, bin string) []string {
	if _, err := exec.LookPath(filepath.Join(bin, "initdb")); err != nil || filepath.Base(bin) != "bin" {
		return dirs
	}
	return append(dirs, filepath.Dir(bin))
}

func debianMajor(dir string) int {
	major, err := strconv.Atoi(filepath.Base(dir))
	if err != nil {
		return 0
	}
	return major
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) ((\d+)\S*)`)

// inspect asks the server's program for its version.
func inspect(dir string) (Install, error) {
	install := Install{Dir: dir}
	out, err := exec.Command(install.program("postgres"), "--version").CombinedOutput()
	if err != nil {
		return Install{}, fmt.Errorf("ask %s for its version: %w\n%s", install.program("postgres"), err, out)
	}
	return install, install.parseVersion(string(out))
}

func (i *Install) parseVersion(text string) error {
	match := versionPattern.FindStringSubmatch(text)
	if match == nil {
		return fmt.Errorf("%s does not tell its version: %q", i.program("postgres"), text)
	}
	major, err := strconv.Atoi(match[2])
	if err != nil {
		return fmt.Errorf("version %q: %w", match[1], err)
	}
	i.Version, i.Major = match[1], major
	return nil
}
