package activity

import (
	"context"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// sessionTable is what is shown of sessions: their columns, and on demand the course of each.
type sessionTable struct {
	columns []query.Column
	list    string // what to select of session s and user u
	course  bool
	tokens  *columns.Tokens
}

func newSessionTable(c query.Context, course bool) sessionTable {
	t := sessionTable{course: course, tokens: c.Tokens}
	t.columns, t.list = columnsOf(sessionColumns)
	if course {
		t.list += coursesSQL
	}
	return t
}

// read makes a frame of up to limit rows of a statement that selects the list, and tells whether there are more.
func (t sessionTable) read(
	ctx context.Context, db store.Querier, name string, statement store.Statement, limit int,
) (frame *data.Frame, rows int, more bool, err error) {
	table := query.NewTable(t.columns)
	courses := courses{kept: t.tokens}
	var beside []query.Beside
	if t.course {
		beside = append(beside, &courses)
	}
	if rows, more, err = table.Read(ctx, db, statement, limit, beside...); err != nil {
		return nil, 0, false, err
	}
	if frame, err = table.Frame(ctx, db, name); err != nil {
		return nil, 0, false, err
	}
	frame.Meta = query.TableMeta(statement)
	if t.course {
		err = courses.add(ctx, db, frame)
	}
	return frame, rows, more, err
}
