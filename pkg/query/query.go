// Package query holds one file per question that can be asked of the store. A question is decoded from a query's
// options, turned into statements, and answered with data frames. It knows nothing of Grafana's requests.
package query

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// Question is what one query type asks; its exported fields are the query's options.
type Question interface {
	// Prepare checks the options, without a database. Its errors are of type InvalidError.
	Prepare(Context) (Answer, error)
}

// Answer runs a prepared question in the transaction it is given. Where a statement fails, the error is a
// StatementError.
type Answer func(ctx context.Context, db store.Querier) (data.Frames, error)

// Context is what a question depends on beside its options.
type Context struct {
	Location *time.Location // of dates without a zone
	MaxRows  int            // an answer has no more rows than this; 0: no limit
}

// Types makes a question of each query type, with its options' defaults.
var Types = map[string]func() Question{
	"profiles": func() Question { return NewProfiles() },
}

// InvalidError is a mistake in a query's options.
type InvalidError struct {
	Field   string // such as filters[0].values
	Problem string // what is wrong and what would be right
}

func (e InvalidError) Error() string { return fmt.Sprintf("options.%s %s", e.Field, e.Problem) }

func invalid(field, format string, args ...any) error {
	return InvalidError{Field: field, Problem: fmt.Sprintf(format, args...)}
}

// StatementError is a failed statement.
type StatementError struct {
	Executed string // as Statement.String
	Err      error
}

func (e *StatementError) Error() string { return e.Err.Error() }
func (e *StatementError) Unwrap() error { return e.Err }

// Statement is SQL and the values of its parameters.
type Statement struct {
	SQL  string
	Args []any
}

// String shows the statement for people: the values follow as comments, one a line, so that none can end its comment.
func (s Statement) String() string {
	var text strings.Builder
	text.WriteString(s.SQL)
	for i, arg := range s.Args {
		value, err := json.Marshal(arg)
		if err != nil {
			value = []byte("?")
		}
		fmt.Fprintf(&text, "\n-- $%d = %s", i+1, shorten(string(value)))
	}
	return text.String()
}

// shorten keeps lists of hundreds of values readable.
func shorten(text string) string {
	const most = 400
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + " ..."
}

// each runs the statement and hands over its rows one by one, scanned into the targets.
func (s Statement) each(ctx context.Context, db store.Querier, targets []any, row func() error) error {
	rows, err := db.Query(ctx, s.SQL, s.Args...)
	if err == nil {
		_, err = pgx.ForEachRow(rows, targets, row)
	}
	if err != nil {
		return &StatementError{Executed: s.String(), Err: err}
	}
	return nil
}

// parameters collects the values of a statement in the making. Text of a user reaches SQL through here alone.
type parameters struct{ values []any }

// add takes a value and returns its placeholder.
func (p *parameters) add(value any) string {
	p.values = append(p.values, value)
	return fmt.Sprintf("$%d", len(p.values))
}
