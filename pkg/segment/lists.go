package segment

import (
	"bufio"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/pkg/csvfile"
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

// listHeaders are the names that people give to the columns of lists, without case and signs, and the identity they mean.
var listHeaders = map[string]string{
	"usrid": "usr.id", "userid": "usr.id", "id": "usr.id", "uid": "usr.id", "distinctid": "usr.id", "customerid": "usr.id",
	"usremail": "usr.email", "useremail": "usr.email", "email": "usr.email", "mail": "usr.email", "emailaddress": "usr.email",
	"usrname": "usr.name", "username": "usr.name", "name": "usr.name", "fullname": "usr.name",
}

// headerIdentity is what a column of that name holds, "" where the name says nothing.
func headerIdentity(name string) string {
	return listHeaders[strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "", ".", "", "@", "", `"`, "", "\r", "").Replace(name))]
}

// ReadListFile reads values for a static segment of an identity, usr.id for "": one a line, or a column of a CSV. That is
// the column whose header names the identity, or else the first. Spaces around values and empty ones are dropped. Its
// errors are of type Error, or those of r.
func ReadListFile(r io.Reader, identity string) ([]string, error) {
	in, err := openList(r)
	if err != nil {
		return nil, err
	}
	list := []string{}
	column, told := 0, false // told: the file has a header or an entry
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
		if first {
			isHeader := false
			if column, isHeader, err = listColumn(record, cmp.Or(identity, "usr.id")); err != nil {
				return nil, err
			}
			if told = isHeader; isHeader {
				continue
			}
		}
		if column >= len(record) {
			continue
		}
		cell := strings.TrimSpace(table.Unguard(record[column]))
		if cell == "" {
			continue
		}
		told = true
		list = append(list, strings.Clone(cell))
		if len(list) > maxList {
			return nil, invalid("list", "has more than %d entries", maxList)
		}
	}
}

// openList begins to read a file, which may be a spreadsheet's, with other signs than commas between its columns.
func openList(r io.Reader) (*csv.Reader, error) {
	buffered := bufio.NewReader(r)
	err := csvfile.SkipMark(buffered)
	if errors.Is(err, csvfile.ErrUTF16) {
		return nil, invalid("list", "cannot be read: %s", err)
	}
	var separator rune
	if err == nil {
		separator, err = csvfile.ReadSeparator(buffered)
	}
	if err != nil {
		return nil, fmt.Errorf("read list: %w", err)
	}
	if separator == 0 {
		separator = listSeparator(buffered)
	}
	in := csv.NewReader(buffered)
	in.Comma = separator
	in.FieldsPerRecord, in.LazyQuotes, in.ReuseRecord = -1, true, true
	return in, nil
}

// listSeparator is the sign that cuts the first line into columns of which one is named like an identity, else a comma.
func listSeparator(r *bufio.Reader) rune {
	head, _ := r.Peek(1024) // what cannot be read is told later
	line, _, _ := strings.Cut(string(head), "\n")
	for _, sign := range ",;\t" {
		cells := strings.Split(line, string(sign))
		if len(cells) > 1 && slices.ContainsFunc(cells, func(cell string) bool { return headerIdentity(cell) != "" }) {
			return sign
		}
	}
	return ','
}

// listColumn finds the column of an identity in a file's first line, and whether that is a header.
func listColumn(record []string, identity string) (column int, isHeader bool, err error) {
	var held []string
	for i, cell := range record {
		switch found := headerIdentity(strings.TrimSpace(cell)); found {
		case identity:
			return i, true, nil
		case "":
		default:
			held = append(held, found)
		}
	}
	if len(held) > 0 && headerIdentity(strings.TrimSpace(record[0])) != "" {
		return 0, false, invalid("list", "the file holds %s, the segment is a list of %s; give it a column of that name, or make "+
			"a segment whose identity is %s", strings.Join(held, " and "), identity, held[0])
	}
	return 0, false, nil
}
