package query

import (
	"slices"
	"strings"
)

// sqlColumn is a column and its values in SQL.
type sqlColumn struct {
	column
	SQL string
}

// dictionaryColumn is an attribute of sessions.
func dictionaryColumn(id, name string) sqlColumn {
	return sqlColumn{column{ID: id, Name: name, Kind: textID, Country: id == "country"}, "s." + id}
}

func countColumn(id, name string) sqlColumn {
	return sqlColumn{column: column{ID: id, Name: name, Kind: whole}, SQL: "s." + id}
}

// columnsOf parts columns from their SQL, a list of expressions.
func columnsOf(list []sqlColumn) ([]column, string) {
	columns := make([]column, len(list))
	expressions := make([]string, len(list))
	for i, c := range list {
		columns[i], expressions[i] = c.column, c.SQL
	}
	return columns, strings.Join(expressions, ", ")
}

// without leaves out columns by id.
func without(list []sqlColumn, ids ...string) []sqlColumn {
	return slices.DeleteFunc(slices.Clone(list), func(c sqlColumn) bool { return slices.Contains(ids, c.ID) })
}
