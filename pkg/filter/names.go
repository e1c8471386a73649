package filter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// Prefixes that name custom attributes beyond doubt: usr.plan of a user, attributes.price of an event.
const (
	userPrefix  = "usr."
	eventPrefix = "attributes."
)

// MaxName is the longest name of a custom attribute, in bytes.
const MaxName = 256

// Names are the attributes of one store beyond the built-in ones. The bool tells whether all values seen are numbers.
type Names struct {
	User   map[string]bool   // with the prefix usr.
	Event  map[string]bool   // without prefix
	Tables map[string]*Table // reference tables, by name

	Segments map[string]int32 // keys of segments, by id

	PageRules store.PageRules // by which paths are pages
}

// Table is a reference table whose columns are attributes of profiles: <table>.<column>.
type Table struct {
	ID       int32
	Name     string
	Identity string          // what its key is compared with: user_id, user_name, user_email, or an attribute such as usr.plan
	Columns  map[string]Type // Text or Number
}

// Find returns the attribute of a name. Its errors have no position.
func (n Names) Find(name string) (Attribute, error) {
	name = strings.TrimPrefix(name, "@")
	if name == membership.ID {
		return membership, nil
	}
	for _, a := range builtIn {
		if a.ID == name || slices.Contains(a.Aliases, name) {
			return a, nil
		}
	}
	if err := checkText(name); err != nil {
		return Attribute{}, err
	}
	if len(name) > MaxName+len(eventPrefix) {
		return Attribute{}, Error{Problem: fmt.Sprintf("a name is longer than %d bytes", MaxName)}
	}
	if key, ok := strings.CutPrefix(name, eventPrefix); ok && key != "" {
		return n.eventAttribute(key), nil
	}
	if strings.HasPrefix(name, userPrefix) && name != userPrefix {
		return n.userAttribute(name), nil
	}
	if a, ok := n.column(name); ok {
		return a, nil
	}
	return n.findBare(name)
}

// findBare looks for a custom attribute that is named without its prefix.
func (n Names) findBare(name string) (Attribute, error) {
	_, ofUser := n.User[userPrefix+name]
	_, ofEvent := n.Event[name]
	switch {
	case ofUser && ofEvent:
		return Attribute{}, Error{Problem: fmt.Sprintf("%q is an attribute of users and of events; write %s%s or %s%s",
			name, userPrefix, name, eventPrefix, name)}
	case ofUser:
		return n.userAttribute(userPrefix + name), nil
	case ofEvent:
		return n.eventAttribute(name), nil
	}
	problem := fmt.Sprintf("unknown attribute `%s`", name)
	if near := n.near(name); len(near) > 0 {
		problem += ", did you mean `" + strings.Join(near, "` or `") + "`?"
	} else {
		problem += fmt.Sprintf("; write %s%s for an attribute of users, %s%s for one of events", userPrefix, name, eventPrefix, name)
	}
	return Attribute{}, Error{Problem: problem}
}

func (n Names) userAttribute(name string) Attribute {
	return Attribute{ID: name, Name: name, Level: Profile, Nullable: true, custom: name}.typed(n.User[name])
}

func (n Names) eventAttribute(key string) Attribute {
	return Attribute{ID: eventPrefix + key, Name: key, Level: Event, Nullable: true, custom: key}.typed(n.Event[key])
}

// typed makes a number of what has had nothing else; versions only look like numbers.
func (a Attribute) typed(numeric bool) Attribute {
	a.Type = Text
	if numeric && !a.IsVersion() {
		a.Type = Number
	}
	return a
}

func (n Names) column(name string) (Attribute, bool) {
	table, column, _ := strings.Cut(name, ".")
	t := n.Tables[table]
	if t == nil || t.Columns[column] == "" {
		return Attribute{}, false
	}
	return Attribute{
		ID: name, Name: name, Level: Profile, Type: t.Columns[column], Nullable: true, custom: column, table: t,
	}, true
}

// isKnown tells whether some event had the attribute. An object is known by what is in it. Where an event had a value that is
// no object as far as names tell, names of what is in it may not be stored: older versions did not.
func (n Names) isKnown(a Attribute) bool {
	if !a.isJSON() {
		return true
	}
	known := n.Event
	if a.Level == Profile {
		known = n.User
	}
	if _, ok := known[a.custom]; ok || a.custom == "usr.name" || a.custom == "usr.email" {
		return true
	}
	within := func(object string) bool {
		for name := range known {
			if strings.HasPrefix(name, object+".") {
				return true
			}
		}
		return false
	}
	for i := len(userPrefix) * btoi(a.Level == Profile); i < len(a.custom); i++ {
		if _, ok := known[a.custom[:i]]; ok && a.custom[i] == '.' && !within(a.custom[:i]) {
			return true
		}
	}
	return within(a.custom)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// withColon finds the attribute that a term means whose name was cut at a colon, as in attributes.case:channel:Internet.
func (n Names) withColon(t Term) (name, rest string, found bool) {
	p, ok := t.Match.(Pattern)
	if !ok {
		return "", "", false
	}
	text := strings.Join(p, "*")
	for i, c := range text {
		if c != ':' {
			continue
		}
		name := t.Name + ":" + text[:i]
		if a, err := n.Find(name); err == nil && n.isKnown(a) {
			return name, quoteScalar(text[i+1:]), true
		}
	}
	return "", "", false
}

// All lists every attribute of the levels, the built-in ones first.
func (n Names) All(levels ...Level) []Attribute {
	var list []Attribute
	for _, level := range levels {
		list = append(list, BuiltIn(level)...)
	}
	if slices.Contains(levels, Profile) {
		if len(n.Segments) > 0 {
			list = append(list, membership)
		}
		for _, name := range sortedKeys(n.User) {
			list = append(list, n.userAttribute(name))
		}
		for _, name := range sortedKeys(n.Tables) {
			for _, column := range sortedKeys(n.Tables[name].Columns) {
				a, _ := n.column(name + "." + column)
				list = append(list, a)
			}
		}
	}
	if slices.Contains(levels, Event) {
		for _, key := range sortedKeys(n.Event) {
			list = append(list, n.eventAttribute(key))
		}
	}
	return list
}

// near lists up to three names that look alike, the nearest first.
func (n Names) near(name string) []string {
	type candidate struct {
		name     string
		distance int
	}
	var found []candidate
	for _, a := range n.All(Profile, Session, Event) {
		best := len(name)
		for _, known := range append([]string{a.ID, a.Name}, a.Aliases...) {
			best = min(best, levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(known)))
		}
		if best <= max(1, len(name)/3) {
			found = append(found, candidate{a.ID, best})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return a.distance - b.distance })
	var names []string
	for _, c := range found[:min(len(found), 3)] {
		names = append(names, c.name)
	}
	return names
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// checkText refuses what PostgreSQL's text cannot hold.
func checkText(text string) error {
	if strings.ContainsRune(text, 0) {
		return Error{Problem: "a NUL character cannot be searched for"}
	}
	return nil
}

// Attributes lists the attributes that a filter speaks of, in has(...) too; unknown ones are left out.
func Attributes(n Node, names Names) []Attribute {
	var list []Attribute
	Walk(n, func(n Node) {
		if t, ok := n.(Term); ok {
			if a, err := names.Find(t.Name); err == nil {
				list = append(list, a)
			}
		}
	})
	return list
}

// Uses lists the segments and the reference tables that a filter names, with repeats.
func Uses(n Node, names Names) (segments, tables []string) {
	Walk(n, func(n Node) {
		t, isTerm := n.(Term)
		if !isTerm {
			return
		}
		a, err := names.Find(t.Name)
		switch {
		case err != nil:
		case a.ID == membership.ID:
			segments = append(segments, textsOf(t.Match)...)
		case a.table != nil:
			tables = append(tables, a.table.Name)
		}
	})
	return segments, tables
}
