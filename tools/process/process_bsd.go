//go:build unix && !linux

package process

import "os/exec"

func configure(cmd *exec.Cmd, options Options) { configureUnix(cmd, options) }
