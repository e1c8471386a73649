package users

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	reference "github.com/footfall-analytics/footfall/pkg/segment/table"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// WriteCSV writes all users that match as CSV, row by row: the columns by their ids, in the order of Sort. Limit and Offset
// do nothing. Times are RFC 3339 in UTC, countries are codes, a missing value is empty. A last line of one
// cell tells of sessions that were too long for the filter to see all of them. Mistakes in the options are of type
// InvalidError and come before the first byte.
func (q *Profiles) WriteCSV(ctx context.Context, db store.Querier, c query.Context, w io.Writer) error {
	all := *q
	all.Limit, all.Offset, all.IncludeTotal = 1, 0, false
	if err := all.check(c); err != nil {
		return err
	}
	columns, err := all.attributes(c)
	if err != nil {
		return err
	}
	c, find := c.Finding()
	compiler := c.Compiler()
	statement, err := all.everybody(c, compiler, columns)
	if err != nil {
		return err
	}
	if _, err := find(ctx, db); err != nil {
		return err
	}
	if err := all.load(ctx, db); err != nil {
		return err
	}
	out := reference.NewCSVWriter(w)
	targets, cells := make([]any, len(columns)), make([]string, len(columns))
	for i, a := range columns {
		targets[i], cells[i] = cellOf(a), a.ID
	}
	if err := out.Write(cells...); err != nil {
		return err
	}
	err = statement.Each(ctx, db, targets, func() error {
		for i, target := range targets {
			cells[i] = cellText(target)
			if c.HideEmails && columns[i].ID == "user_email" {
				cells[i] = ""
			}
		}
		return out.Write(cells...)
	})
	if truncated := all.truncated(c, compiler); err == nil && truncated != nil {
		err = writeTruncated(ctx, db, *truncated, out)
	}
	return errors.Join(err, out.Flush())
}

// everybodySQL reads the users in one pass: what profilesSQL does for the sake of a page takes twice as long for all.
const everybodySQL = `select %[1]s
  from footfall.profiles p%[2]s%[3]s
 where %[4]s
 order by %[5]s`

func (q *Profiles) everybody(c query.Context, compiler *filter.Compiler, columns []filter.Attribute) (store.Statement, error) {
	compiler.Needs.Users = true // before the order, which has the join
	parts, err := q.parts(c, compiler, columns, textValue)
	if err != nil {
		return store.Statement{}, err
	}
	var order strings.Builder
	for _, expression := range parts.by.expressions {
		fmt.Fprintf(&order, "%s%s, ", expression, parts.by.direction)
	}
	order.WriteString("p.user_key")
	sql := fmt.Sprintf(everybodySQL, parts.list, parts.by.joins, parts.joins, parts.where, order.String())
	return store.Statement{SQL: sql, Args: compiler.Params.Values}, nil
}

// writeTruncated says it in the last line, since a file has no other place for a notice.
func writeTruncated(ctx context.Context, db store.Querier, statement store.Statement, out *reference.CSVWriter) error {
	truncated, err := query.IsTrue(ctx, db, statement)
	if err != nil || !truncated {
		return err
	}
	return out.Write(query.TruncatedText)
}

// textValue has texts of the dictionary in place of their ids: a file is written row by row, when no other statement can
// run. They are joined: looked up for each row by a subquery they would take most of the time.
func textValue(compiler *filter.Compiler, a filter.Attribute) (value, join string) {
	value = compiler.Value(a)
	if a.Dictionary == "" {
		return value, ""
	}
	text := "text_of_" + a.ID // only built-in attributes have a dictionary, and their ids are identifiers
	return text + ".value", fmt.Sprintf("\n  left join footfall.dictionary %[1]s on %[1]s.id = %[2]s", text, value)
}

// cellOf is where a value of an attribute is scanned to.
func cellOf(a filter.Attribute) any {
	switch query.ColumnOf(a).Kind {
	case query.Moment:
		return new(*time.Time)
	case query.Whole:
		return new(int64)
	default: // users have no durations
		return new(*string)
	}
}

func cellText(target any) string {
	switch value := target.(type) {
	case **time.Time:
		if *value != nil {
			return (*value).UTC().Format(time.RFC3339Nano)
		}
	case *int64:
		return strconv.FormatInt(*value, 10)
	case **string:
		if *value != nil {
			return **value
		}
	}
	return ""
}
