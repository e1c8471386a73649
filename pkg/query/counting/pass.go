package counting

import (
	"context"
	"math"
	"slices"
	"sort"

	"github.com/footfall-analytics/footfall/pkg/columns"
)

// pass is one reading of all sessions: it counts the values of a facet within the groups that are known so far, or at last the
// groups themselves.
type pass struct {
	*run
	levels  []level // of the facets whose groups are known
	ranked  int     // the facet whose values are counted; -1: none
	tracks  []int   // those that are wanted
	starts  []int64 // of buckets; nil: there is one
	isWhole bool    // the whole range is counted too, as a bucket after all
	isTry   bool    // what is only wanted of the first values is counted of all, or of those that lead: as long as that is little
}

// whole is the bucket that stands for the whole range.
func (p *pass) whole() int32 { return int32(len(p.starts)) } //nolint:gosec // of a thousand

// groupCounter is what one goroutine counts.
type groupCounter struct {
	pass
	*sheet
	rest     *sheet         // groups that do not lead, by RankedBy alone; nil: all are counted by all tracks
	sessions map[fact]int32 // classes of sessions
	before   fact           // the last one that was looked for in it
	class    int32          // its class
	facts    []fact         // by class
	entries  []entry
	memo     index // numbers of entries by classes of session and token
	keeper   *columns.Keeper

	times   int   // how many are kept
	people  int   // likewise: users, of all counts
	session int   // number of the session at hand
	at      int64 // of the event at hand
	user    int32
	isUser  bool
	values  []float64 // of what is at hand, NaN for none
	nothing []float64 // as many NaN
	taken   []Value   // those that tracks take

	one     bool // all sessions are of one class
	latest  bool // a track takes the times of events
	short   bool // no track takes these or a number, and nothing that events say is asked for
	waiting waiting

	meant   []fact // by class of event: of its token, where nothing that it says is asked for
	sayings sayings
}

func (p *pass) counter() *groupCounter {
	k := &groupCounter{
		pass: *p, sheet: newSheet(len(p.tracks), len(p.starts)+1), sessions: map[fact]int32{}, memo: index{columns: len(p.tokens.list)},
		keeper: p.counts.Keeper(), nothing: slices.Repeat([]float64{none}, int(Number(len(p.Attributes)))), meant: p.tokens.list,
	}
	k.values = slices.Clone(k.nothing)
	if p.said != nil {
		k.meant, k.memo.columns = nil, maxTable // nobody knows how many there will be
		k.sayings = sayings{numbers: map[saying]int32{}, classes: index{columns: len(p.tokens.list)}}
	}
	k.one = p.sessionsAreAlike()
	k.choose()
	return k
}

// choose finds the shortest way to count the tracks that are wanted.
func (k *groupCounter) choose() {
	k.taken, k.latest = nil, false
	for _, track := range k.tracks {
		t := &k.Tracks[track]
		k.latest = k.latest || t.Latest
		if t.Value != NoValue && !slices.Contains(k.taken, t.Value) {
			k.taken = append(k.taken, t.Value)
		}
	}
	k.short = k.Over == Events && k.said == nil && !k.latest && len(k.taken) == 0
}

// count reads and counts, in the place of the pass before.
func (p *pass) count(ctx context.Context) (*groupCounter, error) {
	p.counts.Clear()
	counters := make([]*groupCounter, columns.Workers())
	for i := range counters {
		counters[i] = p.counter()
	}
	scan := p.scan
	scan.NoTimesInside = counters[0].short && p.starts == nil
	statements, err := scan.Read(ctx, p.db, func(worker int, s *columns.Session) error {
		return counters[worker].take(s)
	})
	if err != nil {
		return nil, err
	}
	p.did(statements...)
	if p.isTry {
		agree(counters)
	}
	counters[0].takeOutside()
	for _, k := range counters {
		k.sheet.forget()
		k.rest.forget()
		k.people = 0
	}
	for _, k := range counters[1:] {
		if err := counters[0].takeOver(k); err != nil {
			return nil, err
		}
	}
	return counters[0], nil
}

// takeOver adds what another counter has counted, which is kept there no more.
func (k *groupCounter) takeOver(other *groupCounter) error {
	k.sheet.join(other.sheet)
	k.rest.join(other.rest)
	k.times += other.times
	if err := other.keeper.Keeps(0); err != nil {
		return err
	}
	return k.keeper.Keeps(k.bytes())
}

// take counts what there is of a session; events backwards, so that the next view is known.
func (k *groupCounter) take(s *columns.Session) error {
	class, is := k.sessionClass(s)
	if !is {
		return nil
	}
	k.session++
	k.user, k.isUser = s.User, s.Kind.IsUser(k.IncludeAnonymous)
	last := len(s.Tokens) - 1
	if last >= 0 && s.Offsets != nil { // else nobody asks for that
		k.values[SessionDuration], k.values[SessionEvents] = float64(s.Offsets[last]), float64(last+1)
	}
	switch {
	case k.short:
		k.takeAlike(s, class, last)
	case k.Over == Events:
		k.takeEvents(s, class, last)
	default:
		k.add(k.entry(class, 0), k.bucket(s.Start), 1, true)
	}
	err := k.keeper.Keeps(k.bytes())
	for k.isTry && (err != nil || k.rest == nil && k.isMuch()) {
		k.shrink()
		err = k.keeper.Keeps(k.bytes())
	}
	return err
}

// Sizes of what is kept for each, roughly: with its place in a map or the room that a list has grown beyond it.
const (
	factBytes  = 120
	entryBytes = 80
	timeBytes  = 8
)

// bytes is about what the counter keeps.
func (k *groupCounter) bytes() int64 {
	classes := len(k.facts)*factBytes + k.sayings.bytes() + len(k.entries)*entryBytes + k.memo.bytes()
	if k.said != nil {
		classes += len(k.meant) * factBytes
	}
	return int64(classes + k.sheet.bytes() + k.rest.bytes() + k.times*timeBytes + k.people*personBytes)
}

// takeAlike counts events of a session of a class, of which nothing but their number matters.
func (k *groupCounter) takeAlike(s *columns.Session, class int32, last int) {
	bucket, inOne := int32(0), s.Offsets == nil
	if !inOne {
		end := s.Start + s.Offsets[last]
		bucket = k.bucket(end)
		inOne = s.Start >= k.from && end < k.to && (bucket == 0 || s.Start >= k.starts[bucket])
	}
	if inOne && len(k.tokens.list) == 1 { // all events mean the same
		k.add(k.entry(class, 0), bucket, int64(last)+1, true)
		return
	}
	for i := last; i >= 0; i-- {
		token := k.tokens.class(s.Tokens[i])
		if k.tokens.list[token].matches&1 == 0 {
			continue
		}
		if !inOne {
			at := s.Start + s.Offsets[i]
			if at < k.from || at >= k.to {
				continue
			}
			for bucket > 0 && at < k.starts[bucket] {
				bucket--
			}
		}
		k.addEvent(class, token, bucket)
	}
	k.addWaiting(class)
}

// takeEvents counts those of a session of a class.
func (k *groupCounter) takeEvents(s *columns.Session, class int32, last int) {
	next := int64(-1)
	bucket := k.bucket(s.Start + s.Offsets[last])
	duration := len(s.Durations.At) - 1
	for i := last; i >= 0; i-- {
		offset, token := s.Offsets[i], k.tokens.class(s.Tokens[i])
		k.values[TimeOnPage], k.values[SinceStart], k.values[EventDuration] = none, float64(offset), none
		if duration >= 0 && int(s.Durations.At[duration]) == i {
			k.values[EventDuration] = s.Durations.MS[duration]
			duration--
		}
		if k.tokens.list[token].isView {
			if next >= 0 {
				k.values[TimeOnPage] = float64(next - offset)
			}
			next = offset
		}
		if k.tokens.list[token].matches&1 == 0 {
			continue
		}
		at := s.Start + offset
		if at < k.from || at >= k.to {
			continue
		}
		k.at = at
		for bucket > 0 && at < k.starts[bucket] {
			bucket--
		}
		if k.said != nil {
			token = k.eventClass(s, i, token)
		}
		k.addEvent(class, token, bucket)
	}
	k.addWaiting(class)
}

// waiting are events of a session, one after another, of one class and in one bucket, of which no number is taken.
type waiting struct {
	number        int64
	token, bucket int32
}

// addEvent counts an event, together with the next ones where these are of the same class and bucket, and nothing of one alone matters.
func (k *groupCounter) addEvent(class, token, bucket int32) {
	if k.matters() {
		k.add(k.entry(class, token), bucket, 1, true)
		return
	}
	if k.waiting.token != token || k.waiting.bucket != bucket {
		k.addWaiting(class)
		k.waiting.token, k.waiting.bucket = token, bucket
	}
	k.waiting.number++
}

// matters tells whether the time or a number of the event at hand is taken.
func (k *groupCounter) matters() bool {
	if k.latest {
		return true
	}
	for _, value := range k.taken {
		if !math.IsNaN(k.values[value]) {
			return true
		}
	}
	return false
}

func (k *groupCounter) addWaiting(class int32) {
	if k.waiting.number == 0 {
		return
	}
	values := k.values // of another event
	k.values = k.nothing
	k.add(k.entry(class, k.waiting.token), k.waiting.bucket, k.waiting.number, true)
	k.values, k.waiting.number = values, 0
}

// bucket is that of a time, 0 of one before all.
func (k *groupCounter) bucket(at int64) int32 {
	return int32(max(0, sort.Search(len(k.starts), func(i int) bool { return k.starts[i] > at })-1)) //nolint:gosec // of a thousand
}

// add counts so many of an entry.
func (k *groupCounter) add(e *entry, bucket int32, number int64, inSession bool) {
	for _, group := range e.groups {
		k.addTo(k.of(k.cell(group, bucket)), k.tracks, e.tracks, number, inSession)
		if k.isWhole && k.starts != nil {
			k.addTo(k.of(k.cell(group, k.whole())), k.tracks, e.tracks, number, inSession)
		}
	}
	for _, group := range e.rest {
		k.addTo(k.rest.of(k.rest.cell(group, 0)), k.RankedBy, e.restTracks, number, inSession)
	}
}

func (k *groupCounter) addTo(counts []Count, tracks []int, places []int32, number int64, inSession bool) {
	for _, place := range places {
		c, track := &counts[place], &k.Tracks[tracks[place]]
		c.Events += number
		if inSession && c.session != k.session {
			c.session = k.session
			c.Sessions++
			if track.Users && k.isUser && c.people.add(k.user) {
				c.Users++
				k.people++
			}
		}
		if track.Latest && inSession && k.isUser {
			c.Latest.take(Latest{k.at, k.user})
		}
		if value := k.values[track.Value]; !math.IsNaN(value) {
			for range number {
				c.Times.AddReal(value)
			}
			k.times += int(number)
		}
	}
}

// none is the number of what has none.
var none = math.NaN()

// takeOutside counts the events that are in no session.
func (k *groupCounter) takeOutside() {
	copy(k.values, k.nothing)
	for i, e := range k.eventsOutside {
		meant := k.tokens.list[k.tokens.class(e.token)]
		meant.matches = allMatch // the statement has asked it all
		k.takeSaid(i, &meant)
		entry := k.entryOf(fact{matches: e.matches}, meant)
		if k.starts == nil {
			e.bucket = 0
		}
		if k.values[EventDuration] = e.duration; e.duration < 0 {
			k.values[EventDuration] = none
		}
		k.add(&entry, e.bucket, e.number, false)
	}
}
