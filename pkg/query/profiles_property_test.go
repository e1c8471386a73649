package query

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/devtools/testdb"
)

// awkward are texts that break what is not quoted, escaped or compared with care.
var awkward = []string{
	"ann", "Ann", "ANNA", "Ünal", "ünal", "%", "_", "a_n", `a\n`, "", " ", "9", "10", "10.0", "1e1", "-3",
	"'; drop table footfall.users; --", `"x"`, "$1", "x' or '1'='1", "--", "/*", "BR", "DE", "ZZ", "name,x",
}

func TestProfilesAnswerAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := asDatasource(t, db)
	rapid.Check(t, func(t *rapid.T) {
		people := rapid.SliceOfN(rapid.Custom(drawPerson), 0, 12).Draw(t, "people")
		for i := range people {
			people[i].values["user_id"] = fmt.Sprintf("%s#%d", people[i].values["user_id"], i)
		}
		storePeople(t, db, people)
		for range 5 {
			q := rapid.Custom(drawProfiles).Draw(t, "options")
			wanted, total := oracle(q, people)
			requireSame(t, reader, q, wanted, total)
		}
	})
}

func requireSame(t *rapid.T, db *pgxpool.Pool, q *Profiles, wanted []person, total int) {
	frame := ask(t, db, q)
	for i, id := range q.Columns {
		values := fieldValues(t, frame, id)
		require.Equal(t, id, frame.Fields[i].Name)
		require.Len(t, values, len(wanted))
		for row, p := range wanted {
			require.Equal(t, valueOf(p, id), normal(values[row]), "row %d of %s", row, id)
		}
	}
	if q.IncludeTotal {
		require.Equal(t, map[string]any{"total": int64(total)}, frame.Meta.Custom)
	}
	left := total - min(q.Offset, total) - len(wanted)
	require.Equal(t, left > 0 || q.IncludeTotal && len(wanted) < total, len(frame.Meta.Notices) > 0, "notice")
}

func valueOf(p person, id string) any {
	if value, ok := p.values[id]; ok {
		return value
	}
	if text, ok := p.text(id); ok {
		return text
	}
	return nil
}

func normal(value any) any {
	if at, ok := value.(time.Time); ok {
		return at.UTC()
	}
	return value
}

func drawPerson(t *rapid.T) person {
	p := newPerson(rapid.SampledFrom(awkward).Draw(t, "id"), nil)
	p.anonymous = rapid.Bool().Draw(t, "anonymous")
	for _, a := range builtIn[1:] {
		switch {
		case a.Type == Number:
			p.values[a.ID] = rapid.Int64Range(0, 3).Draw(t, a.ID)
		case a.Type == Time:
			day := rapid.IntRange(1, 3).Draw(t, a.ID)
			p.values[a.ID] = time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC)
		case rapid.Bool().Draw(t, a.ID+" known"):
			p.values[a.ID] = rapid.SampledFrom(awkward).Draw(t, a.ID)
		}
	}
	p.custom = rapid.MapOfN(rapid.SampledFrom(customIDs), rapid.Custom(drawJSON), 0, 3).Draw(t, "custom")
	return p
}

var customIDs = []string{"usr.plan", "usr.price", "usr.'; drop table footfall.users; --"}

func drawJSON(t *rapid.T) any {
	switch rapid.IntRange(0, 3).Draw(t, "json") {
	case 0:
		return json.Number(rapid.SampledFrom([]string{"9", "10", "10.0", "-3"}).Draw(t, "number"))
	case 1:
		return rapid.SampledFrom([]any{true, nil}).Draw(t, "other")
	default:
		return rapid.SampledFrom(awkward).Draw(t, "text")
	}
}

func drawProfiles(t *rapid.T) *Profiles {
	q := NewProfiles()
	ids := append([]string{}, customIDs...)
	for _, a := range builtIn {
		ids = append(ids, a.ID)
	}
	q.Columns = ids
	q.Search = rapid.SampledFrom(append([]string{"", "", "nn", "drop table"}, awkward...)).Draw(t, "search")
	q.Filters = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Filter { return drawFilter(t, ids) }), 0, 2).Draw(t, "filters")
	if rapid.Bool().Draw(t, "sorted") {
		q.Sort = Sort{rapid.SampledFrom(ids).Draw(t, "sort"), rapid.Bool().Draw(t, "descending")}
	}
	q.Limit = rapid.IntRange(1, 5).Draw(t, "limit")
	q.Offset = rapid.IntRange(0, 4).Draw(t, "offset")
	q.IncludeTotal = rapid.Bool().Draw(t, "total")
	q.IncludeAnonymous = rapid.Bool().Draw(t, "include anonymous")
	return q
}

func drawFilter(t *rapid.T, ids []string) Filter {
	a, err := find(rapid.SampledFrom(ids).Draw(t, "attribute"), "")
	require.NoError(t, err)
	operators := []string{"=", "!=", "<", "<=", ">", ">=", "exists", "not exists"}
	values := rapid.SampledFrom(awkward)
	switch a.Type {
	case Text:
		operators = append(operators, "contains")
	case Number:
		values = rapid.SampledFrom([]string{"-1", "0", "1", "1.5", "2e0"})
	case Time:
		values = rapid.SampledFrom([]string{"2026-01-02", "2026-01-02T00:00:00Z", "2026-01-01T12:00:00-05:00"})
	}
	f := Filter{Attribute: a.ID, Operator: rapid.SampledFrom(operators).Draw(t, "operator")}
	switch f.Operator {
	case "=", "!=":
		f.Values = rapid.SliceOfN(values, 1, 3).Draw(t, "values")
	case "exists", "not exists":
	default:
		f.Values = []string{values.Draw(t, "value")}
	}
	return f
}
