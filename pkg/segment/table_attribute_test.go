package segment_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// A table whose key is an attribute knows everybody who has one of its keys, as a whole and by its columns.
func TestTablesKnowUsersByAnAttribute(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	rapid.Check(t, func(t *rapid.T) {
		o := plain{world: history.Load(t, db, history.Rows(t)), now: history.Origin.AddDate(0, 0, 60)}
		o.matching = history.Matcher{Now: o.now, Names: history.Names}
		of := rapid.SampledFrom([]string{"usr.plan", "usr.team.name", "usr.tags"}).Draw(t, "attribute")
		keys := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"pro", "free", "Pro", "red", "blue", `["b", 2.0]`, `["a", "b", "a"]`, "a", ""}), 0, 4, rapid.ID).Draw(t, "keys")
		_, err := db.Exec(context.Background(), `delete from footfall.reference_rows`)
		require.NoError(t, err)
		_, err = db.Exec(context.Background(), `
			insert into footfall.reference_rows (table_id, key, value)
			select 9, key, jsonb_build_object('price', n::text) from unnest($1::text[]) with ordinality k (key, n)`, keys)
		require.NoError(t, err)
		names := history.Names
		names.Tables = map[string]*filter.Table{"plans": {
			ID: 9, Name: "plans", Identity: of, Columns: map[string]filter.Type{"price": filter.Number},
		}}
		env := segment.Env{Now: o.now, Names: names}
		var all, first []string
		anonymous := rapid.Bool().Draw(t, "anonymous")
		for _, u := range o.universe(segment.Definition{IncludeAnonymous: anonymous}) {
			value, ok := u.Value(of).(string)
			switch at := slices.Index(keys, value); {
			case !ok || at < 0:
				continue
			case at == 0:
				first = append(first, label(u))
			}
			all = append(all, label(u))
		}
		for _, of := range []struct {
			where segment.Condition
			want  []string
		}{
			{segment.Condition{Table: "plans"}, all}, {segment.Condition{Users: "plans.price:*"}, all}, {segment.Condition{Users: "plans.price:1"}, first},
		} {
			slices.Sort(of.want)
			got := membersOf(t, reader, segment.Definition{IncludeAnonymous: anonymous, Where: of.where}, env)
			require.Equal(t, of.want, got, "%+v", of.where)
			plain, err := segment.Definition{IncludeAnonymous: anonymous, Where: of.where}.Plain(env)
			require.NoError(t, err)
			require.Equal(t, of.want, lines(t, db, `
				select case when u.anonymous then 'anonymous ' else '' end || u.user_id
				  from footfall.plain_users u where u.user_key in (select user_key from (`+plain+`) m)`), plain)
		}
	})
}
