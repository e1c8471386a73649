// Package repo finds the folder the project stands in.
package repo

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Root returns the folder that holds go.mod, looked for from the current folder upwards.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the project's folder: %w", err)
	}
	for {
		_, err := os.Stat(filepath.Join(dir, "go.mod"))
		if err == nil {
			return dir, nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("find the project's folder: %w", err)
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("find the project's folder: no go.mod here or above; run this inside the repository")
		}
		dir = filepath.Dir(dir)
	}
}
