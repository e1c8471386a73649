package ingest

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// texts of any kind but those a reader refuses (NUL) or CSV cannot carry (it makes \r\n a \n).
var anyText = rapid.Custom(func(t *rapid.T) string {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{`"`, `""`, ",", "\n", "a\nb", `\`, " ", "é", "😀", "null", "0", "{}"})).Draw(t, "text")
	return strings.NewReplacer("\x00", "", "\r", "").Replace(text)
})

var anyTable = rapid.Custom(func(t *rapid.T) [][]string {
	columns := rapid.IntRange(2, 6).Draw(t, "columns")
	return rapid.SliceOfN(rapid.SliceOfN(anyText, columns, columns), 0, 20).Draw(t, "rows")
})

func columnNames(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("c%d", n-i) // not in order
	}
	return names
}

// readAll returns the records' values as "name=text", without empty ones, and fails on refused rows.
func readAll(t require.TestingT, r reader) [][]string {
	var records [][]string
	var rec record
	for {
		err := r.next(&rec)
		if errors.Is(err, io.EOF) {
			return records
		}
		require.NoError(t, err)
		values := []string{}
		for _, v := range rec.values {
			if v.text != "" {
				values = append(values, v.name+"="+v.text)
			}
		}
		records = append(records, values)
	}
}

// want is what readAll returns for a table: values ordered by name.
func want(names []string, rows [][]string) [][]string {
	var records [][]string
	for _, row := range rows {
		values := []string{}
		for i := len(names) - 1; i >= 0; i-- {
			if row[i] != "" {
				values = append(values, names[i]+"="+row[i])
			}
		}
		records = append(records, values)
	}
	return records
}

func TestCSVRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := anyTable.Draw(t, "table")
		if len(rows) == 0 {
			return
		}
		names := columnNames(len(rows[0]))
		var file bytes.Buffer
		w := csv.NewWriter(&file)
		require.NoError(t, w.WriteAll(append([][]string{names}, rows...)))
		r, err := newCSVReader(&file, ',', nil)
		require.NoError(t, err)
		require.Equal(t, want(names, rows), readAll(t, r))
	})
}

func TestNDJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := anyTable.Draw(t, "table")
		if len(rows) == 0 {
			return
		}
		names := columnNames(len(rows[0]))
		var file bytes.Buffer
		for _, row := range rows {
			object := map[string]string{}
			for i, name := range names {
				object[name] = row[i]
			}
			require.NoError(t, json.NewEncoder(&file).Encode(object))
		}
		require.Equal(t, want(names, rows), readAll(t, newNDJSONReader(&file, nil)))
	})
}

// TestAttributesAreTheirTexts: what is kept as an attribute has the text it came with, number or not.
func TestAttributesAreTheirTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(anyText, rapid.StringMatching(`-?[0-9]{1,17}(\.[0-9]{1,7})?(e[0-9])?`)).Draw(t, "text")
		row, bad := newRowBuilder(Mapping{}.plan(), "f").build(&record{values: []value{{name: "a", text: text}}}, 1)
		require.Nil(t, bad)
		if text == "" {
			require.Empty(t, row.Attributes)
			return
		}
		decoder := json.NewDecoder(strings.NewReader(row.Attributes))
		decoder.UseNumber()
		var attributes map[string]any
		require.NoError(t, decoder.Decode(&attributes))
		require.Equal(t, text, fmt.Sprint(attributes["a"]))
	})
}

func TestNumbersOfCSV(t *testing.T) {
	for _, text := range []string{"0", "7", "-7", "12.50", "0.5", "-0.5", "123456789012345"} {
		require.True(t, isPlainNumber(text), text)
	}
	for _, text := range []string{"007", "-0", "-0.0", "1e5", "+1", ".5", "5.", "1234567890123456", "1,5", "NaN", "2024-01"} {
		require.False(t, isPlainNumber(text), text)
	}
}

// TestIDs: the ids of a file are a set that neither the rows' order nor the mapping changes, one for each row.
func TestIDs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.SampledFrom([]string{"", "a", "b"})
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 2, 2), 0, 30).Draw(t, "rows")
		ids := func(p plan) map[string]bool {
			set, d := map[string]bool{}, newIdentifier(p)
			for _, row := range rows {
				set[d.id([]value{{name: "x", text: row[0]}, {name: "y", text: row[1]}}, "1779012303")] = true
			}
			return set
		}
		before := ids(Mapping{}.plan())
		require.Len(t, before, len(rows))
		rand.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		require.Equal(t, before, ids(Mapping{Columns: map[string]string{"usr.id": "x"}}.plan()))
		for id := range ids(Mapping{Constants: map[string]string{"type": "view"}}.plan()) {
			require.False(t, before[id], "a constant makes other events")
		}
	})
}

// FuzzReaders: no bytes make a reader panic or go on for ever.
func FuzzReaders(f *testing.F) {
	f.Add([]byte("ts,type\n1,view\n\"a\"b,c\n"))
	f.Add([]byte(`{"usr":{"id":1},"view":[1]}` + "\n{"))
	f.Add([]byte(`[{"a":"]"},{"b":[1]},` + "\n{"))
	f.Add([]byte(`1.2.3.4 - - [17/May/2026:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "x\"`))
	f.Fuzz(func(t *testing.T, data []byte) {
		readers := []reader{newNDJSONReader(bytes.NewReader(data), nil), newLogReader(bytes.NewReader(data), Combined)}
		if r, err := newCSVReader(bytes.NewReader(data), ',', nil); err == nil {
			readers = append(readers, r)
		}
		for _, r := range readers {
			builder := newRowBuilder(Mapping{}.plan(), "f")
			var rec record
			for rows := 0; ; rows++ {
				require.LessOrEqual(t, rows, len(data)+1)
				err := r.next(&rec)
				var bad *badRow
				if err != nil && !errors.As(err, &bad) {
					if !errors.Is(err, io.EOF) {
						require.ErrorContains(t, err, "the array") // which is not closed, or followed by something
					}
					break
				}
				if bad == nil {
					_, _ = builder.build(&rec, 1)
				}
			}
		}
	})
}
