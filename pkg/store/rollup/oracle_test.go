package rollup_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// The oracle: what the tables must hold, computed plainly from all events at once. It shares event.Parse with the
// worker and nothing else. Events come in the order of their arrival, which matters only where one identity was sent
// with differing payloads: the first wins.

// rules are the settings the oracle needs.
type rules struct {
	rageClicks              int
	rageWindow, errorWindow int64
	gap, max                int64
	gapOf                   map[string]int64
	sessionCap              int
	pages                   map[string]event.PageRules // of applications with rules of their own
}

var defaultRules = rules{
	rageClicks: 3, rageWindow: 1000, errorWindow: 1000, gap: 900_000, max: 14_400_000, sessionCap: 20_000,
}

// world is the content of the tables with all ids resolved, each row printed as one line.
type world struct {
	Events, Sessions, Profiles []string
}

// happened is an event with everything the oracle finds out about it.
type happened struct {
	event.Event
	user        string // "usr:ann", "anonymous:x", "none:session:s"
	session     *visit // nil outside of sessions
	frustration event.Frustration
}

// visit is a session.
type visit struct {
	user, id string
	events   []*happened
}

func (v *visit) start() int64 { return v.events[0].TS }
func (v *visit) end() int64   { return v.events[len(v.events)-1].TS }

func oracle(arrived []event.Event, r rules) world {
	events := inOrder(once(arrived))
	givePages(events, r)
	giveUsers(events)
	visits := makeVisits(events, r)
	for _, v := range visits {
		markFrustrations(v.events, r)
	}
	var w world
	for _, e := range events {
		w.Events = append(w.Events, printEvent(e))
	}
	byUser := map[string][]*visit{}
	for _, v := range visits {
		w.Sessions = append(w.Sessions, printVisit(v, r))
		byUser[v.user] = append(byUser[v.user], v)
	}
	for user, visits := range byUser {
		if !strings.HasPrefix(user, "none:") {
			w.Profiles = append(w.Profiles, printProfile(user, visits))
		}
	}
	slices.Sort(w.Events)
	slices.Sort(w.Sessions)
	slices.Sort(w.Profiles)
	return w
}

// identity tells events apart: copies of one event share it.
type identity struct {
	user string
	ts   int64
	key  event.Key
}

func identityOf(e event.Event) identity {
	if e.Version {
		return identity{"", e.TS, e.Key}
	}
	return identity{e.UserID, e.TS, e.Key}
}

// once keeps the first arrival of each identity; of the versions of a view the first that says a usr.id, if one does.
func once(arrived []event.Event) []*happened {
	seen := map[identity]*happened{}
	var events []*happened
	for _, e := range arrived {
		id := identityOf(e)
		switch first := seen[id]; {
		case first == nil:
			seen[id] = &happened{Event: e, frustration: e.Reported}
			events = append(events, seen[id])
		case e.Version && first.UserID == "" && e.UserID != "":
			*first = happened{Event: e, frustration: e.Reported}
		}
	}
	return events
}

func inOrder(events []*happened) []*happened {
	return slices.SortedFunc(slices.Values(events), func(a, b *happened) int {
		return cmp.Or(a.Order().Compare(b.Order()), cmp.Compare(a.UserID, b.UserID)) // one id at one time, of two users
	})
}

// givePages: by the application's rules; Parse did it by those of a new store.
func givePages(events []*happened, r rules) {
	for _, e := range events {
		if own, known := r.pages[e.Context.Application]; known {
			e.SetPage(e.RawPath(), own)
		}
	}
}

// giveUsers: usr.id; else the first usr.id in the session; else the anonymous id; else nobody.
func giveUsers(events []*happened) {
	owner := map[string]string{}
	for _, e := range events {
		if e.UserID != "" && e.SessionID != "" && owner[e.SessionID] == "" {
			owner[e.SessionID] = e.UserID
		}
	}
	for _, e := range events {
		switch {
		case e.UserID != "":
			e.user = "usr:" + e.UserID
		case owner[e.SessionID] != "":
			e.user = "usr:" + owner[e.SessionID]
		case e.AnonymousID != "":
			e.user = "anonymous:" + e.AnonymousID
		case e.SessionID != "":
			e.user = "none:session:" + e.SessionID
		default:
			e.user = "none"
		}
	}
}

// makeVisits groups events, which are in event order, into sessions.
func makeVisits(events []*happened, r rules) []*visit {
	var visits []*visit
	open := map[string]*visit{}
	for _, e := range events {
		if e.user == "none" {
			continue
		}
		group := fmt.Sprintf("%s\x00%q", e.user, e.SessionID)
		if e.SessionID == "" {
			group += "\x00" + e.Context.Application
		}
		v := open[group]
		if v != nil && e.SessionID == "" {
			gap := r.gap
			if own, ok := r.gapOf[e.Context.Application]; ok {
				gap = own
			}
			if e.TS-v.end() >= gap || e.TS-v.start() >= r.max {
				v = nil
			}
		}
		if v == nil {
			v = &visit{user: e.user, id: e.SessionID}
			visits = append(visits, v)
			open[group] = v
		}
		v.events = append(v.events, e)
		e.session = v
	}
	return visits
}

func markFrustrations(events []*happened, r rules) {
	for _, e := range events {
		if e.Reported != 0 {
			for _, e := range events {
				e.frustration = e.Reported
			}
			return
		}
	}
	var clicks []*happened
	for _, e := range events {
		if e.Type == event.Action && e.ActionType == "click" {
			clicks = append(clicks, e)
		}
	}
	markRage(clicks, r)
	for i, e := range events {
		if e.Type != event.Error {
			continue
		}
		for j := i - 1; j >= 0 && e.TS-events[j].TS <= r.errorWindow; j-- {
			if c := events[j]; c.Type == event.Action && c.ActionType == "click" && samePlace(c, e) {
				c.frustration |= event.ErrorClick
				break
			}
		}
	}
}

func markRage(clicks []*happened, r rules) {
	for from := 0; from < len(clicks); {
		to := from + 1
		for to < len(clicks) && sameTarget(clicks[to], clicks[from]) && clicks[to].TS-clicks[to-1].TS <= r.rageWindow {
			to++
		}
		for i := from; i+r.rageClicks <= to; i++ {
			if clicks[i+r.rageClicks-1].TS-clicks[i].TS <= r.rageWindow {
				clicks[from].frustration |= event.RageClick
			}
		}
		from = to
	}
}

func samePlace(a, b *happened) bool {
	if a.ViewKey != 0 || b.ViewKey != 0 {
		return a.ViewKey == b.ViewKey
	}
	return a.Page == b.Page
}

func sameTarget(a, b *happened) bool {
	if a.ActionTarget != "" || b.ActionTarget != "" {
		return samePlace(a, b) && a.ActionTarget == b.ActionTarget
	}
	return samePlace(a, b) && a.ActionName == b.ActionName
}

func tokenText(e *happened) string {
	name := map[event.Type]string{event.View: e.ViewName, event.Action: e.ActionName, event.Error: e.ErrorType}[e.Type]
	return fmt.Sprintf("%s|%s|%s|%d", e.Type, e.Page, name, e.frustration)
}

func printEvent(e *happened) string {
	session := "none"
	if e.session != nil {
		session = sessionLabel(e.session.id, e.session.start())
	}
	return jsonLine(e.user, session, e.TS, e.Seq, e.Key.String(), tokenText(e), contextTexts(e.Context), canonical(e.Traits),
		e.Duration, e.ViewKey, e.ViewName, e.ActionType, e.ActionName, e.ActionTarget, e.ErrorType, e.ErrorMessage,
		e.Reported, e.UserID != "", e.Path, canonical(e.Attributes))
}

// sessionLabel names a session by its id, or by its start where it is made of gaps.
func sessionLabel(id string, start int64) string {
	if id != "" {
		return "id:" + id
	}
	return fmt.Sprintf("start:%d", start)
}

func contextTexts(c event.Context) []string {
	return []string{c.Application, c.Country, c.Region, c.City, c.DeviceType, c.OSName, c.OSVersion, c.BrowserName, c.BrowserVersion}
}

// attributesOf: the first non-null of each in event order.
func attributesOf(v *visit) []string {
	texts := make([]string, 9)
	for _, e := range v.events {
		for i, text := range contextTexts(e.Context) {
			if texts[i] == "" {
				texts[i] = text
			}
		}
	}
	return texts
}

func printVisit(v *visit, r rules) string {
	var tokens, pages []string
	var offsets []int64
	for i, e := range v.events {
		if i >= r.sessionCap {
			break
		}
		tokens, offsets = append(tokens, tokenText(e)), append(offsets, e.TS-v.start())
		if e.Type == event.View && e.Page != "" && (len(pages) == 0 || pages[len(pages)-1] != e.Page) {
			pages = append(pages, e.Page)
		}
	}
	last := v.events[len(v.events)-1]
	return jsonLine(v.user, v.id, v.start(), v.end(), last.Seq, last.Key.String(), attributesOf(v), counts(v.events),
		len(v.events) > r.sessionCap, tokens, offsets, pages)
}

// counts: events, views, actions, errors, frustrations.
func counts(events []*happened) [5]int64 {
	var n [5]int64
	for _, e := range events {
		n[0]++
		switch e.Type {
		case event.View:
			n[1]++
		case event.Action:
			n[2]++
		case event.Error:
			n[3]++
		}
		if e.frustration != 0 {
			n[4]++
		}
	}
	return n
}

func printProfile(user string, visits []*visit) string {
	first, last := visits[0], visits[0]
	var events []*happened
	for _, v := range visits {
		if compareVisits(v, first) < 0 {
			first = v
		}
		if compareVisits(v, last) > 0 {
			last = v
		}
		events = append(events, v.events...)
	}
	events = inOrder(events)
	traits := map[string]any{}
	for _, e := range events {
		for name, value := range object(e.Traits) {
			traits[name] = value
		}
	}
	name, email := traits["usr.name"], traits["usr.email"]
	delete(traits, "usr.name")
	delete(traits, "usr.email")
	return jsonLine(user, name, email, first.start(), events[len(events)-1].TS, len(visits), counts(events),
		sessionLabel(first.id, first.start()), attributesOf(first), sessionLabel(last.id, last.start()), last.start(),
		attributesOf(last), traits)
}

// compareVisits: by start, then session id, then (both made of gaps) application.
func compareVisits(a, b *visit) int {
	return cmp.Or(cmp.Compare(a.start(), b.start()), cmp.Compare(a.id, b.id),
		cmp.Compare(a.events[0].Context.Application, b.events[0].Context.Application))
}

func object(text string) map[string]any {
	values := map[string]any{}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &values); err != nil {
			panic(err)
		}
	}
	return values
}

// canonical writes JSON objects alike that are equal by value.
func canonical(text string) string { return jsonLine(object(text)) }

func jsonLine(values ...any) string {
	line, err := json.Marshal(values)
	if err != nil {
		panic(err)
	}
	return string(line)
}
