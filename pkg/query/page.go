package query

import (
	"context"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// maxOffset of what is listed.
const maxOffset = 1_000_000_000

// checkPage checks a limit and an offset.
func checkPage(limit, maxLimit, offset int) error {
	switch {
	case limit < 1 || limit > maxLimit:
		return invalid("limit", "must be 1 to %d, not %d", maxLimit, limit)
	case offset < 0 || offset > maxOffset:
		return invalid("offset", "must be 0 to %d, not %d", maxOffset, offset)
	}
	return nil
}

// atMost lowers a limit to what an answer may have.
func (c Context) atMost(limit int) int {
	if c.MaxRows > 0 {
		return min(limit, c.MaxRows)
	}
	return limit
}

// describePage adds the total, if one is asked for, and says what a page of things leaves out.
func describePage(ctx context.Context, db store.Querier, frame *data.Frame, things string, rows int, more bool,
	executed store.Statement, total *store.Statement,
) error {
	if total == nil {
		if more {
			noteMore(frame, rows, things)
		}
		return nil
	}
	var all int64
	if err := total.Each(ctx, db, []any{&all}, func() error { return nil }); err != nil {
		return err
	}
	frame.Meta.Custom = map[string]any{"total": all}
	frame.Meta.ExecutedQueryString = executedText(executed, *total)
	if int64(rows) < all {
		frame.AppendNotices(data.Notice{Text: english.Sprintf("Showing %d of %d %s", rows, all, things)})
	}
	return nil
}

func noteMore(frame *data.Frame, rows int, things string) {
	frame.AppendNotices(data.Notice{Text: english.Sprintf("Showing %d %s; there are more", rows, things)})
}

// english writes numbers for people.
var english = message.NewPrinter(language.English)
