package counting

import (
	"context"
	"math"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/filter"
)

// said is what values that events have mean to a question, by their numbers; nil where it does not ask.
type said struct {
	*columns.Said
	codes   [][]int32   // by facet: of its values; nil of facets that are no attributes of events
	numbers [][]float64 // by attribute that tracks take: NaN of what is no number
	outside [][]int32   // by event outside of sessions, and attribute
	matches [][]uint64  // by attribute, of its values: conditions that hold as far as they speak of it, by bit; nil: none does
}

// saidCondition is what a condition says of an attribute.
type saidCondition struct {
	condition int // its index
	place     int // of the attribute among Grouping.said
	attribute filter.Attribute
	node      filter.Node
}

// saidBytes is what a value takes beside its text, and its codes: codeBytes.
const saidBytes = 16

// readSaid reads what events say, also those outside of sessions.
func (r *run) readSaid(ctx context.Context) error {
	if len(r.Grouping.said) == 0 {
		return nil
	}
	scan := r.Grouping.scan()
	scan.Room = r.meanings
	read, executed, err := scan.ReadSaid(ctx, r.db, r.Grouping.said)
	if err != nil {
		return err
	}
	r.did(executed...)
	r.said = &said{Said: read, codes: make([][]int32, len(r.Facets)), numbers: make([][]float64, len(r.Attributes))}
	for _, e := range r.eventsOutside {
		numbers := make([]int32, len(e.said))
		for i, text := range e.said {
			numbers[i] = read.Number(i, text)
		}
		r.said.outside = append(r.said.outside, numbers)
	}
	if err := r.understand(); err != nil {
		return err
	}
	return r.decideSaid(ctx)
}

// decideSaid asks the store for which values conditions hold.
func (r *run) decideSaid(ctx context.Context) error {
	r.said.matches = make([][]uint64, len(r.said.Texts))
	for _, one := range r.ofSaid {
		texts := r.said.Texts[one.place]
		if r.said.matches[one.place] == nil {
			r.said.matches[one.place] = slices.Repeat([]uint64{allMatch}, len(texts)+1)
			if err := r.meanings.Keeper().Keeps(int64(len(texts)) * saidBytes); err != nil {
				return err
			}
		}
		statement, err := r.context.Compiler().SaidValues(one.attribute, texts, one.node)
		if err != nil {
			return err
		}
		r.did(statement)
		holds := make([]bool, len(texts)+1)
		var number int
		if err := statement.Each(ctx, r.db, []any{&number}, func() error {
			holds[number] = true
			return nil
		}); err != nil {
			return err
		}
		for i, is := range holds {
			if !is {
				r.said.matches[one.place][i] &^= 1 << one.condition
			}
		}
	}
	return nil
}

// matching are the conditions that hold for what the i-th event of a session says.
func (said *said) matching(s *columns.Session, i int) uint64 {
	matches := allMatch
	for attribute, list := range said.matches {
		if list != nil {
			matches &= list[s.Said[attribute][i]]
		}
	}
	return matches
}

// understand finds what the values mean.
func (r *run) understand() error {
	kept := 0
	for i := range r.Attributes {
		list := []float64{math.NaN()}
		for _, text := range r.said.Texts[i] {
			number, is := filter.NumberOf(text)
			if !is {
				number = math.NaN()
			}
			list = append(list, number)
		}
		r.said.numbers[i] = list
		kept += len(list) * saidBytes
	}
	for i, f := range r.Facets {
		if r.sources[i] != ofSaid {
			continue
		}
		list := []int32{0}
		for _, text := range r.said.Texts[r.places[i]] {
			list = append(list, r.codes[i].code(f.ElementsOf(text)))
		}
		r.said.codes[i] = list
		kept += len(list)*saidBytes + r.codes[i].bytes
	}
	return r.meanings.Keeper().Keeps(int64(kept))
}

// saying is what an event says to the facets and conditions.
type saying struct {
	codes   [MaxFacets]int32
	matches uint64
}

// sayings number what is said, and events by it and by what their tokens mean.
type sayings struct {
	numbers map[saying]int32
	before  saying // of the event before, whose session says much the same
	last    int32  // its number
	classes index  // of events, by the number of what they say and the class of their token
}

// eventClass is the class of the i-th event of a session, of a class of token, and sets the numbers that it says.
func (k *groupCounter) eventClass(s *columns.Session, i int, token int32) int32 {
	of := saying{matches: k.said.matching(s, i)}
	for facet, codes := range k.said.codes {
		if codes != nil {
			of.codes[facet] = codes[s.Said[k.places[facet]][i]]
		}
	}
	for attribute, numbers := range k.said.numbers {
		k.values[Number(attribute)] = numbers[s.Said[attribute][i]]
	}
	number := k.sayings.number(of)
	class := k.sayings.classes.get(number, token)
	if class < 0 {
		class = int32(len(k.meant)) //nolint:gosec // no more than events
		k.sayings.classes.set(number, token, class)
		k.meant = append(k.meant, k.said.meaning(k.tokens.list[token], of))
	}
	return class
}

func (s *sayings) number(of saying) int32 {
	if of == s.before && len(s.numbers) > 0 {
		return s.last
	}
	number, known := s.numbers[of]
	if !known {
		number = int32(len(s.numbers)) //nolint:gosec // no more than events
		s.numbers[of] = number
	}
	s.before, s.last = of, number
	return number
}

// bytes is about what they keep.
func (s *sayings) bytes() int { return len(s.numbers)*factBytes + s.classes.bytes() }

// meaning is what an event means that says something beside what its token means.
func (said *said) meaning(of fact, says saying) fact {
	of.matches &= says.matches
	for facet, codes := range said.codes {
		if codes != nil {
			of.values[facet] = says.codes[facet]
		}
	}
	return of
}

// takeSaid adds to what the token of an event outside of sessions means what it says, and sets its numbers.
func (k *groupCounter) takeSaid(event int, meant *fact) {
	if k.said == nil {
		return
	}
	numbers := k.said.outside[event]
	for facet, codes := range k.said.codes {
		if codes != nil {
			meant.values[facet] = codes[numbers[k.places[facet]]]
		}
	}
	for attribute, list := range k.said.numbers {
		k.values[Number(attribute)] = list[numbers[attribute]]
	}
}
