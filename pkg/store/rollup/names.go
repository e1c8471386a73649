package rollup

import (
	"context"
	"fmt"
	"maps"
	"slices"
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

// namesOf returns the names among the records' attributes and traits.
func (b *batch) namesOf(ctx context.Context, records []*record) (attributeNames, error) {
	traits, err := b.traitsOf(ctx, records)
	if err != nil {
		return nil, err
	}
	seen := attributeNames{levelEvent: {}, levelUser: {}}
	for _, r := range records {
		event.EachName(r.Attributes, func(name, _ string) { seen[levelEvent][name] = true })
		event.EachName(r.Own, func(name, _ string) { seen[levelUser][name] = true })
	}
	for _, object := range traits {
		event.EachName(object, func(name, _ string) { seen[levelUser][name] = true })
	}
	return seen, nil
}

func (known attributeNames) merge(other attributeNames) {
	for level, names := range other {
		maps.Copy(known[level], names)
	}
}

// namesLeftSQL tells anew of some names ($1) whether all values are numbers, and removes those that no object of the table
// has any more. It reads into no other objects than those that these names lead through ($3).
const namesLeftSQL = `
with recursive part (name, value) as (
  select a.key, a.value
    from %[1]s t
   cross join lateral jsonb_each(t.%[2]s) a
   where t.%[2]s ?| $3 and a.key = any ($3)
   union all
  select part.name || '.' || a.key, a.value
    from part
   cross join lateral jsonb_each(case when jsonb_typeof(part.value) = 'object' then part.value else '{}' end) a
   where part.name || '.' || a.key = any ($3)
), remaining as (
  select name, bool_and(length(value #>> '{}') <= %[3]d and value #>> '{}' ~ '%[4]s') as numeric
    from part
   where name = any ($1) and jsonb_typeof(value) not in ('object', 'null')
   group by name
), changed as (
  update footfall.attribute_names n
     set numeric = r.numeric
    from remaining r
   where n.level = $2::footfall.attribute_level and n.name = r.name
)
delete from footfall.attribute_names n
 where n.level = $2::footfall.attribute_level and n.name = any ($1)
   and not exists (select from remaining r where r.name = n.name)`

// dropNames takes those of some names out of footfall.attribute_names that no event has any more, and tells anew whether
// the values of the others are numbers. What events say of users stands in traits, of which none may be left that no event
// uses, or beyond their cap in the events.
func dropNames(ctx context.Context, tx pgx.Tx, gone attributeNames) error {
	for level, source := range map[string][2]string{
		levelEvent: {"footfall.events", "attributes"},
		levelUser: {fmt.Sprintf(`(
		  select value from footfall.traits union all select attributes from footfall.events where traits = %d)`, ownTraits), "value"},
	} {
		if len(gone[level]) == 0 {
			continue
		}
		names := slices.Collect(maps.Keys(gone[level]))
		sql := fmt.Sprintf(namesLeftSQL, source[0], source[1], event.MaxNumber, event.Number)
		if _, err := tx.Exec(ctx, sql, names, level, prefixes(names)); err != nil {
			return fmt.Errorf("tell the names of attributes anew: %w", err)
		}
	}
	return nil
}

// prefixes are the names and what stands before each of their dots.
func prefixes(names []string) []string {
	all := map[string]bool{}
	for _, name := range names {
		all[name] = true
		for i, c := range name {
			if c == '.' {
				all[name[:i]] = true
			}
		}
	}
	return slices.Collect(maps.Keys(all))
}
