package schema

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// EditedTables are those that people change through the datasource: segments and reference tables.
var EditedTables = []string{
	"segments", "segment_uses", "segment_members", "segment_lists", "segment_sizes", "segment_changes",
	"reference_tables", "reference_rows",
}

// GrantReader gives an existing role the rights a datasource needs: reading everything, also tables that later
// migrations add, and changing EditedTables. conn must be the owner's. It may be repeated.
func GrantReader(ctx context.Context, conn *pgx.Conn, role string) error {
	name := pgx.Identifier{role}.Sanitize()
	for _, grant := range []string{
		`grant usage on schema footfall to ` + name,
		`grant select on all tables in schema footfall to ` + name,
		`grant insert, update, delete on footfall.` + strings.Join(EditedTables, ", footfall.") + ` to ` + name,
		`alter default privileges in schema footfall grant select on tables to ` + name,
	} {
		if _, err := conn.Exec(ctx, grant); err != nil {
			return fmt.Errorf("grant the reader's rights to role %s: %w", role, err)
		}
	}
	return nil
}
