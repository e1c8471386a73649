package rollup

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// importCount is what became of an import's rows in a batch.
type importCount struct {
	Events, Duplicates, Conflicts, Rejected int64
	ConflictsWith                           int32 // the import met last, 0 for none
}

// importCounts has the counts of each import, and of all other writers together.
type importCounts struct {
	others importCount
	byID   map[int32]*importCount
}

// of is the count of the import with this id, 0 for the other writers.
func (c *importCounts) of(id int32) *importCount {
	if id == 0 {
		return &c.others
	}
	if c.byID[id] == nil {
		if c.byID == nil {
			c.byID = map[int32]*importCount{}
		}
		c.byID[id] = &importCount{}
	}
	return c.byID[id]
}

// writeImports adds the counts to those in footfall.imports.
func (b *batch) writeImports(ctx context.Context) error {
	if len(b.imports.byID) == 0 {
		return nil
	}
	ids := slices.Sorted(maps.Keys(b.imports.byID))
	of := func(count func(*importCount) int64) []int64 {
		return column(ids, func(id int32) int64 { return count(b.imports.byID[id]) })
	}
	_, err := b.tx.Exec(ctx, `
		update footfall.imports i
		   set events = i.events + new.events, duplicates = i.duplicates + new.duplicates,
		       conflicts = i.conflicts + new.conflicts, rejected = i.rejected + new.rejected,
		       conflicts_with = coalesce(nullif(new.conflicts_with, 0), i.conflicts_with)
		  from unnest($1::int[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::int[])
		       new (id, events, duplicates, conflicts, rejected, conflicts_with)
		 where i.id = new.id`, ids,
		of(func(c *importCount) int64 { return c.Events }), of(func(c *importCount) int64 { return c.Duplicates }),
		of(func(c *importCount) int64 { return c.Conflicts }), of(func(c *importCount) int64 { return c.Rejected }),
		column(ids, func(id int32) int32 { return b.imports.byID[id].ConflictsWith }))
	if err != nil {
		return fmt.Errorf("count the rows of imports: %w", err)
	}
	return nil
}
