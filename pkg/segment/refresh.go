package segment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/segment/deleted"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// ErrBusy says that the segment is being computed already.
var ErrBusy = errors.New("this segment is being computed already; wait for it")

// refreshTimeout is how long one computation may take.
const refreshTimeout = 10 * time.Minute

// Refresh computes a segment's members. A failure keeps those that stand, is stored with the segment, and returned. Two
// never compute one segment at once: the second gets ErrBusy.
func Refresh(ctx context.Context, pool *pgxpool.Pool, id string) error {
	err := refresh(ctx, pool, id)
	if err == nil || errors.Is(err, ErrBusy) || errors.Is(err, ErrNotFound) || ctx.Err() != nil {
		return err
	}
	_, storeErr := pool.Exec(ctx, `
		update footfall.segments set error = $2, error_at = clock_timestamp() where id = $1`, id, inWords(err))
	return errors.Join(err, storeErr)
}

// inWords says why a computation failed, to people who see segments but not logs.
func inWords(err error) string {
	var wrong Error
	var pgErr *pgconn.PgError
	switch {
	case errors.As(err, &wrong):
		return "The definition does not fit the store any more: " + wrong.Error()
	case errors.As(err, &pgErr) && pgErr.Code == "57014":
		return fmt.Sprintf("It took longer than %s and was stopped; make it cheaper, for example with a window", refreshTimeout)
	case errors.As(err, &pgErr):
		return fmt.Sprintf("PostgreSQL answered: %s (%s)", pgErr.Message, pgErr.Code)
	}
	return err.Error()
}

// refresh computes in one snapshot, and stores in another transaction, which sees what others have changed meanwhile. It
// never holds two connections, of which there may be few.
func refresh(ctx context.Context, pool *pgxpool.Pool, id string) error {
	c := computation{began: time.Now()}
	oneSnapshot := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	if err := pgx.BeginTxFunc(ctx, pool, oneSnapshot, func(tx pgx.Tx) error { return c.compute(ctx, tx, id) }); err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error { return c.store(ctx, tx) })
}

// computation is of one segment's members.
type computation struct {
	of       Segment
	began    time.Time
	at       time.Time // when it began, by the database's clock
	members  people
	universe int64
}

var limitsSQL = fmt.Sprintf(`set local statement_timeout = %d; `+store.BoundedPlans, refreshTimeout.Milliseconds())

func (c *computation) compute(ctx context.Context, tx pgx.Tx, id string) error {
	if _, err := tx.Exec(ctx, limitsSQL); err != nil {
		return fmt.Errorf("set the time-out: %w", err)
	}
	var err error
	if c.of, err = Get(ctx, tx, id); err != nil {
		return err
	}
	var mine bool
	if err := tx.QueryRow(ctx, tryLockSQL, c.of.Key).Scan(&mine, &c.at); err != nil {
		return fmt.Errorf("lock the segment: %w", err)
	}
	if !mine {
		return ErrBusy
	}
	if c.members, err = c.of.findMembers(ctx, tx); err != nil {
		return fmt.Errorf("compute the members: %w", err)
	}
	if err := tx.QueryRow(ctx, `select count(*) from footfall.profiles p where `+c.of.universe()).Scan(&c.universe); err != nil {
		return fmt.Errorf("count the users: %w", err)
	}
	return nil
}

func (s Segment) findMembers(ctx context.Context, tx pgx.Tx) (people, error) {
	if s.Kind == Static {
		e := &evaluation{ctx: ctx, db: tx}
		return e.keys(listMembersSQL(s.Key, s.Identity))
	}
	names, err := filter.ReadNames(ctx, tx)
	if err != nil {
		return nil, err
	}
	e := &evaluation{of: *s.Definition, env: Env{Now: time.Now(), Names: names}, ctx: ctx, db: tx}
	return e.members()
}

// store replaces the members, unless those that stand were computed from what is newer.
func (c *computation) store(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, limitsSQL); err != nil {
		return fmt.Errorf("set the time-out: %w", err)
	}
	if _, err := tx.Exec(ctx, lockSQL, c.of.Key); err != nil {
		return fmt.Errorf("lock the segment: %w", err)
	}
	var isOld bool
	err := tx.QueryRow(ctx, isOldSQL, c.of.Key, c.at).Scan(&isOld)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("%w: %q", ErrNotFound, c.of.ID)
	case err != nil:
		return fmt.Errorf("look for newer members: %w", err)
	case isOld:
		return nil
	}
	changed, err := c.replaceMembers(ctx, tx)
	if err != nil {
		return fmt.Errorf("replace the members: %w", err)
	}
	if changed {
		if err := markUsers(ctx, tx, c.of.ID); err != nil {
			return err
		}
	}
	if err := c.storeOutcome(ctx, tx); err != nil || c.of.Kind != Static {
		return err
	}
	return countList(ctx, tx, c.of.Key, c.of.Identity)
}

// isOldSQL tells whether the members that stand come of a computation that began later than at $2.
const isOldSQL = `select coalesce(s.computed_at - s.took_ms * interval '1 ms' > $2, false) from footfall.segments s where s.key = $1`

// A computation touches only the members who came or went. Users who were forgotten meanwhile do not come back.
const (
	standingSQL = `select m.user_key from footfall.segment_members m where m.segment_key = $1`
	removeSQL   = `delete from footfall.segment_members m where m.segment_key = $1 and m.user_key = any ($2)`
	addSQL      = `insert into footfall.segment_members (user_key, segment_key)
select u.key, $1::integer
  from footfall.users u
 where u.key = any ($2)
    on conflict do nothing`
)

func (c *computation) replaceMembers(ctx context.Context, tx pgx.Tx) (changed bool, err error) {
	e := &evaluation{ctx: ctx, db: tx}
	standing, err := e.keys(standingSQL, c.of.Key)
	if err != nil {
		return false, err
	}
	gone, added := roaring.AndNot(standing, c.members), roaring.AndNot(c.members, standing)
	if err := c.change(ctx, tx, removeSQL, gone); err != nil {
		return false, err
	}
	return !gone.IsEmpty() || !added.IsEmpty(), c.change(ctx, tx, addSQL, added)
}

// changedAtOnce is how many members come or go by one statement.
const changedAtOnce = 10_000

// change runs a statement for users, once also for none: who has locked the members is waited for in any case.
func (c *computation) change(ctx context.Context, tx pgx.Tx, sql string, users people) error {
	keys := keysOf(users)
	for {
		n := min(len(keys), changedAtOnce)
		if _, err := tx.Exec(ctx, sql, c.of.Key, keys[:n]); err != nil {
			return err
		}
		if keys = keys[n:]; len(keys) == 0 {
			return nil
		}
	}
}

// universe is the condition on profiles p of the users there are to choose from: for a list, the anonymous ones where it
// holds some, as that of a segment that was frozen with them.
func (s Segment) universe() string {
	if s.Definition != nil {
		return s.Definition.universe()
	}
	return fmt.Sprintf("(not p.anonymous or exists (select from footfall.segment_lists l where l.segment_key = %d and l.anonymous))", s.Key)
}

// storeOutcome writes what came of it. Where the segment, or what it uses, was changed meanwhile it stays stale.
func (c *computation) storeOutcome(ctx context.Context, tx pgx.Tx) error {
	ms := float64(time.Since(c.began)) / float64(time.Millisecond)
	if _, err := tx.Exec(ctx, `
		update footfall.segments
		   set computed_at = clock_timestamp(), computed_version = $2, took_ms = $3, size = $4, universe = $5,
		       error = null, error_at = null, stale = marks <> $6
		 where key = $1`, c.of.Key, c.of.Version, ms, size(c.members), c.universe, c.of.marks); err != nil {
		return fmt.Errorf("store the outcome: %w", err)
	}
	_, err := tx.Exec(ctx, `
		insert into footfall.segment_sizes (segment_key, computed_at, version, size, universe, took_ms)
		values ($1, clock_timestamp(), $2, $3, $4, $5)`, c.of.Key, c.of.Version, size(c.members), c.universe, ms)
	if err != nil {
		return fmt.Errorf("store the size: %w", err)
	}
	return nil
}

// nextSQL is when the schedule of a segment s asks for a computation, null where it has none. One that failed is tried
// again after its usual time, at the latest after five minutes.
const nextSQL = `case when s.error is not null then s.error_at + least(coalesce(s.refresh_minutes, 5), 5) * interval '1 minute'
            else s.computed_at + s.refresh_minutes * interval '1 minute' end`

// dueSQL lists what is to be computed now, those first that others use.
const dueSQL = `
select s.id
  from footfall.segments s
 where ` + nextSQL + ` < clock_timestamp()
    or s.error is null and (s.stale or s.computed_at is null)
 order by (select count(*) from footfall.segment_uses x where x.segment_key = s.key and x.kind = 'segment'), s.computed_at nulls first`

// RefreshOrder lists all segments so that each follows those it uses.
func RefreshOrder(ctx context.Context, db store.Querier) ([]string, error) {
	rows, err := db.Query(ctx, `
		with recursive depth (id, steps) as (
		  select s.id, 0 from footfall.segments s
		   union
		  select s.id, d.steps + 1
		    from depth d
		    join footfall.segment_uses x on x.kind = 'segment' and x.id = d.id
		    join footfall.segments s on s.key = x.segment_key
		)
		select id from depth group by id order by max(steps), id`)
	if err != nil {
		return nil, fmt.Errorf("list segments: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// RefreshDue computes every segment that is due and returns how many were. The errors of single segments are stored with
// them and told to logf. It also removes for good what was deleted long ago.
func RefreshDue(ctx context.Context, pool *pgxpool.Pool, logf func(string, ...any)) (int, error) {
	return refreshDue(ctx, pool, Options{Logf: logf})
}

// Options of Run.
type Options struct {
	Logf      func(string, ...any)                           // told about errors
	OnRefresh func(id string, took time.Duration, err error) // called after each computation; may be nil
}

func refreshDue(ctx context.Context, pool *pgxpool.Pool, o Options) (int, error) {
	if err := deleted.Purge(ctx, pool); err != nil && ctx.Err() == nil {
		o.Logf("segments: %v", err)
	}
	rows, err := pool.Query(ctx, dueSQL)
	if err != nil {
		return 0, fmt.Errorf("list due segments: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return 0, fmt.Errorf("list due segments: %w", err)
	}
	n := 0
	for _, id := range ids {
		began := time.Now()
		err := Refresh(ctx, pool, id)
		switch {
		case ctx.Err() != nil:
			return n, ctx.Err()
		case errors.Is(err, ErrBusy), errors.Is(err, ErrNotFound):
			continue
		case err == nil:
			n++
		default:
			o.Logf("segment %s was not computed: %v", id, err)
		}
		if o.OnRefresh != nil {
			o.OnRefresh(id, time.Since(began), err)
		}
	}
	return n, nil
}

// runEvery is how often Run looks for due segments.
const runEvery = 5 * time.Second

// Run computes segments when they are due, until ctx ends. Several may run, in any number of processes.
func Run(ctx context.Context, pool *pgxpool.Pool, o Options) {
	for ctx.Err() == nil {
		if _, err := refreshDue(ctx, pool, o); err != nil && ctx.Err() == nil {
			o.Logf("segments: %v", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(runEvery):
		}
	}
}
