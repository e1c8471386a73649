package counting

import (
	"math"
	"math/bits"
	"slices"
)

// people are users, each once.
type people struct {
	bits  []uint64 // users below 64 times its length: one bit for each
	slots []uint32 // the others, each at the place of its hash or after it; 0 is an empty place
	used  int      // of slots
}

// personBytes is what one takes, roughly.
const personBytes = 8

// add tells whether the user is a new one. Keys begin with 1.
func (p *people) add(user int32) bool {
	one := uint32(user) //nolint:gosec // no key is negative
	if word := int(one >> 6); word < len(p.bits) {
		is := p.bits[word]&(1<<(one&63)) != 0
		p.bits[word] |= 1 << (one & 63)
		return !is
	}
	if 4*p.used >= 3*len(p.slots) {
		p.grow()
		return p.add(user)
	}
	at := p.place(one)
	if p.slots[at] != 0 {
		return false
	}
	p.slots[at] = one
	p.used++
	return true
}

// place is where one stands among slots, or the empty place for it.
func (p *people) place(one uint32) int {
	at := int(one*0x9e3779b1>>(32-bits.Len(uint(len(p.slots)-1)))) & (len(p.slots) - 1)
	for p.slots[at] != 0 && p.slots[at] != one {
		at = (at + 1) & (len(p.slots) - 1)
	}
	return at
}

// grow makes room: a bit for each user up to the last one where that takes no more than twice as many slots.
func (p *people) grow() {
	before := p.slots
	words := 0
	for _, one := range before {
		words = max(words, int(one>>6)+1)
	}
	if size := max(4, 2*len(before)); words == 0 || 2*(words-len(p.bits)) > size {
		p.slots = make([]uint32, size)
		for _, one := range before {
			if one != 0 {
				p.slots[p.place(one)] = one
			}
		}
		return
	}
	p.bits = append(p.bits, make([]uint64, words-len(p.bits))...)
	p.slots, p.used = nil, 0
	for _, one := range before {
		if one != 0 {
			p.bits[one>>6] |= 1 << (one & 63)
		}
	}
}

// Durations are milliseconds. Nearly all are whole and below 49 days, and take half the memory.
type Durations struct {
	short  []uint32
	long   []float64 // what else there is
	sorted bool      // and none of short is above one of long
}

// Grow makes room for so many more.
func (d *Durations) Grow(more int) { d.short = slices.Grow(d.short, more) }

// Add takes one of whole milliseconds, which is not negative.
func (d *Durations) Add(ms int64) { d.AddReal(float64(ms)) }

// AddReal takes one. A number that is no duration may be negative.
func (d *Durations) AddReal(ms float64) {
	if whole := uint32(min(max(ms, 0), math.MaxUint32)); float64(whole) == ms {
		d.short = append(d.short, whole)
	} else {
		d.long = append(d.long, ms)
	}
	d.sorted = false
}

// Join adds others.
func (d *Durations) Join(other *Durations) {
	d.short, d.long, d.sorted = append(d.short, other.short...), append(d.long, other.long...), false
}

// Len is how many there are.
func (d *Durations) Len() int { return len(d.short) + len(d.long) }

// Sum is nil of nothing.
func (d *Durations) Sum() *float64 {
	if d.Len() == 0 {
		return nil
	}
	sum := 0.0
	for _, ms := range d.short {
		sum += float64(ms)
	}
	for _, ms := range d.long {
		sum += ms
	}
	return &sum
}

// sort puts all in order, short ones among long ones where fractions are below some of them.
func (d *Durations) sort() {
	if d.sorted {
		return
	}
	slices.Sort(d.short)
	slices.Sort(d.long)
	if len(d.short) > 0 && len(d.long) > 0 && d.long[0] < float64(d.short[len(d.short)-1]) {
		for _, ms := range d.short {
			d.long = append(d.long, float64(ms))
		}
		d.short = nil
		slices.Sort(d.long)
	}
	d.sorted = true
}

// Percentile is PostgreSQL's percentile_cont, nil of nothing.
func (d *Durations) Percentile(p float64) *float64 {
	if d.Len() == 0 {
		return nil
	}
	place := p * float64(d.Len()-1)
	low, high := d.neighbours(int(math.Floor(place)))
	value := low
	if fraction := place - math.Floor(place); fraction > 0 {
		value += fraction * (high - low)
	}
	return &value
}

// neighbours are the n-th, from 0, and the next one, which is the same where there is none.
func (d *Durations) neighbours(n int) (low, high float64) {
	if len(d.long) == 0 && !d.sorted {
		nth(d.short, n)
		return float64(d.short[n]), float64(slices.Min(d.short[min(n+1, len(d.short)-1):]))
	}
	d.sort()
	at := func(i int) float64 {
		if i < len(d.short) {
			return float64(d.short[i])
		}
		return d.long[i-len(d.short)]
	}
	return at(n), at(min(n+1, d.Len()-1))
}

// nth puts the n-th smallest into its place, with none greater before and none less behind it: that takes a fraction of the time
// that sorting does.
func nth(list []uint32, n int) {
	low, high := 0, len(list)-1
	for range 4 * bits.Len(uint(len(list))) {
		if low >= high {
			return
		}
		a, b, c := list[low], list[low+(high-low)/2], list[high]
		pivot := max(min(a, b), min(max(a, b), c)) // the one in the middle
		i, j := low, high
		for i <= j {
			for list[i] < pivot {
				i++
			}
			for list[j] > pivot {
				j--
			}
			if i <= j {
				list[i], list[j] = list[j], list[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case n <= j:
			high = j
		case n >= i:
			low = i
		default:
			return
		}
	}
	slices.Sort(list[low : high+1]) // such lists are rare, and would take for ever
}
