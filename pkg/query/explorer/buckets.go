package explorer

import (
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/footfall-analytics/footfall/pkg/query"
)

// buckets are the starts of the calendar buckets of a time series, in time order; the first one holds the start of the
// range.
type buckets []time.Time

// Interval is the length of buckets that a query asks for.
type Interval string

const (
	intervalAuto   Interval = "auto"
	intervalMinute Interval = "minute"
	intervalHour   Interval = "hour"
	intervalDay    Interval = "day"
	intervalWeek   Interval = "week"
	intervalMonth  Interval = "month"
)

var intervals = []Interval{intervalAuto, intervalMinute, intervalHour, intervalDay, intervalWeek, intervalMonth}

// step is a length of buckets.
type step struct {
	name   string
	length time.Duration // of minutes and hours exact, else about

	start func(time.Time) time.Time // of the bucket that holds a local time
	next  func(time.Time) time.Time // the bucket after the one that starts then
}

var steps = []step{
	clockStep("minute", time.Minute), clockStep("5 minutes", 5*time.Minute), clockStep("10 minutes", 10*time.Minute),
	clockStep("15 minutes", 15*time.Minute), clockStep("30 minutes", 30*time.Minute), clockStep("hour", time.Hour),
	{
		"day", 24 * time.Hour,
		func(t time.Time) time.Time { return query.StartOfDay(t, 0) },
		func(t time.Time) time.Time { return query.StartOfDay(t, 1) },
	},
	{
		"week", 7 * 24 * time.Hour,
		func(t time.Time) time.Time { return query.StartOfDay(t, -(int(t.Weekday())+6)%7) },
		func(t time.Time) time.Time { return query.StartOfDay(t, 7) },
	},
	{
		"month", 30 * 24 * time.Hour,
		func(t time.Time) time.Time { return query.StartOfDay(t, 1-t.Day()) },
		func(t time.Time) time.Time { return query.StartOfDay(t, daysOfMonth(t)) },
	},
}

// chooseBuckets makes buckets as asked, or longer ones where these would be too many, which the notice says.
func chooseBuckets(c query.Context, interval Interval) (step, buckets, string) {
	limit := maxBuckets
	if c.MaxRows > 0 {
		limit = min(limit, c.MaxRows)
	}
	var asked step
	for i, s := range steps {
		if interval != intervalAuto && asked.name == "" && s.name != string(interval) ||
			interval == intervalAuto && s.length < c.Interval && i < len(steps)-1 {
			continue
		}
		if asked.name == "" {
			asked = s
		}
		made, all := s.buckets(c, limit)
		if !all && i < len(steps)-1 {
			continue
		}
		if interval == intervalAuto || asked.name == s.name {
			return s, made, ""
		}
		return s, made, message.NewPrinter(language.English).Sprintf(
			"A time series has at most %d points: showing one per %s instead of one per %s", limit, s.name, asked.name)
	}
	panic("the last step makes buckets of any range")
}

// whole cuts a range to those of its buckets that lie in it from start to end and are over. Where there are none it stays as
// it is, which the notice says.
func (s step) whole(c query.Context, made buckets) (query.Context, buckets, string) {
	first, end := 0, len(made)
	if made[0].Before(c.From) {
		first = 1
	}
	for end > first && !isOver(s.next(made[end-1]), c) {
		end--
	}
	if first == end {
		return c, made, noneWhole(s.name)
	}
	c.From, c.To = made[first], s.next(made[end-1])
	return c, made[first:end], ""
}

// isOver tells whether a bucket's end has come, in the range and by the clock. Grafana says the end of a day a millisecond early.
func isOver(end time.Time, c query.Context) bool {
	return !end.After(c.To.Add(time.Millisecond)) && !end.After(c.Now)
}

func noneWhole(step string) string {
	return "No whole " + step + " of the time range is over: showing what there is"
}

// buckets makes up to limit buckets of the range and tells whether these are all.
func (s step) buckets(c query.Context, limit int) (buckets, bool) {
	var made buckets
	for at := s.start(c.From.In(c.Location)); at.Before(c.To); at = s.next(at) {
		if len(made) == limit {
			return made, false
		}
		made = append(made, at)
	}
	return made, true
}

// clockStep makes buckets by the local clock, which need not be a whole number of hours off UTC.
func clockStep(name string, length time.Duration) step {
	start := func(t time.Time) time.Time {
		_, offset := t.Zone()
		local := t.Unix() + int64(offset)
		seconds := int64(length / time.Second)
		begin := time.Unix(t.Unix()-((local%seconds)+seconds)%seconds, 0).In(t.Location())
		// The clock may have been set since.
		if set, _ := t.ZoneBounds(); begin.Before(set) {
			return set
		}
		return begin
	}
	return step{name, length, start, func(t time.Time) time.Time { return start(t.Add(length)) }}
}

func daysOfMonth(t time.Time) int {
	return time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// times are the buckets as a parameter of a statement; nil where there are none.
func (b buckets) times() []time.Time {
	if b == nil {
		return nil
	}
	list := make([]time.Time, len(b))
	for i, t := range b {
		list[i] = t.UTC()
	}
	return list
}
