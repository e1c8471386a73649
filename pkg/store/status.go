package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Status is what `footfall status --json` prints and the datasource's health shows.
type Status struct {
	SchemaVersion   int             `json:"schema_version"`
	Events          int64           `json:"events"`
	Sessions        int64           `json:"sessions"`
	Users           int64           `json:"users"`
	Anonymous       int64           `json:"anonymous"`
	Inbox           int64           `json:"inbox"`                // up to a million
	InboxMore       bool            `json:"inbox_more,omitempty"` // more wait than that
	InboxAgeSeconds float64         `json:"inbox_age_seconds"`    // age of the oldest waiting row, 0 when none waits
	Rejected        int64           `json:"rejected"`
	Duplicates      int64           `json:"duplicates"`
	Conflicts       int64           `json:"conflicts"`
	WorkerHost      string          `json:"worker_host,omitempty"` // of the worker seen last
	WorkerHeartbeat *time.Time      `json:"worker_heartbeat"`
	LastBatch       *time.Time      `json:"last_batch"`
	LastBatchMs     float64         `json:"last_batch_ms"`
	LastBatchRows   int64           `json:"last_batch_rows"`
	LastError       string          `json:"last_error,omitempty"`
	LastErrorAt     *time.Time      `json:"last_error_at,omitempty"`
	LastEvent       *time.Time      `json:"last_event"` // ts of the newest event, also of nobody
	TokensUsed      int64           `json:"tokens"`
	DatabaseBytes   int64           `json:"database_bytes"`
	LastRetention   *time.Time      `json:"last_retention,omitempty"`
	TokenUse        []TokenUse      `json:"token_use"`
	DictionaryUse   []DictionaryUse `json:"dictionary_use"`
	MissingIndexes  []Index         `json:"missing_indexes,omitempty"`
	NamesMissing    bool            `json:"names_missing,omitempty"`  // of attributes of old events, until a rebuild
	Unpacked        bool            `json:"unpacked,omitempty"`       // some sessions are not packed yet
	PackedFrom      *time.Time      `json:"packed_from,omitempty"`    // those that start then or later are, nil before the first ones
	FirstSession    *time.Time      `json:"first_session,omitempty"`  // when the first one starts
	PackedMissing   bool            `json:"packed_missing,omitempty"` // packed sessions, as after a restore without them
	Workers         []Worker        `json:"workers"`                  // that have not ended, seen last first; one that was killed stays for a day
	Lock            *LockHolder     `json:"lock"`                     // who has the worker's lock, nil when nobody does
	RejectedKinds   []RejectedKind  `json:"rejected_kinds"`           // by field and reason, the most first
	RejectedSamples []Rejected      `json:"rejected_samples"`         // the latest, newest first
	ConflictSamples []Conflict      `json:"conflict_samples"`         // the latest, newest first
	LeftOut         int64           `json:"left_out"`                 // values left out of events, or cut
	LeftOutKinds    []LeftOut       `json:"left_out_kinds"`           // the same by field and reason, the most first
	PlaceholderIDs  []string        `json:"placeholder_ids"`          // ids of users and sessions that look as if there had been none
}

// Sentinel errors of ReadVersion; their texts say what to do.
var (
	ErrNoSchema  = errors.New("this database has no footfall schema; run `footfall migrate` with the owner's role")
	ErrTooOld    = errors.New("the footfall schema is older than this program; run `footfall migrate` with the owner's role")
	ErrTooNew    = errors.New("the footfall schema is newer than this program; update the program")
	ErrNoRights  = errors.New("this role may not read the footfall schema; grant it the reader's rights (docs/operations.md)")
	errUndefined = map[string]error{"3F000": ErrNoSchema, "42P01": ErrNoSchema, "42501": ErrNoRights}
)

// ReadVersion returns the schema's version in the database; ErrNoSchema or ErrNoRights where it cannot be read.
func ReadVersion(ctx context.Context, db Querier) (int, error) {
	var version int
	err := db.QueryRow(ctx, `select version from footfall.schema_version`).Scan(&version)
	var pgErr *pgconn.PgError
	switch {
	case err == nil:
		return version, nil
	case errors.Is(err, pgx.ErrNoRows):
		return 0, ErrNoSchema
	case errors.As(err, &pgErr) && errUndefined[pgErr.Code] != nil:
		return 0, fmt.Errorf("%w (%s)", errUndefined[pgErr.Code], pgErr.Message)
	}
	return 0, fmt.Errorf("read the schema's version: %w", err)
}

// CheckVersion is nil when the database has exactly the version this program works with.
func CheckVersion(ctx context.Context, db Querier) error {
	version, err := ReadVersion(ctx, db)
	switch {
	case err != nil:
		return err
	case version < SchemaVersion:
		return fmt.Errorf("%w (version %d, wanted %d)", ErrTooOld, version, SchemaVersion)
	case version > SchemaVersion:
		return fmt.Errorf("%w (version %d, wanted %d)", ErrTooNew, version, SchemaVersion)
	}
	return nil
}

// maxInbox is where counting ends.
const maxInbox = 1_000_000

// Waiting tells how many rows the inbox has, before the words that fit the number.
func (s Status) Waiting(one, many string) string {
	if s.InboxMore {
		return "more than " + Counted(s.Inbox, one, many)
	}
	return Counted(s.Inbox, one, many)
}

// The inbox is counted up to a million: more than that is "a lot", and counting on would read it all.
const statusSQL = `
select w.events, w.sessions, w.users, w.anonymous,
       (select count(*) from (select from footfall.inbox limit 1000001) i) as inbox,
       coalesce((select extract(epoch from clock_timestamp() - min(received_at))
                   from (select received_at from footfall.inbox limit 1000000) i), 0)::float8 as inbox_age_seconds,
       w.rejected, w.duplicates, w.conflicts,
       w.last_batch,
       coalesce(w.last_batch_ms, 0) as last_batch_ms, coalesce(w.last_batch_rows, 0) as last_batch_rows,
       coalesce(w.last_error, '') as last_error, w.last_error_at,
       greatest((select max(last_seen) from footfall.profiles), w.last_event_of_nobody) as last_event,
       pg_database_size(current_database()) as database_bytes, w.retained_at, w.names_missing,
       (select built_from > '-infinity' from footfall.columns),
       (select nullif(nullif(built_from, '-infinity'), 'infinity') from footfall.columns),
       (select min(start_ts) from footfall.sessions),
       (select c.built_from = '-infinity' and not exists (select from footfall.blocks)
               and (c.number > 0 or not exists (select from footfall.tail))
               and (select count(*) from footfall.sessions) > (select count(*) from footfall.tail)
          from footfall.columns c)
  from footfall.worker w`

// ReadStatus reads totals, what waits in the inbox, and what the worker said of itself.
func ReadStatus(ctx context.Context, db Querier) (Status, error) {
	version, err := ReadVersion(ctx, db)
	if err != nil {
		return Status{}, err
	}
	// Lists of nothing are lists, also as JSON.
	s := Status{
		SchemaVersion: version, TokenUse: []TokenUse{}, DictionaryUse: []DictionaryUse{}, Workers: []Worker{},
		RejectedKinds: []RejectedKind{}, RejectedSamples: []Rejected{}, ConflictSamples: []Conflict{}, LeftOutKinds: []LeftOut{},
		PlaceholderIDs: []string{},
	}
	err = db.QueryRow(ctx, statusSQL).Scan(&s.Events, &s.Sessions, &s.Users, &s.Anonymous, &s.Inbox, &s.InboxAgeSeconds,
		&s.Rejected, &s.Duplicates, &s.Conflicts, &s.LastBatch, &s.LastBatchMs,
		&s.LastBatchRows, &s.LastError, &s.LastErrorAt, &s.LastEvent, &s.DatabaseBytes, &s.LastRetention, &s.NamesMissing,
		&s.Unpacked, &s.PackedFrom, &s.FirstSession, &s.PackedMissing)
	if err != nil {
		return Status{}, fmt.Errorf("read the store's status: %w", err)
	}
	if s.Inbox > maxInbox {
		s.Inbox, s.InboxMore = maxInbox, true
	}
	if err := s.readWorkers(ctx, db); err != nil {
		return Status{}, err
	}
	if err := s.readTokenUse(ctx, db); err != nil {
		return Status{}, err
	}
	if err := s.readDictionaryUse(ctx, db); err != nil {
		return Status{}, err
	}
	if err := s.readMissingIndexes(ctx, db); err != nil {
		return Status{}, err
	}
	if err := s.readRejectedKinds(ctx, db); err != nil {
		return Status{}, err
	}
	if err := s.readSamples(ctx, db); err != nil {
		return Status{}, err
	}
	if err := s.readLeftOut(ctx, db); err != nil {
		return Status{}, err
	}
	if err := s.readPlaceholders(ctx, db); err != nil {
		return Status{}, err
	}
	return s, nil
}

// NamesMissing says what an upgrade leaves to do.
const NamesMissing = "the names of attributes that events from before an upgrade carry may be unknown in filters and suggestions; run `footfall rebuild` once"

// PackedMissing says what a restore of some tables leaves to do.
const PackedMissing = "packed sessions are missing, as after a restore without footfall.tail or footfall.blocks: questions read the " +
	"sessions' rows, and take longer; a worker that starts packs them anew, and so does `footfall rebuild --columns`"

// Warnings say what somebody should look at although the store works.
func (s Status) Warnings() []string {
	var warnings []string
	for _, use := range s.TokenUse {
		if use.Full() {
			warnings = append(warnings, fmt.Sprintf(
				"all %d tokens of type %s are used, so page and name of further ones read (other); raise token_cap in footfall.settings",
				use.Cap, use.Type))
		}
	}
	if h := s.silentHolder(time.Now()); h != nil && (h.Since == nil || time.Since(*h.Since) > time.Minute) && s.Inbox > 0 {
		warnings = append(warnings, fmt.Sprintf(
			"%s has the worker's lock and no worker says that it is at work there, so nobody can roll up", h))
	}
	for _, use := range s.DictionaryUse {
		if use.Full() {
			warnings = append(warnings, use.warning())
		}
	}
	for _, index := range s.MissingIndexes {
		warnings = append(warnings, index.warning())
	}
	if s.NamesMissing {
		warnings = append(warnings, NamesMissing)
	}
	if s.PackedMissing {
		warnings = append(warnings, PackedMissing)
	}
	if len(s.PlaceholderIDs) > 0 {
		warnings = append(warnings, fmt.Sprintf(
			"there are users or sessions whose ids look as if nothing had been said: %s; they own what all others of no id did: "+
				"import with --null TEXT, or send nothing instead", strings.Join(s.PlaceholderIDs, ", ")))
	}
	if s.LastErrorAt != nil && (s.LastBatch == nil || s.LastErrorAt.After(*s.LastBatch)) {
		warnings = append(warnings, "the worker's last error: "+s.LastError)
	}
	return warnings
}
