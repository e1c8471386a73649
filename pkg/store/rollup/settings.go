package rollup

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/blocks"
)

// readSettings reads footfall.settings and what applications say for themselves.
func (b *batch) readSettings(ctx context.Context) error {
	// Tables of one row without statistics count as thousands in a join, which PostgreSQL would compile.
	err := b.tx.QueryRow(ctx, `
		select rage_clicks, rage_window_ms, error_click_window_ms, session_gap_ms, session_max_ms,
		       session_event_cap, token_cap, context_cap, traits_cap,
		       greatest(clock_timestamp() - least(session_retention, event_retention), w.sessions_from), w.sessions_from,
		       exists (select from footfall.imports i where `+openImport+`),
		       (select buckets from footfall.columns), (select built_from from footfall.columns), tail_sessions,
		       exists (select from footfall.blocks), `+blocks.PackedNames+`
		  from footfall.settings s, footfall.worker w`).Scan(
		&b.rules.rageClicks, &b.rules.rageWindow, &b.rules.errorWindow, &b.settings.SessionGap, &b.settings.SessionMax,
		&b.settings.SessionEventCap, &b.settings.limits.Texts,
		&b.settings.limits.Contexts, &b.settings.limits.Traits, &b.settings.Oldest, &b.settings.SessionsFrom,
		&b.settings.openImports, &b.settings.buckets, &b.settings.builtFrom, &b.settings.tailSessions, &b.settings.sealed,
		&b.settings.packedNames)
	if err != nil {
		return fmt.Errorf("read settings: %w", err)
	}
	b.settings.TokenCap = b.settings.limits.Texts
	rows, err := b.tx.Query(ctx, `select id, session_gap_ms from footfall.applications where session_gap_ms is not null`)
	if err != nil {
		return fmt.Errorf("read applications: %w", err)
	}
	b.settings.applicationGaps = map[string]int64{}
	var id string
	var gap int64
	if _, err = pgx.ForEachRow(rows, []any{&id, &gap}, func() error {
		b.settings.applicationGaps[id] = gap
		return nil
	}); err != nil {
		return fmt.Errorf("read applications: %w", err)
	}
	b.settings.pages, err = store.ReadPageRules(ctx, b.tx)
	return err
}
