package check

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store/blocks"
)

// place is where a session stands in the order of starts, users and keys, which is that of blocks.
type place struct {
	start time.Time
	ref
}

func (p place) compare(other place) int {
	return cmp.Or(p.start.Compare(other.start), cmp.Compare(p.user, other.user), cmp.Compare(p.key, other.key))
}

// copyOf is a session's copy in a block that counts.
type copyOf struct {
	place
	bucket int16
	*blocks.Session
}

// window holds the blocks that reach over the sessions at hand, unpacked: most are needed for several pages.
type window struct {
	blocks map[int64]*opened
	failed map[int64]bool // those told to be unreadable
}

type opened struct {
	blocks.Head
	sessions []blocks.Session
}

const overlaps = "max_start >= $1 and ($2::timestamptz is null or min_start <= $2)"

// copies are the copies that count after a place, up to another one or to the end. It tells of blocks that are not readable.
func (w *window) copies(ctx context.Context, tx pgx.Tx, after place, to *place, unreadable func(problem string)) ([]copyOf, error) {
	var until *time.Time
	if to != nil {
		until = &to.start
	}
	heads, err := blocks.ReadHeads(ctx, tx, overlaps, after.start, until)
	if err != nil {
		return nil, err
	}
	if err := w.move(ctx, tx, heads, unreadable); err != nil {
		return nil, err
	}
	deaths, err := readDeaths(ctx, tx, after.start, until)
	if err != nil {
		return nil, err
	}
	var list []copyOf
	for _, block := range w.blocks {
		for i := range block.sessions {
			s := &block.sessions[i]
			at := place{time.UnixMilli(s.Start), ref{s.User, s.Key}}
			if at.compare(after) <= 0 || to != nil && at.compare(*to) > 0 || deaths[deathOf(s.Start, s.User, s.Key)] > block.Number {
				continue
			}
			list = append(list, copyOf{at, block.Bucket, s})
		}
	}
	slices.SortFunc(list, func(a, b copyOf) int { return a.compare(b.place) })
	return list, nil
}

// move closes the blocks that are not among heads, and opens those that are new.
func (w *window) move(ctx context.Context, tx pgx.Tx, heads []blocks.Head, unreadable func(problem string)) error {
	open := map[int64]*opened{}
	var r blocks.Reader
	for _, head := range heads {
		if block := w.blocks[head.ID]; block != nil || w.failed[head.ID] {
			if block != nil {
				open[head.ID] = block
			}
			continue
		}
		statement := blocks.Statement(blocks.All, "b.bucket = $1 and b.id = $2", head.Bucket, head.ID)
		if err := blocks.Each(ctx, tx, statement, func(row *blocks.Row) error {
			if err := r.Decode(&row.Block, blocks.All); err != nil {
				unreadable(fmt.Sprintf("block %d of bucket %d is not readable: %v", head.ID, head.Bucket, err))
				w.failed[head.ID] = true
				return nil
			}
			open[head.ID] = &opened{head, r.Sessions()}
			return nil
		}); err != nil {
			return fmt.Errorf("read blocks: %w", err)
		}
	}
	w.blocks = open
	return nil
}

// death names a copy by what it is in its block.
type death struct {
	start int64
	ref
}

func deathOf(start int64, user int32, key int64) death { return death{start, ref{user, key}} }

// readDeaths reads the greatest number by which each copy died.
func readDeaths(ctx context.Context, tx pgx.Tx, from time.Time, to *time.Time) (map[death]int64, error) {
	lists, err := blocks.ReadDeaths(ctx, tx, overlaps, from, to)
	if err != nil {
		return nil, fmt.Errorf("read dead sessions: %w", err)
	}
	numbers := map[death]int64{}
	for _, list := range lists {
		for _, d := range list {
			at := deathOf(d.Start, d.User, d.Key)
			numbers[at] = max(numbers[at], d.Number)
		}
	}
	return numbers, nil
}

// match gives sessions, in order, the copies that are theirs, and returns those that are nobody's.
func match(page []*session, copies []copyOf) (strangers []copyOf) {
	at := 0
	for _, c := range copies {
		for at < len(page) && page[at].place().compare(c.place) < 0 {
			at++
		}
		if at < len(page) && page[at].place().compare(c.place) == 0 && page[at].bucket == c.bucket {
			page[at].copies = append(page[at].copies, c)
		} else {
			strangers = append(strangers, c)
		}
	}
	return strangers
}
