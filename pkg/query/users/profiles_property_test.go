package users

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestProfilesAnswerAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t))
		keys := questions.UserKeys(t, db)
		c := questions.Context()
		c.From = history.Origin.Add(time.Duration(rapid.IntRange(0, 60*24).Draw(t, "from")) * time.Hour)
		c.To = c.From.AddDate(0, 0, rapid.IntRange(1, 40).Draw(t, "days"))
		for range 4 {
			q, within := drawProfiles(t)
			requireProfiles(t, reader, c, q, within, world, keys)
		}
	})
}

// drawProfiles draws a question and what it is within.
func drawProfiles(t *rapid.T) (*Profiles, filter.Node) {
	q := NewProfiles()
	for _, a := range history.Names.All(filter.Profile) {
		q.Columns = append(q.Columns, a.ID)
	}
	if rapid.Bool().Draw(t, "filtered") {
		q.Filter = filter.String(history.Filter(t, true, filter.Profile, filter.Session, filter.Event))
	}
	if rapid.Bool().Draw(t, "simple") {
		q.Filters = []filter.Condition{{
			Attribute: "last_country", Operator: rapid.SampledFrom([]filter.Operator{"=", "!="}).Draw(t, "operator"), Values: []string{"BR"},
		}}
	}
	var within filter.Node
	if rapid.Bool().Draw(t, "within") {
		q.Within, within = drawWithin(t, 2)
	}
	q.Search = rapid.SampledFrom([]string{"", "", "", "an", "B", "%", "'; drop table footfall.users; --"}).Draw(t, "search")
	if rapid.Bool().Draw(t, "sorted") {
		q.Sort = query.Sort{Column: rapid.SampledFrom(q.Columns).Draw(t, "sort"), Descending: rapid.Bool().Draw(t, "descending")}
	}
	q.Limit = rapid.IntRange(1, 5).Draw(t, "limit")
	q.Offset = rapid.IntRange(0, 4).Draw(t, "offset")
	q.IncludeTotal = rapid.Bool().Draw(t, "total")
	q.IncludeAnonymous = rapid.Bool().Draw(t, "include anonymous")
	q.ActiveInRange = rapid.Bool().Draw(t, "active")
	return q, within
}

func requireProfiles(t *rapid.T, db *pgxpool.Pool, c query.Context, q *Profiles, within filter.Node, world history.World, keys map[string]int) {
	wanted := plainProfiles(t, c, q, within, world, keys)
	total := len(wanted)
	wanted = wanted[min(q.Offset, total):min(q.Offset+q.Limit, total)]
	frame := questions.AskOne(t, db, c, q)
	for _, id := range q.Columns {
		values := []any{}
		for _, u := range wanted {
			values = append(values, questions.AsField(u.Value(id)))
		}
		require.Equal(t, values, questions.Values(t, frame, id), id)
	}
	if q.IncludeTotal {
		require.Equal(t, map[string]any{"total": int64(total)}, frame.Meta.Custom)
	}
	left := total - min(q.Offset, total) - len(wanted)
	require.Equal(t, left > 0 || q.IncludeTotal && len(wanted) < total, len(frame.Meta.Notices) > 0, "notice")
}

// plainProfiles are the users that a question is about, in its order.
func plainProfiles(t *rapid.T, c query.Context, q *Profiles, within filter.Node, world history.World, keys map[string]int) []*history.User {
	n, err := filter.Parse(q.Filter)
	require.NoError(t, err)
	var found []*history.User
	for _, u := range world.Users {
		isBR := u.Value("last_country") == "BR"
		if (q.IncludeAnonymous || !u.Anonymous) && questions.Matcher(c).User(filter.All(n, within), u) &&
			(q.Search == "" || questions.Matcher(c).User(filter.Words{Text: q.Search}, u)) &&
			(len(q.Filters) == 0 || isBR == (q.Filters[0].Operator == "=")) &&
			(!q.ActiveInRange || slices.ContainsFunc(u.Events, func(e *history.Event) bool { return questions.InRange(c, e.TS) })) {
			found = append(found, u)
		}
	}
	sort := q.Sort
	if sort.Column == "" {
		sort = query.Sort{Column: "last_seen", Descending: true}
	}
	slices.SortFunc(found, func(a, b *history.User) int {
		return cmp.Or(questions.Compare(sort, questions.AsField(a.Value(sort.Column)), questions.AsField(b.Value(sort.Column))), cmp.Compare(questions.KeyOf(keys, a), questions.KeyOf(keys, b)))
	})
	return found
}
