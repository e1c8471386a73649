package schema

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// GrantReader gives an existing role the rights a datasource needs: reading everything, also tables that later
// migrations add. conn must be the owner's. It may be repeated.
func GrantReader(ctx context.Context, conn *pgx.Conn, role string) error {
	name := pgx.Identifier{role}.Sanitize()
	for _, grant := range []string{
		`grant usage on schema footfall to ` + name,
		`grant select on all tables in schema footfall to ` + name,
		`alter default privileges in schema footfall grant select on tables to ` + name,
	} {
		if _, err := conn.Exec(ctx, grant); err != nil {
			return fmt.Errorf("grant the reader's rights to role %s: %w", role, err)
		}
	}
	return nil
}
