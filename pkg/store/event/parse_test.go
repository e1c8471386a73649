package event_test

import (
	"strings"
	"testing"
	"time"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func valid() event.Row {
	return event.Row{TS: "2026-05-17T10:05:03.123Z", Type: "view", ID: "1", UserID: "ann", SessionID: "s"}
}

func TestParseRefusesWithFieldAndReason(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	for name, test := range map[string]struct {
		change        func(*event.Row)
		field, reason string
	}{
		"no ts":             {func(r *event.Row) { r.TS = "" }, "ts", "missing"},
		"word for ts":       {func(r *event.Row) { r.TS = "yesterday" }, "ts", "not a time"},
		"day that is not":   {func(r *event.Row) { r.TS = "2026-02-30T00:00:00Z" }, "ts", "not a time"},
		"before 2000":       {func(r *event.Row) { r.TS = "1999-12-31T23:59:59.999Z" }, "ts", "before 2000-01-01"},
		"far ahead":         {func(r *event.Row) { r.TS = "2026-06-02T12:00:00.001Z" }, "ts", "more than a day ahead"},
		"seq":               {func(r *event.Row) { r.Seq = "1.5" }, "seq", "whole number"},
		"no type":           {func(r *event.Row) { r.Type = "" }, "type", "none of view"},
		"type":              {func(r *event.Row) { r.Type = "click" }, "type", "none of view"},
		"country":           {func(r *event.Row) { r.Country = "Brazil" }, "geo.country_iso_code", "alpha-2"},
		"country, two byte": {func(r *event.Row) { r.Country = "é" }, "geo.country_iso_code", "alpha-2"},
		"frustration":       {func(r *event.Row) { r.Frustration = "rage_click,anger" }, "action.frustration.type", "anger"},
		"duration":          {func(r *event.Row) { r.Duration = "-1" }, "duration", "milliseconds"},
		"duration NaN":      {func(r *event.Row) { r.Duration = "NaN" }, "duration", "milliseconds"},
		"long usr.id":       {func(r *event.Row) { r.UserID = long(513) }, "usr.id", "at most 512"},
		"long session.id":   {func(r *event.Row) { r.SessionID = long(513) }, "session.id", "at most 512"},
		"long name":         {func(r *event.Row) { r.UserName = long(1025) }, "usr.name", "at most 1024"},
		"long message":      {func(r *event.Row) { r.ErrorMessage = long(8193) }, "error.message", "at most 8192"},
		"long attributes":   {func(r *event.Row) { r.Attributes = `{"a":"` + long(65536) + `"}` }, "attributes", "at most 65536"},
		"NUL":               {func(r *event.Row) { r.ActionName = "a\x00b" }, "action.name", "NUL"},
		"not UTF-8":         {func(r *event.Row) { r.City = "S\xe3o Paulo" }, "geo.city", "UTF-8"},
		"array":             {func(r *event.Row) { r.Attributes = `[1]` }, "attributes", "not a JSON object"},
		"null":              {func(r *event.Row) { r.Attributes = `null` }, "attributes", "not a JSON object"},
		"two objects":       {func(r *event.Row) { r.Attributes = `{} {}` }, "attributes", "one object"},
		"broken JSON":       {func(r *event.Row) { r.Attributes = `{"a":` }, "attributes", "not JSON"},
		"escaped NUL":       {func(r *event.Row) { r.Attributes = `{"a":["\u0000"]}` }, "attributes", "NUL"},
		"NUL in a key":      {func(r *event.Row) { r.Attributes = `{"\u0000":1}` }, "attributes", "NUL"},
		"huge number":       {func(r *event.Row) { r.Attributes = `{"a":1e999999}` }, "attributes", "too large"},
		"tiny number":       {func(r *event.Row) { r.Attributes = `{"a":1e-99999}` }, "attributes", "too fine"},
		"deep":              {func(r *event.Row) { r.Attributes = strings.Repeat(`{"a":`, 80) + "1" + strings.Repeat("}", 80) }, "attributes", "nested"},
	} {
		t.Run(name, func(t *testing.T) {
			row := valid()
			test.change(&row)
			_, why := event.Parse(&row, now)
			if why == nil {
				t.Fatal("taken")
			}
			if why.Field != test.field || !strings.Contains(why.Reason, test.reason) {
				t.Errorf("got %q, want field %s and a reason with %q", why.Error(), test.field, test.reason)
			}
		})
	}
}

func TestParseTakesWhatIsAtTheLimits(t *testing.T) {
	row := valid()
	row.TS, row.UserID, row.ErrorMessage = "2026-06-02T12:00:00Z", strings.Repeat("x", 512), strings.Repeat("é", 4096)
	row.Country, row.Frustration, row.Duration = "br", `["rage_click", "dead_click"]`, "0"
	row.Attributes = `{"usr.plan": "pro", "usr.none": null, "b": "\ud800", "a": 1.50}`
	row.UserName = "Ann"
	e, why := event.Parse(&row, now)
	if why != nil {
		t.Fatal(why)
	}
	if e.Context.Country != "BR" || e.Reported != event.RageClick|event.DeadClick || e.Duration != 0 {
		t.Errorf("got %+v", e)
	}
	if want := `{"usr.name":"Ann","usr.plan":"pro"}`; e.Traits != want {
		t.Errorf("traits: got %s, want %s", e.Traits, want)
	}
	if want := "{\"a\":1.50,\"b\":\"\ufffd\"}"; e.Attributes != want {
		t.Errorf("attributes: got %s, want %s", e.Attributes, want)
	}
}

func TestParseTime(t *testing.T) {
	want := time.Date(2026, 5, 17, 10, 5, 3, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2026-05-17T10:05:03Z":          want,
		"2026-05-17 10:05:03":           want,
		"2026-05-17T12:05:03.9999+0200": want.Add(999 * time.Millisecond),
		"2026-05-17 15:35:03+05:30":     want,
		"2026-05-17 10:05:03.5+00":      want.Add(500 * time.Millisecond),
		"2026-05-17":                    want.Truncate(24 * time.Hour),
		"1779012303":                    want,
		"1779012303001":                 want.Add(time.Millisecond),
		"1779012303001999":              want.Add(time.Millisecond),
		"1779012303001999999":           want.Add(time.Millisecond),
	} {
		if got, err := event.ParseTime(text); err != nil || !got.Equal(want) {
			t.Errorf("%s: got %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestIdentity(t *testing.T) {
	key := func(change func(*event.Row)) event.Key {
		row := valid()
		change(&row)
		e, why := event.Parse(&row, now)
		if why != nil {
			t.Fatal(why)
		}
		return e.Key
	}
	same := key(func(*event.Row) {})
	if key(func(r *event.Row) { r.Seq, r.City = "7", "Recife" }) != same {
		t.Error("an event with an id gets another key when its payload changes")
	}
	if key(func(r *event.Row) { r.ID = "2" }) == same {
		t.Error("another id gets the same key")
	}
	anonymous := func(anonymousID, sessionID string) event.Key {
		return key(func(r *event.Row) { r.UserID, r.AnonymousID, r.SessionID = "", anonymousID, sessionID })
	}
	if a := anonymous("x", "s"); a == anonymous("y", "s") || a == anonymous("x", "t") || a == same || a != anonymous("x", "s") {
		t.Error("without usr.id, anonymous and session id must tell events apart")
	}
	without := func(change func(*event.Row)) event.Key {
		return key(func(r *event.Row) { r.ID = ""; change(r) })
	}
	if a := without(func(*event.Row) {}); a != without(func(*event.Row) {}) || a == without(func(r *event.Row) { r.City = "Recife" }) {
		t.Error("an event without id must get its key from all its fields")
	}
}

func TestPage(t *testing.T) {
	for path, want := range map[string]string{
		"":                  "",
		"home":              "home",
		"/cart?step=2#top":  "/cart",
		"/product/12/photo": "/product/?/photo",
		"/u/0b0f5f3e-8f3c-4d7e-9c53-1d2f5f5b7a01": "/u/?",
		"/t/deadbeefdeadbeef":                     "/t/?",
		"/t/deadbeef":                             "/t/deadbeef",
		"/v1/2024-05":                             "/v1/2024-05",
	} {
		if got := event.Page(path); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

func TestOrder(t *testing.T) {
	one, two := int64(1), int64(2)
	inOrder := []event.Order{
		{TS: 1}, {TS: 2}, {TS: 2, Key: event.Key{1}}, {TS: 2, Seq: &one, Key: event.Key{9}}, {TS: 2, Seq: &two}, {TS: 3},
	}
	for i, a := range inOrder {
		for j, b := range inOrder {
			if got := a.Compare(b); (got < 0) != (i < j) || (got > 0) != (i > j) {
				t.Errorf("%v against %v: %d", a, b, got)
			}
		}
	}
}

func TestEachAttribute(t *testing.T) {
	for object, want := range map[string]string{
		``:                              ``,
		`{}`:                            ``,
		`{"a":1,"b":"x,\"}{","c":null}`: `a=1 b="x,\"}{" `,
		`{"a": {"b": [1, "]"]}, "": true, "q\"\u00e9": -1.5e3}`: `a={"b": [1, "]"]} =true q"é=-1.5e3 `,
	} {
		var got strings.Builder
		event.EachAttribute(object, func(name, value string) { got.WriteString(name + "=" + value + " ") })
		if got.String() != want {
			t.Errorf("%s: got %q, want %q", object, got.String(), want)
		}
	}
}

func TestIsNumeric(t *testing.T) {
	for _, value := range []string{`1`, `-1.50`, `1e3`, `"12"`, `"-0.5"`, `"+.5"`, `"007"`} {
		if !event.IsNumeric(value) {
			t.Errorf("%s is a number", value)
		}
	}
	for _, value := range []string{`""`, `"x"`, `"1,5"`, `"1 "`, `"0x10"`, `"Inf"`, `"NaN"`, `"1e999"`, `"e"`, `"1_0"`, `true`, `[1]`, `{}`} {
		if event.IsNumeric(value) {
			t.Errorf("%s is no number", value)
		}
	}
}
