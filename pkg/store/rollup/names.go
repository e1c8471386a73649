package rollup

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

const (
	// maxNames is how many names of a level are kept: a sender that puts values into names must not fill the table.
	maxNames = 5000
	// maxNestedNames is up to how many names those of values in objects are kept too: some of these hold values as names.
	maxNestedNames = 2500
	// maxNameBytes is the longest name that is kept.
	maxNameBytes = 256
)

// The levels of footfall.attribute_level.
const (
	levelEvent = "event"
	levelUser  = "user"
)

// attributeNames is footfall.attribute_names by level: for each name, whether all its values were numbers.
type attributeNames map[string]map[string]bool

// writeNames brings footfall.attribute_names up to date with the new events, and in a rebuild with the stored ones.
// Nearly always everything is known, and nothing is asked or written.
func (b *batch) writeNames(ctx context.Context) error {
	if b.memory.names == nil {
		if err := b.memory.readNames(ctx, b.tx); err != nil {
			return err
		}
	}
	seen := attributeNames{levelEvent: {}, levelUser: {}}
	traits := map[int32]string{}
	if b.again {
		var err error
		if traits, err = b.traitsOf(ctx, b.written); err != nil {
			return err
		}
	}
	for _, r := range b.written {
		switch {
		case r.Sent != nil:
			b.memory.names.note(seen, levelEvent, r.Sent.Attributes)
			if _, noted := traits[r.Traits]; !noted || r.Traits == ownTraits {
				traits[r.Traits] = r.Sent.Traits
				b.memory.names.note(seen, levelUser, r.Sent.Traits)
			}
		case b.again:
			b.memory.names.note(seen, levelEvent, r.Attributes)
			b.memory.names.note(seen, levelUser, r.traits(traits))
		}
	}
	if len(seen[levelEvent])+len(seen[levelUser]) == 0 {
		return nil
	}
	return b.storeNames(ctx, seen)
}

// note adds to seen what an object's names tell that is not known yet. Names of values in objects are their paths.
func (known attributeNames) note(seen attributeNames, level, object string) {
	event.EachName(object, func(name, value string) {
		numeric, old := known[level][name]
		if old && !numeric || !old && len(known[level]) >= mostNames(name) {
			return
		}
		isNumeric := event.IsNumeric(value)
		if old && isNumeric || len(name) > maxNameBytes || name == traitName || name == traitEmail {
			return
		}
		before, again := seen[level][name]
		seen[level][name] = isNumeric && (before || !again)
	})
}

// mostNames is up to how many names this one is kept.
func mostNames(name string) int {
	if strings.Contains(strings.TrimPrefix(name, "usr."), ".") {
		return maxNestedNames
	}
	return maxNames
}

// traitsOf reads what the records' events said of their users.
func (b *batch) traitsOf(ctx context.Context, records []*record) (map[int32]string, error) {
	traits := map[int32]string{}
	for _, r := range records {
		if r.Traits > 0 {
			traits[r.Traits] = ""
		}
	}
	return traits, b.readTraits(ctx, traits)
}

// storeNames reads the names first: another worker may have written some, and the limit has to hold.
func (b *batch) storeNames(ctx context.Context, seen attributeNames) error {
	if err := b.memory.readNames(ctx, b.tx); err != nil {
		return err
	}
	var levels, names []string
	var numerics []bool
	for level, known := range b.memory.names {
		for name, numeric := range seen[level] {
			old, isKnown := known[name]
			if isKnown && (!old || numeric) || !isKnown && len(known) >= mostNames(name) {
				continue
			}
			known[name] = numeric
			levels, names, numerics = append(levels, level), append(names, name), append(numerics, numeric)
		}
	}
	_, err := b.tx.Exec(ctx, `
		insert into footfall.attribute_names (level, name, numeric)
		select level::footfall.attribute_level, name, numeric
		  from unnest($1::text[], $2::text[], $3::bool[]) seen (level, name, numeric)
		    on conflict (level, name) do update set numeric = excluded.numeric`, levels, names, numerics)
	if err != nil {
		return fmt.Errorf("write attribute names: %w", err)
	}
	return nil
}

func (m *memory) readNames(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `select level::text, name, numeric from footfall.attribute_names`)
	if err != nil {
		return fmt.Errorf("read attribute names: %w", err)
	}
	m.names = attributeNames{levelEvent: {}, levelUser: {}}
	var level, name string
	var numeric bool
	_, err = pgx.ForEachRow(rows, []any{&level, &name, &numeric}, func() error {
		m.names[level][name] = numeric
		return nil
	})
	if err != nil {
		return fmt.Errorf("read attribute names: %w", err)
	}
	return nil
}
