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
func New(prefix string) (string, error) { return newIn(os.TempDir(), prefix) }

// InMemory is New on a file system in memory, where the machine has one with room. Databases of tests are hundreds of files each,
// which take a disk ten times the processor time to make and remove.
func InMemory(prefix string) (string, error) {
	if roomInMemory() < neededInMemory {
		return New(prefix)
	}
	return newIn(memory, prefix)
}

// memory is where Linux has a file system in memory, if it does; containers often have one of 64 MB.
const (
	memory         = "/dev/shm"
	neededInMemory = 4 << 30 // bytes, for the databases of the tests that run at the same time
)

func newIn(parent, prefix string) (string, error) {
	if err := removeLeftovers(parent, prefix); err != nil {
		return "", fmt.Errorf("remove what a killed program left behind: %w", err)
	}
	dir, err := os.MkdirTemp(parent, fmt.Sprintf("%s-%d-", prefix, os.Getpid()))
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o755) //nolint:gosec // other accounts' servers come in
}

func removeLeftovers(parent, prefix string) error {
	start := filepath.Join(parent, prefix+"-")
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
