package columns

import (
	"context"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// rowsSQL reads what footfall.tail does not have yet. Three times as slow, and only while that is being made. What events
// alone know (durations, and fields that no token tells) is missing.
var rowsSQL = `select s.user_key, s.session_key, s.start_ts, s.truncated, u.kind::text, s.tokens, s.offsets,
       array[` + SessionTexts() + `]
  from footfall.sessions s
  join footfall.users u on u.key = s.user_key
 where `

const amongRows = "\n   and (s.user_key, s.session_key) in (select * from unnest($3::integer[], $4::bigint[]))"

// SessionTexts are the columns of sessions s that packed.Session.Attributes has, in its order.
func SessionTexts() string {
	var list []string
	for _, text := range event.SessionTexts {
		list = append(list, "s."+text.ID)
	}
	return strings.Join(list, ", ")
}

func (r *reading) readRows(ctx context.Context) error {
	statement := store.Statement{SQL: rowsSQL + r.times("s"), Args: []any{r.From, r.To}, Binary: true}
	switch {
	case r.Users != nil:
		statement.SQL, statement.Args = statement.SQL+"\n   and s.user_key = any ($3::integer[])", append(statement.Args, r.Users)
	case r.Sessions != nil:
		statement.SQL, statement.Args = statement.SQL+amongRows, append(statement.Args, r.keys()...)
	}
	statement.SQL += r.order("s")
	r.executed = append(r.executed, statement)
	var ref Ref
	var start time.Time
	var one packed.Session
	var kind string
	var attributes []*int32
	targets := []any{&ref.User, &ref.Session, &start, &one.Truncated, &kind, &one.Tokens, &one.Offsets, &attributes}
	return statement.Each(ctx, r.db, targets, func() error {
		c, err := r.out.chunk(ref.User)
		if err != nil {
			return ended(ctx, r.db, err)
		}
		one.Kind = packed.Kinds[kind]
		for i, id := range attributes {
			one.Attributes[i] = 0
			if id != nil {
				one.Attributes[i] = *id
			}
		}
		c.rows = append(c.rows, Session{Ref: ref, Start: start.UnixMilli(), Session: one})
		one.Tokens, one.Offsets = nil, nil // the chunk has them
		return nil
	})
}
