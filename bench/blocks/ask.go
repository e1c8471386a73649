package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"reflect"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/klauspost/compress/zstd"
)

// asker answers from the table.
type asker struct {
	dsn     string
	layout  layout
	world   *world
	workers int
}

// same compares an answer with the plain one.
func same[T any](got T, err error) func(want T) error {
	return func(want T) error {
		if err == nil && !reflect.DeepEqual(got, want) {
			err = errors.New("the answer is another one than the plain one")
		}
		return err
	}
}

const (
	wholeSQL  = `select bucket, users, starts, counts, list, tokens, offsets from blocks where max_end >= $1 order by bucket`
	tokensSQL = `select bucket, users, null, counts, list, tokens, null from blocks where max_end >= $1 order by bucket`
)

// scan reads the blocks that reach into a range and hands them over bucket by bucket, to several workers at once.
func (a asker) scan(ctx context.Context, sql string, since int64, take func(worker int, blocks []columns) error) error {
	conn, err := pgx.Connect(ctx, a.dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // all is read by then
	jobs, wait := a.share(take)
	rows, err := conn.Query(ctx, sql, time.UnixMilli(since))
	if err != nil {
		return err
	}
	var c columns
	var blocks []columns
	bucket, last := 0, 0
	_, err = pgx.ForEachRow(rows, []any{&bucket, &c.users, &c.starts, &c.counts, &c.list, &c.tokens, &c.offsets}, func() error {
		if bucket != last {
			jobs <- blocks
			blocks, last = nil, bucket
		}
		blocks = append(blocks, c)
		return nil
	})
	jobs <- blocks
	return errors.Join(wait(), err)
}

// share has several workers take what comes through a channel, until wait is called, which returns their errors.
func (a asker) share(take func(worker int, blocks []columns) error) (jobs chan<- []columns, wait func() error) {
	shared, failed := make(chan []columns), make([]error, a.workers)
	var group sync.WaitGroup
	for worker := range a.workers {
		group.Go(func() {
			for blocks := range shared {
				failed[worker] = errors.Join(failed[worker], take(worker, blocks))
			}
		})
	}
	return shared, func() error {
		close(shared)
		group.Wait()
		return errors.Join(failed...)
	}
}

// reader decodes blocks, one at a time.
type reader struct {
	unzip   *zstd.Decoder
	buffers columns
	local   bool
}

func newReader(local bool) *reader {
	unzip, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		panic(err) // of options that are fixed
	}
	return &reader{unzip: unzip, local: local}
}

func (r *reader) decode(c columns) (err error) {
	for i, from := range c.all() {
		to := r.buffers.all()[i]
		if *to, err = r.unzip.DecodeAll(*from, (*to)[:0]); err != nil {
			return fmt.Errorf("decode: %w", err)
		}
	}
	return nil
}

func (r *reader) user(i int) uint32 { return binary.LittleEndian.Uint32(r.buffers.users[4*i:]) }
func (r *reader) count(i int) int   { return int(binary.LittleEndian.Uint32(r.buffers.counts[4*i:])) }
func (r *reader) start(i int) int64 { return int64(binary.LittleEndian.Uint64(r.buffers.starts[8*i:])) } //nolint:gosec // after 1970
func (r *reader) offset(i int) int64 {
	return int64(binary.LittleEndian.Uint32(r.buffers.offsets[4*i:]))
}
func (r *reader) sessions() int { return len(r.buffers.counts) / 4 }

// token is the place of an event's token among those that mapped is of.
func (r *reader) token(i int) int {
	if r.local {
		return int(binary.LittleEndian.Uint16(r.buffers.tokens[2*i:]))
	}
	return int(binary.LittleEndian.Uint32(r.buffers.tokens[4*i:]))
}

// mapped looks each token of the block up once. Where they are not local it is all of them, as they are.
func mapped[T any](r *reader, of, into []T) []T {
	if !r.local {
		return of
	}
	into = into[:0]
	for i := 0; i < len(r.buffers.list); i += 4 {
		into = append(into, of[binary.LittleEndian.Uint32(r.buffers.list[i:])])
	}
	return into
}

// usersWhoDid counts views of the cart by user, bucket by bucket, so that the counters of one stay in the processor's cache.
func (a asker) usersWhoDid(ctx context.Context, times int) (int, error) {
	wanted := make([]bool, len(a.world.tokens))
	for id, t := range a.world.tokens {
		wanted[id] = t.isWanted()
	}
	found := make([]int, a.workers)
	err := a.scan(ctx, tokensSQL, 0, func(worker int, blocks []columns) error {
		r := newReader(a.layout.local)
		defer r.unzip.Close()
		counts := make([]uint8, a.world.users/a.layout.buckets+2)
		var want []bool
		for _, block := range blocks {
			if err := r.decode(block); err != nil {
				return err
			}
			want = mapped(r, wanted, want)
			at := 0
			for i := range r.sessions() {
				end, hits := at+r.count(i), 0
				for ; at < end; at++ {
					if want[r.token(at)] {
						hits++
					}
				}
				user := r.user(i)
				counts[user] = uint8(min(int(counts[user])+hits, 255)) //nolint:gosec // at most 255
			}
		}
		for _, count := range counts[1:] {
			if int(count) >= times {
				found[worker]++
			}
		}
		return nil
	})
	return sum(found), err
}

func sum(list []int) (n int) {
	for _, x := range list {
		n += x
	}
	return n
}

// perDayAndPage goes twice over the blocks in range: for the pages with most events, then for those pages' users by day. Of
// each day and page there is one bit a user of the bucket.
func (a asker) perDayAndPage(ctx context.Context) (map[dayPage]cell, error) {
	pages, names := a.pages()
	counts := make([][]int, a.workers)
	var kept [][]columns // compressed
	var lock sync.Mutex
	err := a.scan(ctx, wholeSQL, from, func(worker int, blocks []columns) error {
		if counts[worker] == nil {
			counts[worker] = make([]int, len(names))
		}
		lock.Lock()
		kept = append(kept, blocks)
		lock.Unlock()
		return a.eventsInRange(blocks, pages, func(_ uint32, _ int, page int32) { counts[worker][page]++ })
	})
	if err != nil {
		return nil, err
	}
	total := map[string]int{}
	for _, list := range counts {
		for page, n := range list {
			total[names[page]] += n
		}
	}
	top := mostOf(total)
	place := make([]int32, len(names))
	for i, name := range names {
		place[i] = int32(indexOf(top, name)) //nolint:gosec // at most topmost
	}
	for token, page := range pages {
		pages[token] = place[page]
	}
	return a.usersOf(kept, pages, top)
}

// pages numbers the pages of tokens.
func (a asker) pages() (ofToken []int32, names []string) {
	numbers := map[string]int32{}
	for _, t := range a.world.tokens {
		n, found := numbers[t.page]
		if !found {
			n = int32(len(names)) //nolint:gosec // some thousands
			numbers[t.page] = n
			names = append(names, t.page)
		}
		ofToken = append(ofToken, n)
	}
	return ofToken, names
}

func indexOf(list []string, text string) int {
	for i, x := range list {
		if x == text {
			return i
		}
	}
	return -1
}

// eventsInRange calls take for the events in range whose token has a value that is not negative.
func (a asker) eventsInRange(blocks []columns, of []int32, take func(user uint32, day int, value int32)) error {
	r := newReader(a.layout.local)
	defer r.unzip.Close()
	var values []int32
	for _, block := range blocks {
		if err := r.decode(block); err != nil {
			return err
		}
		values = mapped(r, of, values)
		at := 0
		for i := range r.sessions() {
			start, user := r.start(i)-from, r.user(i)
			for end := at + r.count(i); at < end; at++ {
				value := values[r.token(at)]
				if value < 0 {
					continue
				}
				if since := start + r.offset(at); since >= 0 {
					take(user, int(since/dayMS), value)
				}
			}
		}
	}
	return nil
}

// usersOf counts the events and users of each day and page.
func (a asker) usersOf(buckets [][]columns, pages []int32, top []string) (map[dayPage]cell, error) {
	cells := make([][]cell, a.workers)
	for worker := range cells {
		cells[worker] = make([]cell, (days+1)*topmost)
	}
	jobs, wait := a.share(func(worker int, blocks []columns) error { return a.countBucket(blocks, pages, cells[worker]) })
	for _, blocks := range buckets {
		jobs <- blocks
	}
	err := wait()
	answer := map[dayPage]cell{}
	for i := range (days + 1) * topmost {
		var all cell
		for _, list := range cells {
			all.events, all.users = all.events+list[i].events, all.users+list[i].users
		}
		if all.events > 0 {
			answer[dayPage{i / topmost, top[i%topmost]}] = all
		}
	}
	return answer, err
}

func (a asker) countBucket(blocks []columns, pages []int32, cells []cell) error {
	words := a.world.users/a.layout.buckets/64 + 1
	seen := make([]uint64, len(cells)*words)
	err := a.eventsInRange(blocks, pages, func(user uint32, day int, page int32) {
		group := day*topmost + int(page)
		cells[group].events++
		if user > 0 {
			seen[group*words+int(user-1)/64] |= 1 << ((user - 1) % 64)
		}
	})
	for i := range cells {
		for _, word := range seen[i*words : (i+1)*words] {
			cells[i].users += bits.OnesCount64(word)
		}
	}
	return err
}
