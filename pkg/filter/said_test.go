package filter_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// What Go makes of a value in JSON is what PostgreSQL makes of it.
func TestSaidAsPostgreSQLHasIt(t *testing.T) {
	db := testdb.New(t)
	scalar := rapid.OneOf(
		rapid.SampledFrom([]string{
			"0", "-0.0", "1.10", "10", "1e3", "1E-3", "100", "-7.50", "0.000", "12345678901234567890.10", "true", "null", `""`, `"10"`, `"+7"`, `"007"`,
			`".5"`, `"1e2"`, `"1e200"`, `"a\"b\\"`, `"\u00e9"`, `"\n"`, `"漢"`, `{"b": 1.0, "a": [null]}`, `"1.10"`, `"[1]"`,
		}),
		rapid.Map(rapid.String(), func(s string) string {
			text, _ := json.Marshal(strings.ReplaceAll(s, "\x00", "")) // which PostgreSQL refuses
			return string(text)
		}),
	)
	value := rapid.OneOf(scalar, rapid.Custom(func(t *rapid.T) string {
		text := "["
		for i, one := range rapid.SliceOfN(scalar, 0, 4).Draw(t, "elements") {
			if i > 0 {
				text += ","
			}
			text += one
		}
		return text + "]"
	}))
	rapid.Check(t, func(t *rapid.T) {
		object := value.Draw(t, "value")
		names := filter.Names{Event: map[string]bool{"price": true, "app_version": false}}
		for _, id := range []string{"attributes.price", "attributes.app_version"} {
			a, err := names.Find(id)
			require.NoError(t, err)
			compiler := &filter.Compiler{Scope: filter.Scope{Location: time.UTC, Now: time.Now(), Names: names}, Params: &store.Params{}}
			elements, number := compiler.Elements(a), compiler.Number(a)
			key := compiler.Params.Add(a.Said())
			said := compiler.Params.Add(object)
			var text *string
			var want []*string
			var wantNumber *float64
			err = db.QueryRow(context.Background(), `
				select nullif(e.attributes -> `+key+`, 'null')::text, `+elements+`, `+number+`
				  from (select jsonb_build_object(`+key+`::text, `+said+`::jsonb) as attributes) e`, compiler.Params.Values...).Scan(&text, &want, &wantNumber)
			require.NoError(t, err, object)
			if text == nil {
				require.Equal(t, []*string{nil}, want)
				require.Nil(t, wantNumber)
				continue
			}
			require.ElementsMatch(t, texts(want), texts(a.ElementsOf(*text)), object)
			got, is := filter.NumberOf(*text)
			require.Equal(t, wantNumber != nil, is, object)
			if is {
				require.Equal(t, *wantNumber, got, object)
			}
		}
	})
}

func texts(list []*string) (texts []string) {
	for _, one := range list {
		if one == nil {
			texts = append(texts, "none")
		} else {
			texts = append(texts, "said "+*one)
		}
	}
	slices.Sort(texts)
	return texts
}
