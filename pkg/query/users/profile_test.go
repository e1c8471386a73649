package users

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestProfileAnswersAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	storeNamedSegments(t, db)
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t))
		drawMembers(t, db, world)
		for range 4 {
			c := drawZone(t, questions.DrawContext(t))
			u := rapid.SampledFrom(world.Users).Draw(t, "user")
			q := &Profile{query.Selection{Filter: questions.DrawFilter(t, true)}, query.Person{User: u.ID, Anonymous: u.Anonymous}}
			frames := questions.Ask(t, reader, c, q)
			require.Len(t, frames, 4)
			requireProfile(t, frames[0], u)
			require.InDelta(t, medianDuration(world, u), questions.Values(t, frames[0], "median_session")[0], 1e-6)
			var compared []*history.User
			for _, other := range world.Users {
				if other == u || !other.Anonymous && questions.Matcher(c).User(questions.Parse(t, q.Filter), other) {
					compared = append(compared, other)
				}
			}
			requireTotals(t, frames[1], u, compared)
			require.Equal(t, u.Segments, texts(frames[2], "id"))
			requireSince(t, frames[2])
			requireDays(t, frames[3], c, world, u)
		}
	})
}

// drawZone draws the zone and a time from which some of the events are too old, or still to come.
func drawZone(t *rapid.T, c query.Context) query.Context {
	zone, err := time.LoadLocation(rapid.SampledFrom([]string{"UTC", "America/St_Johns", "America/Santiago"}).Draw(t, "zone"))
	require.NoError(t, err)
	c.Location, c.Now = zone, c.Now.AddDate(0, 0, rapid.IntRange(-60, 150).Draw(t, "days later"))
	return c
}

func requireDays(t *rapid.T, frame *data.Frame, c query.Context, world history.World, u *history.User) {
	counted := map[string]map[string]int64{}
	today, err := time.Parse(time.DateOnly, c.Now.In(c.Location).Format(time.DateOnly))
	require.NoError(t, err)
	for _, s := range world.Sessions {
		name := time.UnixMilli(s.Start()).In(c.Location).Format(time.DateOnly)
		day, err := time.Parse(time.DateOnly, name)
		require.NoError(t, err)
		if ago := today.Sub(day).Hours() / 24; s.User != u || ago < 0 || ago >= 26*7 {
			continue
		}
		if counted[name] == nil {
			counted[name] = map[string]int64{}
		}
		counted[name]["sessions"]++
		for _, id := range []string{"events", "errors", "frustrations"} {
			counted[name][id] += int64(s.Count(id))
		}
	}
	names := slices.Sorted(maps.Keys(counted))
	require.Len(t, names, frame.Rows())
	for i, name := range names {
		at := questions.Values(t, frame, "day")[i].(time.Time).In(c.Location)
		require.Equal(t, name, at.Format(time.DateOnly))
		require.NotEqual(t, name, at.Add(-time.Millisecond).Format(time.DateOnly), "where the day begins")
		for id, n := range counted[name] {
			require.Equal(t, n, questions.Values(t, frame, id)[i], id)
		}
	}
}

// memberships are ids of segments, in the order of their names.
var memberships = []string{"z", "a", "m"}

// memberSince is when users came into each; of "a" nobody knows.
var memberSince = map[string]any{"z": history.Origin, "a": nil, "m": history.Origin.AddDate(0, 0, 1)}

func requireSince(t *rapid.T, frame *data.Frame) {
	for row, id := range texts(frame, "id") {
		require.Equal(t, questions.AsField(memberSince[id]), questions.Values(t, frame, "since")[row], id)
	}
}

func storeNamedSegments(t *testing.T, db *pgxpool.Pool) {
	for i, id := range memberships {
		_, err := db.Exec(t.Context(), `
			insert into footfall.segments (key, id, name, kind, identity, created_by, changed_by) overriding system value
			values ($1, $2, $3, 'static', 'usr.id', 'test', 'test')`, i+1, id, fmt.Sprintf("Number %d", i+1))
		require.NoError(t, err)
	}
}

// drawMembers puts users in segments; of a known and an anonymous user of one id, each has its own.
func drawMembers(t *rapid.T, db *pgxpool.Pool, world history.World) {
	batch := &pgx.Batch{}
	batch.Queue(`delete from footfall.segment_members`)
	for _, u := range world.Users {
		u.Segments = []string{}
		for i, id := range memberships {
			if rapid.Bool().Draw(t, "member") {
				u.Segments = append(u.Segments, id)
				batch.Queue(`
					insert into footfall.segment_members (user_key, segment_key, since)
					select key, $3, $4 from footfall.users where id = $1 and (kind = 'anonymous') = $2 and kind <> 'none'`,
					u.ID, u.Anonymous, i+1, memberSince[id])
			}
		}
	}
	require.NoError(t, db.SendBatch(context.Background(), batch).Close())
}

func texts(frame *data.Frame, name string) []string {
	list := []string{}
	field, _ := frame.FieldByName(name)
	for i := range field.Len() {
		list = append(list, field.At(i).(string))
	}
	return list
}

func requireProfile(t *rapid.T, frame *data.Frame, u *history.User) {
	for _, a := range filter.BuiltIn(filter.Profile) {
		require.Equal(t, []any{questions.AsField(u.Value(a.ID))}, questions.Values(t, frame, a.ID), a.ID)
	}
	plan, _ := frame.FieldByName("usr.plan")
	require.Equal(t, u.Value("usr.plan") != nil, plan != nil)
	if plan != nil {
		require.Equal(t, []any{u.Value("usr.plan")}, questions.Values(t, frame, "usr.plan"))
	}
}

func medianDuration(world history.World, u *history.User) any {
	var durations []int64
	for _, s := range world.Sessions {
		if s.User == u {
			durations = append(durations, s.End()-s.Start())
		}
	}
	slices.Sort(durations)
	return questions.Median(durations)
}

func requireTotals(t *rapid.T, frame *data.Frame, u *history.User, compared []*history.User) {
	var ids []any
	for i, total := range totals {
		var all []int64
		own, atMost := u.Value(total.id).(float64), 0
		for _, other := range compared {
			value := other.Value(total.id).(float64)
			all = append(all, int64(value))
			atMost += questions.Number(value <= own)
		}
		slices.Sort(all)
		require.Equal(t, int64(own), questions.Values(t, frame, "value")[i], total.id)
		require.InDelta(t, float64(atMost)*100/float64(len(compared)), questions.Values(t, frame, "percentile")[i], 1e-9, total.id)
		require.Equal(t, questions.Median(all), questions.Values(t, frame, "median")[i], total.id)
		ids = append(ids, total.id)
	}
	require.Equal(t, ids, questions.Values(t, frame, "total"))
}

func TestProfileTellsSegmentsByName(t *testing.T) {
	db, c := questions.StoreSegments(t)
	frame := questions.Ask(t, db, c, &Profile{query.Selection{Filter: "last_country:US"}, query.Person{User: "u-1"}})[2]
	require.Equal(t, []any{"ours", "pro", "cart"}, questions.Values(t, frame, "id"))
	require.Equal(t, []any{"Our own", "Pro users", "Reached the cart"}, questions.Values(t, frame, "name"))
	require.Equal(t, []any{"static", "dynamic", "dynamic"}, questions.Values(t, frame, "kind"))
}

func TestProfileGolden(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	for name, q := range map[string]*Profile{
		"user":     {Person: query.Person{User: "u-1"}},
		"filtered": {query.Selection{Filter: "last_country:US"}, query.Person{User: "a-1", Anonymous: true}},
		"missing":  {Person: query.Person{User: "nobody"}},
	} {
		t.Run(name, func(t *testing.T) {
			frames := questions.Ask(t, db, questions.ShopContext(), q)
			questions.Golden(t, "profile_"+name, frames...)
		})
	}
}

func TestProfileReadsNoEvents(t *testing.T) {
	db := questions.Visits(t)
	plan, err := (&Profile{Person: query.Person{User: "u17"}}).plan(questions.VisitsContext())
	require.NoError(t, err)
	lines := questions.Explain(t, db, plan.row)
	require.Contains(t, lines, "profiles_pkey")
	require.NotContains(t, lines, "Seq Scan on")
	lines = questions.Explain(t, db, plan.totals)
	require.NotContains(t, lines, "Seq Scan on profiles", "how many users have which totals is kept")
	require.NotContains(t, lines, "sessions_")
	require.NotContains(t, lines, "events_visits")
}

func TestProfileRefuses(t *testing.T) {
	questions.Refused(t, "options.user is missing: give a usr.id", NewProfile())
	questions.Refused(t, "options.user contains a NUL character", &Profile{Person: query.Person{User: "\x00"}})
	questions.Refused(t, "options.filter is wrong: at 1: unknown attribute `contry`",
		&Profile{query.Selection{Filter: "contry:BR"}, query.Person{User: "ann"}})
}
