package table

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// sampled are the values of a column in the first rows of a file.
type sampled struct {
	values map[string]bool
	filled int // rows that have one
}

func readColumns(file []byte, o Options) ([]sampled, error) {
	r, err := newReader(bytes.NewReader(file), o)
	if err != nil {
		return nil, err
	}
	columns := make([]sampled, len(r.columns))
	for i := range columns {
		columns[i].values = map[string]bool{}
	}
	for range guessRows {
		cells, err := r.readRow()
		if err != nil {
			break // which is told later
		}
		for i, cell := range cells[:min(len(cells), len(columns))] {
			if cell = Unguard(cell); cell != "" && unreadable(cell) == "" && len(cell) <= MaxKey {
				columns[i].values[cell] = true
				columns[i].filled++
			}
		}
	}
	return columns, nil
}

func (c sampled) all(is func(string) bool) bool {
	for value := range c.values {
		if !is(value) {
			return false
		}
	}
	return len(c.values) > 0
}

func (c sampled) isMails() bool { return c.all(isMail) }

// mayBeKey is true of columns in which values hardly come again.
func (c sampled) mayBeKey() bool { return len(c.values) > 0 && len(c.values)*10 >= c.filled*9 }

// matchesSQL counts, by column, which of the sampled values which attributes have. Attributes, which no index knows, are
// those of the users who were here last.
const matchesSQL = `
with cell as materialized (
  select c.place, c.value from unnest($1::integer[], $2::text[]) c (place, value)
), latest as materialized (
  select p.attributes from footfall.profiles p where not p.anonymous order by p.last_seen desc limit 10000
), found as (
  select c.place, 'usr.id' as identity, c.value from cell c join footfall.users u on u.kind = 'usr' and u.id = c.value
   union
  select c.place, 'usr.email', c.value
    from cell c join footfall.users u on u.kind = 'usr' and lower(btrim(u.email)) = lower(btrim(c.value))
   union
  select c.place, 'usr.name', c.value from cell c join footfall.users u on u.kind = 'usr' and u.name = c.value
   union
  select c.place, a.key, c.value
    from latest l
   cross join lateral jsonb_each_text(l.attributes) a
    join cell c on c.value = a.value
   where a.key like 'usr.%'
)
select place, identity, count(*)
  from found
 group by place, identity`

// match is a column whose values users have, as an identity; of is "" where there is none.
type match struct {
	column int
	of     Identity
	values int64
}

// findMatches finds the column and the identity by which most users are told; column is the only one that may be, or -1,
// and so is of, or "".
func findMatches(ctx context.Context, db Beginner, names []string, columns []sampled, column int, of Identity) (best match, err error) {
	var places []int32
	var values []string
	for i, c := range columns {
		if i == column || column < 0 && c.mayBeKey() {
			for _, value := range slices.Sorted(maps.Keys(c.values)) {
				places, values = append(places, int32(i)), append(values, value)
			}
		}
	}
	var m match
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		statement := store.Statement{SQL: matchesSQL, Args: []any{places, values}}
		return statement.Each(ctx, tx, []any{&m.column, &m.of, &m.values}, func() error {
			if (of == "" || of == m.of) && m.isLikely(names[m.column], columns[m.column]) && m.better(best) {
				best = m
			}
			return nil
		})
	})
	if err != nil {
		return match{}, fmt.Errorf("look for users who have the values: %w", err)
	}
	return best, nil
}

// isLikely wants more of attributes than that some value is the same: half of them are, and they are no plain numbers, unless
// the column is called like the attribute.
func (m match) isLikely(name string, c sampled) bool {
	if _, always := identities[m.of]; always {
		return true
	}
	if called, err := NormaliseName(string(m.of)); err == nil && (name == called || "usr_"+name == called) {
		return true
	}
	return m.values*2 >= int64(len(c.values)) && !c.all(event.IsNumber)
}

func (m match) rank() int {
	all := []Identity{ID, Email, Name}
	if i := slices.Index(all, m.of); i >= 0 {
		return i
	}
	return len(all)
}

// better prefers more values, then what every store has, then what stands first.
func (m match) better(than match) bool {
	switch {
	case m.values != than.values:
		return m.values > than.values
	case m.rank() != than.rank():
		return m.rank() < than.rank()
	case m.column != than.column:
		return m.column < than.column
	}
	return m.of < than.of
}
