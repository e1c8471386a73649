package rollup_test

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Retention removes sessions, cuts those that reach over the months it drops, and leaves profiles their lifetime. A
// rebuild changes nothing of that, nor of what late events make of it.
func TestRebuildGivesWhatRetentionLeft(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		testdb.Clear(t, pool)
		drawSealing(t, rt, pool)
		keepAll(t, pool)
		all := rows(rt)
		insert(t, pool, all)
		drain(t, pool, 1000)
		events := parse(t, all)
		visits, byUser := visitsOf(events)
		sessions, months := cutoffs(rt, events[0].TS, visits)
		keepFrom(rt, pool, sessions, months)
		if _, err := rollup.Retain(context.Background(), pool); err != nil {
			rt.Fatal(err)
		}
		requireNoneOlder(rt, pool, sessions)
		left, want := retained(visits, byUser, sessions, months)
		got := readKept(rt, pool)
		if diff := cmp.Diff(want, got.Lifetime, cmpopts.EquateEmpty()); diff != "" {
			rt.Fatalf("profiles differ from the oracle (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(left, got.Sessions, cmpopts.EquateEmpty()); diff != "" {
			rt.Fatalf("sessions differ from the oracle (-want +got):\n%s", diff)
		}
		requireRebuildChangesNothing(rt, pool)

		late := slices.DeleteFunc(rows(rt), func(r event.Row) bool {
			ts, _ := strconv.ParseInt(r.TS, 10, 64)
			return ts < sessions.Add(25*time.Hour).UnixMilli()
		})
		if rapid.Bool().Draw(rt, "off") {
			keepAll(t, pool)
		}
		insert(t, pool, late)
		drain(t, pool, 1000)
		requireRebuildChangesNothing(rt, pool)
	})
}

func visitsOf(arrived []event.Event) ([]*visit, map[string][]*visit) {
	events := inOrder(once(arrived))
	giveUsers(events)
	visits := makeVisits(events, defaultRules)
	byUser := map[string][]*visit{}
	for _, v := range visits {
		markFrustrations(v.events, defaultRules)
		byUser[v.user] = append(byUser[v.user], v)
	}
	return visits, byUser
}

// cutoffs draws when sessions that are kept must have ended, and the first month of events that is kept. No session ends
// in the minutes after the former, since time goes on.
func cutoffs(t *rapid.T, around int64, visits []*visit) (sessions, months time.Time) {
	after := rapid.Int64Range(-30*86_400, 60*86_400).Draw(t, "sessions")
	sessions = time.UnixMilli(around).UTC().Add(time.Duration(after) * time.Second)
	for slices.ContainsFunc(visits, func(v *visit) bool {
		end := time.UnixMilli(v.end()).Sub(sessions)
		return end > -time.Minute && end < 10*time.Minute
	}) {
		sessions = sessions.Add(10 * time.Minute)
	}
	events := sessions.AddDate(0, 0, -rapid.IntRange(0, 40).Draw(t, "longer"))
	return sessions, time.Date(events.Year(), events.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// keepFrom sets retention so that sessions are kept that ended after sessions, and events from months on.
func keepFrom(t rapid.TB, pool *pgxpool.Pool, sessions, months time.Time) {
	t.Helper()
	// A day of slack is the worker's own; an hour into the month, lest time goes on into the next.
	events := months.Add(time.Hour)
	if events.After(sessions) {
		events = sessions
	}
	if _, err := pool.Exec(context.Background(), `
		update footfall.settings
		   set session_retention = make_interval(secs => extract(epoch from clock_timestamp() - $1::timestamptz)::float8 - 86400),
		       event_retention = make_interval(secs => extract(epoch from clock_timestamp() - $2::timestamptz)::float8 - 86400)`,
		sessions, events); err != nil {
		t.Fatal(err)
	}
}

func keepAll(t testing.TB, pool *pgxpool.Pool) {
	t.Helper()
	if _, err := pool.Exec(context.Background(), `update footfall.settings set session_retention = null, event_retention = null`); err != nil {
		t.Fatal(err)
	}
}

// retained is the oracle: the sessions that retention leaves, and everybody's lifetime.
func retained(visits []*visit, byUser map[string][]*visit, sessions, months time.Time) (left, lifetimes []string) {
	var events []*happened
	last := map[string]*visit{}
	isLast := func(v *visit) bool { return last[v.user] == nil || compareVisits(v, last[v.user]) > 0 }
	for _, v := range visits {
		if v.end() < sessions.UnixMilli() {
			if isLast(v) {
				last[v.user] = v
			}
			continue
		}
		for _, e := range v.events {
			if e.TS >= months.UnixMilli() {
				kept := *e
				events = append(events, &kept)
			}
		}
	}
	for _, v := range makeVisits(inOrder(events), defaultRules) {
		markFrustrations(v.events, defaultRules)
		left = append(left, printVisit(v, defaultRules))
		if isLast(v) {
			last[v.user] = v
		}
	}
	for user, visits := range byUser {
		if user[:4] != "none" {
			lifetimes = append(lifetimes, lifetime(user, visits, last[user]))
		}
	}
	slices.Sort(left)
	slices.Sort(lifetimes)
	return left, lifetimes
}

// lifetime is a profile; last is the user's last session, removed or as it is left.
func lifetime(user string, visits []*visit, last *visit) string {
	var events []*happened
	first := visits[0]
	for _, v := range visits {
		events = append(events, v.events...)
		if compareVisits(v, first) < 0 {
			first = v
		}
	}
	traits := map[string]any{}
	events = inOrder(events)
	for _, e := range events {
		for name, value := range object(e.Traits) {
			if name != "usr.name" && name != "usr.email" {
				traits[name] = value
			}
		}
	}
	return jsonLine(user, first.start(), events[len(events)-1].TS, len(visits), counts(events), attributesOf(first),
		last.start(), attributesOf(last), traits)
}

// kept is what the tables hold while some sessions are gone.
type kept struct {
	Events, Sessions, Lifetime []string
	Totals                     string
}

func readKept(t rapid.TB, pool *pgxpool.Pool) kept {
	t.Helper()
	requirePacked(t, pool)
	k := kept{Events: readEvents(t, pool), Sessions: readSessions(t, pool)}
	k.Lifetime = readLines(t, pool, `
		select told.usr(p.user_key), p.first_seen, p.last_seen, p.sessions,
		       array[p.events, p.views, p.actions, p.errors, p.frustrations], `+attributeColumns("p", "first_")+`,
		       p.last_session_start, `+attributeColumns("p", "last_")+`, p.attributes::text
		  from footfall.profiles p`,
		func(row pgx.CollectableRow) (string, error) {
			var user, attributes string
			var seen, lastSeen, lastStart time.Time
			var sessions int
			var counts []int64
			var first, last []string
			err := row.Scan(&user, &seen, &lastSeen, &sessions, &counts, &first, &lastStart, &last, &attributes)
			return jsonLine(user, seen.UnixMilli(), lastSeen.UnixMilli(), sessions, counts, first, lastStart.UnixMilli(), last,
				object(attributes)), err
		})
	if err := pool.QueryRow(context.Background(), `
		select row(w.events, w.sessions, w.users, w.anonymous)::text from footfall.worker w`).Scan(&k.Totals); err != nil {
		t.Fatal(err)
	}
	slices.Sort(k.Events)
	slices.Sort(k.Sessions)
	slices.Sort(k.Lifetime)
	return k
}

func requireRebuildChangesNothing(t rapid.TB, pool *pgxpool.Pool) {
	t.Helper()
	before := readKept(t, pool)
	rebuild(t, pool)
	if diff := cmp.Diff(before, readKept(t, pool)); diff != "" {
		t.Fatalf("a rebuild changed what was there (-before +after):\n%s", diff)
	}
}
