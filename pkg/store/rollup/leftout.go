package rollup

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// leftOut counts what was left out of events, or cut, by field and reason, with the latest value of each.
type leftOut struct {
	values int64
	kinds  map[flawKind]*leftOutKind
}

type flawKind struct {
	field, reason string
}

// leftOutKind is a row of footfall.left_out.
type leftOutKind struct {
	Field     string  `json:"field"`
	Reason    string  `json:"reason"`
	Values    int64   `json:"times"`
	Sample    string  `json:"sample"`
	Source    *string `json:"source"`
	UserID    *string `json:"usr_id"`
	Anonymous *string `json:"usr_anonymous_id"`
	SessionID *string `json:"session_id"`
}

func (l *leftOut) add(row *event.Row, flaws []event.Flaw) {
	for _, flaw := range flaws {
		if l.kinds == nil {
			l.kinds = map[flawKind]*leftOutKind{}
		}
		id := flawKind{flaw.Field, flaw.Reason}
		kind := l.kinds[id]
		if kind == nil {
			kind = &leftOutKind{Field: flaw.Field, Reason: flaw.Reason}
			l.kinds[id] = kind
		}
		l.values++
		kind.Values++
		kind.Sample, kind.Source = flaw.Value, optional(row.Source)
		kind.UserID, kind.Anonymous, kind.SessionID = optional(row.UserID), optional(row.AnonymousID), optional(row.SessionID)
	}
}

func (l *leftOut) write(ctx context.Context, tx pgx.Tx) error {
	if len(l.kinds) == 0 {
		return nil
	}
	var kinds []*leftOutKind
	for _, kind := range l.kinds {
		kinds = append(kinds, kind)
	}
	_, err := tx.Exec(ctx, `
		insert into footfall.left_out as old (field, reason, times, seen_at, sample, source, usr_id, usr_anonymous_id, session_id)
		select field, reason, times, clock_timestamp(), sample, source, usr_id, usr_anonymous_id, session_id
		  from jsonb_populate_recordset(null::footfall.left_out, $1)
		on conflict (field, reason) do update
		   set times = old.times + excluded.times, seen_at = excluded.seen_at, sample = excluded.sample,
		       source = excluded.source, usr_id = excluded.usr_id, usr_anonymous_id = excluded.usr_anonymous_id,
		       session_id = excluded.session_id`, kinds)
	if err != nil {
		return fmt.Errorf("write what was left out: %w", err)
	}
	return nil
}
