// Package tempdir makes temporary folders that do not stay behind for ever when the program that made them is killed.
package tempdir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/footfall-analytics/footfall/tools/process"
)

// New makes a folder that other users may enter, and removes those with the same prefix whose programs are gone. The
// caller removes it at the end.
func New(prefix string) (string, error) {
	if err := removeLeftovers(prefix); err != nil {
		return "", fmt.Errorf("remove what a killed program left behind: %w", err)
	}
	dir, err := os.MkdirTemp("", fmt.Sprintf("%s-%d-", prefix, os.Getpid()))
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o755) //nolint:gosec // other accounts' servers come in
}

func removeLeftovers(prefix string) error {
	start := filepath.Join(os.TempDir(), prefix+"-")
	dirs, err := filepath.Glob(start + "*-*")
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		owner, _, _ := strings.Cut(strings.TrimPrefix(dir, start), "-")
		pid, err := strconv.Atoi(owner)
		if err != nil || process.Alive(pid) {
			continue
		}
		// Others may be removing it too, and it may be another user's.
		if err := os.RemoveAll(dir); err != nil && !errors.Is(err, fs.ErrPermission) && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
