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

// sessionText is one of event.SessionTexts.
func sessionText(id string) sqlColumn {
	for _, a := range filter.BuiltIn(filter.Session) {
		if a.ID == id && a.Dictionary == id {
			return sqlColumn{query.ColumnOf(a), "s." + id}
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
