package machine

import (
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOwnProcess(t *testing.T) {
	if runtime.GOOS != "linux" {
		require.Zero(t, Spent(os.Getpid()))
		return
	}
	before := Spent(os.Getpid())
	for Spent(os.Getpid())-before < 30*time.Millisecond {
		runtime.Gosched() // until the processor time is told to have grown
	}
	require.Positive(t, SpentByServer(os.Getpid()), "that of the program which started this one, with us")
	grown := make([]byte, 64<<20)
	for i := range grown {
		grown[i] = 1
	}
	require.Greater(t, PeakMemory(os.Getpid()), int64(len(grown)))
	runtime.KeepAlive(grown)
	require.NotEmpty(t, Load())
}
