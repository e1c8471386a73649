package main

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/footfall-analytics/footfall/bench/data"
)

// session is one as the packer takes it. Only users with a usr.id have a key; tokens and offsets are in event order.
type session struct {
	id      string
	user    int32 // noUser: not of the universe
	start   int64 // ms since 1970
	tokens  []int32
	offsets []uint32 // ms since start
}

const noUser = -1

// token is what an event is, by numbers: of what kind, on which page.
type token struct {
	view bool
	page string
}

// world is all that is packed.
type world struct {
	sessions []session // by start
	tokens   []token   // by id
	users    int
	events   int
}

func sessionsOf(o data.Options) *world {
	w := &world{}
	users, ids, known := map[string]int32{}, map[string]int32{}, map[string]int{}
	for row := range data.Rows(o) {
		second, err := strconv.ParseInt(row.TS, 10, 64)
		if err != nil {
			panic(err) // the data are our own
		}
		at := second * 1000
		i, found := known[row.SessionID]
		if !found {
			i = len(w.sessions)
			known[row.SessionID] = i
			w.sessions = append(w.sessions, session{id: row.SessionID, user: numbered(users, row.UserID), start: at})
		}
		s := &w.sessions[i]
		key := row.Type + "\x00" + row.ViewPath + "\x00" + row.ActionName + "\x00" + row.Frustration
		id := numbered(ids, key)
		if int(id) == len(w.tokens) {
			w.tokens = append(w.tokens, token{view: row.Type == "view", page: row.ViewPath})
		}
		s.tokens, s.offsets = append(s.tokens, id), append(s.offsets, uint32(at-s.start)) //nolint:gosec // no session lasts 49 days
		w.events++
	}
	w.users = len(users)
	slices.SortStableFunc(w.sessions, func(a, b session) int { return cmp.Compare(a.start, b.start) })
	return w
}

// numbered gives texts numbers from 0 on; no text has none.
func numbered(numbers map[string]int32, text string) int32 {
	if text == "" {
		return noUser
	}
	n, found := numbers[text]
	if !found {
		n = int32(len(numbers)) //nolint:gosec // some thousands
		numbers[text] = n
	}
	return n
}

const (
	days    = 30
	topmost = 10
	dayMS   = 24 * 3600 * 1000
)

// from is where the first question's range begins; it ends with the data.
var from = data.To.Add(-days * 24 * time.Hour).UnixMilli()

// cell is what the first question tells of a day and a page.
type cell struct{ events, users int }

// dayPage is a day of the range, from 0 on, and a page.
type dayPage struct {
	day  int
	page string
}

// perDayAndPage counts plainly: events and users of the ten pages with most events.
func (w *world) perDayAndPage() map[dayPage]cell {
	pages, events := map[string]int{}, map[dayPage]int{}
	users := map[dayPage]map[int32]bool{}
	for _, s := range w.sessions {
		for i, t := range s.tokens {
			at := s.start + int64(s.offsets[i])
			if at < from {
				continue
			}
			key := dayPage{int((at - from) / dayMS), w.tokens[t].page}
			pages[key.page]++
			events[key]++
			if users[key] == nil {
				users[key] = map[int32]bool{}
			}
			if s.user != noUser {
				users[key][s.user] = true
			}
		}
	}
	cells := map[dayPage]cell{}
	for key, n := range events {
		if slices.Contains(mostOf(pages), key.page) {
			cells[key] = cell{n, len(users[key])}
		}
	}
	return cells
}

// mostOf are the pages with the greatest numbers, ties by name.
func mostOf(pages map[string]int) []string {
	var names []string
	for name := range pages {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(pages[b], pages[a]), cmp.Compare(a, b)) })
	return names[:min(topmost, len(names))]
}

// isWanted is the event of the second question.
func (t token) isWanted() bool { return t.view && t.page == "/cart" }

// usersWhoDid counts plainly.
func (w *world) usersWhoDid(times int) int {
	counts := map[int32]int{}
	for _, s := range w.sessions {
		for _, t := range s.tokens {
			if s.user != noUser && w.tokens[t].isWanted() {
				counts[s.user]++
			}
		}
	}
	n := 0
	for _, count := range counts {
		if count >= times {
			n++
		}
	}
	return n
}
