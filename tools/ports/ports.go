// Package ports finds ports for the servers of tests and demo.
package ports

import (
	"fmt"
	"net"
	"strconv"
)

// Free returns a port of 127.0.0.1 that nobody uses now. Somebody may, before the caller does.
func Free() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	return listener.Addr().(*net.TCPAddr).Port, listener.Close()
}

// IsFree tells whether a server could listen on the port of 127.0.0.1.
func IsFree(port int) bool {
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return false
	}
	return listener.Close() == nil
}
