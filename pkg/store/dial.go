package store

import (
	"net"
	"syscall"
	"time"
)

// goneAfter is about how long a machine at the other end may be silent before it counts as gone.
const goneAfter = 30 * time.Second

// Dialer makes connections that notice within half a minute that the server's machine is gone, also while a statement
// runs for hours. timeout is for connecting, 0 for none.
func Dialer(timeout time.Duration) *net.Dialer {
	return &net.Dialer{
		Timeout:         timeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 4},
		Control: func(network, _ string, conn syscall.RawConn) error {
			if network == "unix" {
				return nil
			}
			return conn.Control(limitUnacknowledged)
		},
	}
}
