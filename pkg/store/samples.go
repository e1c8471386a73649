package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// TokenUse tells how many distinct tokens an event type has: combinations of page, name and frustration. Beyond the cap,
// page and name of further ones read "(other)".
type TokenUse struct {
	Type string `json:"type"`
	Used int64  `json:"used"`
	Cap  int64  `json:"cap"`
}

// Full is true where page and name of further tokens are lost.
func (u TokenUse) Full() bool { return u.Used >= u.Cap }

// Rejected is one of the latest rows of footfall.rejected.
type Rejected struct {
	At     time.Time `json:"at"`
	Source string    `json:"source,omitempty"`
	Field  string    `json:"field,omitempty"`
	Value  string    `json:"value,omitempty"` // of the field, shortened
	Reason string    `json:"reason"`
}

// RejectedKind tells how many rows were rejected for one reason, of the latest 100,000.
type RejectedKind struct {
	Field  string    `json:"field,omitempty"`
	Reason string    `json:"reason"`
	Rows   int64     `json:"rows"`
	At     time.Time `json:"at"` // of the latest
}

// Conflict is one of the latest rows of footfall.conflicts: an event that came with the identity of another one.
type Conflict struct {
	At     time.Time `json:"at"`
	Source string    `json:"source,omitempty"`
	Fields []string  `json:"fields"`            // in which it differs from the first one, which counts
	Import int32     `json:"import,omitempty"`  // that brought it
	First  int32     `json:"against,omitempty"` // the import that brought the first one
}

// LeftOut tells how many values of a field were left out of events, or cut, for one reason.
type LeftOut struct {
	Field  string    `json:"field"`
	Reason string    `json:"reason"`
	Values int64     `json:"values"`
	At     time.Time `json:"at"`               // of the latest
	Sample string    `json:"sample,omitempty"` // the latest value, shortened
	Source string    `json:"source,omitempty"` // and where it came from
}

// samples is how many of the latest rejected rows and conflicts a status shows.
const samples = 5

func (s *Status) readTokenUse(ctx context.Context, db Querier) error {
	rows, err := db.Query(ctx, `
		select t.type::text, t.used, s.token_cap
		  from (select type, count(*) as used from footfall.tokens group by type) t, footfall.settings s
		 order by t.type`)
	if err != nil {
		return fmt.Errorf("read the use of tokens: %w", err)
	}
	if s.TokenUse, err = pgx.AppendRows(s.TokenUse, rows, pgx.RowToStructByPos[TokenUse]); err != nil {
		return fmt.Errorf("read the use of tokens: %w", err)
	}
	for _, use := range s.TokenUse {
		s.TokensUsed += use.Used
	}
	return nil
}

func (s *Status) readRejectedKinds(ctx context.Context, db Querier) error {
	const most = 20
	rows, err := db.Query(ctx, `
		select coalesce(field, ''), reason, count(*), max(rejected_at)
		  from (select field, reason, rejected_at from footfall.rejected order by id desc limit 100000) latest
		 group by field, reason
		 order by count(*) desc, field, reason
		 limit $1`, most)
	if err != nil {
		return fmt.Errorf("count rejected rows by reason: %w", err)
	}
	if s.RejectedKinds, err = pgx.AppendRows(s.RejectedKinds, rows, pgx.RowToStructByPos[RejectedKind]); err != nil {
		return fmt.Errorf("count rejected rows by reason: %w", err)
	}
	return nil
}

func (s *Status) readSamples(ctx context.Context, db Querier) error {
	rows, err := db.Query(ctx, `
		select rejected_at, coalesce(source, ''), coalesce(field, ''), coalesce(left(row ->> field, 100), ''), reason
		  from footfall.rejected
		 order by id desc
		 limit $1`, samples)
	if err != nil {
		return fmt.Errorf("read rejected rows: %w", err)
	}
	if s.RejectedSamples, err = pgx.AppendRows(s.RejectedSamples, rows, pgx.RowToStructByPos[Rejected]); err != nil {
		return fmt.Errorf("read rejected rows: %w", err)
	}
	rows, err = db.Query(ctx, `
		select seen_at, coalesce(source, ''), fields, coalesce(import_id, 0), coalesce(against, 0)
		  from footfall.conflicts
		 order by id desc
		 limit $1`, samples)
	if err != nil {
		return fmt.Errorf("read conflicts: %w", err)
	}
	if s.ConflictSamples, err = pgx.AppendRows(s.ConflictSamples, rows, pgx.RowToStructByPos[Conflict]); err != nil {
		return fmt.Errorf("read conflicts: %w", err)
	}
	return nil
}

func (s *Status) readLeftOut(ctx context.Context, db Querier) error {
	rows, err := db.Query(ctx, `
		select field, reason, times, seen_at, coalesce(sample, ''), coalesce(source, '')
		  from footfall.left_out
		 order by times desc, field, reason`)
	if err != nil {
		return fmt.Errorf("read what was left out: %w", err)
	}
	if s.LeftOutKinds, err = pgx.AppendRows(s.LeftOutKinds, rows, pgx.RowToStructByPos[LeftOut]); err != nil {
		return fmt.Errorf("read what was left out: %w", err)
	}
	for _, kind := range s.LeftOutKinds {
		s.LeftOut += kind.Values
	}
	return nil
}

// LeftOutFields names the fields that something was left out of, those with the most values first.
func LeftOutFields(kinds []LeftOut) string {
	var fields []string
	for _, kind := range kinds {
		if !slices.Contains(fields, kind.Field) {
			fields = append(fields, kind.Field)
		}
	}
	return strings.Join(fields, ", ")
}

// readPlaceholders looks for the few ids that IsPlaceholder knows, by key.
func (s *Status) readPlaceholders(ctx context.Context, db Querier) error {
	texts := event.Placeholders()
	keys := make([]int64, len(texts))
	for i, text := range texts {
		keys[i] = event.SessionKey(text)
	}
	rows, err := db.Query(ctx, `
		select case kind when 'usr' then 'usr.id ' else 'usr.anonymous_id ' end || id as found
		  from footfall.user_keys
		 where id = any ($1) and kind in ('usr', 'anonymous')
		 union
		select 'session.id ' || session_id from footfall.sessions where session_key = any ($2) and session_id is not null
		 order by found`, texts, keys)
	if err != nil {
		return fmt.Errorf("look for placeholder ids: %w", err)
	}
	if s.PlaceholderIDs, err = pgx.AppendRows(s.PlaceholderIDs, rows, pgx.RowTo[string]); err != nil {
		return fmt.Errorf("look for placeholder ids: %w", err)
	}
	return nil
}
