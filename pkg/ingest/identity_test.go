package ingest

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// said is a row by what it means: ts and at in milliseconds, price in hundredths, the rest as it is.
type said struct {
	ts, at      int64
	price, size int
	user, note  string
}

var anySaid = rapid.Custom(func(t *rapid.T) said {
	text := rapid.SampledFrom([]string{"", "ann", "007", "a,\"b\"\nc", "{", "2026-13-45"})
	return said{
		ts: 1_779_012_303_000 + rapid.Int64Range(0, 2).Draw(t, "ts"), at: 1_779_012_000_000 + rapid.Int64Range(0, 1).Draw(t, "at"),
		price: rapid.SampledFrom([]int{0, 1250, -1250, 100}).Draw(t, "price"), size: rapid.IntRange(1, 2).Draw(t, "size"),
		user: text.Draw(t, "user"), note: text.Draw(t, "note"),
	}
})

// spellTime writes an instant in one of the ways there are, epochs only where the column is known to be a time.
func spellTime(t *rapid.T, ms int64, isTime bool) string {
	at := time.UnixMilli(ms).UTC()
	ways := []string{
		at.Format("2006-01-02T15:04:05.000Z"), at.Format("2006-01-02 15:04:05.000"), at.Format("2006-01-02 15:04:05.000000 UTC"),
		at.Format("2006/01/02 15:04:05.000Z"), at.Format("2006-01-02T15:04:05.000+00:00"),
		at.In(time.FixedZone("", 5400)).Format("2006-01-02 15:04:05.000 -0700"),
	}
	if isTime {
		ways = append(ways, fmt.Sprint(ms), fmt.Sprint(ms*1000), fmt.Sprintf("%d.%03d", ms/1000, ms%1000), at.Format("[02/Jan/2006:15:04:05.000 -0700]"))
	}
	return rapid.SampledFrom(ways).Draw(t, "time")
}

func spellNumber(t *rapid.T, hundredths int) string {
	n := float64(hundredths) / 100
	ways := []string{fmt.Sprintf("%.2f", n), fmt.Sprintf("%g", n), fmt.Sprintf("%.3f", n), fmt.Sprintf("%de-2", hundredths), fmt.Sprintf("%.4E", n), fmt.Sprintf("%.1fe1", n/10)}
	if hundredths == 1250 || hundredths == -1250 {
		ways = ways[:5]
	}
	if hundredths == 0 {
		ways = append(ways, "-0", "-0.0e5")
	}
	return rapid.SampledFrom(ways).Draw(t, "number")
}

// spellProps writes the object {"size": ..., "note": ...}, whose note says nothing where it is empty.
func spellProps(t *rapid.T, s said) string {
	note, _ := json.Marshal(s.note)
	pairs := []string{`"size" : ` + spellNumber(t, s.size*100), `"note":` + string(note), `"list":[ ` + spellNumber(t, 100) + `,"x"]`}
	if s.note == "" {
		pairs[1] = `"note":null`
	}
	return "{" + strings.Join(rapid.Permutation(pairs).Draw(t, "pairs"), rapid.SampledFrom([]string{",", " ,\t"}).Draw(t, "space")) + "}"
}

// spell writes rows as a file, CSV or NDJSON, with the columns, and the rows where they may be, in any order.
func spell(t *rapid.T, rows []said, order []int) (string, Format) {
	names := rapid.Permutation([]string{"ts", "usr.id", "at", "price", "note", "props"}).Draw(t, "columns")
	var file bytes.Buffer
	format := rapid.SampledFrom([]Format{CSV, NDJSON}).Draw(t, "format")
	w := csv.NewWriter(&file)
	if format == CSV {
		require.NoError(t, w.Write(names))
	}
	for _, i := range order {
		s := rows[i]
		cells := map[string]string{
			"ts": spellTime(t, s.ts, true), "usr.id": s.user, "at": spellTime(t, s.at, false), "price": spellNumber(t, s.price),
			"note": s.note, "props": spellProps(t, s),
		}
		var row, pairs []string
		for _, name := range names {
			row = append(row, cells[name])
			text, err := json.Marshal(cells[name])
			require.NoError(t, err)
			if name == "props" || name == "price" && rapid.Bool().Draw(t, "quoted") {
				text = []byte(cells[name])
			}
			pairs = append(pairs, fmt.Sprintf("%q: %s", name, text))
		}
		if format == CSV {
			require.NoError(t, w.Write(row))
		} else {
			fmt.Fprintf(&file, "{%s}\n", strings.Join(pairs, ","))
		}
	}
	w.Flush()
	return file.String(), format
}

// idsOf imports a file as far as ids go.
func idsOf(t require.TestingT, content string, format Format, m Mapping) []string {
	var rows reader = newNDJSONReader(strings.NewReader(content), nil)
	if format == CSV {
		var err error
		rows, err = newCSVReader(strings.NewReader(content), ',', nil)
		require.NoError(t, err)
	}
	builder := newRowBuilder(m.plan(), "f")
	var ids []string
	for {
		var rec record
		err := rows.next(&rec)
		if errors.Is(err, io.EOF) {
			return ids
		}
		require.NoError(t, err)
		row, bad := builder.build(&rec, 1)
		require.Nil(t, bad)
		ids = append(ids, row.ID)
	}
}

// TestIDsAreOfMeanings: rows spelled again, in another order, have the ids they had; rows that mean something else have
// others, and equal rows are numbered.
func TestIDsAreOfMeanings(t *testing.T) {
	constants := Mapping{Constants: map[string]string{"type": "view"}}
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(anySaid, 1, 6).Draw(t, "rows")
		order := make([]int, len(rows))
		for i := range order {
			order[i] = i
		}
		content, format := spell(t, rows, order)
		ids := idsOf(t, content, format, constants)
		distinct := map[string]bool{}
		for _, id := range ids {
			distinct[id] = true
		}
		require.Len(t, distinct, len(rows), "each row is an event")

		content, format = spell(t, rows, rapid.Permutation(order).Draw(t, "order"))
		require.ElementsMatch(t, ids, idsOf(t, content, format, constants), "the same rows in other words:\n%s", content)

		changed := rapid.IntRange(0, len(rows)-1).Draw(t, "changed")
		rows[changed] = anySaid.Filter(func(s said) bool {
			for _, other := range rows {
				if s == other {
					return false
				}
			}
			return true
		}).Draw(t, "other")
		content, format = spell(t, rows, order)
		for i, id := range idsOf(t, content, format, constants) {
			if i == changed {
				require.NotContains(t, ids, id, "a row that means something else")
			}
		}
	})
}

// What ts is made of counts as the instant, however it comes to be.
func TestIDsWithTimesOfColumns(t *testing.T) {
	zone, err := ParseTimes("", "Europe/Berlin")
	require.NoError(t, err)
	german, err := ParseTimes("%d.%m.%Y %H:%M:%S", "Europe/Berlin")
	require.NoError(t, err)
	id := func(content string, m Mapping) string { return idsOf(t, content, CSV, m)[0] }
	want := id("ts,type\n2026-11-20T09:00:00Z,view\n", Mapping{})
	for name, got := range map[string]string{
		"zone":       id("ts,type\n2026-11-20 10:00:00,view\n", Mapping{Times: zone}),
		"format":     id("ts,type\n20.11.2026 10:00:00,view\n", Mapping{Times: german}),
		"column":     id("when,type\n1795165200000,view\n", Mapping{Columns: map[string]string{"ts": "when"}}),
		"template":   id("day,time,type\n2026-11-20,09:00:00,view\n", Mapping{Columns: map[string]string{"ts": "{day} {time}"}}),
		"both":       id("when,type\n2026-11-20T09:00:00Z,view\n", Mapping{Columns: map[string]string{"ts": "when", "when": "when"}}),
		"translated": id("ts,type\nx,view\n", Mapping{Values: map[string]map[string]string{"ts": {"x": "2026-11-20 09:00"}}}),
	} {
		require.Equal(t, want, got, name)
	}
	require.NotEqual(t, want, id("ts,type\n2026-11-20 09:00:00,view\n", Mapping{Times: zone}))
	require.NotEqual(t, id("ts,type,n\n1,view,2026-11-20 09:00\n", Mapping{Times: zone}), id("ts,type,n\n1,view,2026-11-20T09:00Z\n", Mapping{Times: zone}))
}

// Objects are read into where a --map names something in them; the ids are those of the objects.
func TestIDsOfObjectsThatAreReadInto(t *testing.T) {
	const line = `{"ts":1,"type":"view","who":{"mail":"a@b.c","age":7},"who-else":"x"}`
	ids := func(columns []string) string {
		rows, builder := newNDJSONReader(strings.NewReader(line), columns), newRowBuilder(Mapping{}.plan(), "f")
		var rec record
		require.NoError(t, rows.next(&rec))
		row, bad := builder.build(&rec, 1)
		require.Nil(t, bad)
		return row.ID
	}
	require.Equal(t, ids(nil), ids([]string{"who.mail"}))
}
