package check

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// totalsSQL counts users by what they have of each total, and finds where footfall.profile_totals says something else.
const totalsSQL = `
with counted as (
select t.total, t.value, count(*) as users
  from footfall.profiles p
 cross join lateral (values ('sessions', p.sessions::bigint), ('views', p.views), ('actions', p.actions), ('errors', p.errors),
                            ('frustrations', p.frustrations), ('events', p.events)) t (total, value)
 where not p.anonymous
 group by t.total, t.value
)
select coalesce(c.total, k.total), coalesce(c.value, k.value), coalesce(c.users, 0), coalesce(k.users, 0)
  from counted c
  full join footfall.profile_totals k on k.total = c.total and k.value = c.value
 where c.users is distinct from k.users
 order by 1, 2`

func (r *Report) checkTotals(ctx context.Context, pool *pgxpool.Pool) error {
	err := snapshot(ctx, pool, store.NoJIT, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, totalsSQL)
		if err != nil {
			return err
		}
		var total string
		var value, users, kept int64
		_, err = pgx.ForEachRow(rows, []any{&total, &value, &users, &kept}, func() error {
			r.add(Difference{Problem: fmt.Sprintf(
				"%d users have %d %s, and footfall.profile_totals says %d; `footfall rebuild` counts them anew", users, value, total, kept)})
			return nil
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("compare users' totals: %w", err)
	}
	return nil
}
