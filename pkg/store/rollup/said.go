package rollup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/blocks"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// What events of sessions in the tail say of packed attributes stands there beside the session. Batches write it from what they have in
// hand; here it is read from stored events, where they have not, and taken along into blocks.

// eventValuesSQL reads what events of sessions say: which session, in the order of the spans, which of its events, and the values of the
// attributes.
const eventValuesSQL = `
select n.session - 1, n.number::int, n.said
  from ` + spansSQL + `
 cross join lateral (
       select of.session, row_number() over (partition by of.session order by e.ts, e.seq nulls first, e.event_key) - 1 as number, %[1]s as said
         from footfall.events e
        cross join lateral (select span.first - 1 + array_position(held.keys, e.session_key) as session) of
        where ` + inSpanSQL + `
          and e.ts between ($7::timestamptz[])[of.session] and ($8::timestamptz[])[of.session]) n
 where n.said <> %[2]s::text[]`

// valuesBySession reads the values of attributes that events of sessions have: of which session, of which of its events, and what they
// are, "" for none.
func valuesBySession(ctx context.Context, tx pgx.Tx, sessions []extent, names []string, take func(session, event int, values []string)) error {
	if len(sessions) == 0 {
		return nil
	}
	spans := spansOf(sessions)
	params := &store.Params{Values: append(spans.args(),
		column(spans.sessions, func(e extent) time.Time { return fromMilli(e.start) }),
		column(spans.sessions, func(e extent) time.Time { return fromMilli(e.end) }))}
	sql := fmt.Sprintf(eventValuesSQL, event.SaidSQL("e.attributes", names, params.Add), params.Add(make([]string, len(names))))
	var session, number int
	var values []string
	return store.Statement{SQL: sql, Args: params.Values}.Each(ctx, tx, []any{&session, &number, &values}, func() error {
		take(spans.order[session], number, values)
		return nil
	})
}

// valuesOf reads the attributes of the events of a block's sessions that count: of each attribute the value of each event, in the
// block's order, as EncodeValues takes them.
func valuesOf(ctx context.Context, tx pgx.Tx, r *blocks.Reader, events int, names []string) ([][]string, error) {
	var asked []extent
	var first, held []int // of each session: where its events begin, and how many the block has
	for i, s := range r.All {
		asked = append(asked, extent{sessionRef{s.User, s.Key}, s.Start, s.End})
		first, held = append(first, r.EventsBefore(i)), append(held, len(s.Tokens))
	}
	values := noValues(len(names), events)
	err := valuesBySession(ctx, tx, asked, names, func(session, number int, texts []string) {
		if number < held[session] { // of truncated sessions there are more
			for i, text := range texts {
				values[i][first[session]+number] = text
			}
		}
	})
	return values, err
}

func noValues(names, events int) [][]string {
	values := make([][]string, names)
	for i := range values {
		values[i] = make([]string, events)
	}
	return values
}

// unsaidSQL finds sessions of the tail that do not have what their events say of all packed attributes.
const unsaidSQL = `
select user_key, session_key, start_ts, end_ts, steps
  from footfall.tail
 where said is null or said <> '' and not starts_with(said, $1)
 limit 1000`

const saySQL = `
update footfall.tail t
   set said = v.said
  from unnest($1::int[], $2::bigint[], $3::text[]) v (user_key, session_key, said)
 where t.bucket = v.user_key % (select buckets from footfall.columns) and t.user_key = v.user_key and t.session_key = v.session_key`

// sayTail writes what events of some sessions of the tail say, and tells whether there were any. Batches write it of sessions that they
// change: once all have it, all have it until other attributes are packed.
func (w *worker) sayTail(ctx context.Context) (more bool, err error) {
	if w.said == w.head {
		return false, nil
	}
	_, err = w.transaction(ctx, func(b *batch) error {
		if err := b.planByKey(ctx); err != nil {
			return err
		}
		sessions, err := unsaid(ctx, b.tx, b.settings.saidHead())
		if more, b.nothing = len(sessions) > 0, len(sessions) == 0; err != nil || b.nothing {
			return err
		}
		return b.say(ctx, sessions)
	})
	switch {
	case err != nil && !errors.Is(err, errBusy):
		w.memory = newMemory()
		return false, fmt.Errorf("pack attributes of events: %w", err)
	case err != nil:
		return false, err
	case !more:
		w.said = w.head
	}
	return more, nil
}

func unsaid(ctx context.Context, tx pgx.Tx, head string) (sessions []*session, err error) {
	if head == "" {
		return nil, nil
	}
	var ref sessionRef
	var start, end time.Time
	var steps []byte
	statement := store.Statement{SQL: unsaidSQL, Args: []any{head}, Binary: true}
	return sessions, statement.Each(ctx, tx, []any{&ref.UserKey, &ref.Key, &start, &end, &steps}, func() error {
		var p packed.Session
		readable := packed.Decode(steps, &p) == nil
		sessions = append(sessions, &session{
			sessionRef: ref, Start: start.UnixMilli(), End: end.UnixMilli(), Tokens: p.Tokens, Truncated: p.Truncated || !readable,
		})
		return nil
	})
}

func (b *batch) say(ctx context.Context, sessions []*session) error {
	said, err := b.saidBy(ctx, sessions)
	if err != nil {
		return err
	}
	return run(ctx, b.tx, statement{saySQL, []any{
		column(sessions, func(s *session) int32 { return s.UserKey }), column(sessions, func(s *session) int64 { return s.Key }), said,
	}, nil})
}

// saidLines are those of footfall.tail.said after the first one, of sessions of which all packed attributes are known.
type saidLines struct {
	names []string // of the attributes; none: nothing is packed
	of    map[sessionRef]string
}

func newSaidLines(names []string) saidLines { return saidLines{names, map[sessionRef]string{}} }

// addBlock adds what events of a block's sessions that count say of the attributes, if it has all of them packed.
func (said saidLines) addBlock(ctx context.Context, tx pgx.Tx, r *blocks.Reader, head blocks.Head) error {
	if len(said.names) == 0 {
		return nil
	}
	list, err := blocks.ReadValues(ctx, tx, "v.bucket = $1 and v.block = $2 and v.packed and v.name = any ($3)", head.Bucket, head.ID, said.names)
	if err != nil || len(list) < len(said.names) {
		return err
	}
	lines := make([][]byte, r.Len())
	for _, one := range list {
		var values blocks.EventValues
		if err := values.Decode(&one.Values, int(head.Events)); err != nil {
			return err
		}
		attribute := slices.Index(said.names, one.Name)
		for i, s := range r.All {
			for at, text := range values.Of[r.EventsBefore(i):][:len(s.Tokens)] {
				if text > 0 {
					lines[i] = packed.AppendSaid(lines[i], attribute, at, values.Texts[text-1])
				}
			}
		}
	}
	for i, s := range r.All {
		said.of[sessionRef{s.User, s.Key}] = string(lines[i])
	}
	return nil
}

// insert packs the attributes of the events of blocks that were just written, under the worker's lock: of those whose sessions it all
// knows.
func (said saidLines) insert(ctx context.Context, tx pgx.Tx, rows []blocks.Row) error {
	if len(rows) == 0 || len(said.names) == 0 {
		return nil
	}
	heads, err := blocks.ReadHeads(ctx, tx, "b.bucket = $1 and b.number = $2", rows[0].Bucket, rows[0].Number)
	if err != nil {
		return err
	}
	heads = heads[len(heads)-len(rows):] // the last ones, in the order in which they were written
	for i := range rows {
		values, err := said.values(&rows[i].Block)
		if err != nil {
			return err
		}
		if values == nil {
			continue
		}
		if err := blocks.InsertValues(ctx, tx, heads[i].Bucket, heads[i].ID, named(said.names, values)); err != nil {
			return err
		}
	}
	return nil
}

// values are those of each attribute of each event of a block, nil where they are not known of all its sessions.
func (said saidLines) values(block *blocks.Block) ([][]string, error) {
	var r blocks.Reader
	if err := r.Decode(block, blocks.Of(blocks.Users, blocks.Keys, blocks.Tokens, blocks.Counts)); err != nil {
		return nil, err
	}
	values := noValues(len(said.names), int(block.Events))
	for i, s := range r.All {
		lines, known := said.of[sessionRef{s.User, s.Key}]
		if !known {
			return nil, nil
		}
		from := r.EventsBefore(i)
		take := func(attribute, event int, value string) { values[attribute][from+event] = value }
		if err := packed.EachSaid(lines, len(said.names), len(s.Tokens), take); err != nil {
			return nil, err
		}
	}
	return values, nil
}

func named(names []string, values [][]string) []blocks.NamedValues {
	var list []blocks.NamedValues
	for i, name := range names {
		list = append(list, blocks.NamedValues{Name: name, Values: blocks.EncodeValues(values[i])})
	}
	return list
}
