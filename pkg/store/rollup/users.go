package rollup

import (
	"cmp"
	"context"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// The kinds of users, as footfall.user_kind names them.
const (
	kindUser      = "usr"       // by usr.id
	kindAnonymous = "anonymous" // by usr.anonymous_id
	kindNone      = "none"      // nobody: no profile, one key per session
)

type userID struct {
	Kind, ID string
}

func compareUserIDs(a, b userID) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

// users maps ids to keys and back, for the users a batch touches.
type users struct {
	keys  map[userID]int32
	ids   map[int32]userID
	fresh map[int32]bool // keys given in this batch
}

// nobody is the id under which an event without user is kept. Those without a session are spread over several keys, so
// that no shard runs hot.
func nobody(e *event.Event) userID {
	if e.SessionID != "" {
		return userID{kindNone, "session:" + e.SessionID}
	}
	return userID{kindNone, event.NobodyID(int(crc32.ChecksumIEEE(e.Key[:]) % event.NobodyKeys))}
}

// keysFor makes sure that every id has a key.
func (b *batch) keysFor(ctx context.Context, wanted map[userID]bool) error {
	var kinds, ids []string
	// In order, so that the same events give the same keys.
	for _, id := range slices.SortedFunc(maps.Keys(wanted), compareUserIDs) {
		if _, known := b.users.keys[id]; !known {
			kinds, ids = append(kinds, id.Kind), append(ids, id.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := b.tx.Query(ctx, `
		select k.kind::text, k.id, k.key
		  from unnest($1::text[], $2::text[]) asked (kind, id)
		  join footfall.user_keys k on k.id = asked.id and k.kind = asked.kind::footfall.user_kind`, kinds, ids)
	if err != nil {
		return fmt.Errorf("read user keys: %w", err)
	}
	var id userID
	var key int32
	if _, err = pgx.ForEachRow(rows, []any{&id.Kind, &id.ID, &key}, func() error {
		b.users.remember(id, key)
		return nil
	}); err != nil {
		return fmt.Errorf("read user keys: %w", err)
	}
	return b.newUsers(ctx, kinds, ids)
}

func (b *batch) newUsers(ctx context.Context, kinds, ids []string) error {
	var newKinds, newIDs []string
	var newKeys []int32
	for i := range ids {
		id := userID{kinds[i], ids[i]}
		if _, known := b.users.keys[id]; known {
			continue
		}
		b.memory.last.User++
		key := b.memory.last.User
		b.users.remember(id, key)
		b.users.fresh[key] = true
		newKinds, newIDs, newKeys = append(newKinds, id.Kind), append(newIDs, id.ID), append(newKeys, key)
	}
	if len(newIDs) == 0 {
		return nil
	}
	if _, err := b.tx.Exec(ctx, `
		insert into footfall.user_keys (kind, id, key)
		select kind::footfall.user_kind, id, key from unnest($1::text[], $2::text[], $3::int[]) new (kind, id, key)`,
		newKinds, newIDs, newKeys); err != nil {
		return fmt.Errorf("write user keys: %w", err)
	}
	if _, err := b.tx.Exec(ctx, `
		insert into footfall.users (kind, id, key)
		select kind::footfall.user_kind, id, key from unnest($1::text[], $2::text[], $3::int[]) new (kind, id, key)`,
		newKinds, newIDs, newKeys); err != nil {
		return fmt.Errorf("write users: %w", err)
	}
	return nil
}

func (u *users) remember(id userID, key int32) { u.keys[id], u.ids[key] = key, id }

// assignUsers gives each record its user, moves stored events whose session's user became known, and drops what is
// stored already. It returns the records that are new to their users, the moved ones among them.
func (b *batch) assignUsers(ctx context.Context, records []*record) ([]*record, error) {
	var identified, others []*record
	wanted := map[userID]bool{}
	for _, r := range records {
		if r.Identified {
			identified = append(identified, r)
			wanted[userID{kindUser, r.Sent.UserID}] = true
		} else {
			others = append(others, r)
		}
	}
	if err := b.keysFor(ctx, wanted); err != nil {
		return nil, err
	}
	for _, r := range identified {
		r.UserKey = b.users.keys[userID{kindUser, r.Sent.UserID}]
	}
	if err := b.readProfiles(ctx, identified); err != nil {
		return nil, err
	}
	if err := b.readSessions(ctx, records); err != nil {
		return nil, err
	}
	identified, others, err := b.foldVersions(ctx, identified, others)
	if err != nil {
		return nil, err
	}
	// Only events that count can say whose session it is, so the identified ones are sifted first.
	identified, err = b.dropStored(ctx, identified)
	if err != nil {
		return nil, err
	}
	owners, err := b.owners(ctx, identified)
	if err != nil {
		return nil, err
	}
	moved, err := b.moveToOwners(ctx, owners)
	if err != nil {
		return nil, err
	}
	if err := b.assignOthers(ctx, others, owners); err != nil {
		return nil, err
	}
	if others, err = b.dropMoved(ctx, others, moved); err != nil {
		return nil, err
	}
	others, err = b.dropStored(ctx, others)
	if err != nil {
		return nil, err
	}
	return slices.Concat(identified, others, moved), nil
}

// assignOthers gives events without usr.id to their session's owner, else their anonymous id, else nobody.
func (b *batch) assignOthers(ctx context.Context, records []*record, owners map[int64]int32) error {
	wanted := map[userID]bool{}
	id := func(r *record) userID {
		if r.Sent.AnonymousID != "" {
			return userID{kindAnonymous, r.Sent.AnonymousID}
		}
		return nobody(r.Sent)
	}
	for _, r := range records {
		switch r.UserKey = owners[r.SessionKey]; {
		case r.UserKey == 0:
			wanted[id(r)] = true
		case b.settings.openImports:
			r.AnonymousID = r.Sent.AnonymousID
		}
	}
	if err := b.keysFor(ctx, wanted); err != nil {
		return err
	}
	for _, r := range records {
		if r.UserKey == 0 {
			r.UserKey = b.users.keys[id(r)]
		}
	}
	return b.readProfiles(ctx, records)
}
