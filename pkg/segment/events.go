package segment

import (
	"fmt"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/filter"
)

// hits selects events that match at least one of several filters, one row each: user_key, session_key, ts, n, which
// orders the events of a session, and a column c0, c1, ... per filter that tells whether it matches.
type hits struct {
	filters    []eventFilter
	from, to   string // placeholders of the window
	candidates string // a condition on sessions s that do not have all their events in arrays or not; "" for all
}

// arraysSQL reads events out of the arrays of sessions.
const arraysSQL = `select s.user_key, s.session_key, e.ts, e.n, %[1]s
  from footfall.sessions s%[2]s
 cross join lateral (
       select s.start_ts + a."offset" * interval '1 ms' as ts, a.token, a.n
         from unnest(s.tokens, s.offsets) with ordinality a (token, "offset", n)) e
 where %[3]s
   and e.ts >= %[4]s and e.ts < %[5]s and (%[6]s)`

// rowsSQL reads events of sessions from footfall.events, where there is more than arrays hold.
const rowsSQL = `select s.user_key, s.session_key, e.ts,
       row_number() over (partition by %[7]s order by e.ts, e.seq nulls first, e.event_key) as n, %[1]s
  from footfall.sessions s%[2]s
  join footfall.events e on e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
 where %[3]s
   and e.ts >= %[4]s and e.ts < %[5]s and (%[6]s)`

const (
	bySession = "s.user_key, s.session_key"
	byUser    = "s.user_key"
)

// columns tells whether a filter reads what arrays lack.
func (h hits) columns() bool {
	for _, f := range h.filters {
		if f.Columns {
			return true
		}
	}
	return false
}

// ofSessions are the hits, numbered within each session. The few sessions whose arrays are cut off are read from
// footfall.events, so that nothing is missing.
func (h hits) ofSessions() string {
	if h.columns() {
		return h.fill(rowsSQL, h.sessions(""), bySession)
	}
	return h.opened("not s.truncated")
}

// opened reads the arrays of some sessions, and of the sessions whose arrays are cut off the events.
func (h hits) opened(arrays string) string {
	return h.fill(arraysSQL, h.sessions(arrays), "") + "\nunion all\n" + h.fill(rowsSQL, h.overlap("s.truncated"), bySession)
}

// wholeSQL are the users of sessions that lie in the window as a whole and hold one of the tokens: the index on tokens
// answers, and no array is opened.
const wholeSQL = `select s.user_key
  from footfall.sessions s
 where s.start_ts >= %s and s.end_ts < %s and s.tokens && %s`

// users selects the user_key of all that have a hit, some of them more than once.
func (h hits) users() string { return h.byTokens(wholeSQL) }

// countedSQL has a row for each event of such sessions that has one of the tokens. Times and places of the events are
// left in their arrays, which halves the time.
const countedSQL = `select c.user_key
  from (select s.user_key, unnest(s.tokens) as token
          from footfall.sessions s
         where s.start_ts >= %[1]s and s.end_ts < %[2]s and not s.truncated and s.tokens && %[3]s) c
 where c.token = any (%[3]s)`

// each selects the user_key of every hit.
func (h hits) each() string { return h.byTokens(countedSQL) }

// byTokens reads sessions that lie in the window as a whole by one statement, where tokens say all that is asked, and
// opens the others.
func (h hits) byTokens(whole string) string {
	if len(h.filters) != 1 || !h.filters[0].TokenOnly || h.candidates == "" {
		return "select h.user_key from (\n" + h.ofSessions() + "\n) h"
	}
	// Only what reaches over the window's ends has to be opened, and what arrays do not hold completely.
	ends := "not s.truncated and ((" + filter.Overlap(h.from, h.from) + ") or (" + filter.Overlap(h.to, h.to) + "))"
	return fmt.Sprintf(whole, h.from, h.to, h.filters[0].Tokens) +
		"\nunion all\nselect h.user_key from (\n" + h.opened(ends) + "\n) h"
}

// fill completes arraysSQL or rowsSQL.
func (h hits) fill(sql, sessions, partition string) string {
	var flags, conditions []string
	var needs filter.Needs
	for i, f := range h.filters {
		flags = append(flags, fmt.Sprintf("(%s) is true as c%d", f.SQL, i))
		conditions = append(conditions, f.SQL)
		needs.Users = needs.Users || f.needs.Users
		needs.Profiles = needs.Profiles || f.needs.Profiles
	}
	return fmt.Sprintf(sql, strings.Join(flags, ", "), needs.JoinsOfUsers("s"), sessions, h.from, h.to, strings.Join(conditions, " or "), partition)
}

// sessions is the condition on those to read events from.
func (h hits) sessions(arrays string) string {
	condition := h.overlap(arrays)
	switch {
	case h.candidates == "":
		return condition
	case arrays == "":
		return condition + "\n   and (s.truncated or " + h.candidates + ")"
	}
	return condition + "\n   and " + h.candidates
}

func (h hits) overlap(also string) string {
	condition := filter.Overlap(h.from, h.to)
	if also != "" {
		condition += "\n   and " + also
	}
	return condition
}

// did compiles a condition on how often something happened, over p.
func (b *builder) did(d Did, path string) (string, error) {
	f, err := b.event(d.Event, path+".event")
	if err != nil {
		return "", err
	}
	window := d.Window
	if d.FirstTime {
		window = nil // the earliest event ever
	}
	from, to, err := b.times(window, path+".window")
	if err != nil {
		return "", err
	}
	h := hits{filters: []eventFilter{f}, from: from, to: to}
	if f.Tokens != "" {
		h.candidates = "s.tokens && " + f.Tokens
	}
	having := func(hits, condition string, args ...any) string {
		return "p.user_key in (select h.user_key from (\n" + hits + "\n) h group by h.user_key having " + fmt.Sprintf(condition, args...) + ")"
	}
	switch {
	case d.FirstTime:
		from, to, err := b.times(d.Window, path+".window")
		return having(h.ofSessions(), "min(h.ts) >= %s and min(h.ts) < %s", from, to), err
	case d.AtMost != nil:
		return "not " + having(h.each(), "count(*) > %d", *d.AtMost), nil
	case d.Exactly != nil && *d.Exactly == 0:
		return "not p.user_key in (" + h.users() + ")", nil
	case d.Exactly != nil:
		return having(h.each(), "count(*) = %d", *d.Exactly), nil
	case d.AtLeast != nil && *d.AtLeast > 1:
		return having(h.each(), "count(*) >= %d", *d.AtLeast), nil
	}
	return "p.user_key in (" + h.users() + ")", nil
}
