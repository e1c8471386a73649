package source

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// What the server reads at run time.
var homeParts = []string{
	"LICENSE", "NOTICE.md", "conf",
	"public/build", "public/dashboards", "public/emails", "public/fonts", "public/gazetteer", "public/img", "public/lib",
	"public/locales", "public/maps", "public/robots.txt", "public/views",
}

// assembleHome puts together the folder that Grafana runs from.
func (b *builder) assembleHome(context.Context, io.Writer) error {
	home := filepath.Join(b.dir, "home")
	if err := os.RemoveAll(home); err != nil {
		return err
	}
	if err := errors.Join(
		os.MkdirAll(filepath.Join(home, "plugins-bundled"), 0o755), // the server complains where it is missing
		copyTree(filepath.Join(b.bin(), "grafana"), filepath.Join(home, "bin", "grafana"), everything),
		copyTree(filepath.Join(b.src(), "public/app/plugins"), filepath.Join(home, "public/app/plugins"), corePluginAsset),
	); err != nil {
		return err
	}
	for _, part := range homeParts {
		if err := copyTree(filepath.Join(b.src(), part), filepath.Join(home, part), notTemplate); err != nil {
			return err
		}
	}
	return nil
}

func everything(string) bool { return true }

// notTemplate leaves out the pages that the bundler made the real pages of.
func notTemplate(path string) bool { return !strings.HasSuffix(path, "-template.html") }

// corePluginAsset picks what the server reads of the core plugins, whose code is in the bundle and the executable.
func corePluginAsset(path string) bool {
	dir := filepath.ToSlash(filepath.Dir(path)) + "/"
	return filepath.Base(path) == "plugin.json" || strings.Contains(dir, "/img/") ||
		strings.Contains(dir, "/dashboards/") && filepath.Ext(path) == ".json"
}

// copyTree copies a file, or of a folder the files that are wanted, with their permissions.
func copyTree(from, to string, wanted func(relative string) bool) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil || !wanted(relative) {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, relative)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, text, info.Mode().Perm())
	})
}
