package demo

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// visit is one session of a visitor.
type visit struct {
	*visitor
	yield       func(*event.Row) bool
	row         event.Row // what all events of the visit share
	session     string
	number      int // of the next event
	now         time.Time
	loggedIn    bool
	stopped     bool // the consumer wants no more
	signUpAfter int  // pages a new customer looks at before making an account

	view      event.Row // the current view's fields
	productID int
	cartCents int

	day      int    // of the calendar
	version  string // of the shop
	isFirst  bool
	isBroken bool // paying does not work
	attempts int  // to pay, while it does not
	sent     bool // some view
}

// The applications.
const (
	webID = "shop-web"
	appID = "shop-app"
)

// maxSteps ends visits that would go round for ever.
const maxSteps = 60

func newVisit(v *visitor, day, number int) *visit {
	date := v.calendar.first.AddDate(0, 0, day)
	d := v.devices[0]
	if number > 0 && v.random.Float64() < 0.4 {
		d = v.devices[len(v.devices)-1]
	}
	s := &visit{visitor: v, session: uuid(v.random), now: v.startOn(date), signUpAfter: v.random.IntN(4)}
	s.day, s.version, s.isFirst = day, v.calendar.version(day), number == 0
	s.isBroken = d.kind == "mobile" && v.calendar.isWithin(day, brokenFrom, brokenDays)
	s.row = event.Row{
		AnonymousID: v.anonymousID, SessionID: s.session, ApplicationID: webID, Source: "demo",
		Country: v.place.country, Region: v.place.region, City: v.place.city,
		DeviceType: d.kind, OSName: d.os, OSVersion: d.osVersion,
	}
	if v.app && d.kind == "mobile" {
		s.row.ApplicationID = appID
	} else {
		s.row.BrowserName, s.row.BrowserVersion = d.browser, strconv.Itoa(d.browserVersion+weeksSince2026(date)/4)
	}
	return s
}

func weeksSince2026(date time.Time) int {
	return int(date.Sub(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).Hours() / (24 * 7))
}

// run walks through the shop; false means that no more events are wanted.
func (s *visit) run(yield func(*event.Row) bool) bool {
	s.yield = yield
	s.readsGuide()
	at := pick(s.random, entries, func(e step) int { return e.weight }).to
	for i := range maxSteps {
		// The way on is drawn before the view is sent, since the view says how long it lasted.
		next := pick(s.random, steps[at], func(n step) int { return n.weight })
		stay := s.dwell(at)
		s.look(at, stay)
		if next = s.turn(at, next); s.signsUp(i, at, next) {
			next = signUp
		}
		s.mishaps(at)
		if next.to == leave {
			break
		}
		s.now = s.now.Add(stay)
		s.follow(at, next)
		at = next.to
	}
	return !s.stopped
}

// signsUp tells whether it is time for a new customer to make an account: after some pages, or before leaving.
func (s *visit) signsUp(pages int, at page, next step) bool {
	due := s.id != "" && !s.loggedIn && at != register
	return due && (pages == s.signUpAfter || next.to == leave)
}

func (s *visit) dwell(at page) time.Duration {
	typical := 20 * time.Second
	switch at {
	case product, help:
		typical = 40 * time.Second
	case checkout, payment, register:
		typical = 55 * time.Second
	}
	return 2*time.Second + time.Duration(s.random.ExpFloat64()*float64(typical)).Round(time.Millisecond)
}

// look sends the view of a page.
func (s *visit) look(at page, stay time.Duration) {
	path, attributes := s.describe(at)
	s.lookAt(uuid(s.random), path, viewNames[at], stay, attributes)
}

func (s *visit) lookAt(id, path, name string, stay time.Duration, attributes []string) {
	s.view = event.Row{ViewID: id, ViewPath: path, ViewName: name}
	if !s.sent {
		attributes, s.sent = append(attributes, s.arrival()...), true
	}
	s.send(event.Row{Type: "view", Duration: strconv.FormatInt(stay.Milliseconds(), 10)}, attributes)
}

// describe returns a page's path and what else is known of it.
func (s *visit) describe(at page) (path string, attributes []string) {
	switch at {
	case home:
		return "/", nil
	case search:
		return "/search", []string{quoted("search.term", oneOf(s.random, searchTerms)), integer("search.results", s.random.IntN(40))}
	case category:
		name := oneOf(s.random, categories)
		return "/category/" + name, []string{quoted("category", name)}
	case product:
		s.productID = 1 + s.random.IntN(productCount)
		return fmt.Sprintf("/product/%d", s.productID), s.productAttributes()
	case confirmation:
		total := s.cartCents
		s.cartCents = 0
		return "/order/confirmation", []string{cents("order.total", total)}
	case help:
		return "/help/" + oneOf(s.random, helpTopics), nil
	}
	return "/" + strings.ReplaceAll(strings.ToLower(viewNames[at]), " ", "-"), nil
}

func (s *visit) productAttributes() []string {
	return []string{integer("product.id", s.productID), quoted("category", productCategory(s.productID)), cents("price", s.price())}
}

// price is that of the product at hand, in cents.
func (s *visit) price() int {
	price := productPrice(s.productID)
	if s.calendar.isDearer(s.day, s.productID) {
		return price * 5 / 4
	}
	return price
}

// follow sends the click that leads to the next page.
func (s *visit) follow(at page, next step) {
	var attributes []string
	if next.to == cart && at == product {
		attributes = s.productAttributes()
		s.cartCents += s.price()
	}
	if at == payment && next.to == payment && s.attempts > 0 {
		s.cannotPay(next.target)
		return
	}
	clicks := 1
	// Slow answers: people click again and again.
	if (next.to == checkout || next.to == confirmation) && s.random.Float64() < 0.06 {
		clicks = 3 + s.random.IntN(3)
	}
	for range clicks {
		s.click(next.target, "", attributes)
		s.now = s.now.Add(time.Duration(120+s.random.IntN(160)) * time.Millisecond)
	}
	if at == payment && next.to == payment {
		s.fail("PaymentDeclined", "The card was declined by its issuer")
	}
	if at == register {
		s.loggedIn = true
	}
	s.now = s.now.Add(time.Duration(150+s.random.IntN(900)) * time.Millisecond)
}

// mishaps sends what goes wrong on a page now and then.
func (s *visit) mishaps(at page) {
	switch chance := s.random.Float64(); {
	case chance < 0.004:
		s.fail("TypeError", "Cannot read properties of undefined (reading 'price')")
	case chance < 0.007 && at == search:
		s.click("FILTER", "", nil)
		s.now = s.now.Add(300 * time.Millisecond)
		s.fail("NetworkError", "GET /api/search answered 503")
	case chance < 0.010 && at == product:
		s.click("SIZE CHART", "dead_click", nil)
	}
}

func (s *visit) click(target, frustration string, attributes []string) {
	kind := "click"
	if s.row.ApplicationID == appID {
		kind = "tap"
	}
	s.send(event.Row{Type: "action", ActionType: kind, ActionName: kind + " on " + target, ActionTarget: target, Frustration: frustration}, attributes)
}

func (s *visit) fail(kind, message string) {
	s.send(event.Row{Type: "error", ErrorType: kind, ErrorMessage: message}, nil)
}

// send completes an event and yields it, unless it lies after the demo's end.
func (s *visit) send(e event.Row, attributes []string) {
	row := s.row
	row.TS, row.Seq = s.now.Format("2006-01-02T15:04:05.000Z"), strconv.Itoa(s.number)
	row.ID = s.session + "-" + row.Seq
	s.number++
	s.now = s.now.Add(time.Millisecond)
	row.Type, row.Duration, row.Frustration = e.Type, e.Duration, e.Frustration
	row.ActionType, row.ActionName, row.ActionTarget = e.ActionType, e.ActionName, e.ActionTarget
	row.ErrorType, row.ErrorMessage = e.ErrorType, e.ErrorMessage
	row.ViewID, row.ViewPath, row.ViewName = s.view.ViewID, s.view.ViewPath, s.view.ViewName
	attributes = append(attributes, quoted("app_version", s.version))
	if s.loggedIn {
		row.UserID, row.UserName, row.UserEmail = s.id, s.name, s.email
		attributes = append(attributes, quoted("usr.plan", s.plan), quoted("usr.signup_channel", s.channel))
	}
	row.Attributes = "{" + strings.Join(attributes, ",") + "}"
	if s.stopped || s.now.After(s.calendar.until) {
		return
	}
	s.stopped = !s.yield(&row)
}

func quoted(name, value string) string      { return fmt.Sprintf("%q:%q", name, value) }
func integer(name string, value int) string { return fmt.Sprintf("%q:%d", name, value) }
func cents(name string, value int) string {
	return fmt.Sprintf("%q:%d.%02d", name, value/100, value%100)
}
