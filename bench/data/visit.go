package data

import (
	"math"
	"math/rand/v2"
	"strconv"
)

// visit is a session.
type visit struct {
	id, application, release string
	user                     user
	home                     home
	device                   device
}

// appendVisit draws a session that starts on a day, and appends its events.
func (w *world) appendVisit(steps []step, random *rand.Rand, day int) []step {
	n := w.visitor(random)
	lasting := draw(w.seed^0xbeef, n) // what a user keeps
	w.sessions++
	v := &visit{
		id: "s" + strconv.FormatInt(w.sessions, 36), application: "web", user: w.user(n), home: homes[skewed(lasting, len(homes), 1.7)],
		device: devices[skewed(lasting, len(devices), 1.5)], release: "1." + strconv.Itoa(day/14),
	}
	if random.IntN(8) == 0 {
		v.device = devices[random.IntN(len(devices))] // some have several
	}
	if v.device.kind != "desktop" {
		v.application = "mobile"
	}
	at := From.AddDate(0, 0, day).Unix() + int64(random.IntN(24*3600))
	length := sessionLength(random)
	if n < bots {
		length = 50 + random.IntN(451)
	}
	return w.appendSteps(steps, random, v, at, length)
}

// visitor draws who comes: one session in 500 is a bot's, one in 30 that of one of a few busy people.
func (w *world) visitor(random *rand.Rand) int {
	switch x := random.IntN(1500); {
	case x < 3:
		return random.IntN(bots)
	case x < 50:
		return bots + random.IntN(huge)
	}
	return bots + huge + skewed(random, w.users-bots-huge, 1.6)
}

// sessionLength is 1 to 500: most are short, few are very long.
func sessionLength(random *rand.Rand) int {
	return min(int(1.6*math.Pow(1-random.Float64(), -0.75)), 500)
}

// appendSteps walks through pages: some lead to the cart, some of those to the checkout.
func (w *world) appendSteps(steps []step, random *rand.Rand, v *visit, at int64, length int) []step {
	page := skewed(random, 10, 2.2)
	reports := random.IntN(40) == 0
	for i := range length {
		s := step{visit: v, at: at, page: page}
		switch x := random.IntN(100); {
		case i == 0 || x < 46:
			page = w.next(random, page)
			s.page, s.took = page, 200+random.IntN(4000)
		case x < 90:
			s.kind, s.name = action, skewed(random, len(w.actions)-1, 2.5)+1
			if page == pageCheck && random.IntN(2) == 0 {
				s.name = checkoutAction
			}
			if page >= 10 && random.IntN(4) == 0 {
				s.price = 100 + random.IntN(20000)
			}
			if reports && random.IntN(5) == 0 {
				s.flaw = "rage_tap"
			}
		case x < 94:
			s.kind, s.name = failure, random.IntN(len(w.errors))
		default:
			s.kind, s.took = custom, random.IntN(60_000)
		}
		steps = append(steps, s)
		at += pause(random)
	}
	return steps
}

// next is the page after another.
func (w *world) next(random *rand.Rand, page int) int {
	x := random.IntN(100)
	switch {
	case page >= 10 && x < 18:
		return pageCart
	case page == pageCart && x < 45:
		return pageCheck
	case page == pageCheck && x < 60:
		return pageDone
	case x < 35:
		return skewed(random, 10, 2)
	}
	return 10 + skewed(random, len(w.pages)-10, 3.5)
}

// pause is in seconds: one event in six comes in the same second as the one before it.
func pause(random *rand.Rand) int64 {
	if random.IntN(6) == 0 {
		return 0
	}
	return int64(1 + skewed(random, 240, 3))
}
