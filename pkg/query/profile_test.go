package query

import (
	"slices"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/grafana/grafana-plugin-sdk-go/experimental"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestProfileAnswersAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := asDatasource(t, db)
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t))
		for range 4 {
			c := drawContext(t)
			u := rapid.SampledFrom(world.Users).Draw(t, "user")
			q := &Profile{Selection{Filter: drawFilter(t, true)}, Person{u.ID, u.Anonymous}}
			frames := ask(t, reader, c, q)
			require.Len(t, frames, 2)
			requireProfile(t, frames[0], u)
			var compared []*history.User
			for _, other := range world.Users {
				if other == u || !other.Anonymous && c.matcher().User(parse(t, q.Filter), other) {
					compared = append(compared, other)
				}
			}
			requireTotals(t, frames[1], u, compared)
		}
	})
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
