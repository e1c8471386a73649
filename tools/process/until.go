package process

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// UntilStopped returns a context that ends when this program is told to (Ctrl-C, SIGTERM), or when the program that
// started it has ended: mage does not hand on every signal to the targets it runs.
func UntilStopped(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	parent := os.Getppid()
	go func() {
		for ctx.Err() == nil {
			if os.Getppid() != parent {
				cancel()
			}
			select {
			case <-ctx.Done():
			case <-time.After(200 * time.Millisecond):
			}
		}
	}()
	return ctx, cancel
}
