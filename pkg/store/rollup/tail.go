package rollup

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"reflect"
	"time"

	"github.com/footfall-analytics/footfall/pkg/store/blocks"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// Beside its row each session stands in footfall.tail, packed. A batch writes both in one transaction, whatever changed the
// session.

// details are what a packed session tells of events that its row does not.
type details struct {
	Durations packed.Durations
	Fields    [packed.Fields]packed.IDs
	known     bool
	spoken
}

// tailJoin finds the packed form of sessions s.
const tailJoin = `
  left join footfall.tail t
    on t.bucket = s.user_key % (select buckets from footfall.columns) and t.user_key = s.user_key and t.session_key = s.session_key`

// describe adds what is told of the session's event at an index, which has a token.
func (d *details) describe(at int, r *record, t event.Token) {
	d.texts = append(d.texts, joinObjects(r.Attributes, r.Own))
	if r.Duration != event.NoDuration {
		d.Durations.Add(at, r.Duration)
	}
	for i, id := range [packed.Fields]int32{r.ViewName, r.ActionType, r.ActionTarget, r.ErrorType} {
		if id != packed.Default(packed.Field(i), string(t.Type), t.Name) {
			d.Fields[i].Add(at, id)
		}
	}
}

// unpack reads the details of a stored session; false where its events have to be read for them. Those of a truncated
// session that is not packed yet may stay unknown: more events do not change them.
func (s *session) unpack() (details, bool) {
	if s.packed == nil {
		return s.details, s.known || s.Truncated // known: readDetails has read them
	}
	var p packed.Session
	if packed.Decode(s.packed, &p) != nil || len(p.Tokens) != len(s.Tokens) {
		return details{}, false
	}
	return details{p.Durations, p.Fields, true, spoken{said: s.said, kept: len(p.Tokens)}}, true
}

// pack is the session's packed form.
func (s *session) pack(kind packed.Kind) []byte {
	p := packed.Session{
		Kind: kind, Truncated: s.Truncated, Attributes: s.Attrs, Tokens: s.Tokens, Offsets: s.Offsets,
		Durations: s.Durations, Fields: s.Fields,
	}
	if s.Truncated {
		p.Counts = packed.Counts{Events: s.Events, Views: s.Views, Actions: s.Actions, Errors: s.Errors, Frustrations: s.Frustrations}
	}
	return p.Append(nil)
}

// sameRow tells whether two sessions are one row of footfall.sessions.
func (s *session) sameRow(other *session) bool {
	a, b := *s, *other
	a.details, b.details, a.packed, b.packed = details{}, details{}, nil, nil
	return reflect.DeepEqual(a, b)
}

var tailTable = table{
	name:    "tail",
	columns: []string{"bucket", "user_key", "session_key", "start_ts", "end_ts", "touched", "steps", "said"},
}

// writeTail stores the packed form of sessions that changed. What was there goes first, also where the session's row was
// lost. One that was not in the tail may stand in a block: its copy there dies.
func (b *batch) writeTail(ctx context.Context, changes []change) error {
	var gone []sessionRef
	var dead []blocks.Death
	var packs []*session
	var steps [][]byte
	for _, c := range changes {
		if b.leavesBlock(c) {
			dead = append(dead, blocks.Death{Start: c.from.Start, User: c.from.UserKey, Key: c.from.Key})
		}
		if c.to == nil {
			gone = append(gone, c.from.sessionRef)
			continue
		}
		if !c.to.known || b.staysInBlock(c) {
			continue
		}
		kind, known := packed.Kinds[b.users.ids[c.to.UserKey].Kind]
		if !known {
			return fmt.Errorf("pack sessions: nobody knows of what kind user %d is", c.to.UserKey)
		}
		one := c.to.pack(kind)
		if b.staysInTail(c, one) {
			continue
		}
		gone = append(gone, c.to.sessionRef)
		packs, steps = append(packs, c.to), append(steps, one)
	}
	said, err := b.saidBy(ctx, packs)
	if err != nil {
		return err
	}
	if err := b.deleteTail(ctx, gone); err != nil {
		return err
	}
	if err := bury(ctx, b.tx, dead); err != nil {
		return err
	}
	rows := make([][]any, len(packs))
	for i, s := range packs {
		rows[i] = []any{b.settings.bucket(s.UserKey), s.UserKey, s.Key, fromMilli(s.Start), fromMilli(s.End), b.now, steps[i], said[i]}
	}
	return tailTable.insert(ctx, b.tx, rows)
}

// staysInTail tells whether a session is in the tail as it is packed now. An event may have given way to one that says something else
// and is packed as the same.
func (b *batch) staysInTail(c change, steps []byte) bool {
	return (b.again || len(b.settings.packedNames) == 0) && c.from != nil && bytes.Equal(steps, c.from.packed) &&
		c.from.Start == c.to.Start && c.from.End == c.to.End
}

// leavesBlock tells whether a block may hold a copy of a session that counts no more.
func (b *batch) leavesBlock(c change) bool {
	return b.settings.sealed && c.from != nil && c.from.packed == nil && !b.staysInBlock(c)
}

// staysInBlock tells whether a session is computed again from the events that it had, and stays as it is packed: its row says so.
func (b *batch) staysInBlock(c change) bool {
	return b.again && c.from != nil && c.to != nil && b.inBlock(c.from) && c.from.sameRow(c.to)
}

// inBlock tells whether a stored session has to stand in a block, since it is not in the tail.
func (b *batch) inBlock(s *session) bool {
	return b.settings.sealed && s.packed == nil && b.settings.packs(s.Start)
}

// readDetails reads what packed sessions tell of events, of some that stand in blocks and are truncated: more events are added to
// them without reading all that they have.
func (b *batch) readDetails(ctx context.Context, sessions []*session) error {
	var sealed []*session
	for _, s := range sessions {
		if s != nil && s.Truncated && b.inBlock(s) {
			sealed = append(sealed, s)
		}
	}
	told, err := b.detailsOf(ctx, sealed)
	if err != nil {
		return err
	}
	for _, s := range sealed {
		s.details = told[s.sessionRef]
	}
	return nil
}

// detailsOf reads what packed sessions tell of events, of those that the arrays of some hold.
func (b *batch) detailsOf(ctx context.Context, sessions []*session) (map[sessionRef]details, error) {
	held := make([]*session, len(sessions))
	for i, s := range sessions {
		short := *s // as long as its arrays are, however long it is
		if n := len(s.Offsets); n > 0 {
			short.End = s.Start + s.Offsets[n-1]
		}
		held[i] = &short
	}
	records, err := b.storedOf(ctx, held)
	if err != nil {
		return nil, err
	}
	told := make(map[sessionRef]details, len(sessions))
	for _, s := range sessions {
		events := records[s.sessionRef]
		sortRecords(events)
		var described session
		described.append(events[:min(len(events), len(s.Tokens))], b, math.MaxInt)
		told[s.sessionRef] = described.details
	}
	return told, nil
}

// largeTail is from how many bytes on it is worth a look whether the tail is mostly empty. Tests want fewer.
var largeTail = 64 << 20

// hollowSQL tells by a sample of pages whether what is in the tail takes a third of its space at most. That is left by a store that was
// filled, of which most was sealed since; and every question over many reads it.
const hollowSQL = `
select case when pg_relation_size('footfall.tail') > $1
            then pg_relation_size('footfall.tail') > 3 * (select coalesce(sum(pg_column_size(t)), 0) * 20 from footfall.tail t tablesample system (5)) end`

// shrinkTail gives the space of a hollow tail back. Those who read meanwhile see what they saw, unlike with truncate; and nobody is
// waited for: there is another time. That is not soon: while somebody holds a snapshot all that was replaced since stays, so that
// the tail is as hollow as before, and each attempt writes it to the WAL.
func (w *worker) shrinkTail(ctx context.Context) error {
	if time.Since(w.shrunk) < shrinkEvery {
		return nil
	}
	var hollow *bool
	if err := w.pool.QueryRow(ctx, hollowSQL, largeTail).Scan(&hollow); err != nil {
		return fmt.Errorf("look whether packed sessions are few: %w", err)
	}
	if hollow == nil || !*hollow {
		return nil
	}
	w.shrunk = time.Now()
	if _, err := w.pool.Exec(ctx, `vacuum (full, skip_locked, analyze) footfall.tail`); err != nil {
		return fmt.Errorf("give space of packed sessions back: %w", err)
	}
	return nil
}

func (b *batch) deleteTail(ctx context.Context, gone []sessionRef) error {
	if len(gone) == 0 {
		return nil
	}
	_, err := b.tx.Exec(ctx, `
		delete from footfall.tail t
		 using unnest($1::smallint[], $2::int[], $3::bigint[]) gone (bucket, user_key, session_key)
		 where t.bucket = gone.bucket and t.user_key = gone.user_key and t.session_key = gone.session_key`,
		column(gone, func(ref sessionRef) int16 { return b.settings.bucket(ref.UserKey) }),
		column(gone, func(ref sessionRef) int32 { return ref.UserKey }),
		column(gone, func(ref sessionRef) int64 { return ref.Key }))
	if err != nil {
		return fmt.Errorf("remove packed sessions: %w", err)
	}
	return nil
}

// bucket is the one that a user's sessions stand in.
func (s *settings) bucket(user int32) int16 { return int16(user % s.buckets) } //nolint:gosec // there are few
