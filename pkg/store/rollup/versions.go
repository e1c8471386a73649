package rollup

import (
	"context"
	"slices"
	"time"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// An SDK sends a view again and again while it lasts. All versions have the view.id, the session.id and the ts of the
// first, but not its user: somebody logs in or out meanwhile. The first version that says a usr.id counts, or else the
// first.

// versionID is what the versions of one view share.
type versionID struct {
	session, ts int64
	key         event.Key
}

func (r *record) version() versionID { return versionID{r.SessionKey, r.TS, r.Key} }

// foldVersions drops versions of views that are stored, of whichever user. It takes a stored one that says no usr.id out
// of the store in favour of one that does. The sessions of the records have been read.
func (b *batch) foldVersions(ctx context.Context, identified, others []*record) (_, _ []*record, err error) {
	stored, err := b.storedVersions(ctx, slices.Concat(identified, others))
	if err != nil || len(stored) == 0 {
		return identified, others, err
	}
	var replaced []*record
	fold := func(r *record) bool {
		old := stored[r.version()]
		if !r.Sent.Version || old == nil {
			return false
		}
		b.countVersion(old, r)
		if old.Identified || !r.Identified {
			return true
		}
		r.Replaces, r.Import = true, old.Import
		replaced = append(replaced, old)
		return false
	}
	identified, others = slices.DeleteFunc(identified, fold), slices.DeleteFunc(others, fold)
	return identified, others, b.takeOut(ctx, replaced)
}

// takeOut removes stored events; the sessions and profiles they leave are computed again.
func (b *batch) takeOut(ctx context.Context, records []*record) error {
	if err := b.readProfiles(ctx, records); err != nil {
		return err
	}
	for _, r := range records {
		b.leave(r)
	}
	return b.deleteEvents(ctx, records)
}

// storedVersions are the stored versions of the records' views.
func (b *batch) storedVersions(ctx context.Context, records []*record) (map[versionID]*record, error) {
	byKey := map[int64][]*session{}
	for ref, s := range b.stored {
		byKey[ref.Key] = append(byKey[ref.Key], s)
	}
	var users []int32
	var times []time.Time
	var keys [][16]byte
	for _, r := range records {
		for _, s := range byKey[r.SessionKey] {
			if r.Sent.Version && s.Start <= r.TS && r.TS <= s.End {
				users, times, keys = append(users, s.UserKey), append(times, fromMilli(r.TS)), append(keys, r.Key)
			}
		}
	}
	if len(users) == 0 {
		return nil, nil
	}
	found, err := b.readRecords(ctx, recordsByIdentitySQL, users, times, keys)
	if err != nil {
		return nil, err
	}
	stored := make(map[versionID]*record, len(found))
	for _, old := range found {
		stored[old.version()] = old
	}
	return stored, nil
}
