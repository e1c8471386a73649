package segment

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Env is what a definition is compiled against.
type Env struct {
	Now   time.Time
	Names filter.Names    // custom attributes, reference tables and segments
	Used  func(key int32) // told which segments the definition uses; may be nil
	Asked *filter.Asked   // told what may not be there; may be nil
}

// Compile turns a definition into a SELECT of the members' user_key. Its parameters go to params, so that it can stand
// in parentheses in a larger statement. Its errors are of type Error.
func (d Definition) Compile(env Env, params *store.Params) (string, error) {
	b, err := newBuilder(d, env, params)
	if err != nil {
		return "", err
	}
	identity, err := b.identity(d.Identity)
	if err != nil {
		return "", err
	}
	c := b.compiler()
	where, err := b.condition(c, d.Where, "where")
	if err != nil {
		return "", err
	}
	return b.statement(d, c.Needs, where, identity), nil
}

// builder makes one statement.
type builder struct {
	env    Env
	zone   *time.Location // of dates
	params *store.Params
}

func newBuilder(d Definition, env Env, params *store.Params) (*builder, error) {
	zone, err := d.location()
	return &builder{env, zone, params}, err
}

func (b *builder) compiler() *filter.Compiler {
	return &filter.Compiler{
		Scope:  filter.Scope{Location: b.zone, Now: b.env.Now, Names: b.env.Names, Used: b.env.Used, Asked: b.env.Asked, SegmentsByID: true},
		Params: b.params,
	}
}

// matchedSQL are the users who match.
const matchedSQL = `select p.user_key
  from footfall.profiles p%s
 where %s and %s`

// sharedSQL adds the users who share a value with those.
const sharedSQL = `with matched as materialized (
%[1]s
), shared as (
select distinct %[2]s as value
  from footfall.profiles p
  join footfall.users u on u.key = p.user_key
 where p.user_key in (select user_key from matched)
)
select %[4]s
  from footfall.profiles p
  join footfall.users u on u.key = p.user_key
 where %[3]s and (p.user_key in (select user_key from matched) or %[2]s in (select value from shared))`

func (b *builder) statement(d Definition, needs filter.Needs, where, identity string) string {
	return b.shared(d, fmt.Sprintf(matchedSQL, needs.JoinUser(), d.universe(), where), identity, "p.user_key")
}

// shared adds to those matched whoever shares an identity with them, and selects the columns that matched has of all.
func (b *builder) shared(d Definition, matched, identity, columns string) string {
	if identity == "" {
		return matched
	}
	return fmt.Sprintf(sharedSQL, matched, identity, d.universe(), columns)
}

// universe is the condition on profiles p of the users there are to choose from.
func (d Definition) universe() string {
	if d.IncludeAnonymous {
		return "true"
	}
	return "not p.anonymous"
}

// identity is the value that members share, in SQL over p and u; "" where it is the user.
func (b *builder) identity(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	a, err := b.env.Names.Find(name)
	switch {
	case err != nil:
		return "", invalid("identity", "is wrong: %s", err)
	case a.ID == "user_id":
		return "", nil
	case a.ID == "user_email":
		return "lower(btrim(u.email))", nil
	case a.ID == "user_name" || strings.HasPrefix(a.ID, "usr."):
		return b.compiler().Value(a), nil
	}
	return "", invalid("identity", "is %q; it must be usr.id, usr.email, usr.name or another usr. attribute", name)
}

// condition is over the profile p, with u where c needs it.
func (b *builder) condition(c *filter.Compiler, of Condition, path string) (string, error) {
	switch {
	case len(of.All) > 0:
		return b.join(c, of.All, path+".all", " and ")
	case len(of.Any) > 0:
		return b.join(c, of.Any, path+".any", " or ")
	case of.Not != nil:
		inner, err := b.condition(c, *of.Not, path+".not")
		if of.Not.Segment != "" {
			return "not " + inner, err // never null, and so a join
		}
		return "(" + inner + ") is not true", err
	case of.Users != "":
		return b.users(c, of.Users, path+".users")
	case of.Did != nil:
		return b.did(*of.Did, path+".did")
	case of.Sequence != nil:
		inner, err := b.sequence(*of.Sequence, path+".sequence")
		return "p.user_key in (" + inner + ")", err
	case of.Segment != "":
		return b.segment(c, of.Segment, path+".segment")
	}
	return b.table(c, of.Table, path+".table")
}

func (b *builder) join(c *filter.Compiler, parts []Condition, path, with string) (string, error) {
	list := make([]string, len(parts))
	for i, part := range parts {
		var err error
		if list[i], err = b.condition(c, part, fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return "", err
		}
	}
	return "(" + strings.Join(list, with) + ")", nil
}

// users compiles a filter that may speak of users alone: what users did has windows and counts, and its own condition.
func (b *builder) users(c *filter.Compiler, text, path string) (string, error) {
	n, err := parseFilter(path, text)
	if err != nil {
		return "", err
	}
	for _, a := range filter.Attributes(n, b.env.Names) {
		if a.Level != filter.Profile {
			return "", invalid(path, "speaks of %s, an attribute of %ss; say it with did, or use first_... or last_...", a.ID, a.Level)
		}
	}
	where, err := c.Users(n)
	return where, wrongFilter(path, err)
}

func wrongFilter(path string, err error) error {
	if wrong := (filter.Error{}); errors.As(err, &wrong) {
		return invalid(path, "is wrong: %s", wrong)
	}
	return err
}

func (b *builder) segment(c *filter.Compiler, id, path string) (string, error) {
	key, known := b.env.Names.Segments[id]
	if !known {
		return "", invalid(path, "names no segment: %q", id)
	}
	if b.env.Used != nil {
		b.env.Used(key)
	}
	return c.InSegment(key), nil
}

func (b *builder) table(c *filter.Compiler, name, path string) (string, error) {
	t := b.env.Names.Tables[name]
	if t == nil {
		return "", invalid(path, "names no reference table: %q", name)
	}
	return c.InTable(t), nil
}

// times are the bounds of a window as placeholders. Where one is open, it is far away from all events.
func (b *builder) times(w *Window, path string) (from, to string, err error) {
	begin, end, err := w.bounds(b.env.Now, b.zone, path)
	return b.params.Add(begin), b.params.Add(end), err
}

var (
	longAgo = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	farOff  = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
)

// bounds are the window's times at a moment, dates in a zone: [from, to).
func (w *Window) bounds(now time.Time, zone *time.Location, path string) (from, to time.Time, err error) {
	switch {
	case w == nil:
		return longAgo, farOff, nil
	case w.Last != "":
		last, err := parseDuration(w.Last)
		if err != nil {
			return from, to, invalid(path+".last", "%s", err)
		}
		return now.Add(-last), now, nil
	}
	if from, to, err = w.absolute(zone, path); err != nil {
		return from, to, err
	}
	if from.IsZero() {
		from = longAgo
	}
	if to.IsZero() {
		to = farOff
	}
	return from, to, nil
}

// event compiles a filter on single events.
func (b *builder) event(text, path string) (eventFilter, error) {
	n, err := parseFilter(path, text)
	if err != nil {
		return eventFilter{}, err
	}
	c := b.compiler()
	condition, err := c.Event(n)
	return eventFilter{condition, c.Needs}, wrongFilter(path, err)
}

// eventFilter is a compiled filter on events and what it needs joined.
type eventFilter struct {
	filter.EventCondition
	needs filter.Needs
}

// anyTokens are the tokens of all filters, "" where one could match without.
func anyTokens(filters []eventFilter) string {
	var sets []string
	for _, f := range filters {
		if f.Tokens == "" {
			return ""
		}
		if !slices.Contains(sets, f.Tokens) {
			sets = append(sets, f.Tokens)
		}
	}
	return strings.Join(sets, " || ")
}
