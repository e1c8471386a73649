package main

import (
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store/rollup"
)

type pagesCommand struct {
	List    pagesListCommand    `cmd:"" help:"Show the patterns and how many pages each takes in."`
	Group   pagesGroupCommand   `cmd:"" help:"Replace the patterns."`
	Ungroup pagesUngroupCommand `cmd:"" help:"Show pages as they are stored."`
}

type pagesListCommand struct {
	JSON bool `help:"Print the patterns as JSON."`
}

func (pagesListCommand) Help() string {
	return `Examples:
  footfall pages list
  footfall pages list --json | jq '.[].pattern'`
}

func (c *pagesListCommand) Run(a *app, pool *pgxpool.Pool) error {
	list, err := rollup.PageGroups(a.ctx, pool)
	if err != nil {
		return err
	}
	return listing[rollup.PageGroup]{
		heads: []string{"PATTERN", "PAGES"},
		cells: func(g rollup.PageGroup) []string { return []string{g.Pattern, grouped(g.Pages)} },
		none:  "Pages are shown as they are stored. Group them with `footfall pages group`.",
	}.print(a, list, c.JSON)
}

type pagesGroupCommand struct {
	Patterns []string `arg:"" name:"PATTERN" sep:"none" help:"Pages, with * for any text. Of those that match a page the first one counts."`
}

func (pagesGroupCommand) Help() string {
	return `Pages that match are shown as the pattern and counted together, those of old events too: the pattern is applied when reading, nothing stored changes. The patterns given replace the ones before. A pattern without * keeps a page out of those after it.

Examples:
  footfall pages group '/product/*' '/blog/*'
  footfall pages group /product/new '/product/*'`
}

func (c *pagesGroupCommand) Validate() error { return rollup.CheckPagePatterns(c.Patterns) }

func (c *pagesGroupCommand) Run(a *app, pool *pgxpool.Pool) error {
	return groupPages(a, pool, c.Patterns)
}

type pagesUngroupCommand struct{}

func (pagesUngroupCommand) Help() string {
	return `Examples:
  footfall pages ungroup`
}

func (c *pagesUngroupCommand) Run(a *app, pool *pgxpool.Pool) error { return groupPages(a, pool, nil) }

func groupPages(a *app, pool *pgxpool.Pool, patterns []string) error {
	if err := rollup.GroupPages(a.ctx, pool, patterns); err != nil {
		return err
	}
	return (&pagesListCommand{}).Run(a, pool)
}
