package users

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/country"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Values lists values that an attribute has, those used most first, for variables and suggestions. The dashboard's range
// does not matter.
type Values struct {
	query.Selection        // not known here
	Attribute       string `json:"attribute"`
	Search          string `json:"search"` // part of a value, in any case; what is not in use is found by its beginning alone
	Limit           int    `json:"limit"`
}

// Suggestion is a value of an attribute.
type Suggestion struct {
	Value string `json:"value"`
	Text  string `json:"text"`  // for people: the name of a country or user, else the value
	Count *int64 `json:"count"` // of the latest sessions or users, those that have it; null where none does or it is not counted
}

const maxSuggestions = 1000

// NewValues has the options' defaults: the first 50 values.
func NewValues() *Values { return &Values{Limit: 50} }

// suggester finds values.
type suggester func(ctx context.Context, db store.Querier) (list []Suggestion, executed []store.Statement, err error)

// Prepare makes the statements.
func (q *Values) Prepare(c query.Context) (query.Answer, error) {
	find, err := q.suggester(c)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, db store.Querier) (data.Frames, error) {
		list, executed, err := find(ctx, db)
		if err != nil {
			return nil, err
		}
		return data.Frames{suggestionFrame(list, q.limit(c), executed)}, nil
	}, nil
}

// Suggest lists the values without making a frame of them. Mistakes in the options are of type InvalidError.
func (q *Values) Suggest(ctx context.Context, db store.Querier, c query.Context) ([]Suggestion, error) {
	find, err := q.suggester(c)
	if err != nil {
		return nil, err
	}
	list, _, err := find(ctx, db)
	return list[:min(len(list), q.limit(c))], err
}

func (q *Values) limit(c query.Context) int { return c.AtMost(q.Limit) }

func suggestionFrame(list []Suggestion, limit int, executed []store.Statement) *data.Frame {
	more := len(list) > limit
	list = list[:min(len(list), limit)]
	values, texts, counts := make([]string, len(list)), make([]string, len(list)), make([]*int64, len(list))
	for i, s := range list {
		values[i], texts[i], counts[i] = s.Value, s.Text, s.Count
	}
	frame := data.NewFrame("values", data.NewField("value", nil, values), data.NewField("text", nil, texts), data.NewField("count", nil, counts))
	for i, name := range []string{"Value", "Text", "Count"} {
		frame.Fields[i].Config = &data.FieldConfig{DisplayNameFromDS: name}
	}
	frame.Meta = query.TableMeta(executed...)
	if more {
		query.NoteMore(frame, limit, "values")
	}
	return frame
}

func (q *Values) check() error {
	switch {
	case q.Filter != "" || len(q.IncludeSegments) > 0 || len(q.ExcludeSegments) > 0 || q.Within != nil:
		return query.Invalid("filter", "and segments cannot narrow values; leave them out")
	case q.Attribute == "":
		return query.Invalid("attribute", "is missing: give an attribute such as country")
	}
	if err := query.CheckText("search", q.Search, maxSearch); err != nil {
		return err
	}
	return query.CheckPage(q.Limit, maxSuggestions, 0)
}

// suggester finds one value more than wanted where there are more.
func (q *Values) suggester(c query.Context) (suggester, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	a, err := c.Names.Find(q.Attribute)
	if err != nil {
		return nil, query.Invalid("attribute", "names no attribute: %s", err)
	}
	if err := c.RefuseEmails(a, "attribute"); err != nil {
		return nil, err
	}
	limit := q.limit(c) + 1
	switch {
	case a.ID == "segment":
		return q.among(segmentIDs(c.Names), limit), nil
	case a.Possible() != nil:
		return q.among(a.Possible(), limit), nil
	case a.ID == "user_id":
		return q.users(c, limit), nil
	case a.IsCountry():
		return q.countries(c, a, limit), nil
	case a.Dictionary != "":
		return q.texts(c, a, limit), nil
	case a.Type == filter.Time || a.Type != filter.Text && !a.IsCustom():
		return q.among(nil, limit), nil // numbers and times are not chosen from a list
	}
	return q.used(c, a, limit), nil
}

func segmentIDs(names filter.Names) []string {
	ids := []string{}
	for id := range names.Segments {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// among finds values of a list.
func (q *Values) among(list []string, limit int) suggester {
	found := []Suggestion{}
	for _, value := range list {
		if hasPrefixFold(value, q.Search) && len(found) < limit {
			found = append(found, Suggestion{Value: value, Text: value})
		}
	}
	return func(context.Context, store.Querier) ([]Suggestion, []store.Statement, error) { return found, nil, nil }
}

func hasPrefixFold(text, prefix string) bool {
	return strings.HasPrefix(strings.ToLower(text), strings.ToLower(prefix))
}

// shownPagesSQL leaves out the pages that a group is shown instead of.
const shownPagesSQL = `
   and (not exists (select from footfall.tokens k where k.page = d.id and k.page_group is not null)
        or exists (select from footfall.page_groups g where g.page = d.id))`

const (
	searchedLetters = 100 // of the index
	// searchedText is what the index dictionary_search holds.
	searchedText = `lower(left(d.value, 100)) collate "C"`
	// textsOrder is answered by that index; texts that are equal there are few.
	textsOrder = searchedText + `, d.value collate "C"`
)

// texts finds texts of the dictionary, those that none of the latest have in the order of the alphabet.
func (q *Values) texts(c query.Context, a filter.Attribute, limit int) suggester {
	compiler := c.Compiler()
	letters := []rune(q.Search)
	first := string(letters[:min(len(letters), searchedLetters)])
	found := fmt.Sprintf("%s like lower(%s::text) and lower(d.value) like lower(%s::text)", searchedText,
		compiler.Params.Add(beginning(first)), compiler.Params.Add(beginning(q.Search)))
	ofSample := fmt.Sprintf("lower(d.value) like lower(%s::text)", compiler.Params.Add(part(q.Search)))
	if a.Dictionary == "page" {
		found, ofSample = found+shownPagesSQL, ofSample+shownPagesSQL
	}
	find := wantedTexts{condition: found, ofSample: ofSample, closest: q.closest(compiler, "d.value"), order: textsOrder}
	return ofDictionary(compiler, a, find, limit, func(value string) string { return value })
}

// beginning is the LIKE pattern for texts that begin with the text.
func beginning(text string) string {
	return store.EscapeLike(text) + "%"
}

// closest orders values: first the one that is what was typed, then those that begin so.
func (q *Values) closest(compiler *filter.Compiler, value string) string {
	if q.Search == "" {
		return ""
	}
	whole, begins := compiler.Params.Add(store.EscapeLike(q.Search)), compiler.Params.Add(beginning(q.Search))
	return fmt.Sprintf("case when lower(%[1]s) like lower(%[2]s::text) then 1 when lower(%[1]s) like lower(%[3]s::text) then 2 else 3 end, ",
		value, whole, begins)
}

// part is the LIKE pattern for texts that contain the text.
func part(text string) string {
	if text == "" {
		return "%"
	}
	return "%" + beginning(text)
}

// countries finds them by name and code, those that none of the latest have in the order of their names.
func (q *Values) countries(c query.Context, a filter.Attribute, limit int) suggester {
	compiler := c.Compiler()
	named := []string{}
	for _, code := range country.ByName() {
		if strings.Contains(strings.ToLower(country.Name(code)), strings.ToLower(q.Search)) {
			named = append(named, code)
		}
	}
	found := fmt.Sprintf("(d.value = any (%s::text[]) or d.value ilike %s::text)",
		compiler.Params.Add(named), compiler.Params.Add(beginning(q.Search)))
	order := query.TextOrder(a, compiler.Params)
	return ofDictionary(compiler, a, wantedTexts{condition: found, ofSample: found, order: order}, limit, func(code string) string {
		if name := country.Name(code); name != "" {
			return name
		}
		return code
	})
}
