package schema

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Warnings say what a database that was made with another encoding or character type cannot do. It can only be mended by
// making it anew.
func Warnings(ctx context.Context, conn *pgx.Conn) ([]string, error) {
	var encoding string
	if err := conn.QueryRow(ctx, `select getdatabaseencoding()`).Scan(&encoding); err != nil {
		return nil, fmt.Errorf("ask for the database's encoding: %w", err)
	}
	folds := true
	if encoding == "UTF8" { // another one may not have this letter
		if err := conn.QueryRow(ctx, `select lower(U&'\00C9') = U&'\00E9'`).Scan(&folds); err != nil {
			return nil, fmt.Errorf("ask for the database's character type: %w", err)
		}
	}
	switch {
	case encoding != "UTF8":
		return []string{fmt.Sprintf("the database's encoding is %s: events with characters that it lacks are refused, and search heeds accents; "+
			"make the database with encoding UTF8 (createdb -T template0 -E UTF8)", encoding)}, nil
	case !folds:
		return []string{"the database's character type (lc_ctype, such as C) knows letters from a to z only: search tells É from é; " +
			"make the database with another (createdb -T template0 --locale=C.UTF-8)"}, nil
	}
	return nil, nil
}
