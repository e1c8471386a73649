// Package process runs servers as children that do not outlive this program, if need be as another user.
package process

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

// Options say how a child runs. The zero value: as the current user, killed at once when this program dies.
type Options struct {
	Account *Account // run as this user; nil: as the current one
	Gentle  bool     // ask the child to shut down when this program dies, rather than to drop everything
}

// Process is a running child.
type Process struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error
}

// Start starts cmd in a process group of its own, so that Ctrl-C reaches this program alone and children stop in order.
// On Linux the child is signalled when this program dies, however it dies; elsewhere it is left behind if we are killed.
func Start(cmd *exec.Cmd, options Options) (*Process, error) {
	Prepare(cmd, options)
	if err := OnLastingThread(cmd.Start); err != nil {
		return nil, fmt.Errorf("start %s: %w", filepath.Base(cmd.Path), err)
	}
	p := &Process{cmd: cmd, done: make(chan struct{})}
	go func() {
		p.err = cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// Prepare makes a command one that Start would start, for libraries that start commands themselves: they must be called
// by OnLastingThread.
func Prepare(cmd *exec.Cmd, options Options) { configure(cmd, options) }

// OnLastingThread runs f on a thread that lives as long as this program: Linux signals a child when the thread that
// started it ends.
func OnLastingThread(f func() error) error {
	done := make(chan error)
	lasting() <- func() { done <- f() }
	return <-done
}

var lasting = sync.OnceValue(func() chan<- func() {
	calls := make(chan func())
	go func() {
		runtime.LockOSThread()
		for call := range calls {
			call()
		}
	}()
	return calls
})

// Run starts cmd as Start does and waits for its end.
func Run(cmd *exec.Cmd, options Options) error {
	p, err := Start(cmd, options)
	if err != nil {
		return err
	}
	<-p.done
	return p.err
}

// Done is closed when the child has ended; Err is valid from then on.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err says how the child ended; nil after exit code 0.
func (p *Process) Err() error { return p.err }

// Stop asks the child to end, kills it after the grace period, and returns when it is gone.
func (p *Process) Stop(grace time.Duration) error {
	if err := terminate(p.cmd.Process); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop %s: %w", filepath.Base(p.cmd.Path), err)
	}
	select {
	case <-p.done:
		return nil
	case <-time.After(grace):
	}
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("kill %s: %w", filepath.Base(p.cmd.Path), err)
	}
	<-p.done
	return fmt.Errorf("%s did not end within %s and was killed", filepath.Base(p.cmd.Path), grace)
}
