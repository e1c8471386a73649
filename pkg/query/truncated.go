package query

import (
	"context"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// TruncatedText says what is missed of sessions of which not all events are in their arrays.
const TruncatedText = "Some sessions are longer than what is kept of them at hand (20,000 events by default): " +
	"what happened later in them is not seen here"

// TruncatedNotice is that text as a notice.
var TruncatedNotice = data.Notice{Severity: data.NoticeSeverityWarning, Text: TruncatedText}

// NoteTruncated adds a notice where there are truncated sessions that an answer needed whole.
func NoteTruncated(ctx context.Context, db store.Querier, frame *data.Frame, statement *store.Statement) error {
	if statement == nil {
		return nil
	}
	truncated, err := IsTrue(ctx, db, *statement)
	if truncated {
		frame.AppendNotices(TruncatedNotice)
	}
	return err
}

// TruncatedIn asks whether there are truncated sessions that reach into the range, of one user if person names one.
func (c Context) TruncatedIn(person Person) *store.Statement {
	params := &store.Params{}
	where := filter.Overlap(params.Add(c.From), params.Add(c.To))
	if person.User != "" {
		where += "\n   and s.user_key = " + person.Key(params)
	}
	return &store.Statement{
		SQL:  "select exists (\n  select from footfall.sessions s\n   where s.truncated\n   and " + where + ")",
		Args: params.Values,
	}
}

// IsTrue is the answer to a statement of one row and one column.
func IsTrue(ctx context.Context, db store.Querier, statement store.Statement) (answer bool, err error) {
	err = statement.Each(ctx, db, []any{&answer}, func() error { return nil })
	return answer, err
}
