package rollup

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
)

// SQLSTATEs of class 23, violated constraints.
const checkViolation = "23514"

// errBroken: what is stored contradicts itself, and trying again does not help.
var errBroken = errors.New("the store contradicts itself: it was restored in part or changed by hand, or the counters in " +
	"footfall.worker are behind; no row was rejected, see \"Counters that are behind\" in docs/operations.md")

// isDataError tells whether Postgres speaks of a row: data exceptions, limits exceeded, and the checks that somebody has
// added to a table. No row can break the store's own constraints, whose keys the worker gives.
func isDataError(refused *pgconn.PgError) bool {
	switch class(refused) {
	case "22", "54":
		return true
	}
	return refused.Code == checkViolation && refused.ConstraintName != ""
}

// explainBroken tells apart what the store's own constraints refuse.
func explainBroken(err error) error {
	var refused *pgconn.PgError
	if !errors.As(err, &refused) || class(refused) != "23" || refused.SchemaName == "pg_catalog" {
		return err
	}
	return fmt.Errorf("%w: %w (%s)", errBroken, err, refused.Detail)
}

func class(refused *pgconn.PgError) string { return (refused.Code + "  ")[:2] }
