package ingest

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkRows is what a row costs before it is sent: reading, mapping, its id, the worker's rules.
func BenchmarkRows(b *testing.B) {
	const header = "user_id,session_id,event,timestamp,platform,acquisition_channel,user_cohort,user_lifecycle\n"
	const line = "user_0000,sess_000001,product_view,2024-03-13 10:22:12,desktop,email,2024-01,returning\n"
	rows, err := newCSVReader(io.MultiReader(strings.NewReader(header), &repeat{line: line}), ',', nil)
	require.NoError(b, err)
	p := shopMapping(b).plan()
	f := &fileImport{
		importer: &importer{plan: p, started: time.Now()}, source: &source{counted: &counter{}},
		reader: rows, builder: newRowBuilder(p, "shop.csv"), watch: newWatch(p), report: &FileReport{},
	}
	b.ReportAllocs()
	for b.Loop() {
		if f.nextRow() == nil {
			b.Fatal(errors.Join(errors.New("no more rows"), f.ended))
		}
	}
}

// repeat reads as the same line for ever.
type repeat struct {
	line string
	rest string
}

func (r *repeat) Read(p []byte) (int, error) {
	if r.rest == "" {
		r.rest = r.line
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
