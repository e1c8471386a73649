package rollup

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// repage gives stored events the pages that today's rules make of their paths, and the names they were sent with, which
// may have been beyond the cap of tokens. Where no path is kept the page is the path.
func (b *batch) repage(ctx context.Context, records []*record) error {
	if err := b.readPageTexts(ctx, records); err != nil {
		return err
	}
	rules := b.pageRulesByApplication()
	for _, r := range records {
		r.Token.Name = r.name()
		shown := b.pageTexts[r.Token.Page]
		path := r.Path
		if path == "" {
			path = shown
		}
		own, known := rules[b.memory.attrsOf[r.Context][0]]
		if !known {
			own = b.settings.pages.Default
		}
		page := event.Page(path, own)
		if page == shown {
			continue
		}
		b.repaged = true
		r.Token.Page = b.memory.text("page", page)
		b.pageTexts[r.Token.Page] = page
		if r.Path = path; page == path {
			r.Path = ""
		}
	}
	return nil
}

// pageRulesByApplication are the rules by the application's dictionary id, 0 for events without one.
func (b *batch) pageRulesByApplication() map[int32]event.PageRules {
	rules := map[int32]event.PageRules{}
	for id, own := range b.settings.pages.Own {
		if known := b.memory.knownText("application", id); known != 0 || id == "" {
			rules[known] = own
		}
	}
	return rules
}

// readPageTexts reads the texts of the records' pages, those not read before.
func (b *batch) readPageTexts(ctx context.Context, records []*record) error {
	if b.pageTexts == nil {
		b.pageTexts = map[int32]string{0: ""}
	}
	wanted := map[int32]bool{}
	for _, r := range records {
		if _, read := b.pageTexts[r.Token.Page]; !read {
			wanted[r.Token.Page] = true
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	rows, err := b.tx.Query(ctx, `select id, value from footfall.dictionary where id = any ($1)`, slices.Collect(maps.Keys(wanted)))
	if err != nil {
		return fmt.Errorf("read pages: %w", err)
	}
	var id int32
	var value string
	if _, err := pgx.ForEachRow(rows, []any{&id, &value}, func() error {
		b.pageTexts[id] = value
		return nil
	}); err != nil {
		return fmt.Errorf("read pages: %w", err)
	}
	return nil
}
