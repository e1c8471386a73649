package process

import (
	"os"
	"os/exec"
)

func configure(*exec.Cmd, Options) {}

// Windows has no signal a console-less child could be asked with.
func terminate(p *os.Process) error { return p.Kill() }

// Alive tells whether a process with this id exists.
func Alive(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	_ = p.Release()
	return true
}
