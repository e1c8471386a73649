package blocks

import (
	"math"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// Set is which columns are wanted.
type Set uint32

// All are all columns.
const All Set = 1<<Columns - 1

// Of is a set of columns, with those that they cannot be read without.
func Of(columns ...Column) (set Set) {
	for _, c := range append(columns, Starts) {
		set |= 1 << c
		switch {
		case c == Ends:
			set |= Of(Offsets)
		case c == Totals:
			set |= Of(Flags)
		case c == Tokens:
			set |= Of(List, Counts)
		case c >= Offsets:
			set |= 1 << Counts
		}
	}
	return set
}

// Has tells whether a column is wanted.
func (s Set) Has(c Column) bool { return s&(1<<c) != 0 }

// Reader unpacks blocks, one at a time, into the same memory.
type Reader struct {
	want                             Set
	sessions, events                 int
	values                           values
	users, flags, counts, attributes []int32
	keys, starts, ends               []int64
	totals                           []int32
	totalsAt                         []int32 // where each session's totals begin, if it has some
	from                             []int32 // where each session's events begin, and where the last one's end
	list, tokens                     []int32
	offsets                          []int64
	durations                        sparse[float64]
	fields                           [packed.Fields]sparse[int32]
	dense                            []int64
	buried                           []bool // what All leaves out; none: nothing
}

// sparse are values of some events.
type sparse[T any] struct {
	at   []int32 // which ones, by their index in the session
	list []T
	from []int32 // where each session's begin, and where the last one's end
}

// most are the greatest values that columns may hold.
var most = [Columns]uint64{
	Users: math.MaxInt32, Keys: math.MaxUint64, Starts: maxWhole, Ends: maxWhole, Flags: flagTruncated | flagKind,
	Counts: maxColumn, Totals: math.MaxInt32, Attributes: math.MaxInt32, List: math.MaxInt32, Tokens: math.MaxInt32,
	Offsets: maxWhole, Durations: maxWhole, ViewNames: 1 << 31, ActionTypes: 1 << 31, ActionTargets: 1 << 31, ErrorTypes: 1 << 31,
}

// Decode unpacks the wanted columns of a block. Whatever the bytes are, it takes no more memory than eight bytes for each value
// that there should be, and fails or unpacks sessions that Encode packs.
func (r *Reader) Decode(b *Block, want Set) error {
	if b.Format != Format {
		return errorf("is of format %d, this program knows %d", b.Format, Format)
	}
	if b.Sessions < 1 || b.Sessions > maxColumn || b.Events < 0 || b.Events > maxColumn || b.MinStart != limited(b.MinStart) {
		return errorf("says that it has %d sessions and %d events from %d on", b.Sessions, b.Events, b.MinStart)
	}
	r.want, r.sessions, r.events, r.buried = want|Of(), int(b.Sessions), int(b.Events), r.buried[:0]
	for _, part := range []func(*Block) error{r.decodeSessions, r.decodeStarts, r.decodeTotals, r.decodeTokens, r.decodeOffsets, r.decodeDetails} {
		if err := part(b); err != nil {
			return err
		}
	}
	return nil
}

// limited is what a number of milliseconds may be at most, so that sums of some are numbers.
func limited(ms int64) int64 { return min(max(ms, -maxWhole), maxWhole) }

// unpack reads a column of count integers, if it is wanted.
func unpack[T number](r *Reader, b *Block, c Column, to *[]T, count int) error {
	*to = (*to)[:0]
	if !r.want.Has(c) {
		return nil
	}
	err := r.values.decompress(b.Columns[c], count)
	if err == nil {
		*to, err = ints(&r.values, *to, count, most[c])
	}
	if err != nil {
		return errorf("has a column %s that %v", c, err)
	}
	return nil
}

func (r *Reader) decodeSessions(b *Block) error {
	for _, column := range []struct {
		Column
		to    *[]int32
		count int
	}{{Users, &r.users, r.sessions}, {Flags, &r.flags, r.sessions}, {Counts, &r.counts, r.sessions}, {Attributes, &r.attributes, packed.Attributes * r.sessions}} {
		if err := unpack(r, b, column.Column, column.to, column.count); err != nil {
			return err
		}
	}
	r.from = append(r.from[:0], 0)
	for _, count := range r.counts {
		r.from = append(r.from, r.from[len(r.from)-1]+count)
		if int(r.from[len(r.from)-1]) > r.events {
			break
		}
	}
	if r.want.Has(Counts) && int(r.from[len(r.from)-1]) != r.events {
		return errorf("has sessions of other than %d events", r.events)
	}
	return unpack(r, b, Keys, &r.keys, r.sessions)
}

func (r *Reader) decodeStarts(b *Block) error {
	if err := unpack(r, b, Starts, &r.starts, r.sessions); err != nil {
		return err
	}
	last := b.MinStart
	for i, step := range r.starts {
		last = limited(last + step)
		r.starts[i] = last
	}
	if last != b.MaxStart {
		return errorf("has a last session that starts at %d, not at %d", last, b.MaxStart)
	}
	return nil
}

func (r *Reader) decodeTotals(b *Block) error {
	r.totalsAt = r.totalsAt[:0]
	n := 0
	for _, flags := range r.flags {
		if packed.Kind(flags&flagKind) > packed.None {
			return errorf("has a session with the flags %d", flags)
		}
		r.totalsAt = append(r.totalsAt, int32(n))
		if flags&flagTruncated != 0 {
			n += totals
		}
	}
	return unpack(r, b, Totals, &r.totals, n)
}

func (r *Reader) decodeTokens(b *Block) error {
	r.list = r.list[:0]
	if !r.want.Has(Tokens) {
		r.tokens = r.tokens[:0]
		return nil
	}
	if err := r.decodeList(b); err != nil {
		return err
	}
	if err := unpack(r, b, Tokens, &r.tokens, r.events); err != nil {
		return err
	}
	for i, at := range r.tokens {
		if int(at) >= len(r.list) {
			return errorf("has a token %d of %d", at, len(r.list))
		}
		r.tokens[i] = r.list[at]
	}
	return nil
}

// decodeList reads the tokens that there are: no more than events.
func (r *Reader) decodeList(b *Block) error {
	err := r.values.decompress(b.Columns[List], r.events)
	if err == nil {
		r.list, err = ints(&r.values, r.list, r.values.count, most[List])
	}
	if err != nil {
		return errorf("has a column %s that %v", List, err)
	}
	last := int64(0)
	for i, step := range r.list {
		last += int64(step)
		if step == 0 || last > math.MaxInt32 {
			return errorf("has a token that is no id, or twice")
		}
		r.list[i] = int32(last) //nolint:gosec // checked above
	}
	return nil
}

func (r *Reader) decodeOffsets(b *Block) error {
	if err := unpack(r, b, Offsets, &r.offsets, r.events); err != nil {
		return err
	}
	if r.want.Has(Offsets) {
		for i := range r.sessions {
			last := int64(0)
			for at := r.from[i]; at < r.from[i+1]; at++ {
				if last += r.offsets[at]; last > maxWhole {
					return errorf("has an event %d ms after its session's start", last)
				}
				r.offsets[at] = last
			}
		}
	}
	if err := unpack(r, b, Ends, &r.ends, r.sessions); err != nil || !r.want.Has(Ends) {
		return err
	}
	maxEnd := int64(math.MinInt64)
	for i, more := range r.ends {
		r.ends[i] = r.starts[i] + more
		if to := r.from[i+1]; to > r.from[i] {
			r.ends[i] += r.offsets[to-1]
		}
		maxEnd = max(maxEnd, r.ends[i])
	}
	if maxEnd != b.MaxEnd {
		return errorf("has a last event at %d, not at %d", maxEnd, b.MaxEnd)
	}
	return nil
}

func (r *Reader) decodeDetails(b *Block) error {
	for field := range packed.Fields {
		if err := unpackSparse(r, b, ViewNames+Column(field), &r.fields[field], func(n int64) int32 { return int32(n - 1) }); err != nil { //nolint:gosec // checked
			return err
		}
	}
	r.durations.clear()
	if stored := b.Columns[Durations]; !r.want.Has(Durations) || len(stored) == 0 || stored[0] != doubles {
		return unpackSparse(r, b, Durations, &r.durations, func(n int64) float64 { return float64(n - 1) })
	}
	if err := r.values.decompress(b.Columns[Durations], r.events); err != nil {
		return errorf("has a column %s that %v", Durations, err)
	}
	if r.values.count != r.events {
		return errorf("has a column %s that has %d values, not %d", Durations, r.values.count, r.events)
	}
	for i := range r.sessions {
		r.durations.from = append(r.durations.from, int32(len(r.durations.at))) //nolint:gosec // at most events
		for at := r.from[i]; at < r.from[i+1]; at++ {
			switch ms := r.values.double(int(at)); {
			case math.IsNaN(ms):
			case ms >= 0 && ms <= math.MaxFloat64:
				r.durations.at, r.durations.list = append(r.durations.at, at-r.from[i]), append(r.durations.list, ms)
			default:
				return errorf("has the duration %v", ms)
			}
		}
	}
	r.durations.from = append(r.durations.from, int32(len(r.durations.at))) //nolint:gosec // at most events
	return nil
}

func (s *sparse[T]) clear() { s.at, s.list, s.from = s.at[:0], s.list[:0], s.from[:0] }

// unpackSparse reads a column that has 0 where there is no value.
func unpackSparse[T any](r *Reader, b *Block, c Column, to *sparse[T], value func(int64) T) error {
	to.clear()
	if len(b.Columns[c]) == 0 {
		return nil
	}
	if err := unpack(r, b, c, &r.dense, r.events); err != nil || !r.want.Has(c) {
		return err
	}
	for i := range r.sessions {
		to.from = append(to.from, int32(len(to.at))) //nolint:gosec // at most events
		for at := r.from[i]; at < r.from[i+1]; at++ {
			if n := r.dense[at]; n != 0 {
				to.at, to.list = append(to.at, at-r.from[i]), append(to.list, value(n))
			}
		}
	}
	to.from = append(to.from, int32(len(to.at))) //nolint:gosec // at most events
	return nil
}

// of are the values of a session's events.
func (s *sparse[T]) of(i int) (at []int32, list []T) {
	if len(s.from) == 0 {
		return nil, nil
	}
	return s.at[s.from[i]:s.from[i+1]], s.list[s.from[i]:s.from[i+1]]
}

// Len is how many sessions the block has.
func (r *Reader) Len() int { return r.sessions }

// EventsBefore is how many events the sessions before the i-th have. Counts have to be decoded.
func (r *Reader) EventsBefore(i int) int { return int(r.from[i]) }

// Session hands out the i-th session, what was not wanted of it left empty. Its slices are the reader's: they are good until
// the next block is decoded, and not to be written to.
func (r *Reader) Session(i int, to *Session) {
	*to = Session{Start: r.starts[i]}
	if r.want.Has(Users) {
		to.User = r.users[i]
	}
	if r.want.Has(Keys) {
		to.Key = r.keys[i]
	}
	if r.want.Has(Ends) {
		to.End = r.ends[i]
	}
	if r.want.Has(Flags) {
		to.Kind, to.Truncated = packed.Kind(r.flags[i]&flagKind), r.flags[i]&flagTruncated != 0
	}
	if r.want.Has(Totals) && to.Truncated {
		n := r.totals[r.totalsAt[i]:]
		to.Counts = packed.Counts{Events: n[0], Views: n[1], Actions: n[2], Errors: n[3], Frustrations: n[4]}
	}
	if r.want.Has(Attributes) {
		for attribute := range to.Attributes {
			to.Attributes[attribute] = r.attributes[attribute*r.sessions+i]
		}
	}
	if r.want.Has(Tokens) {
		to.Tokens = r.tokens[r.from[i]:r.from[i+1]]
	}
	if r.want.Has(Offsets) {
		to.Offsets = r.offsets[r.from[i]:r.from[i+1]]
	}
	to.Durations.At, to.Durations.MS = r.durations.of(i)
	for field := range to.Fields {
		to.Fields[field].At, to.Fields[field].ID = r.fields[field].of(i)
	}
}

// isBuried tells whether the i-th session is a copy that does not count.
func (r *Reader) isBuried(i int) bool { return len(r.buried) > 0 && r.buried[i] }

// All hands out every session that is not buried, one after another, with its place, as Session does.
func (r *Reader) All(yield func(int, *Session) bool) {
	var s Session
	for i := range r.sessions {
		if r.isBuried(i) {
			continue
		}
		if r.Session(i, &s); !yield(i, &s) {
			return
		}
	}
}

// Sessions are copies of what All hands out, in the order of Compare.
func (r *Reader) Sessions() []Session {
	list := make([]Session, 0, r.sessions)
	for _, s := range r.All {
		list = append(list, s.clone())
	}
	return list
}

// clone is a copy that stays good.
func (s *Session) clone() Session {
	c := *s
	c.Tokens, c.Offsets = slices.Clone(s.Tokens), slices.Clone(s.Offsets)
	c.Durations = packed.Durations{At: slices.Clone(s.Durations.At), MS: slices.Clone(s.Durations.MS)}
	for field, ids := range s.Fields {
		c.Fields[field] = packed.IDs{At: slices.Clone(ids.At), ID: slices.Clone(ids.ID)}
	}
	return c
}

// Without are copies of all sessions, also of those that do not count, but for those that drop takes.
func (r *Reader) Without(drop func(s *Session, dead bool) bool) []Session {
	var kept []Session
	var s Session
	for i := range r.sessions {
		if r.Session(i, &s); !drop(&s, r.isBuried(i)) {
			kept = append(kept, s.clone())
		}
	}
	return kept
}
