package segment

import (
	"time"
	_ "time/tzdata" // for machines without their own: wherever a definition is computed its dates must be read alike

	"github.com/footfall-analytics/footfall/pkg/filter"
)

// DefaultZone is the time zone of definitions that name none.
const DefaultZone = "UTC"

// location is the zone of the definition's dates. It depends on nothing else: not on who asks, nor on which way.
func (d Definition) location() (*time.Location, error) {
	name := withDefault(d.TimeZone, DefaultZone)
	zone, err := time.LoadLocation(name)
	if err != nil || name == time.Local.String() {
		return time.UTC, invalid("timeZone", "is not known: %q; give a name such as Europe/Berlin", name)
	}
	return zone, nil
}

// zoned is the definition as it is stored: its zone is said even where it is the default. Nil stays nil.
func (d *Definition) zoned() *Definition {
	if d == nil {
		return nil
	}
	zoned := *d
	zoned.TimeZone = withDefault(d.TimeZone, DefaultZone)
	return &zoned
}

// hasDates tells whether the definition could mean something else in another zone.
func (d Definition) hasDates() bool {
	found := false
	d.Where.walk(func(c Condition) {
		for _, text := range c.filters() {
			n, err := filter.Parse(text)
			found = found || err == nil && filter.HasDates(n)
		}
		found = found || c.Did != nil && c.Did.Window.hasDates() || c.Sequence != nil && c.Sequence.Window.hasDates()
	})
	return found
}

func (w *Window) hasDates() bool {
	return w != nil && (len(w.From) == len(time.DateOnly) || len(w.To) == len(time.DateOnly))
}
