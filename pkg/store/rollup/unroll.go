package rollup

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// unroll removes stored events and leaves the sessions and profiles that there would be without them. Sessions can lose
// their owner to another user, or to nobody; sessions made of gaps can split or merge.
func (b *batch) unroll(ctx context.Context, gone []*record) error {
	var given []*record
	gaps := map[gapGroup][]*record{}
	for _, r := range gone {
		switch {
		case r.SessionKey&givenSession != 0:
			given = append(given, r)
		case r.SessionKey != 0:
			group := gapGroup{r.UserKey, b.memory.attrsOf[r.Context][0]}
			gaps[group] = append(gaps[group], r)
		}
	}
	if err := b.readUsers(ctx, gone); err != nil {
		return err
	}
	if err := b.readProfiles(ctx, gone); err != nil {
		return err
	}
	if err := b.readSessions(ctx, given); err != nil {
		return err
	}
	if err := b.deleteEvents(ctx, gone); err != nil {
		return err
	}
	for _, r := range gone {
		b.leave(r)
	}
	b.rules.clickType = b.memory.knownText("action_type", "click")
	moved, err := b.moveToRemaining(ctx, given)
	if err != nil {
		return err
	}
	if err := b.unrollGaps(ctx, gaps); err != nil {
		return err
	}
	if err := b.rollSessions(ctx, moved); err != nil {
		return err
	}
	b.report.Events -= int64(len(gone))
	return b.write(ctx)
}

// readUsers reads whose the records are.
func (b *batch) readUsers(ctx context.Context, records []*record) error {
	rows, err := b.tx.Query(ctx, `select key, kind::text, id from footfall.users where key = any ($1)`,
		column(records, func(r *record) int32 { return r.UserKey }))
	if err != nil {
		return fmt.Errorf("read users: %w", err)
	}
	var key int32
	var id userID
	if _, err := pgx.ForEachRow(rows, []any{&key, &id.Kind, &id.ID}, func() error {
		b.users.remember(id, key)
		return nil
	}); err != nil {
		return fmt.Errorf("read users: %w", err)
	}
	return nil
}

// moveToRemaining takes the events without usr.id in the sessions that lost events with one to whose they are now: the
// first usr.id that is left, or else their anonymous id, or else nobody. They come back as new records.
func (b *batch) moveToRemaining(ctx context.Context, gone []*record) ([]*record, error) {
	unsure := map[int64]bool{}
	for _, r := range gone {
		if r.Identified {
			unsure[r.SessionKey] = true
		}
	}
	owners, err := b.remainingOwners(ctx, unsure)
	if err != nil {
		return nil, err
	}
	var sources []*session
	for ref, s := range b.stored {
		owner := owners[ref.Key]
		if unsure[ref.Key] && owner != ref.UserKey && (owner != 0 || b.users.ids[ref.UserKey].Kind == kindUser) {
			sources = append(sources, s)
		}
	}
	return b.move(ctx, sources, owners)
}

// remainingOwners returns the users of the first stored events with a usr.id of sessions, by session key.
func (b *batch) remainingOwners(ctx context.Context, keys map[int64]bool) (map[int64]int32, error) {
	var sessions []*session
	for ref, s := range b.stored {
		if keys[ref.Key] && b.users.ids[ref.UserKey].Kind == kindUser {
			sessions = append(sessions, s)
		}
	}
	first := map[sessionRef]event.Order{}
	if err := b.firstIdentified(ctx, sessions, first); err != nil {
		return nil, err
	}
	candidates := map[int64]map[int32]bool{}
	for ref := range first {
		if candidates[ref.Key] == nil {
			candidates[ref.Key] = map[int32]bool{}
		}
		candidates[ref.Key][ref.UserKey] = true
	}
	return b.firstOf(candidates, first), nil
}

// unrollGaps computes the sessions of gaps again that events have left, and those after them as far as no gap ends the run.
func (b *batch) unrollGaps(ctx context.Context, groups map[gapGroup][]*record) error {
	var runs []*gapRun
	for group, gone := range groups {
		sortRecords(gone)
		rule := b.gapRuleFor(group.Application)
		runs = append(runs, &gapRun{
			gapGroup: group, rule: rule, sessions: map[int64]*session{},
			from: gone[0].TS - rule.gap, to: gone[len(gone)-1].TS + rule.gap,
		})
	}
	if err := b.readReached(ctx, runs); err != nil {
		return err
	}
	var sessions []*session
	for _, run := range runs {
		for _, s := range run.sessions {
			sessions = append(sessions, s)
		}
	}
	stored, err := b.storedOf(ctx, sessions)
	if err != nil {
		return err
	}
	for _, run := range runs {
		b.splitAgain(run, stored)
	}
	return nil
}

// goneNobodies returns the keys of nobodies whose session went with the last of their events. After retention, events of
// sessions that it has removed may be there still.
func (b *batch) goneNobodies(ctx context.Context) ([]int32, error) {
	var keys []int32
	for _, c := range b.changes {
		if key := c.ref().UserKey; c.to == nil && b.losers[key] != nil && b.users.ids[key].Kind == kindNone {
			keys = append(keys, key)
		}
	}
	if b.settings.SessionsFrom == nil || len(keys) == 0 {
		return keys, nil
	}
	rows, err := b.tx.Query(ctx, `
		select asked.key from unnest($1::int[]) asked (key)
		 where not exists (select from footfall.events e where e.user_key = asked.key)`, keys)
	if err != nil {
		return nil, fmt.Errorf("look for events of nobody: %w", err)
	}
	keys, err = pgx.CollectRows(rows, pgx.RowTo[int32])
	if err != nil {
		return nil, fmt.Errorf("look for events of nobody: %w", err)
	}
	return keys, nil
}
