package segment

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/pkg/segment/table"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// WriteMembers writes stored members as CSV with a header, those seen last first.
func WriteMembers(ctx context.Context, db store.Querier, key int32, page MemberPage, w io.Writer) error {
	out := table.NewCSVWriter(w)
	if err := out.Write("user_id", "user_name", "user_email", "last_seen"); err != nil {
		return err
	}
	err := EachMember(ctx, db, key, page, func(m Member) error {
		return out.Write(m.UserID, text(m.Name), text(m.Email), m.LastSeen.UTC().Format(time.RFC3339Nano))
	})
	return errors.Join(err, out.Flush())
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
	told := false // the file has a header or an entry
	for first := true; ; first = false {
		record, err := in.Read()
		switch {
		case errors.Is(err, io.EOF) && !told:
			return nil, invalid("list", "the file is empty; for a list of nobody give it a header alone, such as usr.id")
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
		cell = strings.TrimSpace(table.Unguard(cell))
		if cell == "" {
			continue
		}
		told = true
		if first && slices.Contains(listHeaders, strings.ToLower(cell)) {
			continue
		}
		list = append(list, strings.Clone(cell))
		if len(list) > maxList {
			return nil, invalid("list", "has more than %d entries", maxList)
		}
	}
}
