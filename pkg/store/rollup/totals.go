package rollup

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store"
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

// write adds it to what is stored.
func (s spread) write(ctx context.Context, tx pgx.Tx) error {
	var totals []string
	var values, users []int64
	for at, n := range s {
		if n != 0 {
			totals, values, users = append(totals, at.total), append(values, at.value), append(users, n)
		}
	}
	if len(totals) == 0 {
		return nil
	}
	if err := run(ctx, tx, statement{spreadSQL, []any{totals, values, users}, nil},
		statement{unspreadSQL, []any{totals, values}, nil}); err != nil {
		return fmt.Errorf("count users by their totals: %w", err)
	}
	return nil
}

// forgetTotals counts without the people in gone, whose profiles are still there.
var forgetTotals = []statement{
	{`
update footfall.profile_totals t
   set users = t.users - gone.users
  from (` + store.CountTotals(`footfall.profiles p join gone g on g.key = p.user_key where not p.anonymous`) + `) gone
 where t.total = gone.total and t.value = gone.value`, nil, nil},
	{`delete from footfall.profile_totals where users = 0`, nil, nil},
}

// recountTotals counts all users anew.
var recountTotals = []statement{
	{`delete from footfall.profile_totals`, nil, nil},
	{`insert into footfall.profile_totals (total, value, users)` + store.CountTotals(`footfall.profiles where not anonymous`), nil, nil},
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
