package segment

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// tryLockSQL and lockSQL keep computations of one segment, by its key, apart until the end of the transaction; the first one
// tells when that began.
const (
	tryLockSQL = `select pg_try_advisory_xact_lock(hashtext('footfall segment'), $1::int), now()`
	lockSQL    = `select pg_advisory_xact_lock(hashtext('footfall segment'), $1::int)`
)

// AddComputing adds to segments whether they are being computed now, wherever that is: whoever does it holds the lock.
func AddComputing(ctx context.Context, db store.Querier, list []Segment) error {
	rows, err := db.Query(ctx, `
		select objid::bigint::integer
		  from pg_locks
		 where locktype = 'advisory' and objsubid = 2 and granted and classid = hashtext('footfall segment')::oid
		   and database = (select oid from pg_database where datname = current_database())`)
	if err != nil {
		return fmt.Errorf("look for what is being computed: %w", err)
	}
	keys, err := pgx.CollectRows(rows, pgx.RowTo[int32])
	if err != nil {
		return fmt.Errorf("look for what is being computed: %w", err)
	}
	for i := range list {
		for _, key := range keys {
			list[i].Computing = list[i].Computing || list[i].Key == key
		}
	}
	return nil
}
