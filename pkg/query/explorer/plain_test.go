package explorer

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
)

// requirePlain wants the SQL that is shown beside an answer to give the same, to people who may only read.
func requirePlain(t *rapid.T, reader, people *pgxpool.Pool, c query.Context, q *Explorer) {
	want := questions.AskOne(t, reader, c, q)
	plan, err := q.plan(c)
	require.NoError(t, err)
	got := plan.frame(readPlain(t, people, plan))
	require.Len(t, got.Fields, len(want.Fields), plan.plain)
	for i, field := range want.Fields {
		require.Equal(t, field.Name, got.Fields[i].Name, plan.plain)
		require.Equal(t, field.Labels, got.Fields[i].Labels, plan.plain)
		if field.Type() == data.FieldTypeNullableFloat64 {
			requireNumbers(t, fieldOf[*float64](want, i), fieldOf[*float64](got, i), plan.plain)
			continue
		}
		require.Equal(t, field.Len(), got.Fields[i].Len(), plan.plain)
		for at := range field.Len() {
			require.Equal(t, field.At(at), got.Fields[i].At(at), plan.plain)
		}
	}
}

// drawSegments narrows a selection by definitions, mostly by none.
func drawSegments(t *rapid.T, s query.Selection) query.Selection {
	draw := func(name string) []query.Members {
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) query.Members {
			text := rapid.SampledFrom([]string{
				`{"where": {"did": {"event": "page:/cart", "atMost": 1}}}`, `{"where": {"users": "sessions:>1"}, "identity": "usr.email"}`,
				`{"where": {"sequence": {"steps": [{"event": "page:/cart"}, {"not": "type:action"}], "within": "1h"}}, "includeAnonymous": true}`,
			}).Draw(t, "definition")
			d, err := segment.Decode([]byte(text))
			require.NoError(t, err)
			return query.Members{Definition: &d}
		}), 0, 2).Draw(t, name)
	}
	if rapid.IntRange(0, 2).Draw(t, "narrowed") == 0 {
		s.IncludeSegments, s.ExcludeSegments = draw("include"), draw("exclude")
	}
	return s
}

// readPlain takes the rows of a plan's plain SQL, group by group, for what the plan makes of its own.
func readPlain(t *rapid.T, people *pgxpool.Pool, plan *plan) *result {
	rows, err := people.Query(context.Background(), "select row_to_json(r)::text from (\n"+plan.plain+"\n) r")
	require.NoError(t, err, plan.plain)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err, plan.plain)
	result := &result{present: make([]bool, max(1, len(plan.buckets))), values: make([]int64, len(plan.facets))}
	var last []string
	if len(plan.facets) == 0 {
		result.add(plan, nil)
	}
	for _, line := range lines {
		var row map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &row))
		bucket := 0
		if plan.buckets != nil {
			at, err := time.Parse(time.RFC3339, row["bucket"].(string))
			require.NoError(t, err)
			bucket = slices.IndexFunc(plan.buckets, at.Equal)
			require.GreaterOrEqual(t, bucket, 0, "no bucket starts at %v\n%s", at, plan.plain)
		}
		labels := make([]string, len(plan.facets))
		for i, f := range plan.facets {
			labels[i] = row[f.ID].(string)
		}
		if len(plan.facets) > 0 && !slices.Equal(last, labels) {
			last = labels
			result.add(plan, labels)
		}
		result.present[bucket] = true
		if result.all > len(result.groups) {
			continue
		}
		for i, m := range plan.measures {
			if number, is := row[m.name].(float64); is {
				result.groups[len(result.groups)-1].points[i][bucket] = &number
			} else {
				require.Nil(t, row[m.name], plan.plain)
				result.groups[len(result.groups)-1].points[i][bucket] = nil
			}
		}
		if at, is := row["latest"].(string); is {
			when, err := time.Parse(time.RFC3339, at)
			require.NoError(t, err)
			result.groups[len(result.groups)-1].latest = &latest{at: when.UTC(), user: row["latest_user"].(string)}
		}
	}
	return result
}
