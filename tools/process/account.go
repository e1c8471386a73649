package process

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
)

// Account is a user of the system without special rights.
type Account struct {
	Name     string
	UID, GID int
}

// Unprivileged returns the account for servers that refuse to run as root: `postgres` if there is one, else `nobody`.
// It is nil when this program is not run by root and so needs no other account.
func Unprivileged() (*Account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.Atoi(found.Uid)
		gid, errGID := strconv.Atoi(found.Gid)
		if err := errors.Join(errUID, errGID); err != nil {
			return nil, fmt.Errorf("user %s: %w", name, err)
		}
		return &Account{Name: name, UID: uid, GID: gid}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is neither a user postgres nor nobody to run it as")
}

// Own gives a folder and all in it to the account.
func (a *Account) Own(dir string) error {
	if a == nil {
		return nil
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, a.UID, a.GID) //nolint:gosec // our own folder, and it follows no links
	})
}

// CanEnter tells whether the account may enter the folder, which it may not below, say, /root.
func (a *Account) CanEnter(dir string) bool {
	if a == nil {
		return true
	}
	for ; ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err == nil && info.Mode().Perm()&0o001 == 0 {
			return false
		}
		if dir == filepath.Dir(dir) {
			return true
		}
	}
}

// Folder returns dir if the account can come there, else one under /var/cache that stands for it.
// Only root has another account, and so may write there.
func (a *Account) Folder(dir string) string {
	if a.CanEnter(filepath.Dir(dir)) {
		return dir
	}
	return filepath.Join("/var/cache/footfall", strings.ReplaceAll(strings.TrimPrefix(dir, "/"), "/", "_"))
}
