package query

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/grafana/grafana-plugin-sdk-go/experimental"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
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
			c := drawContext(t)
			u := rapid.SampledFrom(world.Users).Draw(t, "user")
			q := &Profile{Selection{Filter: drawFilter(t, true)}, Person{u.ID, u.Anonymous}}
			frames := ask(t, reader, c, q)
			require.Len(t, frames, 3)
			requireProfile(t, frames[0], u)
			var compared []*history.User
			for _, other := range world.Users {
				if other == u || !other.Anonymous && matcher(c).User(parse(t, q.Filter), other) {
					compared = append(compared, other)
				}
			}
			requireTotals(t, frames[1], u, compared)
			require.Equal(t, u.Segments, texts(frames[2], "id"))
			requireSince(t, frames[2])
		}
	})
}

// memberships are ids of segments, in the order of their names.
var memberships = []string{"z", "a", "m"}

// memberSince is when users came into each; of "a" nobody knows.
var memberSince = map[string]any{"z": history.Origin, "a": nil, "m": history.Origin.AddDate(0, 0, 1)}

func requireSince(t *rapid.T, frame *data.Frame) {
	for row, id := range texts(frame, "id") {
		require.Equal(t, asField(memberSince[id]), fieldValues(t, frame, "since")[row], id)
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
		require.Equal(t, []any{asField(u.Value(a.ID))}, fieldValues(t, frame, a.ID), a.ID)
	}
	plan, _ := frame.FieldByName("usr.plan")
	require.Equal(t, u.Value("usr.plan") != nil, plan != nil)
	if plan != nil {
		require.Equal(t, []any{u.Value("usr.plan")}, fieldValues(t, frame, "usr.plan"))
	}
}

func requireTotals(t *rapid.T, frame *data.Frame, u *history.User, compared []*history.User) {
	var ids []any
	for i, total := range totals {
		var all []int64
		own, atMost := u.Value(total.id).(float64), 0
		for _, other := range compared {
			value := other.Value(total.id).(float64)
			all = append(all, int64(value))
			atMost += btoi(value <= own)
		}
		slices.Sort(all)
		require.Equal(t, int64(own), fieldValues(t, frame, "value")[i], total.id)
		require.InDelta(t, float64(atMost)*100/float64(len(compared)), fieldValues(t, frame, "percentile")[i], 1e-9, total.id)
		require.Equal(t, medianOf(all), fieldValues(t, frame, "median")[i], total.id)
		ids = append(ids, total.id)
	}
	require.Equal(t, ids, fieldValues(t, frame, "total"))
}

func TestProfileTellsSegmentsByName(t *testing.T) {
	db, c := storeSegments(t)
	frame := ask(t, db, c, &Profile{Selection{Filter: "last_country:US"}, Person{User: "u-1"}})[2]
	require.Equal(t, []any{"ours", "pro", "cart"}, fieldValues(t, frame, "id"))
	require.Equal(t, []any{"Our own", "Pro users", "Reached the cart"}, fieldValues(t, frame, "name"))
	require.Equal(t, []any{"static", "dynamic", "dynamic"}, fieldValues(t, frame, "kind"))
}

func TestProfileGolden(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, shop())
	for name, q := range map[string]*Profile{
		"user":     {Person: Person{User: "u-1"}},
		"filtered": {Selection{Filter: "last_country:US"}, Person{"a-1", true}},
		"missing":  {Person: Person{User: "nobody"}},
	} {
		t.Run(name, func(t *testing.T) {
			frames := ask(t, db, shopContext(), q)
			experimental.CheckGoldenJSONResponse(t, "testdata", "profile_"+name, &backend.DataResponse{Frames: frames}, *update)
		})
	}
}

func TestProfileReadsNoEvents(t *testing.T) {
	db := visits(t)
	plan, err := (&Profile{Person: Person{User: "u17"}}).plan(visitsContext())
	require.NoError(t, err)
	lines := explain(t, db, plan.row)
	require.Contains(t, lines, "profiles_pkey")
	require.NotContains(t, lines, "Seq Scan on")
	lines = explain(t, db, plan.totals)
	require.NotContains(t, lines, "sessions_")
	require.NotContains(t, lines, "events_visits")
}

func TestProfileRefuses(t *testing.T) {
	requireRefused(t, "options.user is missing: give a usr.id", NewProfile())
	requireRefused(t, "options.user contains a NUL character", &Profile{Person: Person{User: "\x00"}})
	requireRefused(t, "options.filter is wrong: at 1: unknown attribute `contry`",
		&Profile{Selection{Filter: "contry:BR"}, Person{User: "ann"}})
}
