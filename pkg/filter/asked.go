package filter

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// Asked collects what filters name that may not be there, so that an answer can say why it is empty.
type Asked struct {
	texts []askedText
	names []string // attributes that no event had
}

// askedText is a page, an action or an error, and what of the dictionary it may be.
type askedText struct {
	of, named  string
	dictionary string
	patterns   []Pattern
}

// text is told of what is named of an attribute that events have.
func (a *Asked) text(of Attribute, named Pattern, patterns ...Pattern) {
	if a == nil || isExists(named) {
		return
	}
	text := askedText{of.ID, strings.Join(named, "*"), of.Dictionary, patterns}
	if !slices.ContainsFunc(a.texts, func(t askedText) bool { return t.of == text.of && t.named == text.named }) {
		a.texts = append(a.texts, text)
	}
}

// Page is told of a page that is named outside of filters.
func (a *Asked) Page(names Names, named string) {
	page, _ := names.Find("page")
	pattern := Pattern(strings.Split(named, "*"))
	a.text(page, pattern, names.Pages(pattern)...)
}

func (a *Asked) name(id string) {
	if a != nil && !slices.Contains(a.names, id) {
		a.names = append(a.names, id)
	}
}

const textExistsSQL = `select exists (select from footfall.dictionary d where d.kind = $1 and d.value like any ($2::text[]))`

// UnknownName is what a filter names that no event has had.
type UnknownName struct {
	Attribute string `json:"attribute"`
	Value     string `json:"value"` // with * for any text
}

// Unknown lists pages, actions and errors that no event has had. Its errors are of type *store.StatementError.
func (a *Asked) Unknown(ctx context.Context, db store.Querier) ([]UnknownName, error) {
	list := []UnknownName{}
	for _, text := range a.texts {
		likes := make([]string, len(text.patterns))
		for i, pattern := range text.patterns {
			likes[i] = likePattern(pattern)
		}
		var exists bool
		statement := store.Statement{SQL: textExistsSQL, Args: []any{text.dictionary, likes}}
		if err := statement.Each(ctx, db, []any{&exists}, func() error { return nil }); err != nil {
			return nil, err
		}
		if !exists {
			list = append(list, UnknownName{text.of, text.named})
		}
	}
	return list, nil
}

// pageHint says why a page may not be found.
const pageHint = "; pages have ? for parts that are numbers or ids and no query string, path: finds paths as they were sent"

// Notices say what of it is not there. Its errors are of type *store.StatementError.
func (a *Asked) Notices(ctx context.Context, db store.Querier, names Names) ([]string, error) {
	unknown, err := a.Unknown(ctx, db)
	return a.NoticesOf(unknown, names), err
}

// NoticesOf are the notices where it is known already what no event has had.
func (a *Asked) NoticesOf(unknown []UnknownName, names Names) []string {
	texts := []string{}
	for _, id := range a.names {
		text := fmt.Sprintf("No event has had %s so far", id)
		if near := names.near(strings.TrimPrefix(id, eventPrefix)); len(near) > 0 {
			text += "; did you mean " + strings.Join(near, " or ") + "?"
		}
		texts = append(texts, text)
	}
	for _, u := range unknown {
		text := fmt.Sprintf("No event has had the %s %s so far", u.Attribute, u.Value)
		if u.Attribute == "page" {
			text += pageHint
		}
		texts = append(texts, text)
	}
	return texts
}
