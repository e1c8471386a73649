package segment

import (
	"context"
	"errors"
	"fmt"
	"time"

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
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error { return refresh(ctx, tx, id) })
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

func refresh(ctx context.Context, tx pgx.Tx, id string) error {
	began := time.Now()
	if _, err := tx.Exec(ctx, fmt.Sprintf(`set local statement_timeout = %d; `+store.BoundedPlans, refreshTimeout.Milliseconds())); err != nil {
		return fmt.Errorf("set the time-out: %w", err)
	}
	s, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	var mine bool
	if err := tx.QueryRow(ctx, lockSQL, s.Key).Scan(&mine); err != nil {
		return fmt.Errorf("lock the segment: %w", err)
	}
	if !mine {
		return ErrBusy
	}
	outcome, err := replaceMembers(ctx, tx, s)
	if err != nil {
		return err
	}
	if outcome.changed() {
		if err := markUsers(ctx, tx, id); err != nil {
			return err
		}
	}
	if err := outcome.store(ctx, tx, s, time.Since(began)); err != nil || s.Kind != Static {
		return err
	}
	return countList(ctx, tx, s.Key, s.Identity)
}

// outcome of a computation.
type outcome struct {
	size, universe, gone, added int64
}

func (o outcome) changed() bool { return o.gone+o.added > 0 }

// membersChangeSQL brings segment_members to what a SELECT of user_key yields, touching only what differs. Who is gone is
// an anti-join: "not in" would scan all of fresh for every member once its hash outgrows work_mem. Who is new is told by
// the primary key: an anti-join may read the whole table for every user where the planner knows it as empty, and it grows
// with each user that this very statement adds.
const membersChangeSQL = `
with fresh as materialized (
%[1]s
), gone as (
delete from footfall.segment_members m
 where m.segment_key = %[2]d and not exists (select from fresh f where f.user_key = m.user_key)
returning 1
), added as (
insert into footfall.segment_members (user_key, segment_key)
select f.user_key, %[2]d
  from fresh f
    on conflict do nothing
returning 1
)
select (select count(*) from fresh), (select count(*) from gone), (select count(*) from added),
       (select count(*) from footfall.profiles p where %[3]s)`

func replaceMembers(ctx context.Context, tx pgx.Tx, s Segment) (outcome, error) {
	var params store.Params
	members, err := s.membersSQL(ctx, tx, &params)
	if err != nil {
		return outcome{}, err
	}
	var o outcome
	err = tx.QueryRow(ctx, fmt.Sprintf(membersChangeSQL, members, s.Key, s.universe()), params.Values...).Scan(
		&o.size, &o.gone, &o.added, &o.universe)
	if err != nil {
		return o, fmt.Errorf("compute the members: %w", err)
	}
	return o, nil
}

// universe is the condition on profiles p of the users there are to choose from: for a list, the anonymous ones where it
// holds some, as that of a segment that was frozen with them.
func (s Segment) universe() string {
	if s.Definition != nil {
		return s.Definition.universe()
	}
	return fmt.Sprintf("(not p.anonymous or exists (select from footfall.segment_lists l where l.segment_key = %d and l.anonymous))", s.Key)
}

// membersSQL is a SELECT of the members' user_key.
func (s Segment) membersSQL(ctx context.Context, db store.Querier, params *store.Params) (string, error) {
	if s.Kind == Static {
		return listMembersSQL(s.Key, s.Identity), nil
	}
	names, err := filter.ReadNames(ctx, db)
	if err != nil {
		return "", err
	}
	return s.Definition.Compile(Env{Now: time.Now(), Names: names}, params)
}

// store writes the outcome. Where the segment, or what it uses, was changed meanwhile it stays stale.
func (o outcome) store(ctx context.Context, tx pgx.Tx, s Segment, took time.Duration) error {
	ms := float64(took) / float64(time.Millisecond)
	if _, err := tx.Exec(ctx, `
		update footfall.segments
		   set computed_at = clock_timestamp(), computed_version = $2, took_ms = $3, size = $4, universe = $5,
		       error = null, error_at = null, stale = marks <> $6
		 where key = $1`, s.Key, s.Version, ms, o.size, o.universe, s.marks); err != nil {
		return fmt.Errorf("store the outcome: %w", err)
	}
	_, err := tx.Exec(ctx, `
		insert into footfall.segment_sizes (segment_key, computed_at, version, size, universe, took_ms)
		values ($1, clock_timestamp(), $2, $3, $4, $5)`, s.Key, s.Version, o.size, o.universe, ms)
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
