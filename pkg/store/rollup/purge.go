package rollup

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store/blocks"
)

// Copies that count no more stay in their blocks. Where they have to go, their blocks are written anew without them, with the numbers
// that they had: what was dead stays dead, what counts counts.

// purge writes the blocks of a bucket anew that have copies which drop takes, under the worker's lock. deaths are merged ones of the
// bucket.
func purge(ctx context.Context, tx pgx.Tx, heads []blocks.Head, deaths []blocks.Death, drop func(s *blocks.Session, dead bool) bool) error {
	var r blocks.Reader
	for _, head := range heads {
		anew := packing{bucket: head.Bucket, from: []int64{head.ID}}
		changed := false
		err := readBlock(ctx, tx, &r, head, deaths, func() {
			kept := r.Without(drop)
			if changed = len(kept) < r.Len(); changed {
				anew.into = blocks.Rows(head.Bucket, head.Number, kept)
			}
		})
		if err == nil && changed {
			err = anew.swap(ctx, tx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// readBlock unpacks a block, buries the copies that count no more, and calls take while it is at hand.
func readBlock(ctx context.Context, tx pgx.Tx, r *blocks.Reader, head blocks.Head, deaths []blocks.Death, take func()) error {
	statement := blocks.Statement(blocks.All, "b.bucket = $1 and b.id = $2", head.Bucket, head.ID)
	return blocks.Each(ctx, tx, statement, func(row *blocks.Row) error {
		if err := r.Decode(&row.Block, blocks.All); err != nil {
			return unreadable(head, err)
		}
		r.Bury(head.Deaths(deaths))
		take()
		return nil
	})
}

func unreadable(head blocks.Head, err error) error {
	return fmt.Errorf("block %d of bucket %d: %w; `footfall rebuild --columns` repairs it", head.ID, head.Bucket, err)
}

// purgeDead takes the copies that count no more out of all blocks with sessions that started before a time, one bucket in each
// transaction.
func purgeDead(ctx context.Context, pool *pgxpool.Pool, before time.Time) error {
	var buckets []int16
	if err := pool.QueryRow(ctx, `
		select coalesce(array_agg(distinct bucket order by bucket), '{}') from footfall.blocks where min_start < $1`, before).Scan(&buckets); err != nil {
		return fmt.Errorf("look for blocks: %w", err)
	}
	for _, bucket := range buckets {
		err := exclusive(ctx, pool, func(tx pgx.Tx) error {
			deaths, err := blocks.ReadDeaths(ctx, tx, "d.bucket = $1", bucket)
			if err != nil || len(deaths[bucket]) == 0 {
				return err
			}
			heads, err := blocks.ReadHeads(ctx, tx, "b.bucket = $1 and b.min_start < $2", bucket, before)
			if err != nil {
				return err
			}
			var concerned []blocks.Head
			for _, head := range heads {
				if len(head.Deaths(deaths[bucket])) > 0 {
					concerned = append(concerned, head)
				}
			}
			if err := purge(ctx, tx, concerned, deaths[bucket], func(_ *blocks.Session, dead bool) bool { return dead }); err != nil {
				return err
			}
			return tidy(ctx, tx, bucket, 0)
		})
		if err != nil {
			return fmt.Errorf("remove dead sessions from blocks: %w", err)
		}
	}
	return nil
}

// sealedOf are keys of people in gone, and of sessions that they have: other users' blocks may hold copies of these, from before it
// was known whose they are.
type sealedOf struct {
	users    map[int32]bool
	sessions map[int64]bool
}

// readSealedOf reads them, before the sessions are removed; nil where there are no blocks.
func readSealedOf(ctx context.Context, tx pgx.Tx) (*sealedOf, error) {
	var some bool
	var users []int32
	var sessions []int64
	err := tx.QueryRow(ctx, `
		select exists (select from footfall.blocks),
		       (select coalesce(array_agg(key), '{}') from gone where key is not null),
		       array(select s.session_key from footfall.sessions s join gone g on g.key = s.user_key
		              union
		             select e.session_key from footfall.events e join gone g on g.key = e.user_key where e.session_key <> 0)`).Scan(
		&some, &users, &sessions)
	if err != nil || !some {
		return nil, err
	}
	of := sealedOf{map[int32]bool{}, map[int64]bool{}}
	for _, user := range users {
		of.users[user] = true
	}
	for _, key := range sessions {
		of.sessions[key] = true
	}
	return &of, nil
}

// forget takes every copy of the people's sessions out of all blocks, those that count and those that do not, and what is written of
// their deaths. It reads the keys in all blocks.
func (of *sealedOf) forget(ctx context.Context, tx pgx.Tx) error {
	if of == nil {
		return nil
	}
	byBucket, err := of.find(ctx, tx)
	if err != nil {
		return err
	}
	deaths, err := blocks.ReadDeaths(ctx, tx, "true")
	if err != nil {
		return err
	}
	for bucket, heads := range byBucket {
		if err := purge(ctx, tx, heads, deaths[bucket], func(s *blocks.Session, dead bool) bool {
			return of.users[s.User] || dead && of.sessions[s.Key]
		}); err != nil {
			return err
		}
	}
	for bucket, all := range deaths {
		var rest []blocks.Death
		for _, d := range all {
			if !of.users[d.User] && !of.sessions[d.Key] {
				rest = append(rest, d)
			}
		}
		if len(rest) == len(all) {
			continue
		}
		if err := replaceDeaths(ctx, tx, bucket, rest); err != nil {
			return err
		}
	}
	return nil
}

// find looks for the blocks with copies of the sessions, by bucket.
func (of *sealedOf) find(ctx context.Context, tx pgx.Tx) (map[int16][]blocks.Head, error) {
	found := map[int16][]blocks.Head{}
	var r blocks.Reader
	var s blocks.Session
	keys := blocks.Of(blocks.Users, blocks.Keys)
	err := blocks.Each(ctx, tx, blocks.Statement(keys, "true"), func(row *blocks.Row) error {
		head := blocks.Head{Bucket: row.Bucket, ID: row.ID, Sessions: row.Sessions, Events: row.Events, Extent: row.Extent()}
		if err := r.Decode(&row.Block, keys); err != nil {
			return unreadable(head, err)
		}
		for i := range r.Len() {
			if r.Session(i, &s); of.users[s.User] || of.sessions[s.Key] {
				found[row.Bucket] = append(found[row.Bucket], head)
				break
			}
		}
		return nil
	})
	return found, err
}
