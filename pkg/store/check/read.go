package check

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// ref names a session.
type ref struct {
	user int32
	key  int64
}

// session is a session's row, its events and its packed form.
type session struct {
	ref
	bucket     int16
	kind       string
	start, end time.Time
	attributes [packed.Attributes]int32
	counts     packed.Counts
	truncated  bool
	tokens     []int32
	offsets    []int64
	events     []event

	expected               bool // to be packed
	packedStart, packedEnd *time.Time
	steps                  []byte
	said                   *string  // of attributes of events, in the tail
	copies                 []copyOf // in blocks, those that count
}

func (s *session) place() place { return place{s.start, s.ref} }

// event is one of those that the session's arrays hold.
type event struct {
	ts        time.Time
	token     int32
	tokenType string
	tokenName int32
	duration  *float64
	fields    [packed.Fields]int32
}

const (
	pageSessions = 500
	pageEvents   = 50_000 // of which all but the last session of a page have less
)

const pageSQL = `
select s.user_key, s.session_key, s.user_key % (select buckets from footfall.columns), u.kind::text, s.start_ts, s.end_ts,
       array[coalesce(s.application, 0), coalesce(s.country, 0), coalesce(s.region, 0), coalesce(s.city, 0),
             coalesce(s.device_type, 0), coalesce(s.os_name, 0), coalesce(s.os_version, 0),
             coalesce(s.browser_name, 0), coalesce(s.browser_version, 0)],
       s.events, s.views, s.actions, s.errors, s.frustrations, s.truncated, s.tokens, s.offsets,
       s.start_ts >= (select built_from from footfall.columns), t.start_ts, t.end_ts, t.steps, t.said
  from (select *, sum(events) over (order by start_ts, user_key, session_key
                                     rows between unbounded preceding and 1 preceding) as before
          from footfall.sessions
         where start_ts >= $1 and (start_ts, user_key, session_key) > ($1, $2, $3)
         order by start_ts, user_key, session_key
         limit $4) s
  join footfall.users u on u.key = s.user_key
  left join footfall.tail t
    on t.bucket = s.user_key % (select buckets from footfall.columns) and t.user_key = s.user_key and t.session_key = s.session_key
 where coalesce(s.before, 0) < $5
 order by s.start_ts, s.user_key, s.session_key`

// readPage reads the next sessions in the order of their starts.
func readPage(ctx context.Context, tx pgx.Tx, after place) ([]*session, error) {
	rows, err := tx.Query(ctx, pageSQL, after.start, after.user, after.key, pageSessions, pageEvents)
	if err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	page, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*session, error) {
		var s session
		var attributes []int32
		n := &s.counts
		err := row.Scan(&s.user, &s.key, &s.bucket, &s.kind, &s.start, &s.end, &attributes, &n.Events, &n.Views, &n.Actions, &n.Errors,
			&n.Frustrations, &s.truncated, &s.tokens, &s.offsets, &s.expected, &s.packedStart, &s.packedEnd, &s.steps, &s.said)
		copy(s.attributes[:], attributes)
		return &s, err
	})
	if err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	return page, nil
}

const eventsSQL = `
select a.n - 1, e.ts, e.token, k.type::text, coalesce(k.name, 0), e.duration,
       array[coalesce(e.view_name, 0), coalesce(e.action_type, 0), coalesce(e.action_target, 0), coalesce(e.error_type, 0)]
  from unnest($1::int[], $2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::int[])
       with ordinality a (user_key, session_key, start_ts, end_ts, held, n)
 cross join lateral (
       select *
         from footfall.events
        where user_key = a.user_key and session_key = a.session_key and ts between a.start_ts and a.end_ts
        order by ts, seq nulls first, event_key
        limit a.held) e
  join footfall.tokens k on k.id = e.token
 order by a.n, e.ts, e.seq nulls first, e.event_key`

// readEvents reads the first events of sessions, as many as their arrays hold.
func readEvents(ctx context.Context, tx pgx.Tx, page []*session) error {
	users, keys := make([]int32, len(page)), make([]int64, len(page))
	starts, ends, held := make([]time.Time, len(page)), make([]time.Time, len(page)), make([]int32, len(page))
	for i, s := range page {
		users[i], keys[i], starts[i], ends[i] = s.user, s.key, s.start, s.end
		held[i] = int32(len(s.tokens)) //nolint:gosec // an array of PostgreSQL's
	}
	rows, err := tx.Query(ctx, eventsSQL, users, keys, starts, ends, held)
	if err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	var of int
	var e event
	var fields []int32
	if _, err := pgx.ForEachRow(rows, []any{&of, &e.ts, &e.token, &e.tokenType, &e.tokenName, &e.duration, &fields}, func() error {
		copy(e.fields[:], fields)
		page[of].events = append(page[of].events, e)
		return nil
	}); err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	return nil
}
