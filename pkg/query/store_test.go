package query

import (
	"context"
	"encoding/json"
	"flag"
	"strconv"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

var update = flag.Bool("update", false, "write the golden frames anew")

// testContext is a dashboard that shows all of history.Rows in UTC.
func testContext() Context {
	return Context{
		Location: time.UTC,
		Now:      history.Origin.AddDate(0, 0, 91),
		From:     history.Origin.AddDate(0, 0, -1),
		To:       history.Origin.AddDate(0, 0, 91),
		Interval: time.Hour,
		Names:    history.Names,
	}
}

// matcher evaluates filters as a question in this context does.
func matcher(c Context) history.Matcher {
	return history.Matcher{Now: c.Now, Location: c.Location, From: c.From, To: c.To, Names: c.Names}
}

// ask answers a question on a database.
func ask(t require.TestingT, db *pgxpool.Pool, c Context, q Question) data.Frames {
	answer, err := q.Prepare(c)
	require.NoError(t, err)
	frames, err := answer(context.Background(), db)
	require.NoError(t, err)
	return frames
}

// askOne is ask for answers of one frame.
func askOne(t require.TestingT, db *pgxpool.Pool, c Context, q Question) *data.Frame {
	frames := ask(t, db, c, q)
	require.Len(t, frames, 1)
	return frames[0]
}

// fieldValues is a field's values, nil where missing; times are in UTC.
func fieldValues(t require.TestingT, frame *data.Frame, name string) []any {
	field, _ := frame.FieldByName(name)
	require.NotNil(t, field, name)
	list := []any{}
	for i := range field.Len() {
		value, ok := field.ConcreteAt(i)
		if at, isTime := value.(time.Time); isTime {
			value = at.UTC()
		}
		if !ok {
			value = nil
		}
		list = append(list, value)
	}
	return list
}

// notices are the texts of a frame's notices.
func notices(frame *data.Frame) []string {
	var texts []string
	for _, notice := range frame.Meta.Notices {
		texts = append(texts, notice.Text)
	}
	return texts
}

// shop are the visits the golden frames show: of Ann, Bob, Eve and somebody unknown.
func shop() []event.Row {
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

// shopContext is a dashboard that shows all of shop.
func shopContext() Context {
	c := testContext()
	c.From, c.To = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	c.Now = c.To
	return c
}

// storePeople stores one event for each user: an attribute of the user, as JSON, "" for none.
func storePeople(t testing.TB, db *pgxpool.Pool, attribute string, values ...any) {
	rows := make([]event.Row, len(values))
	for i, value := range values {
		rows[i] = event.Row{TS: "2026-01-02", Type: "view", UserID: strconv.Itoa(i), SessionID: strconv.Itoa(i)}
		encoded, err := json.Marshal(map[string]any{attribute: value})
		require.NoError(t, err)
		rows[i].Attributes = string(encoded)
	}
	history.Load(t, db, rows)
}
