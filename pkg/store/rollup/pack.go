package rollup

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store/blocks"
)

// Blocks of a bucket that are small, or hold many copies that count no more, are made into others. They are read and packed outside
// of the lock, which batches need, and take their place under it; unless some of those they were made of has gone meanwhile.

const (
	fewestSmall  = 4 // small blocks, less than half full, that are worth to be packed
	mostPacked   = 8 // blocks at once
	deadPercents = 30
)

// packing is what takes the place of some blocks.
type packing struct {
	bucket int16
	from   []int64
	into   []blocks.Row
	said   saidLines // what the sessions' events say
}

// pack packs some blocks of a bucket, if that is worth it.
func (w *worker) pack(ctx context.Context, bucket int16) error {
	var p *packing
	err := w.snapshot(ctx, func(tx pgx.Tx) (err error) {
		p, err = readPacking(ctx, tx, bucket, fewestSmall)
		return err
	})
	if err == nil && p != nil {
		_, err = w.transaction(ctx, func(b *batch) error { return p.swap(ctx, b.tx) })
	}
	if errors.Is(err, errGone) || errors.Is(err, errBusy) {
		return nil // there is another time
	}
	if err != nil {
		w.memory = newMemory()
		return fmt.Errorf("pack blocks of bucket %d: %w", bucket, err)
	}
	return nil
}

// readPacking reads the blocks that are worth to be packed, without the copies that count no more, and packs them; nil for none. Of
// small ones there have to be a few. Number, blocks and deaths have to be of one snapshot.
func readPacking(ctx context.Context, tx pgx.Tx, bucket int16, fewest int) (*packing, error) {
	var number int64
	var names []string
	if err := tx.QueryRow(ctx, `select number, `+blocks.PackedNames+` from footfall.columns`).Scan(&number, &names); err != nil {
		return nil, fmt.Errorf("read the number: %w", err)
	}
	heads, err := blocks.ReadHeads(ctx, tx, "b.bucket = $1", bucket)
	if err != nil {
		return nil, err
	}
	all, err := blocks.ReadDeaths(ctx, tx, "d.bucket = $1", bucket)
	if err != nil {
		return nil, err
	}
	deaths := all[bucket]
	if small := smallBlocks(heads); len(small) >= fewest {
		some, err := readLiving(ctx, tx, small[:min(len(small), mostPacked)], deaths, names)
		if err != nil {
			return nil, err
		}
		return newPacking(bucket, number, some)
	}
	for _, head := range heads {
		// Not all of these deaths need to be of this block's copies.
		if len(head.Deaths(deaths))*100 < int(head.Sessions)*deadPercents {
			continue
		}
		some, err := readLiving(ctx, tx, []blocks.Head{head}, deaths, names)
		if err != nil {
			return nil, err
		}
		if some.dead*100 >= int(head.Sessions)*deadPercents {
			return newPacking(bucket, number, some)
		}
	}
	return nil, nil
}

func newPacking(bucket int16, number int64, of *living) (*packing, error) {
	p := packing{bucket: bucket, into: blocks.Rows(bucket, number, of.sessions), said: of.said}
	for _, head := range of.heads {
		p.from = append(p.from, head.ID)
	}
	return &p, requireSame(p.into, of.sessions)
}

// smallBlocks are those that are less than half full, in the order of their starts.
func smallBlocks(heads []blocks.Head) []blocks.Head {
	var small []blocks.Head
	for _, head := range heads {
		if head.Sessions < blocks.MaxSessions/2 && head.Events < blocks.MaxEvents/2 {
			small = append(small, head)
		}
	}
	slices.SortFunc(small, func(a, b blocks.Head) int { return int(min(max(a.MinStart-b.MinStart, -1), 1)) })
	return small
}

// living are the sessions of some blocks that count.
type living struct {
	heads    []blocks.Head
	sessions []blocks.Session
	dead     int       // copies that count no more
	said     saidLines // what the sessions' events say, as far as all is packed of their blocks
}

func readLiving(ctx context.Context, tx pgx.Tx, heads []blocks.Head, deaths []blocks.Death, names []string) (*living, error) {
	of := &living{heads: heads, said: newSaidLines(names)}
	var r blocks.Reader
	for _, head := range heads {
		there := false
		if err := readBlock(ctx, tx, &r, head, deaths, func() {
			some := r.Sessions()
			of.sessions, of.dead, there = append(of.sessions, some...), of.dead+r.Len()-len(some), true
		}); err != nil {
			return nil, err
		}
		if there {
			if err := of.said.addBlock(ctx, tx, &r, head); err != nil {
				return nil, unreadable(head, err)
			}
		}
	}
	return of, nil
}

// errGone: some of the blocks that others were made of are not there any more.
var errGone = errors.New("blocks that were being packed are gone")

// swap puts the blocks into their place, under the worker's lock.
func (p *packing) swap(ctx context.Context, tx pgx.Tx) error {
	var gone int64
	err := run(ctx, tx,
		statement{`delete from footfall.blocks where bucket = $1 and id = any ($2)`, []any{p.bucket, p.from}, &gone},
		statement{`delete from footfall.block_attributes where bucket = $1 and block = any ($2)`, []any{p.bucket, p.from}, nil})
	if err != nil {
		return fmt.Errorf("remove blocks: %w", err)
	}
	if gone != int64(len(p.from)) {
		return errGone
	}
	if err := blocks.Insert(ctx, tx, p.into); err != nil {
		return err
	}
	return p.said.insert(ctx, tx, p.into)
}
