package store

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// counted counts how many of a list are written.
type counted struct{ written *int }

func (c counted) MarshalJSON() ([]byte, error) {
	*c.written++
	return []byte("7"), nil
}

func TestStatementsShowTheBeginningOfLongLists(t *testing.T) {
	written := 0
	long := make([]counted, 1_000_000)
	for i := range long {
		long[i].written = &written
	}
	got := Statement{SQL: "select", Args: []any{long, []int{1, 2}, []string{}, nil, make([]byte, 3)}}.String()
	require.Equal(t, "select\n-- $1 = ["+strings.Repeat("7,", 200)[:399]+" ...\n-- $2 = [1,2]\n-- $3 = []\n-- $4 = null\n-- $5 = \"AAAA\"", got)
	require.LessOrEqual(t, written, mostShown)
}
