package columns

import (
	"context"

	"github.com/footfall-analytics/footfall/pkg/store/blocks"
)

// block is one on its way to a goroutine, and which of its copies may not count.
type block struct {
	blocks.Row
	deaths []blocks.Death
}

const ofUsers = "\n   and b.bucket in (select w.user_key % (select buckets from footfall.columns) from unnest($3::integer[]) w (user_key))"

// Deaths outside of the range are of sessions that are not handed over anyway.
const (
	deathsWithin   = "d.min_start < $2 and d.max_start >= $1"
	deathsReaching = "d.min_start < $1"
)

// blocksInside are those all of whose events are in the range, and times what is not asked of them then.
const blocksInside = "b.min_start >= $1 and b.max_end < $2"

const times blocks.Set = 1<<blocks.Offsets | 1<<blocks.Ends

// columnsOf are those that are read of a block.
func (h *hand) columnsOf(b *block) blocks.Set {
	if h.NoTimesInside && b.MinStart >= h.from && b.MaxEnd < h.to {
		return h.want &^ times
	}
	return h.want
}

// columns are those that sessions are handed over with.
func (s Scan) columns() blocks.Set {
	want := blocks.Of(blocks.Users, blocks.Keys, blocks.Flags)
	if !s.NoPlaces {
		want |= blocks.Of(blocks.Attributes)
	}
	if !s.NoEvents {
		want |= blocks.Of(blocks.Tokens, blocks.Offsets)
	}
	if s.Durations {
		want |= blocks.Of(blocks.Durations)
	}
	if s.Reaching {
		want |= blocks.Of(blocks.Ends)
	}
	return want
}

// readBlocks takes the blocks as they lie: those of one bucket do not come one after another, so that all goroutines have
// something to do.
func (r *reading) readBlocks(ctx context.Context, in buckets) error {
	if r.deaths == nil {
		if err := r.readDeaths(ctx); err != nil {
			return err
		}
	}
	wanted := blocks.Wanted{Columns: r.columns()}
	if r.Said != nil {
		wanted.Said = r.Said.Names
	}
	if r.NoTimesInside {
		wanted.NotWhere, wanted.Not = blocksInside, times
	}
	statement := wanted.Statement(r.blocks(), r.From, r.To)
	if r.Users != nil {
		statement.SQL, statement.Args = statement.SQL+ofUsers, append(statement.Args, r.Users)
	}
	if in != allBuckets {
		statement = in.narrow(statement, "b")
	}
	r.did(statement, in)
	return wanted.Each(ctx, r.db, statement, func(row *blocks.Row) error {
		one := &block{*row, row.Extent().Deaths(r.deaths[row.Bucket])}
		if err := r.out.send(r.out.worker(int32(row.Bucket)), &chunk{block: one}); err != nil {
			return ended(ctx, r.db, err)
		}
		return nil
	})
}

func (r *reading) readDeaths(ctx context.Context) (err error) {
	if r.Reaching {
		r.deaths, err = blocks.ReadDeaths(ctx, r.db, deathsReaching, r.To)
	} else {
		r.deaths, err = blocks.ReadDeaths(ctx, r.db, deathsWithin, r.From, r.To)
	}
	if err != nil {
		return damaged("footfall.dead", err)
	}
	return nil
}

// readBuckets takes a bucket for each goroutine at a time: none holds more than one in memory.
func (r *reading) readBuckets(ctx context.Context) error {
	step := int32(len(r.out.workers)) //nolint:gosec // few
	for from := int32(0); from < r.out.buckets; from += step {
		in := buckets{from, min(from+step, r.out.buckets)}
		if err := r.readTail(ctx, in); err != nil {
			return err
		}
		if err := r.readBlocks(ctx, in); err != nil {
			return err
		}
		if err := r.out.endBuckets(); err != nil {
			return err
		}
	}
	return nil
}
