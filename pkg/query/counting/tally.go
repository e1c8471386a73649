package counting

import (
	"math"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/columns"
)

// userPairs tell who was where: pairs of what is counted, by index, and a user's key. They come in any order, since reading
// sessions by user takes many times longer than reading them as they lie.
type userPairs struct{ list []uint64 }

// mostPairs are put in order at a time, which leaves each only once.
var mostPairs = 4 << 20 / columns.Workers()

func (p *userPairs) add(index int, user int32) {
	if len(p.list) == cap(p.list) && len(p.list) >= mostPairs {
		if p.compact(); len(p.list) > cap(p.list)/2 { // else this came again too soon
			p.list = slices.Grow(p.list, cap(p.list)/2)
		}
	}
	p.list = append(p.list, uint64(index)<<32|uint64(uint32(user))) //nolint:gosec // an index into a list
}

func (p *userPairs) compact() {
	slices.Sort(p.list)
	p.list = slices.Compact(p.list)
}

// count tells the index of each pair, once.
func (p *userPairs) count(tell func(index int)) {
	p.compact()
	for _, pair := range p.list {
		tell(int(pair >> 32))
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

// AddReal takes one, which is not negative.
func (d *Durations) AddReal(ms float64) {
	if whole := uint32(min(ms, math.MaxUint32)); float64(whole) == ms {
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
	d.sort()
	at := func(i int) float64 {
		if i < len(d.short) {
			return float64(d.short[i])
		}
		return d.long[i-len(d.short)]
	}
	place := p * float64(d.Len()-1)
	low, high := at(int(math.Floor(place))), at(int(math.Ceil(place)))
	value := low + (place-math.Floor(place))*(high-low)
	return &value
}
