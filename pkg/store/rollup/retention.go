package rollup

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store/blocks"
)

const (
	// retentionBatch is how many sessions one transaction removes.
	retentionBatch = 5000
	// retentionSlack keeps sessions a day longer than late events are taken, so that none comes for a removed session.
	retentionSlack = 24 * time.Hour
)

const (
	// retainEvery is how often the worker applies retention.
	retainEvery = time.Hour
	// retainPoll is how often a worker looks whether it is time to.
	retainPoll = time.Minute
)

// retain applies retention now and then until ctx ends, beside the roll-up, since it may have to wait for readers. Of
// several workers one does it.
func (w *worker) retain(ctx context.Context) {
	for ctx.Err() == nil {
		removed, err := w.retainIfDue(ctx)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			err = fmt.Errorf("retention: %w", err)
			w.opts.Logf("%v; trying again later", err)
			w.failed(ctx, err)
		case removed != (Removed{}):
			w.opts.Logf("retention removed %d events and %d sessions", removed.Events, removed.Sessions)
			w.opts.OnRemoved(removed)
		}
		_ = sleep(ctx, retainPoll)
	}
}

func (w *worker) retainIfDue(ctx context.Context) (Removed, error) {
	tag, err := w.pool.Exec(ctx, `
		update footfall.worker
		   set retained_at = clock_timestamp()
		 where coalesce(retained_at < clock_timestamp() - make_interval(secs => $1), true)
		   and (exists (select from footfall.settings where session_retention is not null)
		        or exists (select from footfall.import_duplicates))`, retainEvery.Seconds())
	if err != nil || tag.RowsAffected() == 0 {
		return Removed{}, err
	}
	return Retain(ctx, w.pool)
}

// Removed tells what retention removed.
type Removed struct {
	Events   int64 `json:"events"`
	Sessions int64 `json:"sessions"`
}

// Retain removes what is older than footfall.settings says: sessions in batches, events by whole months. Profiles stay.
// Neither writers nor readers wait for it.
func Retain(ctx context.Context, pool *pgxpool.Pool) (Removed, error) {
	var removed Removed
	var events, sessions *time.Time
	err := pool.QueryRow(ctx, `
		select clock_timestamp() - event_retention, clock_timestamp() - session_retention from footfall.settings`).Scan(
		&events, &sessions)
	if err != nil {
		return removed, fmt.Errorf("read the retention settings: %w", err)
	}
	if err := dropHeld(ctx, pool, sessions); err != nil {
		return removed, err
	}
	if sessions != nil {
		if removed.Sessions, err = removeSessions(ctx, pool, sessions.Add(-retentionSlack)); err != nil {
			return removed, err
		}
	}
	if events != nil {
		if removed.Events, err = removeEvents(ctx, pool, events.Add(-retentionSlack)); err != nil {
			return removed, err
		}
	}
	if sessions != nil {
		err = purgeDead(ctx, pool, sessions.Add(-retentionSlack))
	}
	return removed, err
}

const removeSessionsSQL = `
with gone as (
  delete from footfall.sessions
   where ctid = any (array(select ctid from footfall.sessions where start_ts < $1 and end_ts < $1 limit $2))
  returning user_key, session_key, start_ts
), unpacked as (
  delete from footfall.tail t
   using gone
   where t.bucket = gone.user_key % (select buckets from footfall.columns)
     and t.user_key = gone.user_key and t.session_key = gone.session_key
  returning t.user_key, t.session_key
), dead as (
  select array_agg(user_key order by user_key, session_key) as users, array_agg(session_key order by user_key, session_key) as keys,
         array_agg(start_ts order by user_key, session_key) as starts
    from gone
   where exists (select from footfall.blocks)
     and not exists (select from unpacked u where u.user_key = gone.user_key and u.session_key = gone.session_key)
)
update footfall.worker
   set sessions = sessions - (select count(*) from gone),
       sessions_from = case when exists (select from gone) then greatest(sessions_from, $1) else sessions_from end
returning (select count(*) from gone), (select users from dead), (select keys from dead), (select starts from dead)`

func removeSessions(ctx context.Context, pool *pgxpool.Pool, before time.Time) (int64, error) {
	var sum int64
	for {
		var n int64
		err := exclusive(ctx, pool, func(tx pgx.Tx) error {
			var users []int32
			var keys []int64
			var starts []time.Time
			if err := tx.QueryRow(ctx, removeSessionsSQL, before, retentionBatch).Scan(&n, &users, &keys, &starts); err != nil {
				return err
			}
			dead := make([]blocks.Death, len(users))
			for i := range dead {
				dead[i] = blocks.Death{Start: starts[i].UnixMilli(), User: users[i], Key: keys[i]}
			}
			return bury(ctx, tx, dead)
		})
		if err != nil {
			return sum, fmt.Errorf("remove old sessions: %w", err)
		}
		if sum += n; n < retentionBatch {
			return sum, nil
		}
	}
}

// partition is a month of footfall.events.
type partition struct {
	Name     string
	Attached bool
	Pending  bool // a detach was interrupted

	end time.Time // of the month
}

const partitionsSQL = `
select c.relname, i.inhrelid is not null, coalesce(i.inhdetachpending, false)
  from pg_class c
  left join pg_inherits i on i.inhrelid = c.oid
 where c.relnamespace = 'footfall'::regnamespace and c.relkind = 'r' and c.relname ~ '^events_[0-9]{4}_[0-9]{2}$'
 order by c.relname`

// removeEvents drops the partitions of months that are wholly past, and finishes what a crash left half done. Sessions that
// reach over them are cut first.
func removeEvents(ctx context.Context, pool *pgxpool.Pool, before time.Time) (int64, error) {
	rows, err := pool.Query(ctx, partitionsSQL)
	if err != nil {
		return 0, fmt.Errorf("list partitions: %w", err)
	}
	partitions, err := pgx.CollectRows(rows, pgx.RowToStructByPos[partition])
	if err != nil {
		return 0, fmt.Errorf("list partitions: %w", err)
	}
	partitions, err = past(partitions, before)
	if err != nil || len(partitions) == 0 {
		return 0, err
	}
	if err := cutSessions(ctx, pool, partitions[len(partitions)-1].end); err != nil {
		return 0, err
	}
	var sum int64
	for _, p := range partitions {
		n, err := dropPartition(ctx, pool, p)
		if err != nil {
			return sum, fmt.Errorf("remove %s: %w", p.Name, err)
		}
		sum += n
	}
	return sum, nil
}

// past keeps the months that are over before a time.
func past(partitions []partition, before time.Time) ([]partition, error) {
	var list []partition
	for _, p := range partitions {
		month, err := time.Parse("events_2006_01", p.Name)
		if err != nil {
			return nil, fmt.Errorf("partition %s is not named after a month: %w", p.Name, err)
		}
		if p.end = month.AddDate(0, 1, 0); !p.end.After(before) {
			list = append(list, p)
		}
	}
	return list, nil
}

// dropPartition detaches concurrently, which lets readers go on and cannot run in a transaction, and then drops.
func dropPartition(ctx context.Context, pool *pgxpool.Pool, p partition) (int64, error) {
	table := pgx.Identifier{"footfall", p.Name}.Sanitize()
	if p.Attached {
		how := "concurrently"
		if p.Pending {
			how = "finalize"
		}
		if _, err := pool.Exec(ctx, `alter table footfall.events detach partition `+table+` `+how); err != nil {
			return 0, err
		}
	}
	var n int64
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, `select count(*) from `+table).Scan(&n); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `drop table `+table); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `update footfall.worker set events = events - $1`, n)
		return err
	})
	return n, err
}
