package query

import (
	"context"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
)

const truncatedText = "Some sessions are longer than what is kept of them at hand (20,000 events by default): " +
	"what happened later in them is not seen here"

var truncatedNotice = data.Notice{Severity: data.NoticeSeverityWarning, Text: truncatedText}

// noteTruncated adds a notice where there are truncated sessions that an answer needed whole.
func noteTruncated(ctx context.Context, db store.Querier, frame *data.Frame, statement *store.Statement) error {
	if statement == nil {
		return nil
	}
	truncated, err := isTrue(ctx, db, *statement)
	if truncated {
		frame.AppendNotices(truncatedNotice)
	}
	return err
}

// truncatedIn asks whether there are truncated sessions that reach into the range, of one user if person names one.
func (c Context) truncatedIn(person Person) *store.Statement {
	params := &store.Params{}
	where := filter.Overlap(params.Add(c.From), params.Add(c.To))
	if person.User != "" {
		where += "\n   and s.user_key = " + person.key(params)
	}
	return &store.Statement{
		SQL:  "select exists (\n  select from footfall.sessions s\n   where s.truncated\n   and " + where + ")",
		Args: params.Values,
	}
}

// isTrue is the answer to a statement of one row and one column.
func isTrue(ctx context.Context, db store.Querier, statement store.Statement) (answer bool, err error) {
	err = statement.Each(ctx, db, []any{&answer}, func() error { return nil })
	return answer, err
}
