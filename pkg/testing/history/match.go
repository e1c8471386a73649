package history

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/footfall-analytics/footfall/pkg/country"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// Names are the custom attributes of the events that Rows draws.
var Names = filter.Names{
	User:  map[string]bool{"usr.plan": false, "usr.team.name": false, "usr.tags": false},
	Event: map[string]bool{"price": false, "coupon": false, "tags": false, "cart.total": false, "app_version": false},

	PageRules: store.PageRules{Default: event.DefaultPageRules},
}

// Matcher evaluates filters plainly.
type Matcher struct {
	Now      time.Time
	Location *time.Location
	From, To time.Time // of has(...) over users; zero: all time
	Names    filter.Names
}

// row is what a term is evaluated on; what is nil has no values.
type row struct {
	user    *User
	session *Session
	event   *Event
}

// Event tells whether an event matches; has(...) speaks of its session.
func (m Matcher) Event(n filter.Node, e *Event) bool {
	return m.match(n, row{e.User, e.Session, e}, filter.Event)
}

// Session tells whether a session matches.
func (m Matcher) Session(n filter.Node, s *Session) bool {
	return m.match(n, row{s.User, s, nil}, filter.Session)
}

// User tells whether a user matches.
func (m Matcher) User(n filter.Node, u *User) bool {
	return m.match(n, row{u, nil, nil}, filter.Profile)
}

func (m Matcher) match(n filter.Node, r row, level filter.Level) bool {
	switch n := n.(type) {
	case nil:
		return true
	case filter.Words:
		return m.words(n.Text, r.user)
	case filter.Not:
		return !m.match(n.Node, r, level)
	case filter.Has:
		return m.has(n.Node, r)
	case filter.Or:
		return slices.ContainsFunc(n.Nodes, func(n filter.Node) bool { return m.match(n, r, level) })
	case filter.And:
		// Plain terms on what lies below speak of one event.
		var together []filter.Node
		for _, node := range n.Nodes {
			if m.below(node, level) {
				together = append(together, node)
			} else if !m.match(node, r, level) {
				return false
			}
		}
		return len(together) == 0 || m.has(filter.All(together...), r)
	case filter.Term:
		if m.below(n, level) {
			return m.has(n, r)
		}
		return m.term(n, r)
	}
	panic(fmt.Sprintf("unknown node %T", n))
}

func (m Matcher) below(n filter.Node, level filter.Level) bool {
	order := []filter.Level{filter.Profile, filter.Session, filter.Event}
	switch n := n.(type) {
	case filter.And:
		return !slices.ContainsFunc(n.Nodes, func(n filter.Node) bool { return !m.below(n, level) })
	case filter.Or:
		return !slices.ContainsFunc(n.Nodes, func(n filter.Node) bool { return !m.below(n, level) })
	case filter.Term:
		return slices.Index(order, m.find(n.Name).Level) > slices.Index(order, level)
	}
	return false
}

// has: some event of the session, or else of the user in the range, matches all by itself.
func (m Matcher) has(n filter.Node, r row) bool {
	events := []*Event{}
	switch {
	case r.session != nil:
		events = r.session.Events
	case r.event == nil && r.user != nil:
		events = m.inRange(r.user.Events)
	}
	return slices.ContainsFunc(events, func(e *Event) bool { return m.Event(n, e) })
}

func (m Matcher) inRange(events []*Event) []*Event {
	if m.From.IsZero() && m.To.IsZero() {
		return events
	}
	var in []*Event
	for _, e := range events {
		if e.TS >= m.From.UnixMilli() && e.TS < m.To.UnixMilli() {
			in = append(in, e)
		}
	}
	return in
}

func (m Matcher) words(text string, u *User) bool {
	if u == nil {
		return false
	}
	for _, own := range []any{u.ID, u.Traits["usr.name"], u.Traits["usr.email"]} {
		if own, ok := own.(string); ok && containsFold(own, text) {
			return true
		}
	}
	return false
}

// fold takes case and accents away.
func fold(text string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return strings.NewReplacer("ł", "l", "ß", "ss").Replace(b.String())
}

func containsFold(text, part string) bool {
	return strings.Contains(fold(text), fold(part))
}

func (m Matcher) find(name string) filter.Attribute {
	a, err := m.Names.Find(name)
	if err != nil {
		panic(err)
	}
	return a
}

func (m Matcher) term(t filter.Term, r row) bool {
	a := m.find(t.Name)
	for _, value := range m.values(a, r) {
		if m.matches(a, t.Match, value) {
			return true
		}
	}
	return false
}

// values are the attribute's: none, one, or several of frustrations, segments and pages. They are string, float64,
// time.Time; of custom attributes custom.
func (m Matcher) values(a filter.Attribute, r row) []any {
	switch {
	case a.ID == "segment" && r.user != nil:
		var ids []any
		for _, id := range r.user.Segments {
			ids = append(ids, id)
		}
		return ids
	case a.IsCustom():
		return customValue(a, r)
	case a.Level == filter.Profile && r.user != nil:
		return some(r.user.Value(a.ID))
	case a.Dictionary == "page" && a.Level == filter.Session && r.session != nil:
		if view := r.session.viewed(a.ID); view != nil {
			return append(some(view.Page), some(view.PageGroup)...)
		}
		return nil
	case a.Level == filter.Session && r.session != nil:
		return some(r.session.Value(a.ID))
	case a.Level == filter.Event && r.event != nil && a.ID == "frustration":
		var names []any
		for name, bit := range event.FrustrationNames {
			if r.event.Frustration&bit != 0 {
				names = append(names, name)
			}
		}
		return names
	case a.ID == "page" && r.event != nil:
		return append(some(r.event.Page), some(r.event.PageGroup)...)
	case a.Level == filter.Event && r.event != nil:
		return some(r.event.Value(a.ID))
	}
	return nil
}

// custom is the JSON value of a custom attribute.
type custom struct{ value any }

func customValue(a filter.Attribute, r row) []any {
	var value any
	switch {
	case a.Level == filter.Profile && r.user != nil:
		value = r.user.Custom(a.ID)
	case a.Level == filter.Event && r.event != nil:
		value = r.event.Custom(a.ID)
	}
	if list, isList := value.([]any); value == nil || isList && len(list) == 0 {
		return nil
	}
	return []any{custom{value}}
}

func some(value any) []any {
	if value == nil || value == "" {
		return nil
	}
	return []any{value}
}

func (m Matcher) matches(a filter.Attribute, match filter.Match, value any) bool {
	if c, ok := value.(custom); ok {
		return m.customMatches(a, match, c.value)
	}
	switch match := match.(type) {
	case filter.Pattern:
		if named := strings.Join(match, "*"); a.Dictionary == "page" && pageOf(named) != named {
			if m.matches(a, filter.Pattern(strings.Split(pageOf(named), "*")), value) {
				return true
			}
		}
		if len(match) == 1 {
			return m.equal(a, value, match[0])
		}
		text, isText := value.(string)
		return !isText || like(match, text)
	case filter.Contains:
		return containsFold(value.(string), string(match))
	case filter.Compare:
		return m.holds(a, value, match.Operator, match.Value)
	case filter.Range:
		return (match.From == "" || m.holds(a, value, ">=", match.From)) && (match.To == "" || m.holds(a, value, "<=", match.To))
	}
	panic(fmt.Sprintf("unknown match %T", match))
}

// pageOf is the page of a path that somebody names. Parts that are ? are so already.
func pageOf(named string) string {
	return event.Page(regexp.MustCompile(`(^|/)\?(/|$)`).ReplaceAllString(named, "${1}0$2"), event.DefaultPageRules)
}

func like(pattern filter.Pattern, text string) bool {
	quoted := make([]string, len(pattern))
	for i, part := range pattern {
		quoted[i] = regexp.QuoteMeta(part)
	}
	return regexp.MustCompile(`(?s)^` + strings.Join(quoted, ".*") + `$`).MatchString(text)
}

// customMatches: one element of a list is enough, but for order, which lists and objects do not have.
func (m Matcher) customMatches(a filter.Attribute, match filter.Match, value any) bool {
	some := func(matches func(element any) bool) bool { return slices.ContainsFunc(elements(value), matches) }
	switch match := match.(type) {
	case filter.Pattern:
		if len(match) == 2 && match[0]+match[1] == "" { // any value
			return true
		}
		if len(match) > 1 {
			return some(func(v any) bool { return like(match, asText(v).(string)) })
		}
		return some(func(v any) bool {
			n, isNumber := v.(json.Number)
			if a.IsVersion() && isNumber {
				return n.String() == match[0]
			}
			x, y := Number(n.String()), Number(match[0])
			return asText(v) == match[0] || isNumber && y != nil && x.Cmp(y) == 0
		})
	case filter.Contains:
		return some(func(v any) bool { return containsFold(asText(v).(string), string(match)) })
	case filter.Compare:
		return m.customHolds(a, value, match.Operator, match.Value)
	case filter.Range:
		return (match.From == "" || m.customHolds(a, value, ">=", match.From)) && (match.To == "" || m.customHolds(a, value, "<=", match.To))
	}
	panic(fmt.Sprintf("unknown match %T", match))
}

func (m Matcher) customHolds(a filter.Attribute, value any, operator, wanted string) bool {
	text, isText := value.(string)
	if n, isNumber := value.(json.Number); isNumber && (Number(wanted) != nil || a.IsVersion() && isVersion(wanted)) {
		text, isText = n.String(), true
	}
	return isText && m.holds(a, text, operator, wanted)
}

func (m Matcher) equal(a filter.Attribute, value any, wanted string) bool {
	if text, isText := value.(string); isText {
		if a.IsCountry() && country.Code(wanted) != "" {
			wanted = country.Code(wanted)
		}
		return text == wanted
	}
	return m.holds(a, value, ">=", wanted) && m.holds(a, value, "<=", wanted)
}

// holds compares a value with a filter's text; a date means the whole day. What is no number, or no version, is neither
// before nor after one.
func (m Matcher) holds(a filter.Attribute, value any, operator, wanted string) bool {
	var order int
	switch value := value.(type) {
	case float64:
		order = cmp.Compare(value, duration(wanted))
	case time.Time:
		from, to := m.times(wanted)
		switch {
		case value.Before(from):
			order = -1
		case !value.Before(to):
			order = 1
		}
	case string:
		x, y := Number(value), Number(wanted)
		switch {
		case a.IsVersion() && isVersion(wanted):
			if !isVersion(value) {
				return false
			}
			order = compareVersions(value, wanted)
		case y != nil:
			if x == nil {
				return false
			}
			order = x.Cmp(y)
		default:
			order = cmp.Compare(value, wanted)
		}
	}
	return map[string]bool{"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[operator]
}

func duration(text string) float64 {
	if number, err := strconv.ParseFloat(text, 64); err == nil {
		return number
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		panic(err)
	}
	return float64(d) / float64(time.Millisecond)
}

// times are the first moment of what a text means and the first one after it.
func (m Matcher) times(text string) (time.Time, time.Time) {
	if rest, ok := strings.CutPrefix(text, "now"); ok {
		at := m.Now
		if rest != "" {
			unit := map[byte]int{'d': 24, 'w': 168, 'h': 1}[rest[len(rest)-1]]
			n, err := strconv.Atoi(rest[:len(rest)-1])
			if err != nil || unit == 0 {
				panic("the oracle cannot read " + text)
			}
			at = at.Add(time.Duration(n*unit) * time.Hour)
		}
		at = at.Truncate(time.Millisecond)
		return at, at.Add(time.Millisecond)
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, m.Location); err == nil {
		return day, day.AddDate(0, 0, 1)
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		panic(err)
	}
	return at, at.Add(time.Millisecond)
}

// Number reads what counts as one: codes with leading zeros do not.
func Number(text string) *big.Rat {
	if len(text) > 100 || !regexp.MustCompile(`^[-+]?((0|[1-9]\d*)(\.\d+)?|\.\d+)([eE][-+]?\d{1,2})?$`).MatchString(text) {
		return nil
	}
	n, _ := new(big.Rat).SetString(text)
	return n
}

func isVersion(text string) bool { return regexp.MustCompile(`^[vV]?[0-9]`).MatchString(text) }

// compareVersions part by part; parts that are missing are zeros. What goes on with a hyphen or a letter comes before what
// does not.
func compareVersions(a, b string) int {
	split := func(text string) (numbers []string, more string) {
		found := regexp.MustCompile(`^[vV]?(\d+(?:[._]\d+)*)[._]?([-a-zA-Z][^ +]*)?`).FindStringSubmatch(text)
		return regexp.MustCompile(`[._]`).Split(found[1], -1), found[2]
	}
	x, moreX := split(a)
	y, moreY := split(b)
	for i := range max(len(x), len(y)) {
		if order := partOf(x, i).Cmp(partOf(y, i)); order != 0 {
			return order
		}
	}
	if order := cmp.Compare(btoi(moreX == ""), btoi(moreY == "")); order != 0 {
		return order
	}
	digits := regexp.MustCompile(`\d+`)
	if order := cmp.Compare(digits.ReplaceAllString(moreX, "#"), digits.ReplaceAllString(moreY, "#")); order != 0 {
		return order
	}
	x, y = digits.FindAllString(moreX, -1), digits.FindAllString(moreY, -1)
	for i := range x { // they are as many
		if order := partOf(x, i).Cmp(partOf(y, i)); order != 0 {
			return order
		}
	}
	return 0
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func partOf(parts []string, i int) *big.Rat {
	if i >= len(parts) {
		return new(big.Rat)
	}
	n, _ := new(big.Rat).SetString(parts[i])
	return n
}
