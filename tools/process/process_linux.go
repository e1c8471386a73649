package process

import (
	"os/exec"
	"syscall"
)

func configure(cmd *exec.Cmd, options Options) {
	configureUnix(cmd, options)
	cmd.SysProcAttr.Pdeathsig = syscall.SIGQUIT
	if options.Gentle {
		cmd.SysProcAttr.Pdeathsig = syscall.SIGINT
	}
}
