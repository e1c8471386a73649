package columns

import (
	"context"
	"fmt"
	"time"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// layout is how the store keeps sessions.
type layout struct {
	state
	isBuilt bool  // those that may be wanted are packed
	buckets int32 // there are
	sealed  int64 // events in blocks that reach into the range: of the bucket that has the most
}

// isLarge tells whether to read the blocks takes some tenths of a second.
func (l layout) isLarge() bool { return l.sealed*int64(l.buckets) > 2<<20 }

const (
	blocksWithin   = "b.min_start < $2 and b.max_start >= $1"
	blocksReaching = "b.min_start < $2 and b.max_end >= $1"
)

// layoutSQL: of sessions that start before the range some may reach into it, however long before. After a restore without packed
// sessions they are missing until a worker has begun to pack them anew.
const layoutSQL = `select case when $3 then c.built_from = '-infinity' else c.built_from <= $1 end
         and (exists (select from footfall.blocks) or c.number = 0 and exists (select from footfall.tail)),
       c.buckets, pg_postmaster_start_time(), current_database()::text, c.version,
       (select coalesce(max(of_bucket.events), 0)
          from (select sum(b.events)::bigint as events
                  from footfall.blocks b
                 where %s
                 group by b.bucket) of_bucket)
  from footfall.columns c`

func (s Scan) layout(ctx context.Context, db store.Querier) (l layout, err error) {
	l.buckets = 1
	statement := store.Statement{SQL: fmt.Sprintf(layoutSQL, s.blocks()), Args: []any{s.From, s.To, s.Reaching}}
	var server time.Time
	err = statement.Each(ctx, db, []any{&l.isBuilt, &l.buckets, &server, &l.database, &l.version, &l.sealed}, func() error { return nil })
	l.server = server.UnixMicro()
	return l, err
}

// blocks is a condition on blocks b that have sessions of the scan, over $1 and $2.
func (s Scan) blocks() string {
	if s.Reaching {
		return blocksReaching
	}
	return blocksWithin
}

// IsBuilt tells whether all sessions that may be wanted are packed: of others durations of events are not read.
func (s Scan) IsBuilt(ctx context.Context, db store.Querier) (bool, error) {
	l, err := s.layout(ctx, db)
	return l.isBuilt, err
}

// way is where sessions are read from.
type way int

const (
	fromRows    way = iota // of footfall.sessions
	fromTail               // alone
	fromBlocks             // and the tail
	fromBuckets            // likewise, some buckets at a time
)

// MostSorted is how many events of a bucket are sorted in memory, some 15 bytes each. Tests want fewer.
var MostSorted int64 = 4 << 20

// way: sessions that are named, and those of few users, are looked up in their rows, where some are in blocks.
func (s Scan) way(l layout) way {
	switch {
	case !l.isBuilt:
		return fromRows
	case l.sealed == 0:
		return fromTail
	case s.Sessions != nil || s.Users != nil && !s.Durations:
		return fromRows
	case !s.ByUser:
		return fromBlocks
	case l.sealed <= MostSorted:
		return fromBuckets
	}
	return fromRows
}

// buckets are those from one to before another.
type buckets struct{ from, to int32 }

var allBuckets = buckets{}

// narrow has a statement read those rows of a table alone.
func (b buckets) narrow(s store.Statement, table string) store.Statement {
	n := len(s.Args)
	s.SQL += fmt.Sprintf("\n   and %[1]s.bucket >= $%[2]d and %[1]s.bucket < $%[3]d", table, n+1, n+2)
	s.Args = append(s.Args, b.from, b.to)
	return s
}
