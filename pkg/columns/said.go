package columns

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/blocks"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// Said are the values that events have of some attributes: JSON as PostgreSQL writes it, each different one once, by a number.
type Said struct {
	Names []string
	Texts [][]string // by attribute: the values; a number is an index into them, counted from 1; 0 is none

	numbers []map[string]int32
	blocks  map[blockOf][][]int32 // by attribute: numbers of the block's own texts
	tail    map[Ref]span          // of events
	events  []saidEvent           // of the tail, session by session
	keeper  *Keeper
	bytes   int64
}

type blockOf struct {
	bucket int16
	id     int64
}

// saidEvent is an event of the tail that says something.
type saidEvent struct {
	at        int32 // index in its session
	attribute int32
	number    int32
}

// span is from one index to before another one.
type span struct{ from, to int32 }

// Bytes of what is kept: of a text beside its letters, and of an event of the tail and its session.
const (
	textBytes      = 100
	saidEventBytes = 16
	spanBytes      = 48
)

// mostAsked is how many sessions of the tail have their events asked, at some 0.1 ms each: those that have not what these say beside them.
const mostAsked = 20_000

// packedNames are the attributes of events that are packed, ascending.
func packedNames(ctx context.Context, db store.Querier) (names []string, err error) {
	statement := store.Statement{SQL: "select " + blocks.PackedNames}
	return names, statement.Each(ctx, db, []any{&names}, func() error { return nil })
}

const hasSaidSQL = `
select (select count(*)
          from (select
                  from footfall.tail t
                 where %[2]s
                   and not coalesce(starts_with(t.said, $5), false)
                 limit $4 + 1) few) <= $4
   and not exists (select from footfall.blocks b cross join unnest($3::text[]) n (name)
                    where %[1]s
                      and not exists (select from footfall.block_attributes v
                                       where v.bucket = b.bucket and v.block = b.id and v.name = n.name and v.packed))`

// HasSaid tells whether the scan can read what events say of attributes.
func (s Scan) HasSaid(ctx context.Context, db store.Querier, names []string) (has bool, err error) {
	if has, err = s.IsBuilt(ctx, db); !has || err != nil {
		return false, err
	}
	all, err := packedNames(ctx, db)
	if err != nil || slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(all, name) }) {
		return false, err
	}
	statement := store.Statement{
		SQL: fmt.Sprintf(hasSaidSQL, s.blocks(), s.times("t")), Args: []any{s.From, s.To, names, mostAsked, packed.SaidHead(all)},
	}
	return has, statement.Each(ctx, db, []any{&has}, func() error { return nil })
}

const blockTextsSQL = `select v.bucket, v.block, array_position($3::text[], v.name) - 1, v.texts
  from footfall.block_attributes v
  join footfall.blocks b on b.bucket = v.bucket and b.id = v.block
 where %s
   and v.name = any ($3)
   and v.texts is not null`

// tailSaidSQL reads what stands beside sessions.
const tailSaidSQL = `select t.user_key, t.session_key, t.said
  from footfall.tail t
 where %s
   and starts_with(t.said, $3)
   and t.said <> $3`

// tailAskedSQL looks the events of the other sessions up: a join would read all events of the months that they lie in.
const tailAskedSQL = `select t.user_key, t.session_key, e.number, e.said
  from footfall.tail t
 cross join lateral %s e
 where %s
   and not coalesce(starts_with(t.said, %s), false)`

// ReadSaid reads which values there are, and those of the tail, for a scan of the same transaction. It returns the statements that were
// run. HasSaid has to be true.
func (s Scan) ReadSaid(ctx context.Context, db store.Querier, names []string) (*Said, []store.Statement, error) {
	said := &Said{
		Names: names, Texts: make([][]string, len(names)), numbers: make([]map[string]int32, len(names)), blocks: map[blockOf][][]int32{},
		tail: map[Ref]span{}, keeper: s.Room.Keeper(),
	}
	for i := range names {
		said.numbers[i] = map[string]int32{}
	}
	ofBlocks := store.Statement{SQL: fmt.Sprintf(blockTextsSQL, s.blocks()), Args: []any{s.From, s.To, names}, Binary: true}
	if err := said.readBlocks(ctx, db, ofBlocks); err != nil {
		return nil, nil, err
	}
	all, err := packedNames(ctx, db)
	if err != nil {
		return nil, nil, err
	}
	head := packed.SaidHead(all)
	ofTail := store.Statement{SQL: fmt.Sprintf(tailSaidSQL, s.times("t")), Args: []any{s.From, s.To, head}, Binary: true}
	if err := said.readTail(ctx, db, ofTail, all, head); err != nil {
		return nil, nil, err
	}
	asked := s.tailAsked(names, head)
	return said, []store.Statement{ofBlocks, ofTail, asked}, said.askTail(ctx, db, asked)
}

func (said *Said) readBlocks(ctx context.Context, db store.Querier, statement store.Statement) error {
	var of blockOf
	var attribute int32
	var stored []byte
	return statement.Each(ctx, db, []any{&of.bucket, &of.id, &attribute, &stored}, func() error {
		texts, err := blocks.DecodeTexts(stored)
		if err != nil {
			return damaged(fmt.Sprintf("block %d of bucket %d", of.id, of.bucket), err)
		}
		if said.blocks[of] == nil {
			said.blocks[of] = make([][]int32, len(said.Names))
		}
		numbers := make([]int32, len(texts))
		for i, text := range texts {
			numbers[i] = said.Number(int(attribute), text)
		}
		said.blocks[of][attribute] = numbers
		return said.keep(int64(len(numbers)) * 4)
	})
}

// Number is that of a value, a new one where it was not said yet; 0 of "".
func (said *Said) Number(attribute int, text string) int32 {
	if text == "" {
		return 0
	}
	number, known := said.numbers[attribute][text]
	if !known {
		text = strings.Clone(text) // which may be a part of a longer one
		said.Texts[attribute] = append(said.Texts[attribute], text)
		number = int32(len(said.Texts[attribute])) //nolint:gosec // bounded by memory
		said.numbers[attribute][text] = number
		said.bytes += int64(len(text)) + textBytes
	}
	return number
}

func (said *Said) keep(more int64) error {
	said.bytes += more
	return said.keeper.Keeps(said.bytes)
}

func (s Scan) tailAsked(names []string, head string) store.Statement {
	params := &store.Params{Values: []any{s.From, s.To}}
	said := event.SaidInSessionSQL("t", names, params.Add)
	return store.Statement{SQL: fmt.Sprintf(tailAskedSQL, said, s.times("t"), params.Add(head)), Args: params.Values}
}

// readTail takes what stands beside sessions, of all attributes that are packed.
func (said *Said) readTail(ctx context.Context, db store.Querier, statement store.Statement, all []string, head string) error {
	wanted := make([]int, len(all)) // by attribute: its place among Names
	for i, name := range all {
		wanted[i] = slices.Index(said.Names, name)
	}
	var ref Ref
	var text string
	return statement.Each(ctx, db, []any{&ref.User, &ref.Session, &text}, func() error {
		from := len(said.events)
		err := packed.EachSaid(text[len(head):], len(all), math.MaxInt32, func(attribute, event int, value string) {
			if at := wanted[attribute]; at >= 0 {
				said.addEvent(event, at, value)
			}
		})
		if err != nil {
			return damaged(fmt.Sprintf("session %d of user %d", ref.Session, ref.User), err)
		}
		return said.endSession(ref, from)
	})
}

// askTail asks the events themselves.
func (said *Said) askTail(ctx context.Context, db store.Querier, statement store.Statement) error {
	var ref, before Ref
	var at int
	var texts []string
	from := len(said.events)
	err := statement.Each(ctx, db, []any{&ref.User, &ref.Session, &at, &texts}, func() error {
		if ref != before {
			if err := said.endSession(before, from); err != nil {
				return err
			}
			before, from = ref, len(said.events)
		}
		for attribute, text := range texts {
			if text != "" {
				said.addEvent(at, attribute, text)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return said.endSession(before, from)
}

// addEvent adds what an event of the tail says. Those of a session come one after another.
func (said *Said) addEvent(at, attribute int, text string) {
	said.events = append(said.events, saidEvent{int32(at), int32(attribute), said.Number(attribute, text)}) //nolint:gosec // of a session
}

// endSession says that the events from an index on are a session's, if there are any.
func (said *Said) endSession(ref Ref, from int) error {
	to := len(said.events)
	if to == from {
		return nil
	}
	said.tail[ref] = span{int32(from), int32(to)} //nolint:gosec // bounded by memory
	return said.keep(int64(spanBytes + (to-from)*saidEventBytes))
}

// ofTail sets what the events of a session of the tail say, in lists that are used again.
func (said *Said) ofTail(s *Session) {
	for i := range s.Said {
		s.Said[i] = append(s.Said[i][:0], make([]int32, len(s.Tokens))...)
	}
	of := said.tail[s.Ref]
	for _, e := range said.events[of.from:of.to] {
		if int(e.at) < len(s.Tokens) { // of truncated sessions there are more
			s.Said[e.attribute][e.at] = e.number
		}
	}
}

// saidOfBlock unpacks what the events of a block say.
type saidOfBlock struct {
	columns blocks.IntReader
	lists   [][]int32 // by attribute
}

func (of *saidOfBlock) decode(said *Said, b *block) error {
	if of.lists == nil {
		of.lists = make([][]int32, len(said.Names))
	}
	numbers := said.blocks[blockOf{b.Bucket, b.ID}]
	for i := range said.Names {
		var own []int32
		if numbers != nil {
			own = numbers[i]
		}
		list, err := of.columns.Decode(b.Said[i], of.lists[i], int(b.Events), len(own))
		if err != nil {
			return damaged(fmt.Sprintf("block %d of bucket %d: %s", b.ID, b.Bucket, said.Names[i]), err)
		}
		for at, n := range list {
			if n > 0 {
				list[at] = own[n-1]
			}
		}
		of.lists[i] = list
	}
	return nil
}
