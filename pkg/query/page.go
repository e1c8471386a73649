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

// CheckPage checks a limit and an offset.
func CheckPage(limit, maxLimit, offset int) error {
	switch {
	case limit < 1 || limit > maxLimit:
		return Invalid("limit", "must be 1 to %d, not %d", maxLimit, limit)
	case offset < 0 || offset > maxOffset:
		return Invalid("offset", "must be 0 to %d, not %d", maxOffset, offset)
	}
	return nil
}

// AtMost lowers a limit to what an answer may have.
func (c Context) AtMost(limit int) int {
	if c.MaxRows > 0 {
		return min(limit, c.MaxRows)
	}
	return limit
}

// DescribePage adds the total, if one is asked for, and says what a page of things leaves out.
func DescribePage(ctx context.Context, db store.Querier, frame *data.Frame, things string, rows int, more bool,
	executed store.Statement, total *store.Statement,
) error {
	if total == nil {
		if more {
			NoteMore(frame, rows, things)
		}
		return nil
	}
	var all int64
	if err := total.Each(ctx, db, []any{&all}, func() error { return nil }); err != nil {
		return err
	}
	frame.Meta.Custom = map[string]any{"total": all}
	frame.Meta.ExecutedQueryString = ExecutedText(executed, *total)
	if int64(rows) < all {
		frame.AppendNotices(data.Notice{Text: english.Sprintf("Showing %d of %d %s", rows, all, things)})
	}
	return nil
}

// NoteMore says that there are more things than these rows.
func NoteMore(frame *data.Frame, rows int, things string) {
	frame.AppendNotices(data.Notice{Text: english.Sprintf("Showing %d %s; there are more", rows, things)})
}

// english writes numbers for people.
var english = message.NewPrinter(language.English)
