package store

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Statement is SQL and the values of its parameters.
type Statement struct {
	SQL  string
	Args []any
	// Binary takes a round trip more, in a transaction, so that values come as PostgreSQL has them and not as text, which
	// is twice as long for bytea.
	Binary bool
}

// StatementError is a failed statement.
type StatementError struct {
	Executed string // as Statement.String
	Err      error
}

func (e *StatementError) Error() string { return e.Err.Error() }
func (e *StatementError) Unwrap() error { return e.Err }

// String shows the statement for people: the values follow as comments, one a line, so that none can end its comment.
func (s Statement) String() string {
	var text strings.Builder
	text.WriteString(s.SQL)
	for i, arg := range s.Args {
		value, err := json.Marshal(firstOf(arg))
		if err != nil {
			value = []byte("?")
		}
		fmt.Fprintf(&text, "\n-- $%d = %s", i+1, shorten(string(value)))
	}
	return text.String()
}

// ExecutedText shows statements as one text.
func ExecutedText(executed ...Statement) string {
	texts := make([]string, len(executed))
	for i, statement := range executed {
		texts[i] = statement.String()
	}
	return strings.Join(texts, ";\n\n")
}

// mostShown is how many bytes of a value people see.
const mostShown = 400

// firstOf leaves of a list what people see of it: it may have millions of elements, and each takes a byte or more.
func firstOf(arg any) any {
	if list := reflect.Indirect(reflect.ValueOf(arg)); list.Kind() == reflect.Slice && list.Len() > mostShown {
		return list.Slice(0, mostShown).Interface()
	}
	return arg
}

// shorten keeps lists of hundreds of values readable.
func shorten(text string) string {
	if len(text) <= mostShown {
		return text
	}
	return strings.ToValidUTF8(text[:mostShown], "") + " ..."
}

// Query runs the statement.
func (s Statement) Query(ctx context.Context, db Querier) (pgx.Rows, error) {
	var args []any
	if s.Binary {
		args = append(args, pgx.QueryExecModeDescribeExec)
	}
	for _, arg := range s.Args {
		if late, is := arg.(late); is {
			arg = late.value()
		}
		args = append(args, arg)
	}
	return db.Query(ctx, s.SQL, args...)
}

// Each runs the statement and hands over its rows one by one, scanned into the targets. Its errors are of type
// *StatementError.
func (s Statement) Each(ctx context.Context, db Querier, targets []any, row func() error) error {
	rows, err := s.Query(ctx, db)
	if err == nil {
		_, err = pgx.ForEachRow(rows, targets, row)
	}
	if err != nil {
		return &StatementError{Executed: s.String(), Err: err}
	}
	return nil
}

var likeEscapes = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// EscapeLike is the LIKE pattern that matches a text and nothing else.
func EscapeLike(text string) string { return likeEscapes.Replace(text) }

// Params collects the values of a statement in the making. Text of a user reaches SQL through here alone.
type Params struct {
	Values []any
	// Literals has no placeholders: values are written into the statement, which is not run but shown.
	Literals bool
}

// Add takes a value and returns its placeholder, which equal values share. What a pointer points to may be known only when the
// statement is run: pointers are equal if they point to the same.
func (p *Params) Add(value any) string {
	if p.Literals {
		return Literal(value)
	}
	equal := reflect.DeepEqual
	if _, isLate := value.(late); isLate || reflect.ValueOf(value).Kind() == reflect.Pointer {
		equal = func(a, b any) bool { return a == b }
	}
	for i, known := range p.Values {
		if equal(known, value) {
			return fmt.Sprintf("$%d", i+1)
		}
	}
	p.Values = append(p.Values, value)
	return fmt.Sprintf("$%d", len(p.Values))
}
