package rollup

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store/blocks"
)

// Packing is what a worker holds that packs blocks of a bucket.
type Packing struct{ packing *packing }

// BeginPacking reads what is worth to be packed, if something is: small blocks where there are so many.
func BeginPacking(ctx context.Context, pool *pgxpool.Pool, bucket int16, fewest int) (*Packing, error) {
	var p *packing
	err := pgx.BeginTxFunc(ctx, pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, func(tx pgx.Tx) (err error) {
		p, err = readPacking(ctx, tx, bucket, fewest)
		return err
	})
	if err != nil || p == nil {
		return nil, err
	}
	return &Packing{p}, nil
}

// End puts blocks into their place, and tells whether it could.
func (p *Packing) End(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	err := exclusive(ctx, pool, func(tx pgx.Tx) error { return p.packing.swap(ctx, tx) })
	if err == errGone { //nolint:errorlint // it comes as it is
		return false, nil
	}
	return err == nil, err
}

// Values is what a worker holds that packs attributes of a block.
type Values struct {
	head   blocks.Head
	packed []blocks.NamedValues
}

// BeginValues reads attributes of the latest block that lacks some; nil where none does.
func BeginValues(ctx context.Context, pool *pgxpool.Pool) (*Values, error) {
	var v Values
	err := pgx.BeginTxFunc(ctx, pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, func(tx pgx.Tx) (err error) {
		v.head, v.packed, err = readValues(ctx, tx)
		return err
	})
	if err != nil || v.packed == nil {
		return nil, err
	}
	return &v, nil
}

// End writes them.
func (v *Values) End(ctx context.Context, pool *pgxpool.Pool) error {
	return exclusive(ctx, pool, func(tx pgx.Tx) error { return blocks.InsertValues(ctx, tx, v.head.Bucket, v.head.ID, v.packed) })
}

// LargeTail is from how many bytes on the tail is looked at.
var LargeTail = &largeTail

// Idler is a worker that finds nothing to do each time it is called, long after the time before.
func Idler(ctx context.Context, pool *pgxpool.Pool) func() {
	w := newWorker(pool, Options{})
	return func() {
		w.looked = time.Time{}
		w.idle(ctx)
	}
}
