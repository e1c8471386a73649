package segment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// Kind is how a segment gets its members.
type Kind string

// The kinds of segments.
const (
	Dynamic Kind = "dynamic" // computed from its definition, again and again
	Static  Kind = "static"  // a list of users
)

// Segment is a stored segment with the state of its membership.
type Segment struct {
	Key   int32 `json:"-"`
	marks int64 // how often it was marked stale
	Content
	Version   int       `json:"version"`
	CreatedAt time.Time `json:"createdAt"`
	CreatedBy string    `json:"createdBy"`
	ChangedAt time.Time `json:"changedAt"`
	ChangedBy string    `json:"changedBy"`

	ComputedAt      *time.Time `json:"computedAt"`      // of the members that stand; null before the first time
	ComputedVersion *int       `json:"computedVersion"` // of the definition that they were computed from
	TookMs          *float64   `json:"tookMs"`
	Size            *int64     `json:"size"`
	Universe        *int64     `json:"universe"` // users there were to choose from
	Error           string     `json:"error,omitempty"`
	ErrorAt         *time.Time `json:"errorAt,omitempty"`
	Stale           bool       `json:"stale"`               // it, or what it uses, has changed since it was computed
	NextAt          *time.Time `json:"nextAt"`              // when it is computed again, a stale one at once; null: on demand only
	Listed          int64      `json:"listed,omitempty"`    // entries of a static segment's list
	Matched         *int64     `json:"matched,omitempty"`   // those that a user had when the list was stored or last computed
	Unmatched       *int64     `json:"unmatched,omitempty"` // those that wait for such a user
	UsedBy          []string   `json:"usedBy"`              // ids of segments that use it
	Sentence        string     `json:"sentence"`

	Computing bool `json:"computing,omitempty"` // now; only HTTP tells

	// In a list that was asked for them.
	Sizes      []SizePoint `json:"sizes,omitzero"`       // the last of each day, in UTC
	WeekChange *int64      `json:"weekChange,omitempty"` // of the size in 7 days; missing where the segment is younger
}

// Content is what people write of a segment.
type Content struct {
	ID             string      `json:"id"`
	Name           string      `json:"name"`
	Description    string      `json:"description,omitempty"`
	Kind           Kind        `json:"kind"`
	Definition     *Definition `json:"definition,omitempty"`  // of a dynamic one
	Identity       string      `json:"identity,omitempty"`    // of a static one: what List holds, usr.id by default
	List           []string    `json:"list,omitzero"`         // of a static one
	AnonymousIDs   []string    `json:"anonymousIds,omitzero"` // of a static one that holds usr.id: anonymous users on the list
	RefreshMinutes *int        `json:"refreshMinutes"`        // null: on demand only
}

// DefaultRefreshMinutes is how often a segment is computed where nobody says.
const DefaultRefreshMinutes = 60

// Errors of stored segments; their texts are for people.
var (
	ErrNotFound = errors.New("there is no such segment")
	ErrExists   = errors.New("a segment with this id exists already; choose another id")
	ErrConflict = errors.New("somebody has changed this segment meanwhile; load it again and repeat the change")
)

// Limits of a segment's texts and lists.
const (
	maxName        = 200
	maxDescription = 2000
	maxList        = 1_000_000
	maxValue       = 1024
)

// check looks at everything but the definition's names.
func (c *Content) check() error {
	if err := checkID("id", c.ID); err != nil {
		return err
	}
	switch {
	case strings.TrimSpace(c.Name) == "":
		return invalid("name", "is missing")
	case len(c.Name) > maxName:
		return invalid("name", "is longer than %d bytes", maxName)
	case len(c.Description) > maxDescription:
		return invalid("description", "is longer than %d bytes", maxDescription)
	case strings.ContainsRune(c.Name+c.Description, 0):
		return invalid("name", "or description contains a NUL character")
	case c.RefreshMinutes != nil && (*c.RefreshMinutes < 1 || *c.RefreshMinutes > 60*24*366):
		return invalid("refreshMinutes", "must be 1 to %d, not %d", 60*24*366, *c.RefreshMinutes)
	}
	switch c.Kind {
	case Dynamic:
		return c.checkDynamic()
	case Static:
		return c.checkStatic()
	}
	return invalid("kind", "is %q; it must be dynamic or static", c.Kind)
}

func (c *Content) checkDynamic() error {
	switch {
	case c.Definition == nil:
		return invalid("definition", "is missing; a dynamic segment has one")
	case c.List != nil || c.AnonymousIDs != nil || c.Identity != "":
		return invalid("list", "does not go with a dynamic segment")
	}
	c.Definition = c.Definition.zoned()
	return inDefinition(c.Definition.check())
}

// staticIdentities are what a list can hold, and the attribute in the tables.
var staticIdentities = map[string]string{"usr.id": "user_id", "usr.email": "user_email", "usr.name": "user_name"}

func (c *Content) checkStatic() error {
	c.Identity = withDefault(c.Identity, "usr.id")
	switch {
	case c.Definition != nil:
		return invalid("definition", "does not go with a static segment, which has a list")
	case staticIdentities[c.Identity] == "":
		return invalid("identity", "is %q; it must be usr.id, usr.email or usr.name", c.Identity)
	case len(c.AnonymousIDs) > 0 && c.Identity != "usr.id":
		return invalid("anonymousIds", "go only with a list of usr.id, not of %s", c.Identity)
	case len(c.List)+len(c.AnonymousIDs) > maxList:
		return invalid("list", "has %d entries, more than %d", len(c.List)+len(c.AnonymousIDs), maxList)
	}
	if err := checkValues("list", c.List, c.Identity); err != nil {
		return err
	}
	return checkValues("anonymousIds", c.AnonymousIDs, "usr.id")
}

// checkValues looks at values as they are stored.
func checkValues(path string, values []string, identity string) error {
	for i, value := range values {
		value = normal(value, identity)
		if value == "" || len(value) > maxValue || strings.ContainsRune(value, 0) || !utf8.ValidString(value) {
			return invalid(fmt.Sprintf("%s[%d]", path, i), "is empty, longer than %d bytes, not UTF-8 or contains a NUL character", maxValue)
		}
	}
	return nil
}

const segmentColumns = `
select s.key, s.id, s.name, s.description, s.kind::text, s.definition, coalesce(s.identity, ''), s.refresh_minutes, s.version,
       s.created_at, s.created_by, s.changed_at, s.changed_by, s.computed_at, s.computed_version, s.took_ms, s.size, s.universe,
       coalesce(s.error, ''), s.error_at, s.stale, s.marks,
       ` + nextSQL + `,
       s.listed, s.matched,
       array(select o.id from footfall.segment_uses x join footfall.segments o on o.key = x.segment_key
              where x.kind = 'segment' and x.id = s.id order by o.id)
  from footfall.segments s`

func scanSegment(row pgx.CollectableRow) (Segment, error) {
	var s Segment
	var definition []byte
	var matched int64
	err := row.Scan(&s.Key, &s.ID, &s.Name, &s.Description, &s.Kind, &definition, &s.Identity, &s.RefreshMinutes, &s.Version,
		&s.CreatedAt, &s.CreatedBy, &s.ChangedAt, &s.ChangedBy, &s.ComputedAt, &s.ComputedVersion, &s.TookMs, &s.Size, &s.Universe,
		&s.Error, &s.ErrorAt, &s.Stale, &s.marks, &s.NextAt, &s.Listed, &matched, &s.UsedBy)
	if err != nil || definition == nil {
		unmatched := s.Listed - matched
		s.Matched, s.Unmatched = &matched, &unmatched
		s.Sentence = listSentence(s.Listed)
		return s, err
	}
	s.Definition = &Definition{}
	if err := json.Unmarshal(definition, s.Definition); err != nil {
		return s, fmt.Errorf("the stored definition of segment %s: %w", s.ID, err)
	}
	s.Sentence = s.Definition.Sentence()
	return s, nil
}

// StoredSentence says who belongs to a segment as it is stored: by its definition, or where it has none by its list.
func StoredSentence(definition []byte, listed int64) (string, error) {
	if definition == nil {
		return listSentence(listed), nil
	}
	var d Definition
	if err := json.Unmarshal(definition, &d); err != nil {
		return "", fmt.Errorf("a stored definition: %w", err)
	}
	return d.Sentence(), nil
}

func listSentence(listed int64) string {
	return "the " + store.Counted(listed, "user of a list", "users of a list")
}

// List returns all segments by name.
func List(ctx context.Context, db store.Querier) ([]Segment, error) { return list(ctx, db, "true") }

// list returns the segments s of a condition by name.
func list(ctx context.Context, db store.Querier, condition string, args ...any) ([]Segment, error) {
	rows, err := db.Query(ctx, segmentColumns+"\n where "+condition+"\n order by lower(s.name), s.id", args...)
	if err != nil {
		return nil, fmt.Errorf("list segments: %w", err)
	}
	list, err := pgx.CollectRows(rows, scanSegment)
	if err != nil {
		return nil, fmt.Errorf("list segments: %w", err)
	}
	return list, nil
}

// Get returns a segment; ErrNotFound where there is none.
func Get(ctx context.Context, db store.Querier, id string) (Segment, error) {
	rows, err := db.Query(ctx, segmentColumns+"\n where s.id = $1", id)
	if err != nil {
		return Segment{}, fmt.Errorf("read segment: %w", err)
	}
	s, err := pgx.CollectExactlyOneRow(rows, scanSegment)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, fmt.Errorf("%w: %q", ErrNotFound, id)
	}
	return s, err
}

// Change is an entry of a segment's or table's history.
type Change struct {
	Version   int             `json:"version"`
	Change    Action          `json:"change"`
	ChangedAt time.Time       `json:"changedAt"`
	ChangedBy string          `json:"changedBy"`
	Content   json.RawMessage `json:"content"`
	Sentence  string          `json:"sentence,omitempty" db:"-"` // what a definition said then
}

// Action is what somebody did to a segment or table.
type Action string

// The actions.
const (
	Created  Action = "created"
	Updated  Action = "updated"
	Deleted  Action = "deleted"
	Restored Action = "restored"
)

// History lists what was changed of a segment, the newest first, at most 500 changes. It outlives the segment.
func History(ctx context.Context, db store.Querier, id string) ([]Change, error) {
	rows, err := db.Query(ctx, `
		select version, change, changed_at, changed_by, content
		  from footfall.segment_changes
		 where kind = 'segment' and id = $1
		 order by number desc
		 limit 500`, id)
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Change])
	for i, change := range list {
		var then Content
		// What cannot be read any more is still shown as it was written.
		if json.Unmarshal(change.Content, &then) == nil && then.Definition != nil {
			list[i].Sentence = then.Definition.Sentence()
		}
	}
	return list, err
}
