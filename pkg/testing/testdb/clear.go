package testdb

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

// clearSQL deletes: truncate makes a file anew for each table, index and TOAST table, which costs more than the few rows
// of a case. The inbox alone gets a new one: space that a vacuum has freed is filled in any order, the worker takes rows by
// their place, and of two events of one identity the first one counts.
const clearSQL = `
truncate footfall.inbox;
delete from footfall.rejected;
delete from footfall.conflicts;
delete from footfall.left_out;
delete from footfall.import_duplicates;
delete from footfall.imports;
delete from footfall.events;
delete from footfall.sessions;
delete from footfall.tail;
delete from footfall.blocks;
delete from footfall.block_attributes;
delete from footfall.dead;
update footfall.columns set built_from = '-infinity', number = 0;
delete from footfall.profiles;
delete from footfall.profile_totals;
delete from footfall.users;
delete from footfall.user_keys;
delete from footfall.tokens;
delete from footfall.contexts;
delete from footfall.traits;
delete from footfall.dictionary;
delete from footfall.attribute_names;
delete from footfall.page_groups;
with former as (delete from footfall.worker returning epoch)
insert into footfall.worker (epoch) select epoch + 1 from former`

// Clear empties a store between the cases of a property: events, what was made of them, and the worker's totals.
// Settings, which attributes are packed, who is blocked, segments and reference tables stay.
func Clear(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, pool *pgxpool.Pool) {
	t.Helper()
	if _, err := pool.Exec(context.Background(), clearSQL); err != nil {
		t.Fatalf("clear the store: %v", err)
	}
}
