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
	pages []askedPage
	names []string // attributes that no event had
}

type askedPage struct {
	named string
	pages []Pattern
}

func (a *Asked) page(named Pattern, pages []Pattern) {
	if a == nil || isExists(named) {
		return
	}
	text := strings.Join(named, "*")
	if !slices.ContainsFunc(a.pages, func(p askedPage) bool { return p.named == text }) {
		a.pages = append(a.pages, askedPage{text, pages})
	}
}

// Page is told of a page that is named outside of filters.
func (a *Asked) Page(names Names, named string) {
	pattern := Pattern(strings.Split(named, "*"))
	a.page(pattern, names.Pages(pattern))
}

func (a *Asked) name(id string) {
	if a != nil && !slices.Contains(a.names, id) {
		a.names = append(a.names, id)
	}
}

const pageExistsSQL = `select exists (select from footfall.dictionary d where d.kind = 'page' and d.value like any ($1::text[]))`

// Notices say what of it is not there. Its errors are of type *store.StatementError.
func (a *Asked) Notices(ctx context.Context, db store.Querier, names Names) ([]string, error) {
	texts := []string{}
	for _, id := range a.names {
		text := fmt.Sprintf("No event has had %s so far", id)
		if near := names.near(strings.TrimPrefix(id, eventPrefix)); len(near) > 0 {
			text += "; did you mean " + strings.Join(near, " or ") + "?"
		}
		texts = append(texts, text)
	}
	for _, page := range a.pages {
		likes := make([]string, len(page.pages))
		for i, pattern := range page.pages {
			likes[i] = likePattern(pattern)
		}
		var exists bool
		statement := store.Statement{SQL: pageExistsSQL, Args: []any{likes}}
		if err := statement.Each(ctx, db, []any{&exists}, func() error { return nil }); err != nil {
			return nil, err
		}
		if !exists {
			texts = append(texts, fmt.Sprintf("No event has had the page %s so far; pages have ? for parts that are numbers or ids and no query string, "+
				"path: finds paths as they were sent", page.named))
		}
	}
	return texts, nil
}
