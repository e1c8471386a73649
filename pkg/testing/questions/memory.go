package questions

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/columns"
)

// Memory lets the questions of a test keep no more than so many bytes. At its end it wants all to be given back.
func Memory(t *testing.T, bytes int64) {
	t.Helper()
	before := columns.Default
	columns.Default = columns.NewBudget(int64(runtime.GOMAXPROCS(0)), bytes)
	t.Cleanup(func() {
		require.Zero(t, columns.Default.Kept())
		columns.Default = before
	})
}

// Kept is how many bytes questions keep now.
func Kept() int64 { return columns.Default.Kept() }

// TooMuch wants a question to be refused since it takes too much memory.
func TooMuch(t *testing.T, answer func() error) {
	t.Helper()
	require.ErrorIs(t, answer(), columns.ErrTooMuch)
	require.Zero(t, columns.Default.Kept(), "what was refused is given back")
}
