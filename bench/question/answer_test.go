package question

import (
	"math/big"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEnginesTypesMeanTheSame(t *testing.T) {
	at := time.Date(2026, 3, 2, 1, 0, 0, 0, time.FixedZone("east", 3600))
	require.Equal(t, Answer{"2026-03-02T00:00:00.000 | 7 | -", "a | 0.3333333333 | 1234567"},
		Question{}.Answer([][]any{{"a", 1.0 / 3, 1234567.0}, {at, big.NewInt(7), nil}}))
	require.Equal(t, Answer{"1", "1"}, Question{Compared: 1}.Answer([][]any{{int64(1), "a"}, {1.0, "b"}}))
}

func TestDifference(t *testing.T) {
	a, b := Answer{"x | 1", "y | 2"}, Answer{"x | 1", "y | 3", "z | 1"}
	require.Empty(t, Difference("a", "b", a, a))
	require.Equal(t, "a has 2 rows, b 3\nonly in a:\n  y | 2\nonly in b:\n  y | 3\n  z | 1", Difference("a", "b", a, b))
	require.NotEmpty(t, Difference("a", "b", Answer{"x", "x"}, Answer{"x"}), "how often counts")
	require.True(t, Answer{"0"}.IsEmpty())
	require.False(t, Answer{"0 | 1"}.IsEmpty())
}

func TestReadWantsSQLOfEachQuestion(t *testing.T) {
	folder := fstest.MapFS{"a.json": {Data: []byte(`{"name": "A", "queryType": "profiles"}`)}}
	_, err := Read(folder)
	require.ErrorContains(t, err, "question a.json")
	folder["a.sql"] = &fstest.MapFile{Data: []byte("select 1")}
	folder["a.duckdb.sql"] = &fstest.MapFile{Data: []byte("select 2")}
	questions, err := Read(folder)
	require.NoError(t, err)
	require.Equal(t, map[string]string{Postgres: "select 1", DuckDB: "select 2"}, questions[0].SQL)
	folder["a.json"] = &fstest.MapFile{Data: []byte(`{"nome": "A"}`)}
	_, err = Read(folder)
	require.ErrorContains(t, err, "nome")
}
