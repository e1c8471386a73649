package data

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// world is what visits happen in.
type world struct {
	seed                   uint64
	users                  int
	pages, actions, errors []string
	sessions               int64
}

// The first pages and actions are those that the questions are about.
const (
	pageCart  = 3
	pageCheck = 4
	pageDone  = 5
	manyPages = 2000
)

const checkoutAction = 0

func newWorld(o Options) *world {
	w := &world{
		seed: o.Seed, users: max(o.Events/eventsPerUser, 20),
		pages:   []string{"/", "/search", "/category/shoes", "/cart", "/checkout", "/done", "/account", "/help", "/docs/start", "/docs/returns"},
		actions: []string{"CHECKOUT", "ADD", "SEARCH", "FILTER", "MENU", "LOGIN", "VOTE", "SHARE"},
		errors:  []string{"TypeError", "NetworkError", "Timeout"},
	}
	for i := len(w.pages); i < manyPages; i++ {
		w.pages = append(w.pages, fmt.Sprintf("/product/item-%c%c%c", 'a'+i/676%26, 'a'+i/26%26, 'a'+i%26))
	}
	for i := len(w.actions); i < 120; i++ {
		w.actions = append(w.actions, fmt.Sprintf("BUTTON %c%c", 'A'+i/26, 'A'+i%26))
	}
	return w
}

// user is somebody by a number: what is not drawn follows from it.
type user struct {
	id, name, email, anonymous, plan string
}

// Kinds of visitors: bots come often and see much, a tenth is anonymous, a hundredth says nothing.
const (
	bots = 3
	huge = 10
)

var plans = [...]string{"free", "free", "free", "free", "free", "pro", "pro", "pro", "enterprise", ""}

func (w *world) user(n int) user {
	random := draw(w.seed^0xdecaf, n)
	switch {
	case n >= bots+huge && n%100 == 99:
		return user{}
	case n >= bots+huge && n%10 == 9:
		return user{anonymous: "a" + strconv.Itoa(n)}
	}
	first, last := firstNames[random.IntN(len(firstNames))], lastNames[random.IntN(len(lastNames))]
	u := user{
		id: "user-" + strconv.Itoa(n), name: first + " " + last, plan: plans[random.IntN(len(plans))],
		email: fmt.Sprintf("%s.%s.%d@example.com", first, last, n),
	}
	if n < bots {
		u.name, u.email, u.plan = "bot "+strconv.Itoa(n), "", ""
	}
	return u
}

func (u user) fill(row *event.Row) {
	row.UserID, row.UserName, row.UserEmail, row.AnonymousID = u.id, u.name, u.email, u.anonymous
}

var (
	firstNames = []string{"Ana", "Bruno", "Chidi", "Dana", "Emil", "Farah", "Goran", "Hana", "Ines", "Jonas", "Kofi", "Lena", "Mika", "Nils", "Olga", "Priya"}
	lastNames  = []string{"Almeida", "Berger", "Costa", "Dubois", "Eze", "Fischer", "Garcia", "Haas", "Ito", "Jensen", "Kaya", "Lima", "Mensah", "Novak", "Okafor", "Singh"}
)

type home struct{ country, city string }

// A country in front is drawn more often.
var homes = []home{
	{"BR", "São Paulo"}, {"US", "New York"}, {"DE", "Berlin"}, {"FR", "Paris"}, {"IN", "Mumbai"}, {"GB", "London"},
	{"US", "Austin"}, {"ES", "Madrid"}, {"PT", "Lisbon"}, {"JP", "Tokyo"}, {"NG", "Lagos"}, {"MX", "Mexico City"},
	{"CA", "Toronto"}, {"IT", "Rome"}, {"PL", "Warsaw"}, {"SE", "Stockholm"}, {"AU", "Sydney"}, {"TR", "Istanbul"},
}

type device struct{ kind, os, browser string }

var devices = []device{
	{"desktop", "Windows", "Chrome"}, {"mobile", "Android", "Chrome Mobile"}, {"mobile", "iOS", "Mobile Safari"},
	{"desktop", "macOS", "Safari"}, {"desktop", "Windows", "Edge"}, {"desktop", "Linux", "Firefox"}, {"tablet", "iPadOS", "Mobile Safari"},
}

// draw begins a sequence that its two numbers tell.
func draw(seed uint64, n int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, uint64(n))) //nolint:gosec // it is to be drawn again, no secret
}

// skewed draws one of n, the first ones most often: a power law, where a greater exponent favours them more.
func skewed(random *rand.Rand, n int, exponent float64) int {
	return min(int(float64(n)*math.Pow(random.Float64(), exponent)), n-1)
}
