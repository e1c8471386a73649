package postgres

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/footfall-analytics/footfall/tools/process"
)

// init makes the cluster in its folder unless it is there, and reads the superuser's password.
func (s *Server) init() error {
	password := filepath.Join(s.options.Dir, "password")
	major, err := os.ReadFile(filepath.Join(s.data(), "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		if err := os.WriteFile(password, []byte(rand.Text()), 0o600); err != nil {
			return err
		}
		if err := s.initdb(password); err != nil {
			return err
		}
	} else if err != nil {
		return err
	} else if was := strings.TrimSpace(string(major)); was != strconv.Itoa(s.options.Install.Major) {
		return fmt.Errorf("it holds data of PostgreSQL %s, which PostgreSQL %d cannot read; move the folder away",
			was, s.options.Install.Major)
	}
	text, err := os.ReadFile(password)
	s.password = string(text)
	return err
}

// initdb makes the cluster beside its final place, so that an interrupted one is not taken for whole.
func (s *Server) initdb(password string) error {
	unfinished := s.data() + ".unfinished"
	if err := os.RemoveAll(unfinished); err != nil {
		return err
	}
	if err := s.account.Own(s.options.Dir); err != nil {
		return err
	}
	// C.UTF-8 knows the letters of all languages and needs no locale of the system; before 17 it comes from the system.
	args := []string{"--locale=C.UTF-8"}
	if s.options.Install.Major >= 17 {
		args = []string{"--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"}
	}
	args = append(args, "--pgdata="+unfinished, "--username="+Superuser, "--pwfile="+password,
		"--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions")
	if !s.options.Durable {
		args = append(args, "--no-sync")
	}
	if err := s.Run("initdb", args...); err != nil {
		return err
	}
	return os.Rename(unfinished, s.data())
}

// reachable returns the installation, or a copy of it where the account cannot come to it.
func (i Install) reachable(account *process.Account) (Install, error) {
	if account.CanEnter(i.Dir) || !i.npm {
		return i, nil
	}
	dir := filepath.Join(account.Folder(filepath.Join(i.Dir, "copies")), i.Version)
	copied := i
	copied.Dir = dir
	_, err := os.Stat(dir)
	if err == nil || !errors.Is(err, os.ErrNotExist) {
		return copied, err
	}
	// Copied aside and renamed, as other processes may be at it too.
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return Install{}, err
	}
	aside, err := os.MkdirTemp(filepath.Dir(dir), "copy-")
	if err != nil {
		return Install{}, err
	}
	defer os.RemoveAll(aside) //nolint:errcheck // a leftover copy does no harm
	if err := os.CopyFS(filepath.Join(aside, "copy"), os.DirFS(i.Dir)); err != nil {
		return Install{}, fmt.Errorf("copy %s to where %s can read it: %w", i.Dir, account.Name, err)
	}
	err = os.Rename(filepath.Join(aside, "copy"), dir)
	if _, there := os.Stat(dir); there == nil {
		return copied, nil
	}
	return Install{}, err
}
