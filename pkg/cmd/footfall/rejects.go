package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strconv"

	"github.com/footfall-analytics/footfall/pkg/ingest"
)

// shownRefusals is how many refused rows the report shows.
const shownRefusals = 10

// rejects collects refused rows: the first for the report, all of them in a file if one is wanted.
type rejects struct {
	first []ingest.Refusal
	file  *os.File
	rows  *csv.Writer
}

// newRejects makes the file, so that a wrong path is known before anything is imported; path may be "".
func newRejects(path string, inputs []string) (*rejects, error) {
	r := &rejects{first: []ingest.Refusal{}}
	if path == "" {
		return r, nil
	}
	if slices.ContainsFunc(inputs, func(input string) bool { return sameFile(path, input) }) {
		return nil, usageError("--rejects %s: this is a file to import, it would be overwritten", path)
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("--rejects: %w", err)
	}
	r.file, r.rows = file, csv.NewWriter(file)
	_ = r.rows.Write([]string{"file", "line", "field", "reason", "raw"}) // its error comes with close
	return r, nil
}

func sameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

func (r *rejects) add(refusal ingest.Refusal) {
	if len(r.first) < shownRefusals {
		kept := refusal
		kept.Raw = nil
		r.first = append(r.first, kept)
	}
	if r.rows != nil {
		_ = r.rows.Write([]string{refusal.File, strconv.Itoa(refusal.Line), refusal.Field, refusal.Reason, string(refusal.Raw)})
	}
}

func (r *rejects) close() error {
	if r.file == nil {
		return nil
	}
	r.rows.Flush()
	err := r.rows.Error()
	if closeErr := r.file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("--rejects: %w", err)
	}
	return nil
}
