package questions

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Shop are the visits the golden frames show: of Ann, Bob, Eve and somebody unknown.
func Shop() []event.Row {
	at := func(day, hour, minute int) string {
		return time.Date(2026, 3, day, hour, minute, 0, 0, time.UTC).Format(time.RFC3339)
	}
	view := func(ts, user, session, page string) event.Row {
		return event.Row{TS: ts, Type: "view", UserID: user, SessionID: session, ViewPath: page, ApplicationID: "shop"}
	}
	rows := []event.Row{
		view(at(1, 8, 0), "u-1", "a", "/"), view(at(1, 8, 5), "u-1", "a", "/product/12"), view(at(1, 8, 7), "u-1", "a", "/cart"),
		view(at(20, 9, 0), "u-1", "b", "/"), view(at(20, 9, 30), "u-1", "b", "/cart"),
		view(at(21, 9, 0), "u-2", "c", "/cart"), view(at(21, 9, 1), "u-2", "c", "/checkout"),
		view(at(2, 0, 0), "u-3", "d", "/"),
		view(at(22, 0, 0), "", "e", "/"),
	}
	for i := range rows {
		switch rows[i].SessionID {
		case "a":
			rows[i].Country, rows[i].UserName, rows[i].UserEmail = "BR", "Ann Example", "ann@example.com"
			rows[i].Attributes = `{"usr.plan": "free", "price": 10}`
		case "b":
			rows[i].Country, rows[i].City, rows[i].DeviceType = "DE", "Köln", "mobile"
			rows[i].Attributes = `{"usr.plan": "pro", "usr.price": 9.5}`
		case "c":
			rows[i].Country, rows[i].UserName = "US", "Bob"
		case "d":
			rows[i].Country = "DE"
		case "e":
			rows[i].AnonymousID = "a-1"
		}
	}
	return append(rows,
		event.Row{
			TS: at(1, 8, 8), Type: "action", UserID: "u-1", SessionID: "a", ViewPath: "/cart", ApplicationID: "shop",
			ActionType: "click", ActionName: "click on CHECKOUT", ActionTarget: "CHECKOUT", Frustration: "dead_click",
		},
		event.Row{
			TS: at(1, 8, 9), Type: "error", UserID: "u-1", SessionID: "a", ViewPath: "/cart", ApplicationID: "shop",
			ErrorType: "TypeError", ErrorMessage: "x is undefined", Attributes: `{"price": 12.5}`,
		})
}

// ShopContext is a dashboard that shows all of shop.
func ShopContext() query.Context {
	c := Context()
	c.From, c.To = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	c.Now = c.To
	return c
}

// StoreSegments stores shop and segments over it: computed ones, one that failed, and one that waits.
func StoreSegments(t *testing.T) (*pgxpool.Pool, query.Context) {
	db := testdb.New(t)
	history.Load(t, db, Shop())
	hourly := 60
	for _, s := range []segment.Content{
		{ID: "pro", Name: "Pro users", Kind: segment.Dynamic, RefreshMinutes: &hourly,
			Definition: &segment.Definition{Where: segment.Condition{Users: "usr.plan:pro"}}},
		{ID: "cart", Name: "Reached the cart", Kind: segment.Dynamic, RefreshMinutes: &hourly,
			Definition: &segment.Definition{Where: segment.Condition{Did: &segment.Did{Event: "page:/cart"}}}},
		{ID: "ours", Name: "Our own", Kind: segment.Static, List: []string{"u-1", "u-9"}},
		{ID: "waits", Name: "Waits", Kind: segment.Dynamic,
			Definition: &segment.Definition{Where: segment.Condition{Not: &segment.Condition{Segment: "pro"}}}},
	} {
		require.NoError(t, segment.Create(t.Context(), db, s, "test"))
		if s.ID != "waits" {
			require.NoError(t, segment.Refresh(t.Context(), db, s.ID))
		}
	}
	for _, sql := range []string{ // so that frames can be compared
		`update footfall.segments
		    set computed_at = '2026-03-31T10:00:00Z', took_ms = 12.5,
		        error = case when id = 'ours' then 'It broke' end, error_at = case when id = 'ours' then timestamptz '2026-03-31T10:10:00Z' end
		  where id <> 'waits'`,
		`update footfall.segment_sizes set computed_at = '2026-03-31T10:00:00Z'`,
		`insert into footfall.segment_sizes (segment_key, computed_at, version, size, universe, took_ms)
		 select key, timestamptz '2026-03-30T10:00:00Z', 1, 7, 10, 1 from footfall.segments where id = 'pro'
		  union all
		 select key, timestamptz '2026-02-28T23:59:59Z', 1, 8, 10, 1 from footfall.segments where id = 'pro'`,
	} {
		_, err := db.Exec(t.Context(), sql)
		require.NoError(t, err)
	}
	c := ShopContext()
	var err error
	c.Names, err = filter.ReadNames(context.Background(), db)
	require.NoError(t, err)
	return testdb.AsDatasource(t, db), c
}
