// Package manifest reads the plugin.json files of the built plugin.
package manifest

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// HomePage is where whoever asks for no page is led: the app's first one.
const HomePage = "/a/footfall-analytics-app"

// Each calls read with the path and the text of each plugin.json in dir: the app's, and those of the plugins nested in it.
// An error of read ends it and is returned, with the path.
func Each(dir string, read func(path string, text []byte) error) error {
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != "plugin.json" {
			return err
		}
		text, err := os.ReadFile(path) //nolint:gosec // our own folder
		if err != nil {
			return err
		}
		if err := read(path, text); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the built plugin: %w", err)
	}
	return nil
}
