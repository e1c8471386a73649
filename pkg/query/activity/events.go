package activity

import (
	"context"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Events lists single events of the dashboard's range, the latest first: in event order, reversed.
type Events struct {
	query.Selection
	Limit            int  `json:"limit"`
	Offset           int  `json:"offset"`
	IncludeAnonymous bool `json:"includeAnonymous"` // also those of anonymous users and of nobody
}

const maxEvents = 10_000

// NewEvents has the options' defaults: the 500 latest, whosesoever.
func NewEvents() *Events { return &Events{Limit: 500, IncludeAnonymous: true} }

// Prepare makes the statements.
func (q *Events) Prepare(c query.Context) (query.Answer, error) {
	list, err := q.list(c)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, db store.Querier) (data.Frames, error) {
		frame, err := list.frame(ctx, db, "events")
		return data.Frames{frame}, err
	}, nil
}

func (q *Events) list(c query.Context) (*eventList, error) {
	if err := query.CheckPage(q.Limit, maxEvents, q.Offset); err != nil {
		return nil, err
	}
	if err := c.CheckRange(); err != nil {
		return nil, err
	}
	n, err := q.Node(c)
	if err != nil {
		return nil, err
	}
	return newEventList(c, without(eventColumns, "offset"), n, q.Limit, q.Offset, q.IncludeAnonymous)
}
