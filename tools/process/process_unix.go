//go:build unix

package process

import (
	"os"
	"os/exec"
	"syscall"
)

func configureUnix(cmd *exec.Cmd, options Options) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: options.Account.credential()}
}

func (a *Account) credential() *syscall.Credential {
	if a == nil {
		return nil
	}
	return &syscall.Credential{Uid: uint32(a.UID), Gid: uint32(a.GID)} //nolint:gosec // ids of the system
}

func terminate(p *os.Process) error { return p.Signal(syscall.SIGTERM) }

// Alive tells whether a process with this id exists.
func Alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || err == syscall.EPERM
}
