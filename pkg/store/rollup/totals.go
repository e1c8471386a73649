package rollup

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// footfall.profile_totals holds how many users with a usr.id have each number of sessions, events and so on, so that one user is
// compared with all without reading all profiles. Whoever changes profiles changes it in the same transaction.

// totalNames are the columns of footfall.profiles that are counted.
var totalNames = [...]string{"sessions", "views", "actions", "errors", "frustrations", "events"}

// userTotals are a user's, in the order of totalNames.
type userTotals [len(totalNames)]int64

func (p *profile) userTotals() userTotals {
	return userTotals{int64(p.Sessions), p.Views, p.Actions, p.Errors, p.Frustrations, p.Events}
}

// spread is how many users more or less have a value.
type spread map[totalValue]int64

type totalValue struct {
	total string
	value int64
}

// add counts n users more with such totals. Visitors without a usr.id are not counted.
func (s spread) add(p *profile, totals userTotals, n int64) {
	if p.Anonymous {
		return
	}
	for i, value := range totals {
		s[totalValue{totalNames[i], value}] += n
	}
}

const spreadSQL = `
insert into footfall.profile_totals as t (total, value, users)
select * from unnest($1::text[], $2::bigint[], $3::bigint[])
    on conflict (total, value) do update set users = t.users + excluded.users`

// Nobody has these values any more. Without the worker's lock, under which this runs, others could count meanwhile.
const unspreadSQL = `
delete from footfall.profile_totals t
 using unnest($1::text[], $2::bigint[]) had (total, value)
 where t.total = had.total and t.value = had.value and t.users = 0`

// write adds it to what is stored, and empties it.
func (s spread) write(ctx context.Context, tx pgx.Tx) error {
	var changed, left spreadRows
	for at, n := range s {
		if n != 0 {
			changed.add(at, n)
		}
		if n < 0 {
			left.add(at, n)
		}
	}
	clear(s)
	if len(changed.totals) == 0 {
		return nil
	}
	if err := run(ctx, tx, statement{spreadSQL, []any{changed.totals, changed.values, changed.users}, nil},
		statement{unspreadSQL, []any{left.totals, left.values}, nil}); err != nil {
		return fmt.Errorf("count users by their totals: %w", err)
	}
	return nil
}

// spreadRows are rows of footfall.profile_totals, by columns.
type spreadRows struct {
	totals        []string
	values, users []int64
}

func (r *spreadRows) add(at totalValue, users int64) {
	r.totals, r.values, r.users = append(r.totals, at.total), append(r.values, at.value), append(r.users, users)
}

// spreadOf counts the users with a usr.id among the profiles p that a from clause names.
func spreadOf(from string) string {
	return `
select case when p.sessions is not null then 'sessions' when p.views is not null then 'views' when p.actions is not null then 'actions'
            when p.errors is not null then 'errors' when p.frustrations is not null then 'frustrations' else 'events' end as total,
       coalesce(p.sessions, p.views, p.actions, p.errors, p.frustrations, p.events) as value, count(*) as users
  from ` + from + `
 where not p.anonymous
 group by grouping sets ((p.sessions), (p.views), (p.actions), (p.errors), (p.frustrations), (p.events))`
}

// forgetTotals counts without the people in gone, whose profiles are still there.
var forgetTotals = []statement{
	{`
update footfall.profile_totals t
   set users = t.users - gone.users
  from (` + spreadOf(`footfall.profiles p join gone g on g.key = p.user_key`) + `) gone
 where t.total = gone.total and t.value = gone.value`, nil, nil},
	{`delete from footfall.profile_totals where users = 0`, nil, nil},
}

// recountTotals counts all users anew.
var recountTotals = []statement{
	{`delete from footfall.profile_totals`, nil, nil},
	{`insert into footfall.profile_totals (total, value, users)` + spreadOf(`footfall.profiles p`), nil, nil},
}

// Each user has a number of sessions, so that the users of all of these are as many as there are.
const totalsMissSQL = `
select w.users <> (select coalesce(sum(users), 0) from footfall.profile_totals where total = 'sessions')
  from footfall.worker w`

// lookForTotals has users counted anew where a restored dump lacks how many have which totals.
func (w *worker) lookForTotals(ctx context.Context) error {
	var miss bool
	if err := w.pool.QueryRow(ctx, totalsMissSQL).Scan(&miss); err != nil {
		return fmt.Errorf("compare how many users are counted: %w", err)
	}
	if !miss {
		return nil
	}
	w.opts.Logf("footfall.profile_totals does not hold all users, as after a restore without it; they are counted anew")
	if err := exclusive(ctx, w.pool, func(tx pgx.Tx) error { return run(ctx, tx, recountTotals...) }); err != nil {
		return fmt.Errorf("count users by their totals anew: %w", err)
	}
	return nil
}
