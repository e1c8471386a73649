package rollup

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

var sessionsTable = table{
	name: "sessions",
	keys: []string{"user_key", "session_key"},
	columns: []string{
		"user_key", "session_key", "start_ts", "end_ts", "last_seq", "last_event_key",
		"application", "country", "region", "city", "device_type", "os_name", "os_version", "browser_name", "browser_version",
		"events", "views", "actions", "errors", "frustrations", "reported", "truncated", "session_id",
		"tokens", "offsets", "pages",
	},
}

func (s *session) row() []any {
	row := []any{s.UserKey, s.Key, fromMilli(s.Start), fromMilli(s.End), s.LastSeq, [16]byte(s.LastKey)}
	for _, id := range s.Attrs {
		row = append(row, null(id))
	}
	return append(row, s.Events, s.Views, s.Actions, s.Errors, s.Frustrations, s.Reported, s.Truncated, nullText(s.ID),
		s.Tokens, s.Offsets, emptyNotNull(s.Pages))
}

func emptyNotNull(ids []int32) []int32 {
	if ids == nil {
		return []int32{}
	}
	return ids
}

const sessionColumns = `
       s.user_key, s.session_key, s.start_ts, s.end_ts, s.last_seq, s.last_event_key,
       coalesce(s.application, 0), coalesce(s.country, 0), coalesce(s.region, 0), coalesce(s.city, 0),
       coalesce(s.device_type, 0), coalesce(s.os_name, 0), coalesce(s.os_version, 0),
       coalesce(s.browser_name, 0), coalesce(s.browser_version, 0),
       s.events, s.views, s.actions, s.errors, s.frustrations, s.reported, s.truncated, coalesce(s.session_id, ''),
       s.tokens, s.offsets, s.pages, case when t.start_ts = s.start_ts and t.end_ts = s.end_ts then t.steps end,
       t.said`

func scanSession(row pgx.CollectableRow, more ...any) (*session, error) {
	var s session
	var start, end time.Time
	targets := []any{&s.UserKey, &s.Key, &start, &end, &s.LastSeq, (*[16]byte)(&s.LastKey)}
	for i := range s.Attrs {
		targets = append(targets, &s.Attrs[i])
	}
	targets = append(targets, &s.Events, &s.Views, &s.Actions, &s.Errors, &s.Frustrations, &s.Reported, &s.Truncated, &s.ID,
		&s.Tokens, &s.Offsets, &s.Pages, &s.packed, &s.said)
	err := row.Scan(append(targets, more...)...)
	s.Start, s.End = start.UnixMilli(), end.UnixMilli()
	return &s, err
}

// readSessions reads every stored session, of whichever user, that has a session id of the batch.
func (b *batch) readSessions(ctx context.Context, records []*record) error {
	keys := map[int64]bool{}
	for _, r := range records {
		if r.SessionKey != 0 {
			keys[r.SessionKey] = true
		}
	}
	if len(keys) == 0 {
		return nil
	}
	list := make([]int64, 0, len(keys))
	for key := range keys {
		list = append(list, key)
	}
	rows, err := b.tx.Query(ctx, `
		select `+sessionColumns+`, u.kind::text, u.id
		  from footfall.sessions s
		  join footfall.users u on u.key = s.user_key`+tailJoin+`
		 where s.session_key = any ($1)`, list)
	if err != nil {
		return fmt.Errorf("read sessions: %w", err)
	}
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (any, error) {
		var id userID
		s, err := scanSession(row, &id.Kind, &id.ID)
		if err == nil {
			b.stored[s.sessionRef] = s
			b.users.remember(id, s.UserKey)
		}
		return nil, err
	})
	if err != nil {
		return fmt.Errorf("read sessions: %w", err)
	}
	return nil
}

// rollSessions computes every session that records belong to, or that moved events left.
func (b *batch) rollSessions(ctx context.Context, records []*record) error {
	byRef := map[sessionRef][]*record{}
	gaps := map[gapGroup][]*record{}
	for _, r := range records {
		switch {
		case r.SessionKey != 0:
			byRef[sessionRef{r.UserKey, r.SessionKey}] = append(byRef[sessionRef{r.UserKey, r.SessionKey}], r)
		case b.users.ids[r.UserKey].Kind != kindNone:
			group := gapGroup{r.UserKey, b.memory.attrsOf[r.Context][0]}
			gaps[group] = append(gaps[group], r)
		default:
			b.written = append(b.written, r) // nobody's event outside of any session
		}
	}
	for ref := range b.left {
		if byRef[ref] == nil {
			byRef[ref] = []*record{}
		}
	}
	if err := b.rollGiven(ctx, byRef); err != nil {
		return err
	}
	if err := b.rollGaps(ctx, gaps); err != nil {
		return err
	}
	slices.SortFunc(b.changes, func(x, y change) int { return compareRefs(x.ref(), y.ref()) })
	return nil
}

func (c change) ref() sessionRef {
	if c.to != nil {
		return c.to.sessionRef
	}
	return c.from.sessionRef
}

// rollGiven computes sessions that have a session id.
func (b *batch) rollGiven(ctx context.Context, byRef map[sessionRef][]*record) error {
	var touched, rebuild []*session
	for ref := range byRef {
		touched = append(touched, b.stored[ref])
	}
	if err := b.readDetails(ctx, touched); err != nil {
		return err
	}
	for ref, records := range byRef {
		sortRecords(records)
		old := b.stored[ref]
		switch {
		case old == nil:
			b.build(nil, ref, records)
		case !b.left[ref] && old.takes(records, &b.rules) && b.extend(old, records):
		default:
			done := false
			if !b.left[ref] {
				var err error
				if done, err = b.insert(ctx, old, records); err != nil {
					return err
				}
			}
			if !done {
				rebuild = append(rebuild, old)
			}
		}
	}
	stored, err := b.storedOf(ctx, rebuild)
	if err != nil {
		return err
	}
	for _, old := range rebuild {
		records := append(stored[old.sessionRef], byRef[old.sessionRef]...)
		sortRecords(records)
		b.build(old, old.sessionRef, records)
	}
	return nil
}

// storedOf reads the stored events of sessions, by session.
func (b *batch) storedOf(ctx context.Context, sessions []*session) (map[sessionRef][]*record, error) {
	byRef := map[sessionRef][]*record{}
	if len(sessions) == 0 {
		return byRef, nil
	}
	records, err := b.storedBySession(ctx, sessions)
	for _, r := range records {
		ref := sessionRef{r.UserKey, r.SessionKey}
		byRef[ref] = append(byRef[ref], r)
	}
	return byRef, err
}

// build computes a session from all its events, in event order; none means that the session is gone.
func (b *batch) build(old *session, ref sessionRef, records []*record) {
	if len(records) == 0 {
		b.changes = append(b.changes, change{old, nil})
		return
	}
	s := &session{sessionRef: ref, ID: sessionID(old, records)}
	b.rules.derive(records)
	s.append(records, b, b.settings.SessionEventCap)
	b.finish(old, s, records)
}

// sessionID is the text of the session's id, "" for a session made of gaps. No stored event has it, but a stored
// session does, and every new or moved event.
func sessionID(old *session, records []*record) string {
	if old != nil {
		return old.ID
	}
	for _, r := range records {
		switch {
		case r.Sent != nil:
			return r.Sent.SessionID
		case r.SessionID != "":
			return r.SessionID
		}
	}
	if key := records[0].SessionKey; key&givenSession != 0 {
		return fmt.Sprintf("lost:%d", key) // the session's row is gone, and with it the id
	}
	return ""
}

// extend appends records to a copy of a stored session; false where it has to be computed from all its events.
func (b *batch) extend(old *session, records []*record) bool {
	s := *old
	var ok bool
	if s.details, ok = old.unpack(); !ok {
		return false
	}
	s.Tokens, s.Offsets, s.Pages = slices.Clone(old.Tokens), slices.Clone(old.Offsets), slices.Clone(old.Pages)
	if old.Reported {
		for _, r := range records {
			r.Token.Frustration = r.Reported
		}
	} else {
		b.rules.derive(records)
	}
	s.append(records, b, b.settings.SessionEventCap)
	b.finish(old, &s, records)
	return true
}

func (b *batch) finish(old, s *session, records []*record) {
	for _, r := range records {
		r.SessionKey = s.Key
	}
	b.written = append(b.written, records...)
	b.changes = append(b.changes, change{old, s})
}

// token and context resolve ids for session.append.
func (b *batch) token(t event.Token) int32    { return b.memory.token(t, b.settings.TokenCap) }
func (b *batch) tokenOf(id int32) event.Token { return b.memory.tokenOf[id] }
func (b *batch) context(id int32) attrs       { return b.memory.attrsOf[id] }

// writeSessions stores the changes, and their packed form.
func (b *batch) writeSessions(ctx context.Context) error {
	var fresh, changed [][]any
	var gone []*session
	for _, c := range b.changes {
		switch {
		case c.to == nil:
			gone = append(gone, c.from)
			b.totals.Sessions--
		case c.from == nil:
			fresh = append(fresh, c.to.row())
			b.totals.Sessions++
		case !c.from.sameRow(c.to):
			changed = append(changed, c.to.row())
		}
	}
	if len(gone) > 0 {
		if _, err := b.tx.Exec(ctx, `
			delete from footfall.sessions s
			 using unnest($1::int[], $2::bigint[]) gone (user_key, session_key)
			 where s.user_key = gone.user_key and s.session_key = gone.session_key`,
			column(gone, func(s *session) int32 { return s.UserKey }),
			column(gone, func(s *session) int64 { return s.Key })); err != nil {
			return fmt.Errorf("remove sessions: %w", err)
		}
	}
	if err := sessionsTable.insert(ctx, b.tx, fresh); err != nil {
		return err
	}
	if err := sessionsTable.update(ctx, b.tx, changed); err != nil {
		return err
	}
	return b.writeTail(ctx, b.changes)
}
