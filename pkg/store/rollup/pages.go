package rollup

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// PageGroup is a pattern that makes one page of those that match it and no pattern before it.
type PageGroup struct {
	Pattern string `json:"pattern"` // * is any text
	Pages   int64  `json:"pages"`   // stored pages that it takes in
}

// Limits of page groups.
const (
	maxPageGroups  = 100
	maxPagePattern = 8192 // bytes, as long as a path can be
)

const pageGroupsSQL = `
select d.value, count(distinct k.page)
  from footfall.page_groups g
  join footfall.dictionary d on d.id = g.page
  left join footfall.tokens k on k.page_group = g.page
 group by g.place, d.value
 order by g.place`

// PageGroups lists the patterns in their order.
func PageGroups(ctx context.Context, db store.Querier) ([]PageGroup, error) {
	rows, err := db.Query(ctx, pageGroupsSQL)
	if err != nil {
		return nil, fmt.Errorf("read page groups: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[PageGroup])
	if err != nil {
		return nil, fmt.Errorf("read page groups: %w", err)
	}
	return list, nil
}

// GroupPages replaces the patterns, in one transaction under the worker's lock. Pages are shown by them from then on,
// those of old events too, and segments are computed again. Without patterns pages are shown as they are stored.
func GroupPages(ctx context.Context, pool *pgxpool.Pool, patterns []string) error {
	if err := CheckPagePatterns(patterns); err != nil {
		return err
	}
	if err := exclusive(ctx, pool, func(tx pgx.Tx) error { return groupPages(ctx, tx, patterns) }); err != nil {
		return fmt.Errorf("group pages: %w", err)
	}
	return nil
}

// CheckPagePatterns tells what is wrong with the first wrong pattern, and how to mend it.
func CheckPagePatterns(patterns []string) error {
	if len(patterns) > maxPageGroups {
		return fmt.Errorf("there are %d patterns, more than %d", len(patterns), maxPageGroups)
	}
	for i, pattern := range patterns {
		problem := ""
		switch {
		case pattern == "":
			problem = "is empty; write a page, or a pattern such as /product/*"
		case len(pattern) > maxPagePattern:
			problem = fmt.Sprintf("is longer than %d bytes", maxPagePattern)
		case !utf8.ValidString(pattern) || strings.ContainsRune(pattern, 0):
			problem = "is not UTF-8 text"
		case slices.Contains(patterns[:i], pattern):
			problem = fmt.Sprintf("%q stands there twice; only the first one can match", pattern)
		default:
			continue
		}
		return fmt.Errorf("pattern %d %s", i+1, problem)
	}
	return nil
}

// retirePatternsSQL takes the texts of former patterns out of the dictionary, except those that are pages or patterns still.
const retirePatternsSQL = `
delete from footfall.dictionary d
 where d.id = any ($1)
   and not exists (select from footfall.tokens k where k.page = d.id)
   and not exists (select from footfall.page_groups g where g.page = d.id)`

// patternTextsSQL adds patterns to the dictionary of pages where they are not there, and ids are never given twice.
const patternTextsSQL = `
with asked as (
  select a.value, a.hash, row_number() over (order by a.place) as number
    from unnest($1::text[], $2::uuid[]) with ordinality a (value, hash, place)
   where not exists (select from footfall.dictionary d where d.kind = 'page' and d.hash = a.hash)
), last as (
  update footfall.worker set dictionary_id = dictionary_id + (select count(*) from asked)
  returning dictionary_id
)
insert into footfall.dictionary (id, kind, hash, value)
select last.dictionary_id - (select count(*) from asked) + asked.number, 'page', asked.hash, asked.value
  from asked, last`

const addPatternsSQL = `
insert into footfall.page_groups (place, page, pattern)
select a.place, d.id, a.pattern
  from unnest($1::uuid[], $2::text[]) with ordinality a (hash, pattern, place)
  join footfall.dictionary d on d.kind = 'page' and d.hash = a.hash`

func groupPages(ctx context.Context, tx pgx.Tx, patterns []string) error {
	var former []int32
	err := tx.QueryRow(ctx, `
		with gone as (delete from footfall.page_groups returning page)
		select coalesce(array_agg(page), '{}') from gone`).Scan(&former)
	if err != nil {
		return err
	}
	rules, err := store.ReadPageRules(ctx, tx)
	if err != nil {
		return err
	}
	hashes := column(patterns, func(pattern string) string { return event.HashKey(pattern).String() })
	likes := column(patterns, func(pattern string) string {
		return strings.ReplaceAll(store.EscapeLike(rules.Grouped(pattern)), "*", "%")
	})
	return run(ctx, tx,
		statement{patternTextsSQL, []any{patterns, hashes}, nil},
		statement{addPatternsSQL, []any{hashes, likes}, nil},
		statement{retirePatternsSQL, []any{former}, nil},
		statement{groupTokensSQL, []any{math.MinInt32}, nil},
		statement{`update footfall.segments set stale = true, marks = marks + 1 where kind = 'dynamic'`, nil, nil},
		// Running workers remember patterns that are gone.
		statement{`update footfall.worker set epoch = epoch + 1`, nil, nil},
	)
}

// groupTokensSQL gives tokens from an id on their page's group.
const groupTokensSQL = `
with grouped as (
  select k.id, (select g.page from footfall.page_groups g where d.value like g.pattern order by g.place limit 1) as page_group
    from footfall.tokens k
    join footfall.dictionary d on d.id = k.page
   where k.id >= $1
)
update footfall.tokens k
   set page_group = g.page_group
  from grouped g
 where k.id = g.id and k.page_group is distinct from g.page_group`
