package segment

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/pkg/store"
)

var (
	formula       = regexp.MustCompile(`^'*[=+\-@]`)
	quotedFormula = regexp.MustCompile(`^'+[=+\-@]`)
)

// QuoteFormula keeps spreadsheets from computing a cell of a CSV file: it gets a leading '.
func QuoteFormula(cell string) string {
	if formula.MatchString(cell) {
		return "'" + cell
	}
	return cell
}

// UnquoteFormula undoes QuoteFormula.
func UnquoteFormula(cell string) string {
	if quotedFormula.MatchString(cell) {
		return cell[1:]
	}
	return cell
}

// WriteMembers writes stored members as CSV with a header, those seen last first. flush is called now and then; it may
// be nil.
func WriteMembers(ctx context.Context, db store.Querier, key int32, page MemberPage, w io.Writer, flush func()) error {
	const flushEvery = 1000
	out := csv.NewWriter(w)
	_ = out.Write([]string{"user_id", "user_name", "user_email", "last_seen"}) // its error comes with Flush
	n := 0
	err := EachMember(ctx, db, key, page, func(m Member) error {
		_ = out.Write([]string{
			QuoteFormula(m.UserID), QuoteFormula(text(m.Name)), QuoteFormula(text(m.Email)), m.LastSeen.UTC().Format(time.RFC3339Nano),
		})
		if n++; n%flushEvery != 0 {
			return nil
		}
		if out.Flush(); flush != nil {
			flush()
		}
		return out.Error()
	})
	out.Flush()
	return errors.Join(err, out.Error())
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// listHeaders are first lines that are no values.
var listHeaders = []string{
	"usr.id", "usr.email", "usr.name", "user_id", "user_email", "user_name", "@usr.id", "@usr.email", "@usr.name",
}

// ReadListFile reads values for a static segment: one a line, or the first column of a CSV. Spaces around them and empty
// ones are dropped, and so is a first line that names an attribute, such as usr.id. Its errors are of type Error, or
// those of r.
func ReadListFile(r io.Reader) ([]string, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord, in.LazyQuotes, in.ReuseRecord = -1, true, true
	list := []string{}
	for first := true; ; first = false {
		record, err := in.Read()
		switch {
		case errors.Is(err, io.EOF):
			return list, nil
		case errors.As(err, new(*csv.ParseError)):
			return nil, invalid("list", "is no CSV: %s", err)
		case err != nil:
			return nil, fmt.Errorf("read list: %w", err)
		}
		cell := record[0]
		if first {
			cell = strings.TrimPrefix(cell, "\ufeff")
		}
		if cell = strings.TrimSpace(UnquoteFormula(cell)); cell == "" || first && slices.Contains(listHeaders, strings.ToLower(cell)) {
			continue
		}
		list = append(list, strings.Clone(cell))
		if len(list) > maxList {
			return nil, invalid("list", "has more than %d entries", maxList)
		}
	}
}
