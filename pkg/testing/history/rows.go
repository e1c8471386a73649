package history

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Origin is the time of the first events that Rows draws; the last are 90 days later.
var Origin = time.UnixMilli(1_700_000_000_000).UTC()

// Rows draws events from small pools, so that users, sessions, pages and times collide. At least one has a usr.id.
func Rows(t *rapid.T) []event.Row {
	row := rapid.Custom(drawRow)
	rows := rapid.SliceOfN(row, 1, 60).Draw(t, "rows")
	rows[0].UserID = "ann"
	return rows
}

func drawRow(t *rapid.T) event.Row {
	pick := func(name string, values ...string) string { return rapid.SampledFrom(values).Draw(t, name) }
	at := Origin.UnixMilli() + rapid.OneOf(
		rapid.Int64Range(0, 4_000), rapid.Int64Range(0, 7_200_000), rapid.Int64Range(0, 90*86_400_000),
	).Draw(t, "at")
	r := event.Row{
		TS: strconv.FormatInt(at, 10), Type: pick("type", "view", "view", "view", "action", "action", "error", "custom"),
		Seq:    pick("seq", "", "", "1", "2", "9"),
		UserID: pick("user", "", "ann", "bob", "cyd", "dan", "żółw'\"\\"), AnonymousID: pick("anonymous", "", "x", "y"),
		SessionID:     pick("session", "", "", "s1", "s2", "s3", "s4", "s5"),
		ApplicationID: pick("application", "", "shop", "shop", "blog"),
		ViewID:        pick("view", "", "", "v1"),
		ViewPath:      pick("path", "", "/", "/cart", "/checkout", "/product/12", "/cart?x=1", "/product/7/", "/a_b", "/a%b"),
		ViewName:      pick("view name", "", "Cart"),
		Country:       pick("country", "", "BR", "DE"), City: pick("city", "", "Recife"),
		DeviceType: pick("device", "", "mobile", "desktop"), OSName: pick("os", "", "iOS"), BrowserName: pick("browser", "", "Firefox"),
		BrowserVersion: pick("version", "", "", "99.9", "100.0", "100", "unknown"),
		UserName:       pick("name", "", "", "Ann", "Bob", "José", "Zoë Groß"), UserEmail: pick("email", "", "", "a@example.org", "A@example.org "),
		Attributes: pick("attributes", "", "", `{"usr.plan":"pro"}`, `{"usr.plan":"free","price":10}`, `{"price":2.5}`,
			`{"price":"n/a","coupon":"X"}`, `{"price":"007","app_version":"1.10","tags":["new","sale"],"usr.team":{"name":"blue"},"usr.tags":["a","b","a"]}`,
			`{"price":10.0,"app_version":"v1.9-beta.2","tags":"sale","cart":{"total":12},"usr.team.name":"red","usr.tags":["b",2.0]}`,
			`{"price":"10","app_version":1.1,"tags":[],"cart.total":"12.0","coupon":true}`, `{"price":[10,20,"10"],"tags":[["sale"],{"a":1},null,7],"cart":{"total":null}}`),
		Duration: pick("duration", "", "12.5", "1000"),
	}
	switch r.Type {
	case "action":
		r.ActionType, r.ActionName = pick("action", "click", "click", "scroll"), pick("action name", "", "buy", "click on CHECKOUT")
		r.ActionTarget, r.Frustration = pick("target", "", "button"), pick("reported", "", "", "", "rage_click", "dead_click,error_click")
	case "error":
		r.ErrorType, r.ErrorMessage = pick("error", "", "TypeError"), pick("message", "", "x is undefined")
	}
	return r
}

// Parse returns the events that rows stand for, as the worker would take them.
func Parse(t rapid.TB, rows []event.Row) []event.Event {
	t.Helper()
	events := make([]event.Event, len(rows))
	for i := range rows {
		e, why := event.Parse(&rows[i], time.Now())
		if why != nil {
			t.Fatalf("the test's own row is refused: %v", why)
		}
		events[i] = e
	}
	return events
}

// saidByEvents are attributes that events have, which may be packed.
var saidByEvents = []string{"price", "tags", "cart.total", "coupon", "app_version"}

// Load replaces what the store holds by the rows, rolled up, and returns what they amount to. Pages are shown by groups. In some of
// the cases of a property sessions stand in blocks, with copies that count no more, and attributes of events beside them.
func Load(t rapid.TB, pool *pgxpool.Pool, rows []event.Row, groups ...string) World {
	t.Helper()
	ctx := context.Background()
	testdb.Clear(t, pool)
	if err := rollup.GroupPages(ctx, pool, groups); err != nil {
		t.Fatalf("group pages: %v", err)
	}
	sealed, again := 0, false
	if property, is := t.(*rapid.T); is {
		again = rapid.Bool().Draw(property, "sealed again")
		sealed = len(rows) * rapid.IntRange(0, 2).Draw(property, "sealed halves") / 2
	}
	if sealed > 0 {
		testdb.BoundTail(t, pool, 0)
		testdb.PackAttributes(t, pool, saidByEvents[:rapid.IntRange(0, len(saidByEvents)).Draw(t.(*rapid.T), "packed attributes")]...)
		rollUp(ctx, t, pool, rows[:sealed])
		if !again { // what goes on, and what is new, stays apart
			testdb.BoundTail(t, pool, -1)
		}
	}
	rollUp(ctx, t, pool, rows[sealed:])
	if sealed > 0 {
		testdb.BoundTail(t, pool, -1)
	}
	w := Of(Parse(t, rows))
	w.group(groups)
	return w
}

func rollUp(ctx context.Context, t rapid.TB, pool *pgxpool.Pool, rows []event.Row) {
	t.Helper()
	if err := insert(ctx, pool, rows); err != nil {
		t.Fatalf("insert: %v", err)
	}
	if _, err := rollup.Drain(ctx, pool, rollup.Options{}); err != nil {
		t.Fatalf("roll up: %v", err)
	}
}

func insert(ctx context.Context, pool *pgxpool.Pool, rows []event.Row) error {
	var columns []string
	for _, field := range event.Fields {
		columns = append(columns, field.Column)
	}
	columns = append(columns, event.AttributesColumn)
	_, err := pool.CopyFrom(ctx, pgx.Identifier{"footfall", "inbox"}, columns,
		pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
			var values []any
			for _, field := range event.Fields {
				values = append(values, orNull(*field.Of(&rows[i])))
			}
			return append(values, orNull(rows[i].Attributes)), nil
		}))
	return err
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}
