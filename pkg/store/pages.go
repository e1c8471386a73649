package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// PageRules are the rules for pages of every application.
type PageRules struct {
	Default event.PageRules
	Own     map[string]event.PageRules // of applications with rules of their own, by id, "" for events without one
}

// Of are the rules of an application.
func (r PageRules) Of(application string) event.PageRules {
	if own, known := r.Own[application]; known {
		return own
	}
	return r.Default
}

// Pages are the pages that a path can be: one for each set of rules, without repeats, by the default rules first.
func (r PageRules) Pages(path string) []string {
	pages := []string{event.Page(path, r.Default)}
	for _, rules := range r.Own {
		if page := event.Page(path, rules); !slices.Contains(pages, page) {
			pages = append(pages, page)
		}
	}
	slices.Sort(pages[1:])
	return pages
}

// anyText stands for a wildcard while a path is made a page of; nobody can type it.
const anyText = "\U0010FFFF"

// Named are what a page that people name can be: itself, and what the store makes of such a path, by the rules of each
// application. It is the texts between wildcards. Parts of the path that are ? are so already.
func (r PageRules) Named(named []string) [][]string {
	list := [][]string{named}
	parts := strings.Split(strings.Join(named, anyText), "/")
	for i, part := range parts {
		if part == "?" {
			parts[i] = "0"
		}
	}
	if len(named) > 1 && named[len(named)-1] == "/" { // without the slash, all pages would be meant
		return list
	}
	for _, page := range r.Pages(strings.Join(parts, "/")) {
		pattern := strings.Split(page, anyText)
		if len(pattern) == len(named) && !slices.ContainsFunc(list, func(p []string) bool { return slices.Equal(p, pattern) }) {
			list = append(list, pattern)
		}
	}
	return list
}

// Grouped is the one of Named that a page group takes in: itself where the rules of some application leave it as it is.
func (r PageRules) Grouped(pattern string) string {
	written := strings.ReplaceAll(pattern, "*", anyText)
	if pages := r.Named(strings.Split(pattern, "*")); len(pages) > 1 && !slices.Contains(r.Pages(written), written) {
		return strings.Join(pages[1], "*")
	}
	return pattern
}

// The default rules have no application.
const pageRulesSQL = `
select null as application, page_hash_routes, page_fold_slash, page_fold_case, page_decode, page_keep_numbers
  from footfall.settings
 union all
select a.id, coalesce(a.page_hash_routes, s.page_hash_routes), coalesce(a.page_fold_slash, s.page_fold_slash),
       coalesce(a.page_fold_case, s.page_fold_case), coalesce(a.page_decode, s.page_decode),
       coalesce(a.page_keep_numbers, s.page_keep_numbers)
  from footfall.applications a, footfall.settings s`

// ReadPageRules reads the settings of pages.
func ReadPageRules(ctx context.Context, db Querier) (PageRules, error) {
	rules := PageRules{Own: map[string]event.PageRules{}}
	rows, err := db.Query(ctx, pageRulesSQL)
	if err != nil {
		return rules, fmt.Errorf("read the rules for pages: %w", err)
	}
	var application *string
	var r event.PageRules
	var keep []int
	_, err = pgx.ForEachRow(rows, []any{&application, &r.HashRoutes, &r.FoldSlash, &r.FoldCase, &r.Decode, &keep}, func() error {
		r.KeepNumbers = 0
		for _, place := range keep {
			r.KeepNumbers = r.KeepNumbers.With(place)
		}
		switch {
		case application == nil:
			rules.Default = r
		default:
			rules.Own[*application] = r
		}
		return nil
	})
	if err != nil {
		return rules, fmt.Errorf("read the rules for pages: %w", err)
	}
	return rules, nil
}
