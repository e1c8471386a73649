package query

import (
	"context"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// attributesSQL looks at the users seen last, since all would take as long as reading the table.
const attributesSQL = `
select a.key, bool_and(jsonb_typeof(a.value) = 'number') as number
  from (select p.attributes from footfall.profiles p order by p.last_seen desc, p.user_key limit 10000) recent
 cross join jsonb_each(recent.attributes) a
 where a.key like 'usr.%'
 group by a.key
 order by a.key`

// Attributes lists what can be asked of profiles: the built-in attributes, then the custom ones of the 10,000 users
// seen last. Others can be asked for as well.
func Attributes(ctx context.Context, db store.Querier) ([]Attribute, error) {
	list := slices.Clone(builtIn)
	var id string
	var number bool
	err := Statement{SQL: attributesSQL}.each(ctx, db, []any{&id, &number}, func() error {
		a := Attribute{ID: id, Name: id, Type: Text}
		if number {
			a.Type = Number
		}
		list = append(list, a)
		return nil
	})
	return list, err
}
