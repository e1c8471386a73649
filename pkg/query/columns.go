package query

import (
	"slices"
	"strings"
)

// sqlColumn is a column and its values in SQL.
type sqlColumn struct {
	Column
	SQL string
}

// dictionaryColumn is an attribute of sessions.
func dictionaryColumn(id, name string) sqlColumn {
	return sqlColumn{Column{ID: id, Name: name, Kind: TextID, Country: id == "country"}, "s." + id}
}

func countColumn(id, name string) sqlColumn {
	return sqlColumn{Column: Column{ID: id, Name: name, Kind: Whole}, SQL: "s." + id}
}

// columnsOf parts columns from their SQL, a list of expressions.
func columnsOf(list []sqlColumn) ([]Column, string) {
	columns := make([]Column, len(list))
	expressions := make([]string, len(list))
	for i, c := range list {
		columns[i], expressions[i] = c.Column, c.SQL
	}
	return columns, strings.Join(expressions, ", ")
}

// without leaves out columns by id.
func without(list []sqlColumn, ids ...string) []sqlColumn {
	return slices.DeleteFunc(slices.Clone(list), func(c sqlColumn) bool { return slices.Contains(ids, c.ID) })
}
