package query

import (
	"fmt"

	"github.com/footfall-analytics/footfall/pkg/country"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Sort orders by any attribute. Users without it come last; equal ones are in the order they were first stored, so
// that pages do not overlap.
type Sort struct {
	Column     string `json:"column"`
	Descending bool   `json:"descending"`
}

// ranksSQL numbers the texts of one kind.
const ranksSQL = `
  left join (select d.id, row_number() over (order by %s) as rank
               from footfall.dictionary d
              where d.kind = '%s') ranked on ranked.id = %s`

// JoinRanks joins ranked.rank, by which rows are sorted whose texts of an attribute have these ids: texts compare several
// times slower than numbers.
func JoinRanks(a filter.Attribute, id string, params *store.Params) string {
	return fmt.Sprintf(ranksSQL, TextOrder(a, params), a.Dictionary, id)
}

// TextOrder sorts an attribute's texts d, countries as they are shown, by name.
func TextOrder(a filter.Attribute, params *store.Params) string {
	if !a.IsCountry() {
		return "d.value"
	}
	return "array_position(" + params.Add(country.ByName()) + "::text[], d.value), d.value"
}
