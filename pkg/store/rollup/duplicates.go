package rollup

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// maxConflicts is how many of the latest conflicts footfall.conflicts keeps.
const maxConflicts = 100

// conflict is a row of footfall.conflicts.
type conflict struct {
	ReceivedAt time.Time         `json:"received_at"`
	Source     *string           `json:"source"`
	Fields     []string          `json:"fields"`
	UserID     *string           `json:"usr_id"`
	Row        map[string]string `json:"row"`
	Import     *int32            `json:"import_id"`
	Against    *int32            `json:"against"` // the import that brought the event that counts
}

// dropRepeated drops what the batch holds twice: the first one counts.
func (b *batch) dropRepeated(records []*record) []*record {
	type sentIdentity struct {
		user string
		ts   int64
		key  event.Key
	}
	seen := make(map[sentIdentity]int, len(records)) // places in once
	once := records[:0]
	for _, r := range records {
		id := sentIdentity{r.Sent.UserID, r.TS, r.Key}
		if r.Sent.Version {
			id.user = ""
		}
		first, known := seen[id]
		switch {
		case !known:
			seen[id] = len(once)
			once = append(once, r)
		case r.Sent.Version && r.Identified && !once[first].Identified:
			b.countVersion(r, once[first])
			once[first] = r
		case r.Sent.Version:
			b.countVersion(once[first], r)
		default:
			b.duplicate(once[first], r, nil)
		}
	}
	return once
}

// dropStored drops records that the store has already; only those up to the user's last event can be there.
func (b *batch) dropStored(ctx context.Context, records []*record) ([]*record, error) {
	var late []*record
	for _, r := range records {
		if b.users.fresh[r.UserKey] {
			continue
		}
		if p := b.profiles[r.UserKey]; p != nil && r.TS > p.LastSeen {
			continue
		}
		late = append(late, r)
	}
	if len(late) == 0 {
		return records, nil
	}
	stored, err := b.storedByIdentity(ctx, late)
	if err != nil {
		return nil, err
	}
	byIdentity := make(map[identity]*record, len(stored))
	for _, r := range stored {
		byIdentity[r.identity()] = r
	}
	return b.dropKnown(ctx, records, byIdentity)
}

func (b *batch) dropKnown(ctx context.Context, records []*record, known map[identity]*record) ([]*record, error) {
	traits, err := b.differingTraits(ctx, records, known)
	if err != nil {
		return nil, err
	}
	fresh := records[:0]
	for _, r := range records {
		if old := known[r.identity()]; old != nil {
			b.duplicate(old, r, traits)
			continue
		}
		fresh = append(fresh, r)
	}
	return fresh, nil
}

// differingTraits reads what known events say of their users, where a record of the same identity does not say the very
// same.
func (b *batch) differingTraits(ctx context.Context, records []*record, known map[identity]*record) (map[int32]string, error) {
	traits := map[int32]string{}
	for _, r := range records {
		if old := known[r.identity()]; old != nil && old.Traits > 0 && old.Traits != r.Traits {
			traits[old.Traits] = ""
		}
	}
	return traits, b.readTraits(ctx, traits)
}

func (b *batch) countDuplicate(r *record) {
	b.report.Duplicates++
	b.imports.of(r.Import).Duplicates++
}

// countVersion counts a version of a view as a duplicate of the one that counts, or that did so first.
func (b *batch) countVersion(first, r *record) {
	b.countDuplicate(r)
	b.hold(first, r, false)
}

// duplicate counts a record whose identity an older one has, and keeps it as a sample if it says something else.
// Traits has the texts of the older one's, where they may differ.
func (b *batch) duplicate(old, r *record, traits map[int32]string) {
	b.countDuplicate(r)
	fields := b.differences(old, r, traits)
	b.hold(old, r, len(fields) > 0)
	if len(fields) == 0 {
		return
	}
	b.report.Conflicts++
	b.imports.of(r.Import).Conflicts++
	if old.Import != 0 && old.Import != r.Import {
		b.imports.of(r.Import).ConflictsWith = old.Import
	}
	if len(b.conflicts) == maxConflicts {
		b.conflicts = b.conflicts[1:]
	}
	b.conflicts = append(b.conflicts, conflict{
		ReceivedAt: r.Row.ReceivedAt, Source: optional(r.Row.Source), Fields: fields, UserID: optional(r.Row.UserID),
		Row: sentFields(r.Row), Import: importID(r.Import), Against: importID(old.Import),
	})
}

// differences names the fields in which a record differs from an older one of the same identity. seq is the carrier's,
// not the payload's. A record without session id is in a session all the same, so that says nothing.
func (b *batch) differences(old, r *record, traits map[int32]string) []string {
	sameTraits := old.Traits == r.Traits && old.Traits != ownTraits
	var fields []string
	for _, field := range []struct {
		name string
		same bool
	}{
		{"type", old.Token.Type == r.Token.Type},
		{"session.id", r.Sent.SessionID == "" || old.SessionKey == r.SessionKey},
		{"view.id", old.ViewKey == r.ViewKey},
		{"view.url_path", b.hasPath(old, r.Sent.RawPath())},
		{"view.name", old.ViewName == r.ViewName},
		{"action.type", old.ActionType == r.ActionType},
		{"action.name", old.ActionName == r.ActionName},
		{"action.target.name", old.ActionTarget == r.ActionTarget},
		{"error.type", old.ErrorType == r.ErrorType},
		{"error.message", old.ErrorMessage == r.ErrorMessage},
		{"action.frustration.type", old.Reported == r.Reported},
		{"duration", old.Duration == r.Duration},
		{"application, geo, device, os or browser", old.Context == r.Context},
		{"usr.*", sameTraits || event.SameJSON(old.traits(traits), r.Sent.Traits)},
		{"attributes", event.SameJSON(old.Attributes, r.Attributes)},
	} {
		if !field.same {
			fields = append(fields, field.name)
		}
	}
	return fields
}

// hasPath tells whether a record has this path, by whatever rules its page was made of it.
func (b *batch) hasPath(r *record, path string) bool {
	if r.Path != "" {
		return r.Path == path
	}
	return r.Token.Page == b.memory.knownText("page", path)
}

func writeConflicts(ctx context.Context, tx pgx.Tx, conflicts []conflict) error {
	if len(conflicts) == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, `
		insert into footfall.conflicts (received_at, source, fields, usr_id, row, import_id, against)
		select received_at, source, fields, usr_id, row, import_id, against
		  from jsonb_populate_recordset(null::footfall.conflicts, $1)`, conflicts); err != nil {
		return fmt.Errorf("write conflicts: %w", err)
	}
	if _, err := tx.Exec(ctx, `
		delete from footfall.conflicts
		 where id not in (select id from footfall.conflicts order by id desc limit $1)`, maxConflicts); err != nil {
		return fmt.Errorf("trim conflicts: %w", err)
	}
	return nil
}
