package schema_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/schema"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// A database of another encoding or character type is migrated and works; the owner is told what it cannot do.
func TestMigrateWarnsOfEncodings(t *testing.T) {
	main := testdb.Empty(t)
	for kind, test := range map[string]struct{ with, warns string }{
		"utf8":   {"encoding 'UTF8' locale 'C.UTF-8'", ""},
		"c":      {"encoding 'UTF8' locale 'C'", "character type"},
		"ascii":  {"encoding 'SQL_ASCII' locale 'C'", "encoding is SQL_ASCII"},
		"latin1": {"encoding 'LATIN1' locale 'C'", "encoding is LATIN1"},
	} {
		name := main.Config().ConnConfig.Database + "_" + kind
		_, err := main.Exec(t.Context(), `create database `+name+` template template0 `+test.with)
		require.NoError(t, err)
		config := main.Config().ConnConfig.Copy()
		config.Database = name
		conn, err := pgx.ConnectConfig(t.Context(), config)
		require.NoError(t, err)
		_, _, err = schema.Migrate(t.Context(), conn)
		require.NoError(t, err, kind)
		warnings, err := schema.Warnings(t.Context(), conn)
		require.NoError(t, err)
		require.Equal(t, test.warns != "", len(warnings) == 1, kind)
		if test.warns != "" {
			require.Contains(t, warnings[0], test.warns)
		}
		var folded string
		require.NoError(t, conn.QueryRow(t.Context(), `select footfall.folded('Ann')`).Scan(&folded))
		require.Equal(t, "ann", folded)
		if kind == "utf8" {
			require.NoError(t, conn.QueryRow(t.Context(), `select footfall.folded('José GARCÍA żółw Groß')`).Scan(&folded))
			require.Equal(t, "jose garcia zolw gross", folded)
		}
		require.NoError(t, conn.Close(t.Context()))
		_, err = main.Exec(t.Context(), `drop database `+name)
		require.NoError(t, err)
	}
}
