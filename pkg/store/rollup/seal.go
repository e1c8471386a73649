package rollup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/blocks"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// Where footfall.tail holds more sessions than footfall.settings.tail_sessions, those that were not touched for longest go into
// blocks. A session that goes on comes back into the tail, and its copy in a block dies: writeTail. docs/data-model.md has the rules.

const tailSQL = `select bucket, count(*) from footfall.tail group by bucket`

const quietestSQL = `
select user_key, session_key, start_ts, end_ts, steps, said
  from footfall.tail
 where bucket = $1
 order by touched, start_ts, user_key, session_key
 limit $2`

const (
	mostSealed = 4 // blocks in one transaction: to find who is quietest takes longer than to pack them
	mostPieces = 8 // before the next batch: as many sessions as no batch brings
)

// sealPieces seals some of what is beyond the bound, and tells whether there is more to do.
func (w *worker) sealPieces(ctx context.Context) (more bool, err error) {
	for range mostPieces {
		if more, err = w.sealPiece(ctx); !more || err != nil {
			return false, err
		}
	}
	w.tail = nil // other workers seal, too
	return true, nil
}

// sealPiece seals sessions of one bucket, no more than fill some blocks, looks after the bucket's blocks, and tells whether there is more
// to do.
func (w *worker) sealPiece(ctx context.Context) (more bool, err error) {
	var done sealing
	_, err = w.transaction(ctx, func(b *batch) error {
		defer func() { b.nothing = done.sealed == 0 }()
		if b.settings.tailSessions == nil || !b.settings.built() {
			return nil
		}
		if w.tail == nil {
			if w.tail, err = countTail(ctx, b.tx); err != nil {
				return err
			}
		}
		done, err = b.seal(ctx, w.tail)
		return err
	})
	switch {
	case err != nil:
		w.tail = nil
	case done.more && done.sealed == 0: // what is left there cannot be sealed
		delete(w.tail, done.bucket)
	case done.sealed > 0:
		w.tail[done.bucket] -= int64(done.sealed)
	}
	if err != nil && !errors.Is(err, errBusy) {
		w.memory = newMemory()
		return false, fmt.Errorf("seal sessions: %w", err)
	}
	for _, u := range done.unreadable {
		w.opts.Logf("%v; it stays in footfall.tail, and `footfall rebuild --columns` repairs it", u)
	}
	if err == nil && done.sealed > 0 {
		if err := w.pack(ctx, done.bucket); err != nil && ctx.Err() == nil {
			w.opts.Logf("%v", err) // what is sealed counts without it
		}
	}
	return done.more && err == nil, err
}

// sealing is what was sealed.
type sealing struct {
	bucket     int16
	sealed     int
	more       bool    // there is more to be sealed
	unreadable []error // sessions that are not
}

// countTail counts the sessions of each bucket of the tail. That takes longer than to seal a piece where there are millions.
func countTail(ctx context.Context, tx pgx.Tx) (map[int16]int64, error) {
	tail := map[int16]int64{}
	var bucket int16
	var sessions int64
	statement := store.Statement{SQL: tailSQL}
	err := statement.Each(ctx, tx, []any{&bucket, &sessions}, func() error {
		tail[bucket] = sessions
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count packed sessions: %w", err)
	}
	return tail, nil
}

// seal takes sessions out of the bucket with the most, of those that were counted.
func (b *batch) seal(ctx context.Context, tail map[int16]int64) (done sealing, err error) {
	most, beyond := int64(0), -*b.settings.tailSessions
	for bucket, sessions := range tail {
		beyond += sessions
		if sessions > most || sessions == most && bucket < done.bucket {
			done.bucket, most = bucket, sessions
		}
	}
	if beyond <= 0 {
		return done, nil
	}
	// Half of the bucket at most, where more than is beyond: blocks are better filled, and those that go on stay.
	quiet, said, unreadable, err := b.quietest(ctx, done.bucket, min(mostSealed*blocks.MaxSessions, max(beyond, most/2)))
	done.unreadable, done.more = unreadable, int64(len(quiet)) < beyond
	if err != nil || len(quiet) == 0 {
		return done, err
	}
	number, err := nextNumber(ctx, b.tx)
	if err != nil {
		return done, err
	}
	rows := blocks.Rows(done.bucket, number, quiet)
	if err := requireSame(rows, quiet); err != nil {
		return done, err
	}
	if err := blocks.Insert(ctx, b.tx, rows); err != nil {
		return done, err
	}
	if err := said.insert(ctx, b.tx, rows); err != nil {
		return done, err
	}
	gone := column(quiet, func(s blocks.Session) sessionRef { return sessionRef{s.User, s.Key} })
	if err := b.deleteTail(ctx, gone); err != nil {
		return done, err
	}
	done.sealed = len(quiet)
	return done, tidy(ctx, b.tx, done.bucket, maxDeadLists)
}

// quietest unpacks the sessions of a bucket of the tail that were not touched for longest, as many as fill some blocks, with the lines of
// what their events say. Those that are not as this program packs them stay where they are.
func (b *batch) quietest(ctx context.Context, bucket int16, limit int64) (quiet []blocks.Session, lines saidLines, unreadable []error, err error) {
	var s blocks.Session
	var start, end time.Time
	var steps []byte
	var said *string
	lines, events := newSaidLines(b.settings.packedNames), 0
	head := b.settings.saidHead()
	statement := store.Statement{SQL: quietestSQL, Args: []any{bucket, limit}, Binary: true}
	err = statement.Each(ctx, b.tx, []any{&s.User, &s.Key, &start, &end, &steps, &said}, func() error {
		if events >= mostSealed*blocks.MaxEvents {
			return nil
		}
		s.Start, s.End, s.Session = start.UnixMilli(), end.UnixMilli(), packed.Session{}
		if err := packed.Decode(steps, &s.Session); err != nil {
			unreadable = append(unreadable, fmt.Errorf("session %d of user %d: %w", s.Key, s.User, err))
			return nil
		}
		if !bytes.Equal(s.Append(nil), steps) {
			unreadable = append(unreadable, fmt.Errorf("session %d of user %d is packed in a way that this program does not pack it", s.Key, s.User))
			return nil
		}
		events += len(s.Tokens)
		quiet = append(quiet, s)
		if said != nil && strings.HasPrefix(*said, head) {
			lines.of[sessionRef{s.User, s.Key}] = (*said)[len(head):]
		}
		return nil
	})
	if err != nil {
		return nil, lines, nil, fmt.Errorf("read packed sessions: %w", err)
	}
	return quiet, lines, unreadable, nil
}

// nextNumber takes a number for blocks or deaths, under the worker's lock.
func nextNumber(ctx context.Context, tx pgx.Tx) (number int64, err error) {
	err = tx.QueryRow(ctx, `update footfall.columns set number = number + 1 returning number`).Scan(&number)
	if err != nil {
		return 0, fmt.Errorf("take a number: %w", err)
	}
	return number, nil
}

// bury writes down, under the worker's lock, that the copies that blocks have of sessions count no more.
func bury(ctx context.Context, tx pgx.Tx, deaths []blocks.Death) error {
	if len(deaths) == 0 {
		return nil
	}
	var buckets int32
	if err := tx.QueryRow(ctx, `select buckets from footfall.columns`).Scan(&buckets); err != nil {
		return fmt.Errorf("read the number of buckets: %w", err)
	}
	number, err := nextNumber(ctx, tx)
	if err != nil {
		return err
	}
	byBucket := map[int16][]blocks.Death{}
	for _, d := range deaths {
		d.Number = number
		bucket := int16(d.User % buckets) //nolint:gosec // there are few
		byBucket[bucket] = append(byBucket[bucket], d)
	}
	for bucket, list := range byBucket {
		if err := blocks.InsertDeaths(ctx, tx, bucket, blocks.MergeDeaths(list)); err != nil {
			return err
		}
	}
	return nil
}

// maxDeadLists is how many rows of deaths a bucket has before they are merged.
const maxDeadLists = 32

// tidy merges the lists of deaths of a bucket that has more than so many, and leaves out what no block needs.
func tidy(ctx context.Context, tx pgx.Tx, bucket int16, most int) error {
	var lists int
	if err := tx.QueryRow(ctx, `select count(*) from footfall.dead where bucket = $1`, bucket).Scan(&lists); err != nil {
		return fmt.Errorf("count dead sessions: %w", err)
	}
	if lists <= most {
		return nil
	}
	deaths, err := blocks.ReadDeaths(ctx, tx, "d.bucket = $1", bucket)
	if err != nil {
		return err
	}
	heads, err := blocks.ReadHeads(ctx, tx, "b.bucket = $1", bucket)
	if err != nil {
		return err
	}
	extents := column(heads, func(h blocks.Head) blocks.Extent { return h.Extent })
	return replaceDeaths(ctx, tx, bucket, blocks.NeededDeaths(deaths[bucket], extents))
}

func replaceDeaths(ctx context.Context, tx pgx.Tx, bucket int16, merged []blocks.Death) error {
	if _, err := tx.Exec(ctx, `delete from footfall.dead where bucket = $1`, bucket); err != nil {
		return fmt.Errorf("remove dead sessions: %w", err)
	}
	return blocks.InsertDeaths(ctx, tx, bucket, merged)
}

// requireSame wants blocks to hold some sessions, as they were packed, and no others: what is packed goes when they are there.
func requireSame(rows []blocks.Row, quiet []blocks.Session) error {
	wanted := make(map[sessionRef]blocks.Session, len(quiet))
	for _, s := range quiet {
		wanted[sessionRef{s.User, s.Key}] = s
	}
	var r blocks.Reader
	for i := range rows {
		if err := r.Decode(&rows[i].Block, blocks.All); err != nil {
			return err
		}
		for _, s := range r.All {
			ref := sessionRef{s.User, s.Key}
			want, there := wanted[ref]
			if !there || want.Start != s.Start || want.End != s.End || !bytes.Equal(want.Append(nil), s.Append(nil)) {
				return fmt.Errorf("session %d of user %d is not in its block as it was packed", s.Key, s.User)
			}
			delete(wanted, ref)
		}
	}
	if len(wanted) > 0 {
		return fmt.Errorf("%d of %d sessions are in no block", len(wanted), len(quiet))
	}
	return nil
}
