package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/klauspost/compress/zstd"

	"github.com/footfall-analytics/footfall/bench/engine"
)

// layout is a way to pack sessions.
type layout struct {
	name     string
	buckets  int // a user's sessions are all in one
	sessions int // of a block, at most
	local    bool
}

// maxEvents of a block, whatever its sessions.
const maxEvents = 16 * 1024

// columns of a block, each little-endian integers under zstd: users (4 bytes, their number within the bucket plus 1, 0 for
// noUser), starts (8), counts (4), the list of tokens (4, where they are local), tokens (2 where local, else 4), offsets (4).
type columns struct{ users, starts, counts, list, tokens, offsets []byte }

func (c *columns) all() []*[]byte {
	return []*[]byte{&c.users, &c.starts, &c.counts, &c.list, &c.tokens, &c.offsets}
}

// block is one before it is compressed.
type block struct {
	columns
	sessions, events int
	minStart, maxEnd int64
	tokens           []int32 // as they are, of all sessions
}

func (b *block) add(s session, user uint32) {
	if b.sessions == 0 {
		b.minStart = s.start
	}
	b.sessions++
	b.events += len(s.tokens)
	b.maxEnd = max(b.maxEnd, s.start+int64(s.offsets[len(s.offsets)-1]))
	b.users = binary.LittleEndian.AppendUint32(b.users, user)
	b.starts = binary.LittleEndian.AppendUint64(b.starts, uint64(s.start))       //nolint:gosec // after 1970
	b.counts = binary.LittleEndian.AppendUint32(b.counts, uint32(len(s.tokens))) //nolint:gosec // at most 500
	b.tokens = append(b.tokens, s.tokens...)
	for _, offset := range s.offsets {
		b.offsets = binary.LittleEndian.AppendUint32(b.offsets, offset)
	}
}

// finish makes the column of tokens and compresses all.
func (b *block) finish(local bool, zip *zstd.Encoder) {
	var list []int32
	if local {
		list = slices.Clone(b.tokens)
		slices.Sort(list)
		list = slices.Compact(list)
	}
	for _, t := range list {
		b.columns.list = binary.LittleEndian.AppendUint32(b.columns.list, uint32(t)) //nolint:gosec // not negative
	}
	for _, t := range b.tokens {
		if local {
			at, _ := slices.BinarySearch(list, t)
			b.columns.tokens = binary.LittleEndian.AppendUint16(b.columns.tokens, uint16(at)) //nolint:gosec // at most maxEvents
		} else {
			b.columns.tokens = binary.LittleEndian.AppendUint32(b.columns.tokens, uint32(t)) //nolint:gosec // not negative
		}
	}
	for _, column := range b.all() {
		*column = zip.EncodeAll(*column, nil)
	}
}

const tableSQL = `
drop table if exists blocks;
create table blocks (
  bucket int, min_start timestamptz, max_end timestamptz,
  users bytea, starts bytea, counts bytea, list bytea, tokens bytea, offsets bytea
);
alter table blocks
  alter users set storage external, alter starts set storage external, alter counts set storage external,
  alter list set storage external, alter tokens set storage external, alter offsets set storage external`

// store packs the sessions, and tells how many bytes that takes in the table and how long packing took.
func (l layout) store(ctx context.Context, store *engine.Store, w *world) (bytes int64, took time.Duration, err error) {
	start := time.Now()
	rows, err := l.pack(w)
	if err != nil {
		return 0, 0, err
	}
	took = time.Since(start)
	conn, err := pgx.Connect(ctx, store.DSN("postgres"))
	if err != nil {
		return 0, 0, err
	}
	defer conn.Close(ctx) //nolint:errcheck // all is read by then
	if _, err := conn.Exec(ctx, tableSQL); err != nil {
		return 0, 0, fmt.Errorf("create the table: %w", err)
	}
	names := []string{"bucket", "min_start", "max_end", "users", "starts", "counts", "list", "tokens", "offsets"}
	if _, err := conn.CopyFrom(ctx, pgx.Identifier{"blocks"}, names, pgx.CopyFromRows(rows)); err != nil {
		return 0, 0, fmt.Errorf("store: %w", err)
	}
	if _, err := conn.Exec(ctx, `vacuum analyze blocks`); err != nil {
		return 0, 0, err
	}
	return bytes, took, conn.QueryRow(ctx, `select pg_total_relation_size('blocks')`).Scan(&bytes)
}

func (l layout) pack(w *world) ([][]any, error) {
	zip, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	open := make([]block, l.buckets)
	var rows [][]any
	finish := func(bucket int) {
		b := &open[bucket]
		b.finish(l.local, zip)
		row := []any{bucket, time.UnixMilli(b.minStart), time.UnixMilli(b.maxEnd)}
		for _, column := range b.all() {
			row = append(row, *column)
		}
		rows = append(rows, row)
		*b = block{}
	}
	for i, s := range w.sessions {
		bucket, user := i%l.buckets, uint32(0) // those of nobody go anywhere
		if s.user != noUser {
			bucket, user = int(s.user)%l.buckets, uint32(int(s.user)/l.buckets)+1 //nolint:gosec // not negative
		}
		b := &open[bucket]
		if b.sessions > 0 && (b.sessions == l.sessions || b.events+len(s.tokens) > maxEvents) {
			finish(bucket)
		}
		b.add(s, user)
	}
	for bucket := range open {
		if open[bucket].sessions > 0 {
			finish(bucket)
		}
	}
	return rows, nil
}
