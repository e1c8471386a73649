package stack

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestATakenPortGivesWayToAnyFreeOne(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := listener.Addr().(*net.TCPAddr).Port
	require.Equal(t, 0, freeOr0(port))
	require.NoError(t, listener.Close())
	require.Equal(t, port, freeOr0(port))
}
