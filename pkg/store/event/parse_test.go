package event_test

import (
	"strconv"
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
		"no type":           {func(r *event.Row) { r.Type = "" }, "type", "missing"},
		"type":              {func(r *event.Row) { r.Type = "click" }, "type", "none of view"},
		"long event.id":     {func(r *event.Row) { r.ID = long(513) }, "event.id", "longer than 512"},
		"long usr.id":       {func(r *event.Row) { r.UserID = long(513) }, "usr.id", "longer than 512"},
		"long anonymous id": {func(r *event.Row) { r.AnonymousID = long(513) }, "usr.anonymous_id", "longer than 512"},
		"long session.id":   {func(r *event.Row) { r.SessionID = long(513) }, "session.id", "longer than 512"},
		"long view.id":      {func(r *event.Row) { r.ViewID = long(513) }, "view.id", "longer than 512"},
		"long application":  {func(r *event.Row) { r.ApplicationID = long(513) }, "application.id", "longer than 512"},
		"NUL in an id":      {func(r *event.Row) { r.UserID = "a\x00b" }, "usr.id", "NUL"},
		"id not UTF-8":      {func(r *event.Row) { r.SessionID = "S\xe3o" }, "session.id", "UTF-8"},
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

// Whatever is wrong with an optional field, the event is kept, and told is what it lacks.
func TestParseKeepsEventsWithBadOptionalFields(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	for name, test := range map[string]struct {
		change        func(*event.Row)
		field, reason string
		left          func(event.Event) string // what the event has in the field's place
		want          string
	}{
		"seq":                {func(r *event.Row) { r.Seq = "1.5" }, "seq", "whole number", nil, ""},
		"country":            {func(r *event.Row) { r.Country = "T1" }, "geo.country_iso_code", "no country", country, ""},
		"country, analytics": {func(r *event.Row) { r.Country = "(not set)" }, "geo.country_iso_code", "no country", country, ""},
		"country, two byte":  {func(r *event.Row) { r.Country = "é" }, "geo.country_iso_code", "no country", country, ""},
		"frustration":        {func(r *event.Row) { r.Frustration = "rage_click,anger" }, "action.frustration.type", "none of", func(e event.Event) string { return strings.Repeat("!", int(e.Reported)) }, "!"},
		"duration":           {func(r *event.Row) { r.Duration = "-1" }, "duration", "milliseconds", duration, "-1"},
		"duration NaN":       {func(r *event.Row) { r.Duration = "NaN" }, "duration", "milliseconds", duration, "-1"},
		"long duration":      {func(r *event.Row) { r.Duration = "1" + strings.Repeat("0", 64) }, "duration", "longer", duration, "-1"},
		"long name":          {func(r *event.Row) { r.UserName = long(1025) }, "usr.name", "rest is cut off", traits, `{"usr.name":"` + long(1024) + `"}`},
		"long message":       {func(r *event.Row) { r.ErrorMessage = long(9000) }, "error.message", "8192 bytes", func(e event.Event) string { return e.ErrorMessage }, long(8192)},
		"cut in a letter":    {func(r *event.Row) { r.City = long(1023) + "é" }, "geo.city", "rest is cut off", city, long(1023)},
		"NUL":                {func(r *event.Row) { r.City = "a\x00b" }, "geo.city", "NUL", city, ""},
		"not UTF-8":          {func(r *event.Row) { r.City = "S\xe3o Paulo" }, "geo.city", "UTF-8", city, ""},
		"array":              {func(r *event.Row) { r.Attributes = `[1]` }, "attributes", "not a JSON object", attributes, ""},
		"null":               {func(r *event.Row) { r.Attributes = `null` }, "attributes", "not a JSON object", attributes, ""},
		"two objects":        {func(r *event.Row) { r.Attributes = `{} {}` }, "attributes", "one object", attributes, ""},
		"broken JSON":        {func(r *event.Row) { r.Attributes = `{"a":` }, "attributes", "not JSON", attributes, ""},
		"escaped NUL":        {func(r *event.Row) { r.Attributes = `{"a":["\u0000"],"b":1}` }, "attributes", "NUL", attributes, `{"b":1}`},
		"NUL in a key":       {func(r *event.Row) { r.Attributes = `{"\u0000":1,"b":1}` }, "attributes", "NUL", attributes, `{"b":1}`},
		"huge number":        {func(r *event.Row) { r.Attributes = `{"a":1e999999,"b":1}` }, "attributes", "too large", attributes, `{"b":1}`},
		"tiny number":        {func(r *event.Row) { r.Attributes = `{"a":1e-99999,"b":1}` }, "attributes", "too fine", attributes, `{"b":1}`},
		"deep": {func(r *event.Row) {
			r.Attributes = `{"a":` + strings.Repeat(`{"a":`, 79) + "1" + strings.Repeat("}", 79) + `,"b":1}`
		}, "attributes", "nested", attributes, `{"b":1}`},
		"long attribute": {func(r *event.Row) { r.Attributes = `{"a":"` + long(65536) + `","b":1}` }, "attributes", "the longest", attributes, `{"b":1}`},
	} {
		t.Run(name, func(t *testing.T) {
			row := valid()
			test.change(&row)
			e, why := event.Parse(&row, now)
			if why != nil {
				t.Fatal("refused: ", why)
			}
			if len(e.Flaws) != 1 || e.Flaws[0].Field != test.field || !strings.Contains(e.Flaws[0].Reason, test.reason) {
				t.Errorf("got %+v, want field %s and a reason with %q", e.Flaws, test.field, test.reason)
			}
			if test.left != nil && test.left(e) != test.want {
				t.Errorf("got %.40q, want %.40q", test.left(e), test.want)
			}
		})
	}
}

func country(e event.Event) string    { return e.Context.Country }
func city(e event.Event) string       { return e.Context.City }
func traits(e event.Event) string     { return e.Traits }
func attributes(e event.Event) string { return e.Attributes }
func duration(e event.Event) string   { return strconv.FormatFloat(e.Duration, 'g', -1, 64) }

func TestParseCountry(t *testing.T) {
	for text, want := range map[string]string{"de": "DE", "UK": "GB", "Brazil": "BR", " united states ": "US", "DEU": "DE"} {
		row := valid()
		row.Country = text
		if e, why := event.Parse(&row, now); why != nil || e.Context.Country != want || e.Flaws != nil {
			t.Errorf("%s: got %q, %v, %v", text, e.Context.Country, e.Flaws, why)
		}
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
		"2026-05-17T10:05:03Z":                     want,
		"2026-05-17 10:05:03":                      want,
		"2026-05-17T12:05:03.9999+0200":            want.Add(999 * time.Millisecond),
		"2026-05-17 15:35:03+05:30":                want,
		"2026-05-17 10:05:03.5+00":                 want.Add(500 * time.Millisecond),
		"2026-05-17":                               want.Truncate(24 * time.Hour),
		"1779012303":                               want,
		"1779012303001":                            want.Add(time.Millisecond),
		"1779012303001999":                         want.Add(time.Millisecond),
		"1779012303001999999":                      want.Add(time.Millisecond),
		"2026-05-17 10:05:03 UTC":                  want,
		"2026-05-17 10:05:03.5 UTC":                want.Add(500 * time.Millisecond),
		"2026-05-17 10:05:03 GMT":                  want,
		"2026-05-17 10:05:03 Z":                    want,
		"2026-05-17t10:05:03z":                     want,
		"2026-05-17 10:05:03 +0000":                want,
		"2026-05-17 12:05:03 +02:00":               want,
		"2026-05-17 12:05:03.25 +02":               want.Add(250 * time.Millisecond),
		"2026-05-17 12:05:03 +0200 CEST":           want,
		"2026-05-17T12:05:03+02:00[Europe/Berlin]": want,
		"2026-05-17 10:05Z":                        want.Add(-3 * time.Second),
		"2026/05/17 10:05:03":                      want,
		" 2026-05-17 10:05:03 ":                    want,
		"20260517T100503Z":                         want,
		"17/May/2026:10:05:03 +0000":               want,
		"[17/May/2026:12:05:03 +0200]":             want,
		"Sun, 17 May 2026 10:05:03 GMT":            want,
		"Sun, 17 May 2026 12:05:03 +0200":          want,
		"Sun May 17 2026 12:05:03 GMT+0200 (Central European Summer Time)": want,
		"1779012303.5":       want.Add(500 * time.Millisecond),
		"1779012303.9999999": want.Add(999 * time.Millisecond),
		"1779012303.05":      want.Add(50 * time.Millisecond),
		"1779012303001.75":   want.Add(time.Millisecond),
		"1779012303001999.5": want.Add(time.Millisecond),
	} {
		if got, err := event.ParseTime(text); err != nil || !got.Equal(want) {
			t.Errorf("%s: got %v, %v; want %v", text, got, err, want)
		}
	}
}

// What could mean several times is none.
func TestParseTimeRefuses(t *testing.T) {
	for _, text := range []string{
		"", "soon", "11/12/2026", "2026-02-30", "2026-05-17 25:00:00", "2026-05-17 10:05:03 EST", "2026-05-17 10:05:03 CET",
		"Sun, 17 May 2026 10:05:03 EST", "1779012303,5", "1.779e9", "1779012303.", ".5", "99999999999999999999", "UTC", "2026-05-17 10:05:03 UTC+2",
	} {
		if got, err := event.ParseTime(text); err == nil {
			t.Errorf("%s: taken as %v", text, got)
		}
	}
}

func TestParseTimeIn(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	want := time.Date(2026, 5, 17, 10, 5, 3, 0, time.UTC)
	for _, text := range []string{"2026-05-17 12:05:03", "2026-05-17T10:05:03Z", "2026-05-17 10:05:03 UTC", "1779012303"} {
		if got, err := event.ParseTimeIn(text, berlin); err != nil || !got.Equal(want) {
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
		if got := event.Page(path, event.DefaultPageRules); got != want {
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
	for _, value := range []string{`1`, `-1.50`, `1e3`, `"12"`, `"-0.5"`, `"+.5"`, `"1.10"`} {
		if !event.IsNumeric(value) {
			t.Errorf("%s is a number", value)
		}
	}
	for _, value := range []string{`""`, `"x"`, `"1,5"`, `"1 "`, `"0x10"`, `"Inf"`, `"NaN"`, `"1e999"`, `"e"`, `"1_0"`, `"007"`, `"-01"`, `true`, `[1]`, `{}`} {
		if event.IsNumeric(value) {
			t.Errorf("%s is no number", value)
		}
	}
}
