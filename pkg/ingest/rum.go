package ingest

import (
	"strconv"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// Browser SDKs send some values in another form than the inbox has them: whole URLs, durations in nanoseconds by type of
// event. They fill a field that nothing else gives, and stay attributes.

// viewURLField is no field of events: its path becomes view.url_path.
const viewURLField = "view.url"

// rumDurations are the durations in nanoseconds, by the type of the event whose duration they are.
var rumDurations = map[string]event.Type{
	"view.loading_time": event.View, "action.loading_time": event.Action, "resource.duration": event.Resource,
	"long_task.duration": event.LongTask, "vital.duration": rumVital,
}

// rumVital is a type of an SDK's events: something the application measures, which is a custom event.
const rumVital event.Type = "vital"

// rumObjects are objects in an SDK's events that hold no field and are read into: what they say becomes attributes of the
// names "context.cart", "resource.url".
var rumObjects = []string{"context", "resource", "long_task", "vital"}

// putRUM fills what the row lacks from the values of an SDK.
func (b *rowBuilder) putRUM(values []value) {
	if b.row.ViewPath == "" {
		b.row.ViewPath = pathOf(b.viewURL)
	}
	kind := event.Type(b.row.Type)
	for _, v := range values {
		if of, known := rumDurations[v.name]; known && of == kind && b.row.Duration == "" {
			b.row.Duration = fromNanoseconds(v.text)
		}
		if v.name == "vital.name" && kind == rumVital && b.row.ActionName == "" && v.bad == "" {
			b.row.ActionName = v.text
		}
	}
	if kind == rumVital {
		b.row.Type = string(event.Custom)
	}
}

// pathOf is a URL without scheme and host, with query string and fragment.
func pathOf(url string) string {
	_, rest, absolute := strings.Cut(url, "://")
	if !absolute {
		return url
	}
	from := strings.IndexAny(rest, "/?#")
	switch {
	case from < 0:
		return "/"
	case rest[from] != '/':
		return "/" + rest[from:]
	}
	return rest[from:]
}

// fromNanoseconds are the milliseconds, "" for what is no number.
func fromNanoseconds(text string) string {
	ns, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return ""
	}
	return strconv.FormatFloat(ns/1e6, 'f', -1, 64)
}
