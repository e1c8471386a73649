package rollup

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// owners returns, for each session id of the batch that has one, the user of its first event with a usr.id in event
// order, stored or new: events of the session without usr.id are this user's.
func (b *batch) owners(ctx context.Context, identified []*record) (map[int64]int32, error) {
	first := map[sessionRef]event.Order{}
	candidates := map[int64]map[int32]bool{}
	add := func(key int64, user int32) {
		if candidates[key] == nil {
			candidates[key] = map[int32]bool{}
		}
		candidates[key][user] = true
	}
	for _, r := range identified {
		if r.SessionKey == 0 {
			continue
		}
		add(r.SessionKey, r.UserKey)
		ref := sessionRef{r.UserKey, r.SessionKey}
		if order, known := first[ref]; !known || r.Compare(order) < 0 {
			first[ref] = r.Order
		}
	}
	var contested []*session
	for ref := range b.stored {
		if b.users.ids[ref.UserKey].Kind == kindUser {
			add(ref.Key, ref.UserKey)
		}
	}
	for ref, s := range b.stored {
		if b.users.ids[ref.UserKey].Kind == kindUser && len(candidates[ref.Key]) > 1 {
			contested = append(contested, s)
		}
	}
	if err := b.firstIdentified(ctx, contested, first); err != nil {
		return nil, err
	}
	owners := map[int64]int32{}
	for key, users := range candidates {
		best := event.Order{TS: math.MaxInt64}
		for user := range users {
			order := first[sessionRef{user, key}]
			if owners[key] == 0 || order.Compare(best) < 0 {
				owners[key], best = user, order
			}
		}
	}
	return owners, nil
}

// firstIdentified lowers first to the first stored event with a usr.id of each session.
func (b *batch) firstIdentified(ctx context.Context, sessions []*session, first map[sessionRef]event.Order) error {
	if len(sessions) == 0 {
		return nil
	}
	rows, err := b.tx.Query(ctx, `
		select distinct on (e.user_key, e.session_key) e.user_key, e.session_key, e.ts, e.seq, e.event_key
		  from unnest($1::int[], $2::bigint[], $3::timestamptz[], $4::timestamptz[])
		       asked (user_key, session_key, start_ts, end_ts)
		  join footfall.events e
		    on e.user_key = asked.user_key and e.session_key = asked.session_key
		   and e.ts between asked.start_ts and asked.end_ts
		 where e.identified
		 order by e.user_key, e.session_key, e.ts, e.seq nulls first, e.event_key`,
		column(sessions, func(s *session) int32 { return s.UserKey }),
		column(sessions, func(s *session) int64 { return s.Key }),
		column(sessions, func(s *session) time.Time { return fromMilli(s.Start) }),
		column(sessions, func(s *session) time.Time { return fromMilli(s.End) }))
	if err != nil {
		return fmt.Errorf("find the sessions' users: %w", err)
	}
	var ref sessionRef
	var ts time.Time
	var seq *int64
	var key event.Key
	_, err = pgx.ForEachRow(rows, []any{&ref.UserKey, &ref.Key, &ts, &seq, (*[16]byte)(&key)}, func() error {
		order := event.Order{TS: ts.UnixMilli(), Seq: seq, Key: key}
		if known, ok := first[ref]; !ok || order.Compare(known) < 0 {
			first[ref] = order
		}
		return nil
	})
	return err
}

// moveToOwners takes stored events without usr.id from whoever has them to their session's owner. The moved records
// come back as new ones of that owner; the sessions they left are computed again.
func (b *batch) moveToOwners(ctx context.Context, owners map[int64]int32) ([]*record, error) {
	var sources []*session
	for ref, s := range b.stored {
		if owner := owners[ref.Key]; owner != 0 && owner != ref.UserKey {
			sources = append(sources, s)
		}
	}
	if len(sources) == 0 {
		return nil, nil
	}
	stored, err := b.storedBySession(ctx, sources)
	if err != nil {
		return nil, err
	}
	var moved []*record
	for _, r := range stored {
		if !r.Identified {
			moved = append(moved, r)
		}
	}
	if err := b.readProfiles(ctx, moved); err != nil {
		return nil, err
	}
	if err := b.deleteEvents(ctx, moved); err != nil {
		return nil, err
	}
	for _, r := range moved {
		b.losers[r.UserKey] = true
		b.left[sessionRef{r.UserKey, r.SessionKey}] = true
		r.UserKey, r.Stored = owners[r.SessionKey], false
	}
	return moved, nil
}

// dropMoved drops new records that were stored before under the user they have now been moved from.
func (b *batch) dropMoved(records, moved []*record) []*record {
	if len(moved) == 0 {
		return records
	}
	byIdentity := make(map[identity]*record, len(moved))
	for _, r := range moved {
		byIdentity[r.identity()] = r
	}
	return b.dropKnown(records, byIdentity)
}

// dropStored drops records that the store has already; only those up to the user's last event can be there.
func (b *batch) dropStored(ctx context.Context, records []*record) ([]*record, error) {
	var late []*record
	for _, r := range records {
		if b.users.fresh[r.UserKey] {
			continue
		}
		if p := b.profiles[r.UserKey]; p != nil && r.TS > p.LastSeen {
			continue
		}
		late = append(late, r)
	}
	if len(late) == 0 {
		return records, nil
	}
	stored, err := b.storedByIdentity(ctx, late)
	if err != nil {
		return nil, err
	}
	byIdentity := make(map[identity]*record, len(stored))
	for _, r := range stored {
		byIdentity[r.identity()] = r
	}
	return b.dropKnown(records, byIdentity), nil
}

// samePayload compares a new record with the stored one of the same identity.
func samePayload(old, r *record) bool {
	sameSession := r.Sent.SessionID == "" || old.SessionKey == r.SessionKey
	return sameSession && old.Duration == r.Duration && old.ViewKey == r.ViewKey && old.Token.Type == r.Token.Type &&
		old.Token.Page == r.Token.Page && old.Context == r.Context && old.Traits == r.Traits &&
		old.ViewName == r.ViewName && old.ActionType == r.ActionType && old.ActionName == r.ActionName &&
		old.ActionTarget == r.ActionTarget && old.ErrorType == r.ErrorType && old.Reported == r.Reported &&
		old.Path == r.Path && old.ErrorMessage == r.ErrorMessage && sameJSON(old.Attributes, r.Attributes)
}

// sameJSON compares by value: Postgres writes an object's keys and numbers in its own way.
func sameJSON(a, b string) bool {
	if a == b {
		return true
	}
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && reflect.DeepEqual(x, y)
}

func (b *batch) dropKnown(records []*record, known map[identity]*record) []*record {
	fresh := records[:0]
	for _, r := range records {
		if old := known[r.identity()]; old != nil {
			b.duplicate(samePayload(old, r))
			continue
		}
		fresh = append(fresh, r)
	}
	return fresh
}
