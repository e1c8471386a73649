package ports

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFreeAndTakenPorts(t *testing.T) {
	port, err := Free()
	require.NoError(t, err)
	require.True(t, IsFree(port))

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close() //nolint:errcheck // the test is over
	require.False(t, IsFree(listener.Addr().(*net.TCPAddr).Port))
}
