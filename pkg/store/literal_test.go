package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// What is written into a statement reads as what it was, whatever the text and the server's settings.
func TestLiteralsAreTheirValues(t *testing.T) {
	conn, err := testdb.AsReader(t, testdb.New(t)).Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	read := func(sql string) string { // as psql does
		results, err := conn.Conn().PgConn().Exec(t.Context(), sql).ReadAll()
		require.NoError(t, err, sql)
		return string(results[len(results)-1].Rows[0][0])
	}
	texts := []string{"", "it's", `a\b`, `\'; drop table x; --`, "''", `E'\\'`, "line\nand\r\nline", "$1 :name %s", "żółw", "*/ /*"}
	for _, setting := range []string{"on", "off"} {
		read("set standard_conforming_strings = " + setting + "; select 1")
		for i, text := range texts {
			require.Equal(t, text, read(store.Comment(text)+"\nselect "+store.Literal(text)))
			require.Equal(t, text, read("select ("+store.Literal(texts)+")["+store.Literal(i+1)+"]"))
		}
	}
	at := time.Date(2026, 3, 1, 9, 30, 0, 123_456_000, time.FixedZone("", 3600))
	require.Equal(t, "2026-03-01 08:30:00.123456+00", read("set time zone 'UTC'; select "+store.Literal(at)))
	require.Panics(t, func() { store.Literal(1.5) })
}
