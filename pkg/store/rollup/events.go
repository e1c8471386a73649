package rollup

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

var eventsTable = table{
	name: "events",
	keys: []string{"user_key", "ts", "event_key"},
	columns: []string{
		"user_key", "ts", "event_key", "session_key", "seq", "duration", "view_key", "token", "context", "traits",
		"view_name", "action_type", "action_name", "action_target", "error_type", "reported", "identified",
		"path", "error_message", "attributes", event.ImportColumn, "anonymous_id",
	},
}

func (r *record) row(tokenID int32) []any {
	var duration any
	if r.Duration != event.NoDuration {
		duration = r.Duration
	}
	return []any{
		r.UserKey, fromMilli(r.TS), [16]byte(r.Key), r.SessionKey, r.Seq, duration, null(r.ViewKey), tokenID, r.Context,
		null(r.Traits), null(r.ViewName), null(r.ActionType), null(r.ActionName), null(r.ActionTarget), null(r.ErrorType),
		int16(r.Reported), r.Identified, nullText(r.Path), nullText(r.ErrorMessage), nullText(joinObjects(r.Attributes, r.Own)),
		null(r.Import), nullText(r.AnonymousID),
	}
}

const recordColumns = `
       e.user_key, e.ts, e.event_key, e.session_key, e.seq, coalesce(e.duration, -1), coalesce(e.view_key, 0), e.token,
       e.context, coalesce(e.traits, 0), coalesce(e.view_name, 0), coalesce(e.action_type, 0), coalesce(e.action_name, 0),
       coalesce(e.action_target, 0), coalesce(e.error_type, 0), e.reported, e.identified, coalesce(e.path, ''),
       coalesce(e.error_message, ''), coalesce(e.attributes::text, ''), coalesce(e.import_id, 0),
       coalesce(e.anonymous_id, '')`

const (
	recordsByIdentitySQL = `
select` + recordColumns + `
  from unnest($1::int[], $2::timestamptz[], $3::uuid[]) asked (user_key, ts, event_key)
  join footfall.events e
    on e.user_key = asked.user_key and e.ts = asked.ts and e.event_key = asked.event_key`

	recordsBySessionSQL = `
select` + recordColumns + `
  from ` + spansSQL + `
  join footfall.events e on ` + inSpanSQL
)

// storedByIdentity reads the stored events that have an identity of one of records.
func (b *batch) storedByIdentity(ctx context.Context, records []*record) ([]*record, error) {
	return b.readRecords(ctx, recordsByIdentitySQL,
		column(records, func(r *record) int32 { return r.UserKey }),
		column(records, func(r *record) time.Time { return fromMilli(r.TS) }),
		column(records, func(r *record) [16]byte { return r.Key }))
}

// storedBySession reads the stored events of sessions.
func (b *batch) storedBySession(ctx context.Context, sessions []*session) ([]*record, error) {
	asked := make(map[sessionRef]extent, len(sessions))
	for _, s := range sessions {
		asked[s.sessionRef] = extent{s.sessionRef, s.Start, s.End}
	}
	records, err := b.storedWithin(ctx, slices.Collect(maps.Values(asked)))
	return slices.DeleteFunc(records, func(r *record) bool {
		return !asked[sessionRef{r.UserKey, r.SessionKey}].has(r.TS)
	}), err
}

// storedWithin reads the stored events of sessions within some times, and perhaps more of the sessions' events, each once.
func (b *batch) storedWithin(ctx context.Context, asked []extent) ([]*record, error) {
	return b.readRecords(ctx, recordsBySessionSQL, spansOf(asked).args()...)
}

func (b *batch) readRecords(ctx context.Context, sql string, args ...any) ([]*record, error) {
	rows, err := b.tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	records, err := pgx.CollectRows(rows, b.scanRecord)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return records, nil
}

func (b *batch) scanRecord(row pgx.CollectableRow) (*record, error) {
	r := record{Stored: true}
	var ts time.Time
	err := row.Scan(&r.UserKey, &ts, (*[16]byte)(&r.Key), &r.SessionKey, &r.Seq, &r.Duration, &r.ViewKey, &r.StoredToken,
		&r.Context, &r.Traits, &r.ViewName, &r.ActionType, &r.ActionName, &r.ActionTarget, &r.ErrorType,
		(*uint8)(&r.Reported), &r.Identified, &r.Path, &r.ErrorMessage, &r.Attributes, &r.Import, &r.AnonymousID)
	r.TS = ts.UnixMilli()
	r.StoredSession, r.StoredPath = r.SessionKey, r.Path
	r.Token = b.memory.tokenOf[r.StoredToken]
	if err == nil && r.Traits == ownTraits {
		r.Attributes, r.Own, err = splitTraits(r.Attributes)
	}
	return &r, err
}

// deleteEvents takes stored events out of the table.
func (b *batch) deleteEvents(ctx context.Context, records []*record) error {
	if len(records) == 0 {
		return nil
	}
	_, err := b.tx.Exec(ctx, `
		delete from footfall.events e
		 using unnest($1::int[], $2::timestamptz[], $3::uuid[]) gone (user_key, ts, event_key)
		 where e.user_key = gone.user_key and e.ts = gone.ts and e.event_key = gone.event_key`,
		column(records, func(r *record) int32 { return r.UserKey }),
		column(records, func(r *record) time.Time { return fromMilli(r.TS) }),
		column(records, func(r *record) [16]byte { return r.Key }))
	if err != nil {
		return fmt.Errorf("move events: %w", err)
	}
	return nil
}

// writeEvents inserts what is new and moves stored events to the token, session and path they have now.
func (b *batch) writeEvents(ctx context.Context) error {
	var rows [][]any
	var changed []*record
	months := map[time.Time]bool{}
	if err := b.keepPaths(ctx); err != nil {
		return err
	}
	for _, r := range b.written {
		id := b.memory.token(r.Token, b.settings.TokenCap)
		switch {
		case !r.Stored:
			rows = append(rows, r.row(id))
			months[monthOf(r.TS)] = true
		case id != r.StoredToken || r.SessionKey != r.StoredSession || r.Path != r.StoredPath:
			changed = append(changed, r)
		}
	}
	for month := range months {
		if err := b.ensurePartition(ctx, month); err != nil {
			return err
		}
	}
	if err := eventsTable.insert(ctx, b.tx, rows); err != nil {
		return err
	}
	return b.updateEvents(ctx, changed)
}

// keepPaths keeps the paths of events whose page gives way to "(other)".
func (b *batch) keepPaths(ctx context.Context) error {
	var stored []*record
	for _, r := range b.written {
		if r.Path != "" || b.memory.tokenOf[b.memory.token(r.Token, b.settings.TokenCap)].Page == r.Token.Page && !b.isOther(r) {
			continue
		}
		if r.Sent != nil {
			r.Path = r.Sent.RawPath()
		} else {
			stored = append(stored, r)
		}
	}
	if err := b.readPageTexts(ctx, stored); err != nil {
		return err
	}
	for _, r := range stored {
		if text := b.pageTexts[r.Token.Page]; text != otherText {
			r.Path = text
		}
	}
	return nil
}

// isOther tells whether a record's page was none of those that the dictionary takes.
func (b *batch) isOther(r *record) bool {
	return r.Token.Page != 0 && r.Token.Page == b.memory.knownText("page", otherText)
}

func (b *batch) updateEvents(ctx context.Context, records []*record) error {
	if len(records) == 0 {
		return nil
	}
	_, err := b.tx.Exec(ctx, `
		update footfall.events e
		   set token = new.token, session_key = new.session_key, path = nullif(new.path, '')
		  from unnest($1::int[], $2::timestamptz[], $3::uuid[], $4::int[], $5::bigint[], $6::text[])
		       new (user_key, ts, event_key, token, session_key, path)
		 where e.user_key = new.user_key and e.ts = new.ts and e.event_key = new.event_key`,
		column(records, func(r *record) int32 { return r.UserKey }),
		column(records, func(r *record) time.Time { return fromMilli(r.TS) }),
		column(records, func(r *record) [16]byte { return r.Key }),
		column(records, func(r *record) int32 { return b.memory.token(r.Token, b.settings.TokenCap) }),
		column(records, func(r *record) int64 { return r.SessionKey }),
		column(records, func(r *record) string { return r.Path }))
	if err != nil {
		return fmt.Errorf("change events: %w", err)
	}
	return nil
}

func monthOf(ms int64) time.Time {
	ts := fromMilli(ms)
	return time.Date(ts.Year(), ts.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// ensurePartition makes the partition of a month, on its own first: attaching it then needs no lock that stops readers.
func (b *batch) ensurePartition(ctx context.Context, month time.Time) error {
	name := "events_" + month.Format("2006_01")
	var exists bool
	if err := b.tx.QueryRow(ctx, `select to_regclass('footfall.' || $1) is not null`, name).Scan(&exists); err != nil {
		return fmt.Errorf("look for partition %s: %w", name, err)
	}
	if exists {
		return nil
	}
	_, err := b.tx.Exec(ctx, fmt.Sprintf(`
		create table footfall.%[1]s (like footfall.events including all);
		alter table footfall.events attach partition footfall.%[1]s for values from ('%[2]s') to ('%[3]s')`,
		name, month.Format(time.RFC3339), month.AddDate(0, 1, 0).Format(time.RFC3339)))
	if err != nil {
		return fmt.Errorf("make partition %s: %w", name, err)
	}
	return nil
}
