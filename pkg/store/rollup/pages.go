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
	w := newWorker(pool, Options{})
	if err := w.locked(ctx, func(b *batch) error { return b.groupPages(ctx, patterns) }); err != nil {
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

func (b *batch) groupPages(ctx context.Context, patterns []string) error {
	var former []int32
	err := b.tx.QueryRow(ctx, `
		with gone as (delete from footfall.page_groups returning page)
		select coalesce(array_agg(page), '{}') from gone`).Scan(&former)
	if err != nil {
		return err
	}
	var groups [][]any
	for i, pattern := range patterns {
		like := strings.ReplaceAll(store.EscapeLike(pattern), "*", "%")
		groups = append(groups, []any{i + 1, b.memory.text("page", pattern), like})
	}
	if err := b.memory.write(ctx, b.tx); err != nil {
		return err
	}
	columns := []string{"place", "page", "pattern"}
	if _, err := b.tx.CopyFrom(ctx, pgx.Identifier{"footfall", "page_groups"}, columns, pgx.CopyFromRows(groups)); err != nil {
		return err
	}
	return b.run(ctx,
		statement{retirePatternsSQL, []any{former}, nil},
		// The worker's plans for few rows by key do not fit here.
		statement{`set local enable_hashjoin = on`, nil, nil},
		statement{groupTokensSQL, []any{math.MinInt32}, nil},
		statement{`update footfall.segments set stale = true, marks = marks + 1 where kind = 'dynamic'`, nil, nil},
		// Running workers remember patterns that are gone.
		statement{`update footfall.worker set dictionary_id = $1, epoch = epoch + 1`, []any{b.memory.last.Text}, nil},
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
