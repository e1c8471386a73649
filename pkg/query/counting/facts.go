package counting

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// fact is what a token, a user or a session means to a question.
type fact struct {
	values  [MaxFacets]int32 // codes of facets' values; 0 of those that it does not know
	matches uint64           // conditions that hold as far as it knows, by bit
	isView  bool             // where the time on pages is asked for
}

const allMatch = ^uint64(0)

// matching has the bits of conditions that hold, and of those that nobody has asked for.
func matching(holds []bool) uint64 {
	matches := allMatch
	for i, holds := range holds {
		if !holds {
			matches &^= 1 << i
		}
	}
	return matches
}

// facts are those of tokens by id, or of users by key. Equal ones are one class.
type facts struct {
	of      []int32 // classes
	list    []fact  // by class; the first is of who is not listed
	classes map[fact]int32
}

func newFacts(unlisted fact) *facts {
	return &facts{list: []fact{unlisted}, classes: map[fact]int32{unlisted: 0}}
}

func (f *facts) add(id int32, one fact) {
	class, known := f.classes[one]
	if !known {
		class = int32(len(f.list)) //nolint:gosec // no more than ids
		f.list, f.classes[one] = append(f.list, one), class
	}
	if missing := int(id) + 1 - len(f.of); missing > 0 {
		f.of = append(f.of, make([]int32, missing)...)
	}
	f.of[id] = class
}

// bytes is about what they keep.
func (f *facts) bytes() int { return cap(f.of)*4 + len(f.list)*factBytes }

func (f *facts) class(id int32) int32 {
	if int(id) < len(f.of) {
		return f.of[id]
	}
	return 0
}

// codes are how a facet's values are numbered.
type codes struct {
	texts []string  // of values; nil: values are ids of the dictionary
	lists [][]int32 // the values that each code stands for; nil: a code is a value

	values, known map[string]int32 // texts, and codes by the texts of their values
	bytes         int              // about what these keep
}

// codeBytes is what a text or a code takes, beside letters, in its list and its map.
const codeBytes = 80

// codesOf are known beforehand but for texts of users and events. Of all 0 is the code of none.
func codesOf(f Facet, of source) *codes {
	switch {
	case of == ofToken && f.Dictionary == "":
		c := &codes{texts: append([]string{""}, f.Values()...)}
		if f.hasBits() {
			c.lists = make([][]int32, 1<<len(f.Values()))
			c.lists[0] = []int32{0}
			for bits := range c.lists {
				for i := range f.Values() {
					if bits&(1<<i) != 0 {
						c.lists[bits] = append(c.lists[bits], int32(i+1))
					}
				}
			}
		}
		return c
	case of == ofSaid, of == ofUser && f.Dictionary == "":
		c := &codes{texts: []string{}, values: map[string]int32{}, known: map[string]int32{}}
		c.code([]*string{nil})
		return c
	}
	return &codes{}
}

// hasBits is of frustrations: an event can carry several.
func (f Facet) hasBits() bool { return f.ID == "frustration" }

// code is that of a list of texts; null is "".
func (c *codes) code(list []*string) int32 {
	texts := make([]string, len(list))
	for i, text := range list {
		if text != nil {
			texts[i] = *text
		}
	}
	key := strings.Join(texts, "\x00") // no text of PostgreSQL's has one
	code, known := c.known[key]
	if known {
		return code
	}
	values := make([]int32, len(texts))
	for i, text := range texts {
		value, known := c.values[text]
		if !known {
			value = int32(len(c.texts)) //nolint:gosec // no more than users
			c.texts, c.values[text] = append(c.texts, text), value
			c.bytes += codeBytes + len(text)
		}
		values[i] = value
	}
	code = int32(len(c.lists)) //nolint:gosec // no more than users
	c.lists, c.known[key] = append(c.lists, values), code
	c.bytes += codeBytes + len(key)
	return code
}

// needsTokens tells whether it matters what tokens mean.
func (g *Grouping) needsTokens() bool {
	return g.takes(TimeOnPage) || slices.Contains(g.sources, ofToken) ||
		slices.ContainsFunc(g.ofToken, func(n filter.Node) bool { return n != nil })
}

// tokenFacts are what the tokens of the store mean.
func (r *run) tokenFacts(ctx context.Context) (*facts, error) {
	all, ofViews := &facts{list: []fact{{matches: allMatch}}}, slices.Contains(r.sources, ofView)
	if !r.needsTokens() && !ofViews {
		return all, nil
	}
	tokens, executed, err := r.context.Tokens.Read(ctx, r.db)
	if r.did(executed...); err != nil {
		return nil, err
	}
	if ofViews {
		r.viewed = viewedPages(tokens)
	}
	if !r.needsTokens() {
		return all, nil
	}
	wanted := make([]tokenTest, len(r.ofToken))
	for i, n := range r.ofToken {
		if wanted[i], err = r.tokenTest(ctx, n); err != nil {
			return nil, err
		}
	}
	f := newFacts(fact{})
	for i := range tokens {
		f.add(int32(i), r.tokenFact(int32(i), tokens[i], wanted))
	}
	return f, nil
}

// viewedPages are the pages that tokens of views have, as they are shown; 0 of none.
func viewedPages(tokens []event.Token) []int32 {
	pages := make([]int32, len(tokens))
	for i, token := range tokens {
		if token.Type == event.View {
			pages[i] = token.Page
		}
	}
	return pages
}

// viewedPage is the page that a session was entered or left at; 0 of none.
func (r *run) viewedPage(s *columns.Session, last bool) int32 {
	view := s.FirstOf(func(token int32) bool { return int(token) < len(r.viewed) && r.viewed[token] != 0 }, last)
	if view < 0 {
		return 0
	}
	return r.viewed[view]
}

// tokenTest tells whether a condition holds of a token.
type tokenTest func(id int32, token event.Token) bool

// tokenTest asks the store only for what tokens that were read do not tell.
func (r *run) tokenTest(ctx context.Context, n filter.Node) (tokenTest, error) {
	if test := r.context.Compiler().TokenTest(n); test != nil {
		return func(_ int32, token event.Token) bool { return test(token) }, nil
	}
	wanted, executed, err := columns.TokensWhere(ctx, r.db, r.context.Compiler, n)
	r.did(executed...)
	return func(id int32, _ event.Token) bool { return wanted.Has(id) }, err
}

// tokenFact is what a token means to the question.
func (r *run) tokenFact(id int32, token event.Token, wanted []tokenTest) fact {
	of := fact{matches: allMatch, isView: token.Type == event.View && r.takes(TimeOnPage)}
	for i, holds := range wanted {
		if !holds(id, token) {
			of.matches &^= 1 << i
		}
	}
	for i, f := range r.Facets {
		switch {
		case r.sources[i] != ofToken:
		case f.Dictionary != "":
			of.values[i] = f.TextOf(token)
		case f.hasBits():
			of.values[i] = int32(token.Frustration)
		default:
			of.values[i] = int32(slices.Index(f.Values(), string(token.Type)) + 1) //nolint:gosec // of six
		}
	}
	return of
}

// usersSQL is asked of those who may have something in the range.
const usersSQL = `select %s
  from footfall.profiles p%s
 where p.last_seen >= %s and p.first_seen < %s
   and %s`

// usersStatement reads the key, which conditions hold where these are of users, and facets' values; nil where these do
// not matter.
func (g *Grouping) usersStatement() (*store.Statement, error) {
	conditions := g.allConditions()
	takesAll := !slices.ContainsFunc(conditions, func(n filter.Node) bool { return n != nil })
	if !slices.Contains(g.sources, ofUser) && (g.Over != Users || takesAll) {
		return nil, nil
	}
	compiler := g.context.Compiler()
	list := []string{"p.user_key"}
	where := "true"
	if g.Over == Users {
		for i, n := range conditions {
			condition, err := compiler.Users(n)
			if err != nil {
				return nil, err
			}
			if i == 0 {
				where = condition
			}
			list = append(list, "coalesce("+condition+", false)")
		}
		if !g.IncludeAnonymous {
			where = "not p.anonymous and " + where
		}
	}
	for i, f := range g.Facets {
		switch {
		case g.sources[i] != ofUser:
		case f.Dictionary != "":
			list = append(list, "coalesce("+compiler.Value(f.Attribute)+", 0)")
		case f.HasElements():
			list = append(list, compiler.Elements(f.Attribute))
		default:
			list = append(list, "array["+compiler.Value(f.Attribute)+"]")
		}
	}
	compiler.Needs.Profiles = false // p is there
	sql := fmt.Sprintf(usersSQL, strings.Join(list, ", "), compiler.Needs.JoinUser(),
		compiler.Params.Add(g.context.From), compiler.Params.Add(g.context.To), where)
	return &store.Statement{SQL: sql, Args: compiler.Params.Values, Binary: true}, nil
}

// userFacts are what users mean. Where conditions are on users, none holds of nobody and of who is left out.
func (r *run) userFacts(ctx context.Context) (*facts, error) {
	if r.Grouping.users == nil {
		return &facts{list: []fact{{matches: allMatch}}}, nil
	}
	r.did(*r.Grouping.users)
	var holds []bool
	f := newFacts(fact{matches: allMatch})
	if r.Over == Users {
		holds, f = make([]bool, len(r.Conditions)), newFacts(fact{})
	}
	var key int32
	var one fact
	texts := make([][]*string, len(r.Facets))
	targets := []any{&key}
	for i := range holds {
		targets = append(targets, &holds[i])
	}
	for i, source := range r.sources {
		switch {
		case source != ofUser:
		case r.Facets[i].Dictionary == "":
			targets = append(targets, &texts[i])
		default:
			targets = append(targets, &one.values[i])
		}
	}
	keeper := r.meanings.Keeper()
	return f, r.Grouping.users.Each(ctx, r.db, targets, func() error {
		one.matches = matching(holds)
		coded := 0
		for i, list := range texts {
			if list != nil {
				one.values[i] = r.codes[i].code(list)
				coded += r.codes[i].bytes
			}
		}
		f.add(key, one)
		return keeper.Keeps(int64(f.bytes() + coded))
	})
}
