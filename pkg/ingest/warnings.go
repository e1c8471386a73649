package ingest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// watch looks at the rows of one file for signs of a mapping that is not what was meant. They refuse nothing: what is
// seen is told after the file.
type watch struct {
	plan         plan
	rows         int64           // taken
	someone      int64           // of them with a user or a session
	names        map[string]bool // of columns or keys
	missing      map[string]bool // columns that the mapping speaks of and no row had so far
	placeholders map[idValue]int64

	// The most frequent user, if it has more than half of the rows: it leads by at least this many.
	leader string
	lead   int64
}

type idValue struct {
	field, value string
}

// Of what the watch says something only where there are enough rows, and of how many names.
const (
	enoughRows   = 20
	watchedNames = 200
	shownNames   = 40
)

func newWatch(p plan) *watch {
	w := &watch{plan: p, names: map[string]bool{}, missing: map[string]bool{}, placeholders: map[idValue]int64{}}
	for column := range p.targets {
		w.missing[column] = true
	}
	return w
}

// columns sees a row as it was read.
func (w *watch) columns(rec *record) {
	if len(w.missing) == 0 && w.rows > enoughRows {
		return
	}
	for _, v := range rec.values {
		if len(w.names) < watchedNames {
			w.names[v.name] = true
		}
		delete(w.missing, v.name)
	}
}

// row sees a row that is taken.
func (w *watch) row(row *event.Row) {
	w.rows++
	for i := range event.Fields {
		field := &event.Fields[i]
		if value := *field.Of(row); field.Rejects && event.IsPlaceholder(value) {
			w.placeholders[idValue{field.Name, strings.Clone(value)}]++
		}
	}
	if row.UserID != "" || row.AnonymousID != "" || row.SessionID != "" {
		w.someone++
	}
	user := row.UserID
	if user == "" {
		user = row.AnonymousID
	}
	switch {
	case w.lead == 0:
		w.leader, w.lead = strings.Clone(user), 1
	case w.leader == user:
		w.lead++
	default:
		w.lead--
	}
}

// warnings are whole sentences without their full stops.
func (w *watch) warnings() []string {
	var list []string
	for _, column := range slices.Sorted(maps.Keys(w.missing)) {
		if len(w.names) > 0 {
			list = append(list, fmt.Sprintf("%s is in no row%s; there are %s",
				w.plan.describe(column), didYouMean(near(column, w.names)), shown(w.names)))
		}
	}
	if w.rows > 0 && w.someone == 0 {
		list = append(list, fmt.Sprintf("no row has a user or a session: its events count, but belong to nobody; name the columns, "+
			"--map usr.id=COLUMN, --map usr.anonymous_id=COLUMN or --map session.id=COLUMN; there are %s", shown(w.names)))
	}
	// The leader has at least as many rows as it leads by.
	if _, constant := w.plan.constants[targetOf("usr.id")]; w.rows >= enoughRows && w.lead*10 >= w.rows*9 && w.leader != "" && !constant {
		list = append(list, fmt.Sprintf("nearly all rows are of one user, %q: perhaps another column is the user's id", event.Shorten(w.leader)))
	}
	return append(list, w.placeholderWarnings()...)
}

func (w *watch) placeholderWarnings() []string {
	byField := map[string][]string{}
	var values []string
	for _, id := range slices.SortedFunc(maps.Keys(w.placeholders), func(a, b idValue) int { return strings.Compare(a.value, b.value) }) {
		byField[id.field] = append(byField[id.field], fmt.Sprintf("%q in %s", id.value, store.Counted(w.placeholders[id], "row", "rows")))
		if flag := "--null '" + id.value + "'"; !slices.Contains(values, flag) {
			values = append(values, flag)
		}
	}
	var list []string
	for _, field := range slices.Sorted(maps.Keys(byField)) {
		list = append(list, fmt.Sprintf("%s is %s: that makes one of all who have none; if it means that nothing was said, import with %s",
			field, strings.Join(byField[field], ", "), strings.Join(values, " ")))
	}
	return list
}

// warnings tells of names that the mapping gives values to and that are no fields, but look like one.
func (m Mapping) warnings() []string {
	var list []string
	fields := map[string]bool{}
	for name := range fieldTargets {
		fields[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
		if fields[name] || strings.HasPrefix(name, "usr.") {
			continue
		}
		alike := near(name, fields)
		if field, known := otherNames[strings.ToLower(name)]; known {
			alike = []string{field}
		}
		if len(alike) > 0 {
			list = append(list, fmt.Sprintf("%s is kept as an attribute, since it is no field%s", name, didYouMean(alike)))
		}
	}
	return list
}

// otherNames are what people call fields.
var otherNames = map[string]string{
	"user": "usr.id", "user_id": "usr.id", "userid": "usr.id", "email": "usr.email", "anonymous_id": "usr.anonymous_id",
	"session": "session.id", "session_id": "session.id", "time": "ts", "timestamp": "ts", "date": "ts",
	"page": "view.url_path", "path": "view.url_path", "url": "view.url", "country": "geo.country_iso_code", "city": "geo.city",
	"event_type": "type", "event_id": "event.id", "app": "application.id", "application": "application.id", "os": "os.name",
	"browser": "browser.name", "device": "device.type",
}

// near are up to three of the names that look like the one given, the nearest first.
func near(name string, names map[string]bool) []string {
	distance := func(other string) int { return levenshtein.ComputeDistance(plainName(name), plainName(other)) }
	var found []string
	for other := range names {
		if other != name && distance(other) <= max(1, len(name)/4) {
			found = append(found, other)
		}
	}
	slices.SortFunc(found, func(a, b string) int {
		if d := distance(a) - distance(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return found[:min(len(found), 3)]
}

// plainName is a name without what people write differently.
func plainName(name string) string {
	return strings.NewReplacer("_", "", "-", "", ".", "", " ", "", "@", "", "$", "").Replace(strings.ToLower(name))
}

func didYouMean(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return " (did you mean " + strings.Join(names, " or ") + "?)"
}

func shown(names map[string]bool) string {
	sorted := slices.Sorted(maps.Keys(names))
	if len(sorted) > shownNames {
		sorted = append(sorted[:shownNames], "...")
	}
	return strings.Join(sorted, ", ")
}
