package rollup

import (
	"cmp"
	"context"
	"fmt"
	"math"
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
	return b.firstOf(candidates, first), nil
}

// firstOf picks for each session key the candidate whose event is the first.
func (b *batch) firstOf(candidates map[int64]map[int32]bool, first map[sessionRef]event.Order) map[int64]int32 {
	owners := map[int64]int32{}
	for key, users := range candidates {
		best := event.Order{TS: math.MaxInt64}
		for user := range users {
			order := first[sessionRef{user, key}]
			owner := owners[key]
			// Two users may send events of one id at one time: the smaller usr.id then decides, not chance.
			if owner == 0 || cmp.Or(order.Compare(best), compareUserIDs(b.users.ids[user], b.users.ids[owner])) < 0 {
				owners[key], best = user, order
			}
		}
	}
	return owners
}

// firstIdentified lowers first to the first stored event with a usr.id of each session.
func (b *batch) firstIdentified(ctx context.Context, sessions []*session, first map[sessionRef]event.Order) error {
	if len(sessions) == 0 {
		return nil
	}
	rows, err := b.tx.Query(ctx, `
		select asked.user_key, asked.session_key, e.ts, e.seq, e.event_key
		  from unnest($1::int[], $2::bigint[], $3::timestamptz[], $4::timestamptz[])
		       asked (user_key, session_key, start_ts, end_ts)
		 cross join lateral (
		       -- The key has the order of time, so reading ends with the first one's millisecond, however long the session.
		       select ts, seq, event_key
		         from footfall.events
		        where user_key = asked.user_key and session_key = asked.session_key
		          and ts between asked.start_ts and asked.end_ts and identified
		        order by ts, seq nulls first, event_key
		        limit 1) e`,
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
	return b.move(ctx, sources, owners)
}

// move takes the events without usr.id of stored sessions to the sessions' owners, and where a session has none to their
// anonymous id or to nobody.
func (b *batch) move(ctx context.Context, sources []*session, owners map[int64]int32) ([]*record, error) {
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
		b.leave(r)
		if id := b.users.ids[r.UserKey]; id.Kind == kindAnonymous && b.settings.openImports {
			r.AnonymousID = id.ID
		}
		r.UserKey, r.Stored = owners[r.SessionKey], false
	}
	if err := b.moveToNobody(ctx, moved); err != nil {
		return nil, err
	}
	return moved, b.readProfiles(ctx, moved) // the owners need not have an event in this batch
}

// moveToNobody gives moved records without owner to their anonymous id, or else to nobody.
func (b *batch) moveToNobody(ctx context.Context, moved []*record) error {
	wanted := map[userID]bool{}
	id := func(r *record) userID {
		if r.AnonymousID != "" {
			return userID{kindAnonymous, r.AnonymousID}
		}
		return nobody(&event.Event{SessionID: r.SessionID})
	}
	for _, r := range moved {
		if r.UserKey == 0 {
			wanted[id(r)] = true
		}
	}
	if err := b.keysFor(ctx, wanted); err != nil {
		return err
	}
	for _, r := range moved {
		if r.UserKey == 0 {
			r.UserKey, r.AnonymousID = b.users.keys[id(r)], ""
		}
	}
	return nil
}

// leave notes that a stored event is taken away from its user and its session.
func (b *batch) leave(r *record) {
	b.losers[r.UserKey] = append(b.losers[r.UserKey], r.Order)
	if ref := (sessionRef{r.UserKey, r.SessionKey}); b.stored[ref] != nil {
		b.left[ref] = true
		r.SessionID = b.stored[ref].ID
	}
}

// dropMoved drops new records that were stored before under the user they have now been moved from.
func (b *batch) dropMoved(ctx context.Context, records, moved []*record) ([]*record, error) {
	if len(moved) == 0 {
		return records, nil
	}
	byIdentity := make(map[identity]*record, len(moved))
	for _, r := range moved {
		byIdentity[r.identity()] = r
	}
	return b.dropKnown(ctx, records, byIdentity)
}
