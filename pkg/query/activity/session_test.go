package activity

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestSessionAnswersAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	listed := without(eventColumns, "user_id", "user_name", "session_id", "application", "country", "device_type", "attributes")
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t), history.PageGroups(t)...)
		for range 4 {
			s := rapid.SampledFrom(append(world.Sessions, nil)).Draw(t, "session")
			if s == nil || s.User == nil && s.ID == "" {
				continue
			}
			q := &OneSession{Selection: query.Selection{Filter: questions.DrawFilter(t, true)}}
			if s.User != nil {
				q.Person = query.Person{User: s.User.ID, Anonymous: s.User.Anonymous}
			}
			if s.ID != "" && (s.User == nil || rapid.Bool().Draw(t, "by id")) {
				q.Session = s.ID
			} else {
				q.Start = drawMoment(t, s)
			}
			wanted := plainSession(t, world, q, s)
			c := questions.Context()
			frames := questions.Ask(t, reader, c, q)
			require.Len(t, frames, 2)
			// Of sessions that start together, which no time tells apart, one is shown.
			require.Contains(t, printed(wanted), printed(frameRows(t, frames[0], sessionColumns))[0])
			if len(wanted) > 1 {
				continue
			}
			var events []*history.Event
			for _, e := range s.Events {
				if questions.Matcher(c).Event(questions.Parse(t, q.Filter), e) {
					events = append(events, e)
				}
			}
			if printed(wanted)[0] == printed([]map[string]any{sessionRow(s)})[0] {
				requireRows(t, frames[1], listed, events, eventRow)
			}
		}
	})
}

// drawMoment is a moment of the session, in either of the forms.
func drawMoment(t *rapid.T, s *history.Session) string {
	at := rapid.SampledFrom([]int64{s.Start(), s.Start(), (s.Start() + s.End()) / 2, s.End()}).Draw(t, "moment")
	if rapid.Bool().Draw(t, "in ms") {
		return strconv.FormatInt(at, 10)
	}
	return time.UnixMilli(at).UTC().Format(time.RFC3339Nano)
}

// plainSession are the sessions that may be meant: by id one, by time those that started last before it.
func plainSession(t *rapid.T, world history.World, q *OneSession, s *history.Session) []map[string]any {
	if q.Session != "" && q.User != "" {
		return []map[string]any{sessionRow(s)}
	}
	var found []*history.Session
	at := int64(0)
	if q.Start != "" {
		moment, err := parseMoment(q.Start)
		require.NoError(t, err)
		at = moment.UnixMilli()
	}
	for _, other := range world.Sessions {
		switch {
		case q.Session != "" && other.ID != q.Session, q.Session == "" && other.User != s.User:
		case q.Session == "" && (other.Start() > at || other.End() < at):
		default:
			found = append(found, other)
		}
	}
	var rows []map[string]any
	for _, f := range found {
		latest := true
		for _, other := range found {
			latest = latest && (q.Session != "" || other.Start() <= f.Start())
		}
		if latest {
			rows = append(rows, sessionRow(f))
		}
	}
	return rows
}

func TestSessionGolden(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	for name, q := range map[string]*OneSession{
		"by_id":   {Session: "a"},
		"by_time": {Person: query.Person{User: "u-1"}, Start: "2026-03-20T09:10:00Z"},
		"missing": {Session: "none"},
	} {
		t.Run(name, func(t *testing.T) {
			frames := questions.Ask(t, db, questions.ShopContext(), q)
			questions.Golden(t, "session_"+name, frames...)
		})
	}
}

func TestSessionSaysThereAreMore(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	c := questions.ShopContext()
	c.MaxRows = 2
	frames := questions.Ask(t, db, c, &OneSession{Session: "a"})
	require.Equal(t, []string{"Showing 2 events; there are more"}, questions.Notices(frames[1]))
}

func TestSessionUsesItsIndexes(t *testing.T) {
	db := questions.Visits(t)
	for index, q := range map[string]*OneSession{
		"sessions_key":        {Session: "s17"},
		"sessions_user_start": {Person: query.Person{User: "u17"}, Start: "2026-02-01T00:00:00Z"},
	} {
		plan, err := q.plan(questions.VisitsContext())
		require.NoError(t, err)
		require.Contains(t, questions.Explain(t, db, plan.session), index)
		lines := questions.Explain(t, db, plan.events)
		require.Contains(t, lines, index)
		require.Contains(t, lines, "events_visits_pkey")
		require.NotContains(t, lines, "Seq Scan on")
	}
}

func TestSessionRefuses(t *testing.T) {
	for wanted, q := range map[string]OneSession{
		"options.session is missing: give a session's id, or user and start": {Person: query.Person{User: "ann"}},
		`options.start is "yesterday"; give a time such as`:                  {Person: query.Person{User: "ann"}, Start: "yesterday"},
		`options.start is "9223372036854775807"; give a time such as`:        {Person: query.Person{User: "ann"}, Start: "9223372036854775807"},
		"options.session is longer than 512 bytes":                           {Session: strings.Repeat("s", 513)},
		"options.user is longer than 512 bytes":                              {Person: query.Person{User: strings.Repeat("u", 513)}, Session: "s"},
		"options.filter is wrong: at 1: unknown attribute `contry`":          {Session: "s", Selection: query.Selection{Filter: "contry:BR"}},
	} {
		questions.Refused(t, wanted, &q)
	}
}
