// Package questions asks in tests what can be asked of a store: of which store and in which dashboard, and what an answer
// holds. What is right is told by pkg/testing/history.
package questions

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Context is a dashboard that shows all of history.Rows in UTC.
func Context() query.Context {
	return query.Context{
		Location: time.UTC,
		Now:      history.Origin.AddDate(0, 0, 91),
		From:     history.Origin.AddDate(0, 0, -1),
		To:       history.Origin.AddDate(0, 0, 91),
		Interval: time.Hour,
		Names:    history.Names,
	}
}

// Matcher evaluates filters as a question in this context does.
func Matcher(c query.Context) history.Matcher {
	return history.Matcher{Now: c.Now, Location: c.Location, From: c.From, To: c.To, Names: c.Names}
}

// Ask answers a question on a database.
func Ask(t require.TestingT, db *pgxpool.Pool, c query.Context, q query.Question) data.Frames {
	answer, err := query.Prepare(c, q)
	require.NoError(t, err)
	frames, err := answer(context.Background(), db)
	require.NoError(t, err)
	return frames
}

// AskOne is Ask for answers of one frame.
func AskOne(t require.TestingT, db *pgxpool.Pool, c query.Context, q query.Question) *data.Frame {
	frames := Ask(t, db, c, q)
	require.Len(t, frames, 1)
	return frames[0]
}

// Refused wants a question to be refused by what is wanted, among other things.
func Refused(t *testing.T, wanted string, q query.Question) {
	t.Helper()
	_, err := q.Prepare(Context())
	require.ErrorAs(t, err, &query.InvalidError{}, wanted)
	require.ErrorContains(t, err, wanted)
}

// Values is a field's values, nil where missing; times are in UTC.
func Values(t require.TestingT, frame *data.Frame, name string) []any {
	field, _ := frame.FieldByName(name)
	require.NotNil(t, field, name)
	list := []any{}
	for i := range field.Len() {
		value, ok := field.ConcreteAt(i)
		if at, isTime := value.(time.Time); isTime {
			value = at.UTC()
		}
		if !ok {
			value = nil
		}
		list = append(list, value)
	}
	return list
}

// Notices are the texts of a frame's notices.
func Notices(frame *data.Frame) []string {
	var texts []string
	for _, notice := range frame.Meta.Notices {
		texts = append(texts, notice.Text)
	}
	return texts
}

// Explain returns PostgreSQL's plan for the values at hand, as the datasource gets it.
func Explain(t *testing.T, db *pgxpool.Pool, s store.Statement) string {
	var lines []string
	var line string
	err := store.Statement{SQL: "explain " + s.SQL, Args: s.Args}.Each(t.Context(), testdb.AsDatasource(t, db), []any{&line},
		func() error { lines = append(lines, line); return nil })
	require.NoError(t, err)
	return strings.Join(lines, "\n")
}
