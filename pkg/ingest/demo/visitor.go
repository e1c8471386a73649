package demo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// visitor is one person, with or without an account.
type visitor struct {
	random      *rand.Rand
	calendar    calendar
	place       place
	devices     []device
	app         bool // uses the shop's app on the phone
	anonymousID string
	id          string // "" without an account
	name, email string
	plan        string
	channel     string
	from, to    int     // days of the calendar with visits
	daily       float64 // visits per day
	story       story
	newcomer    bool // signed up within the calendar: the first visit starts anonymous
}

func newVisitor(seed int64, number int, registered bool, c calendar) *visitor {
	random := rand.New(rand.NewPCG(uint64(seed), uint64(number))) //nolint:gosec // demo data, the same for the same seed
	v := &visitor{random: random, calendar: c, place: pick(random, places, func(p place) int { return p.weight })}
	v.devices = []device{pickDevice(random)}
	if random.Float64() < 0.35 {
		v.devices = append(v.devices, pickDevice(random))
	}
	v.app = random.Float64() < 0.3
	v.anonymousID = uuid(random)
	v.channel = pickValue(random, channels)
	v.to = c.days
	if !registered {
		v.from = int(float64(c.days) * math.Sqrt(random.Float64()))
		v.daily = 0.04
		v.story = newStory(v, seed, number)
		return v
	}
	v.name = oneOf(random, v.place.names.first) + " " + oneOf(random, v.place.names.last)
	v.id = fmt.Sprintf("user-%05d", number+1)
	v.email = fmt.Sprintf("%s.%d@example.com", asciiLower(v.name), number+1)
	v.plan = pickValue(random, plans)
	v.daily = min(0.1*math.Exp(random.NormFloat64()), 1.5)
	if v.plan != "free" {
		v.daily *= 1.6
	}
	// Some have been customers before; the others come more and more often towards the end.
	share := random.Float64()
	if v.newcomer = random.Float64() < 0.6; v.newcomer {
		share = math.Sqrt(share)
	} else {
		share = share * share
	}
	v.from = int(float64(max(c.days-1, 1)) * share)
	if random.Float64() < 0.4 {
		v.to = min(c.days, v.from+1+int(random.ExpFloat64()*30))
	}
	v.story = newStory(v, seed, number)
	return v
}

// events yields the visitor's events; a row is used again for the next one.
func (v *visitor) events(yield func(*event.Row) bool) {
	number := 0
	for day := v.from; day < v.to && !v.story.gaveUp; day++ {
		date := v.calendar.first.AddDate(0, 0, day)
		chance := v.daily * weekdayFactor[date.Weekday()]
		if day > v.from && v.random.Float64() >= chance {
			continue
		}
		for range v.story.daily {
			s := newVisit(v, day, number)
			s.loggedIn = v.id != "" && (number > 0 || !v.newcomer)
			number++
			if !s.run(yield) {
				return
			}
		}
	}
}

var weekdayFactor = [7]float64{1.25, 0.95, 0.9, 0.95, 1, 1.1, 1.3} // from Sunday

// hourWeights is how often visits start in each hour of the local day.
var hourWeights = [24]int{2, 1, 1, 1, 1, 2, 4, 7, 9, 10, 11, 12, 14, 13, 11, 11, 12, 14, 17, 20, 22, 20, 13, 6}

func (v *visitor) startOn(date time.Time) time.Time {
	hours := make([]int, len(hourWeights))
	for i := range hours {
		hours[i] = i
	}
	hour := pick(v.random, hours, func(h int) int { return hourWeights[h] })
	local := time.Duration(hour)*time.Hour + time.Duration(v.random.Int64N(int64(time.Hour)))
	// The day is UTC's: a start before its midnight moves to its evening, so that no event lies outside the calendar.
	utc := (local - time.Duration(v.place.offset)*time.Hour + 48*time.Hour) % (24 * time.Hour)
	return date.Add(utc).Truncate(time.Millisecond)
}

func pick[T any](random *rand.Rand, from []T, weight func(T) int) T {
	total := 0
	for _, item := range from {
		total += weight(item)
	}
	at := random.IntN(total)
	for _, item := range from {
		if at -= weight(item); at < 0 {
			return item
		}
	}
	panic("demo: weights changed while picking")
}

func pickDevice(random *rand.Rand) device {
	return pick(random, devices, func(d device) int { return d.weight })
}

func pickValue(random *rand.Rand, from []choice) string {
	return pick(random, from, func(c choice) int { return c.weight }).value
}

func oneOf(random *rand.Rand, from []string) string { return from[random.IntN(len(from))] }

func uuid(random *rand.Rand) string {
	high, low := random.Uint64(), random.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", high>>32, high>>16&0xffff, high&0xfff, low>>48&0x3fff|0x8000, low&0xffffffffffff)
}

var withoutAccents = strings.NewReplacer(
	" ", ".", "ã", "a", "á", "a", "é", "e", "è", "e", "í", "i", "ó", "o", "ü", "u", "ö", "o", "ä", "a")

func asciiLower(name string) string { return withoutAccents.Replace(strings.ToLower(name)) }
