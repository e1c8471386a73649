package activity

import (
	"slices"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
)

// sqlColumn is a column and its values in SQL.
type sqlColumn struct {
	query.Column
	SQL string
}

// sessionText is an attribute of sessions whose values are texts of the dictionary.
func sessionText(id string) sqlColumn {
	for _, a := range filter.BuiltIn(filter.Session) {
		if a.ID == id && a.Dictionary != "" {
			return sqlColumn{query.ColumnOf(a), (&filter.Compiler{}).Value(a)}
		}
	}
	panic("sessions have no " + id)
}

func countColumn(id, name string) sqlColumn {
	return sqlColumn{Column: query.Column{ID: id, Name: name, Kind: query.Whole}, SQL: "s." + id}
}

// columnsOf parts columns from their SQL, a list of expressions.
func columnsOf(list []sqlColumn) ([]query.Column, string) {
	columns := make([]query.Column, len(list))
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
