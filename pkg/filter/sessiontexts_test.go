package filter_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// TestSessionTextsAreThoseOfTheStore, no more and no fewer, and each is a field of events and an attribute of all levels.
func TestSessionTextsAreThoseOfTheStore(t *testing.T) {
	db := testdb.New(t)
	columns := func(table, prefix string) []string {
		rows, err := db.Query(t.Context(), `
			select substr(c.column_name, length($2) + 1)
			  from information_schema.columns c
			 where c.table_schema = 'footfall' and c.table_name = $1 and starts_with(c.column_name, $2)
			   and substr(c.column_name, length($2) + 1) = any (enum_range(null::footfall.dictionary_kind)::text[])`, table, prefix)
		require.NoError(t, err)
		list, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		return list
	}
	var ids, fields []string
	for _, of := range event.SessionTexts {
		ids, fields = append(ids, of.ID), append(fields, of.Field)
	}
	for table, prefixes := range map[string][]string{"sessions": {""}, "contexts": {""}, "profiles": {"first_", "last_"}} {
		for _, prefix := range prefixes {
			require.ElementsMatch(t, ids, columns(table, prefix), "%s of %s", prefix, table)
		}
	}
	var known []string
	for _, field := range event.Fields {
		known = append(known, field.Name)
	}
	require.Subset(t, known, fields)
	for i, id := range ids {
		for _, name := range []string{id, fields[i]} {
			a, err := filter.Names{}.Find(name)
			require.NoError(t, err)
			require.Equal(t, filter.Session, a.Level, name)
			require.Equal(t, id, a.Dictionary, name)
		}
		for _, when := range []string{"first_", "last_"} {
			a, err := filter.Names{}.Find(when + id)
			require.NoError(t, err)
			require.Equal(t, filter.Profile, a.Level)
		}
	}
}
