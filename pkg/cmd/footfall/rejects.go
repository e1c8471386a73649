package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"

	"github.com/footfall-analytics/footfall/pkg/ingest"
)

// shownKinds is how many kinds of refused rows the report shows.
const shownKinds = 20

// kind is rows, or values, that are wrong in the same way: the first of them, and how many there are.
type kind struct {
	ingest.Refusal
	Rows int64 `json:"rows"`
}

// kinds counts by file, field and reason, in the order of the first ones.
type kinds struct {
	list  []*kind
	known map[kindID]*kind
}

type kindID struct {
	file, field, column, reason string
}

var number = regexp.MustCompile(`[0-9]+`)

func (k *kinds) add(refusal ingest.Refusal) {
	refusal.Raw = nil // it is another row's soon
	// Rows with 3 and with 5 columns of 4 are wrong in the same way.
	id := kindID{refusal.File, refusal.Field, refusal.Column, number.ReplaceAllString(refusal.Reason, "#")}
	if k.known[id] == nil {
		if k.known == nil {
			k.known = map[kindID]*kind{}
		}
		k.known[id] = &kind{Refusal: refusal}
		k.list = append(k.list, k.known[id])
	}
	k.known[id].Rows++
}

// rejects collects refused rows: their kinds for the report, all of them in a file if one is wanted.
type rejects struct {
	kinds
	file *os.File
	rows *csv.Writer
}

// newRejects makes the file, so that a wrong path is known before anything is imported; path may be "".
func newRejects(path string, inputs []string) (*rejects, error) {
	r := &rejects{}
	if path == "" {
		return r, nil
	}
	if slices.ContainsFunc(inputs, func(input string) bool { return sameFile(path, input) }) {
		return nil, usageError("--rejects %s: this is a file to import, it would be overwritten", path)
	}
	file, err := os.Create(path) //nolint:gosec // the file the user names
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
	r.kinds.add(refusal)
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
