package rollup

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// batch is one transaction of the worker. It reads what its events touch, computes in memory, and writes the outcome.
type batch struct {
	tx       pgx.Tx
	memory   *memory
	settings settings
	rules    frustrationRules
	now      time.Time
	nobody   int64 // ms: ts of the newest new event of nobody, 0 without one
	report   Report
	nothing  bool // was changed
	totals   totals
	began    lastIDs // the greatest ids before it

	rejections  []rejection
	conflicts   []conflict // the latest ones
	leftOut     leftOut
	users       users
	profiles    map[int32]*profile // of the users the batch touches
	newProfiles map[int32]bool     // those of profiles that are not stored yet
	stored      map[sessionRef]*session
	left        map[sessionRef]bool     // stored sessions that events were moved away from
	again       bool                    // a rebuild: all events are stored ones
	cutting     bool                    // retention cuts sessions: profiles keep what they have
	scratch     bool                    // profiles are computed anew, not brought up to date
	losers      map[int32][]event.Order // users that events were moved away from, and these
	written     []*record               // events of the changed sessions: new, moved, and stored ones that may have changed
	changes     []change
	repaged     bool             // a rebuild: some events have another page now
	pageTexts   map[int32]string // read so far, by dictionary id
	imports     importCounts
	held        []held               // duplicates of events of imports
	arrivals    map[*event.Row]int64 // ids that rows had in footfall.import_duplicates
}

func newBatch(tx pgx.Tx, memory *memory, now time.Time) *batch {
	return &batch{
		tx: tx, memory: memory, now: now,
		users:    users{keys: map[userID]int32{}, ids: map[int32]userID{}, fresh: map[int32]bool{}},
		profiles: map[int32]*profile{}, newProfiles: map[int32]bool{}, stored: map[sessionRef]*session{},
		left: map[sessionRef]bool{}, losers: map[int32][]event.Order{},
	}
}

// change of one session: from nil when it is new, to nil when it is gone.
type change struct {
	from, to *session
}

// totals are what the batch adds to the counts in footfall.worker.
type totals struct {
	Sessions, Users, Anonymous int64
}

func (t *totals) add(other totals) {
	t.Sessions += other.Sessions
	t.Users += other.Users
	t.Anonymous += other.Anonymous
}

type settings struct {
	SessionEventCap, TokenCap int
	SessionGap, SessionMax    int64
	Oldest                    *time.Time       // events before it are refused, nil when all are taken
	SessionsFrom              *time.Time       // retention has removed sessions from before it, nil when none
	applicationGaps           map[string]int64 // by application id, "" for events without one
	pages                     store.PageRules
	limits                    limits
	openImports               bool // some import can be taken back
	buckets                   int32
	builtFrom                 pgtype.Timestamptz // sessions that start before it may not be packed
	tailSessions              *int64             // beyond so many sessions in the tail some are sealed, nil: none
	sealed                    bool               // there are blocks
	packedNames               []string           // attributes of events that are packed, ascending
}

// planByKey is for those who ask for the rows of large tables that some thousands of keys have.
func (b *batch) planByKey(ctx context.Context) error {
	if _, err := b.tx.Exec(ctx, store.PlansByKey); err != nil {
		return fmt.Errorf("set up the transaction: %w", err)
	}
	return nil
}

// roll turns rows of the inbox into events, sessions and profiles.
func (b *batch) roll(ctx context.Context, rows []event.Row) error {
	if err := b.planByKey(ctx); err != nil {
		return err
	}
	sent, err := b.accept(ctx, rows)
	if err != nil {
		return err
	}
	records := b.dropRepeated(b.resolve(sent))
	if records, err = b.assignUsers(ctx, records); err != nil {
		return err
	}
	for _, r := range records {
		if r.Sent != nil && !r.Replaces {
			b.report.Events++
			if b.users.ids[r.UserKey].Kind == kindNone {
				b.nobody = max(b.nobody, r.TS)
			}
			b.imports.of(r.Import).Events++
			b.leftOut.add(r.Row, r.Sent.Flaws)
		}
	}
	if err := b.rollSessions(ctx, records); err != nil {
		return err
	}
	if err := b.write(ctx); err != nil {
		return err
	}
	if err := writeConflicts(ctx, b.tx, b.conflicts); err != nil {
		return err
	}
	if err := b.writeHeld(ctx); err != nil {
		return err
	}
	if err := b.writeImports(ctx); err != nil {
		return err
	}
	b.report.LeftOut = b.leftOut.values
	if err := b.leftOut.write(ctx, b.tx); err != nil {
		return err
	}
	return writeRejections(ctx, b.tx, b.rejections)
}

// newestOfNobody is null where the batch has no event of nobody.
func (b *batch) newestOfNobody() any {
	if b.nobody == 0 {
		return nil
	}
	return fromMilli(b.nobody)
}

// write stores what was computed. Profiles come after sessions, events and dictionaries, since some are looked up there.
func (b *batch) write(ctx context.Context) error {
	for _, write := range []func(context.Context) error{
		b.writeEvents, b.writeSessions, b.writeDictionaries, b.writeProfiles, b.writeNames,
	} {
		if err := write(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) writeDictionaries(ctx context.Context) error { return b.memory.write(ctx, b.tx) }

// sentEvent is an event and the row it came in.
type sentEvent struct {
	event.Event
	row *event.Row
}

// accept parses rows and sets aside what breaks a rule.
func (b *batch) accept(ctx context.Context, rows []event.Row) ([]*sentEvent, error) {
	blocked, err := b.blockedUsers(ctx, rows)
	if err != nil {
		return nil, err
	}
	accepted := make([]*sentEvent, 0, len(rows))
	for i := range rows {
		row := &rows[i]
		if blocked[personOf(row)] {
			b.rejections = append(b.rejections, rejection{
				ReceivedAt: row.ReceivedAt, Reason: "the user asked to be forgotten; nothing of this event was kept",
				Import: importID(row.Import),
			})
			b.imports.of(row.Import).Rejected++
			continue
		}
		e, why := event.Parse(row, b.now)
		if why == nil {
			why = b.tooOld(&e)
		}
		if why != nil {
			b.rejections = append(b.rejections, reject(row, why, ""))
			b.imports.of(row.Import).Rejected++
			continue
		}
		if rules := b.settings.pages.Of(e.Context.Application); rules != event.DefaultPageRules {
			e.SetPage(e.RawPath(), rules)
		}
		accepted = append(accepted, &sentEvent{e, row})
	}
	b.report.Rejected += int64(len(b.rejections))
	return accepted, nil
}

// tooOld refuses events that retention has removed the company of: their sessions could not be made whole.
func (b *batch) tooOld(e *event.Event) *event.Rejection {
	if oldest := b.settings.Oldest; oldest != nil && fromMilli(e.TS).Before(*oldest) {
		return &event.Rejection{Field: "ts", Value: fromMilli(e.TS).Format(time.RFC3339),
			Reason: "is older than what is kept; raise session_retention and event_retention in footfall.settings"}
	}
	return nil
}

// personOf is who a row says its event is of: its usr.id, or else its usr.anonymous_id.
func personOf(row *event.Row) userID {
	if row.UserID == "" && row.AnonymousID != "" {
		return userID{kindAnonymous, row.AnonymousID}
	}
	return userID{kindUser, row.UserID}
}

// blockedUsers returns those of the rows' users that were forgotten for good.
func (b *batch) blockedUsers(ctx context.Context, rows []event.Row) (map[userID]bool, error) {
	var some bool
	if err := b.tx.QueryRow(ctx, `select exists (select from footfall.blocked)`).Scan(&some); err != nil || !some {
		return nil, err
	}
	byHash := map[[32]byte]userID{}
	for i := range rows {
		person := personOf(&rows[i])
		byHash[blockedHash(person.Kind, person.ID)] = person
	}
	var hashes [][]byte
	for hash := range byHash {
		hashes = append(hashes, slices.Clone(hash[:]))
	}
	found, err := b.tx.Query(ctx, `select hash from footfall.blocked where hash = any ($1)`, hashes)
	if err != nil {
		return nil, fmt.Errorf("read blocked users: %w", err)
	}
	blocked := map[userID]bool{}
	var hash []byte
	_, err = pgx.ForEachRow(found, []any{&hash}, func() error {
		blocked[byHash[[32]byte(hash)]] = true
		return nil
	})
	return blocked, err
}

// resolve turns texts into ids. Users and sessions come later.
func (b *batch) resolve(sent []*sentEvent) []*record {
	records := make([]*record, len(sent))
	for i, e := range sent {
		r := &record{
			Order: e.Order(), Duration: e.Duration, ViewKey: e.ViewKey,
			Context: b.memory.context(&e.Context), Traits: b.memory.trait(e.Traits),
			ViewName:   b.memory.text("view_name", e.ViewName),
			ActionType: b.memory.text("action_type", e.ActionType), ActionName: b.memory.text("action_name", e.ActionName),
			ActionTarget: b.memory.text("action_target", e.ActionTarget), ErrorType: b.memory.text("error_type", e.ErrorType),
			Reported: e.Reported, Identified: e.UserID != "",
			Path: e.Path, ErrorMessage: e.ErrorMessage, Attributes: e.Attributes,
			Sent: &e.Event, Row: e.row, Import: e.row.Import,
		}
		if r.Traits == ownTraits {
			r.Own = e.Traits
		}
		if e.SessionID != "" {
			r.SessionKey = givenSessionKey(e.SessionID)
		}
		r.Token = event.Token{Type: e.Type, Page: b.memory.text("page", e.Page), Frustration: e.Reported}
		r.Token.Name = r.name()
		records[i] = r
	}
	b.rules.clickType = b.memory.knownText("action_type", "click")
	return records
}
