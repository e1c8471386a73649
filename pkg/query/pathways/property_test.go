package pathways

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestPathwaysAnswerAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	tokens := columns.NewTokens()
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t), history.PageGroups(t)...)
		refs := sessionRefs(t, db, world)
		c := questions.Context()
		c.Tokens = tokens
		if rapid.Bool().Draw(t, "part of the time") {
			c.From = history.Origin.Add(time.Duration(rapid.IntRange(0, 60*24).Draw(t, "from")) * time.Hour)
			c.To = c.From.AddDate(0, 0, rapid.IntRange(1, 40).Draw(t, "days"))
		}
		for range 2 {
			q := drawPathways(t)
			sides := plainSides(t, c, q, world, refs)
			frames := questions.Ask(t, reader, c, q)
			require.Len(t, frames, 2*len(sides))
			for i, plain := range sides {
				own := frames[2*i : 2*i+2]
				requirePathways(t, own, q, plain)
				requireConserved(t, own, q)
				requireDrilldown(t, reader, c, own, PathwayStep{Options: *q, Compared: i == 1}, plain)
			}
		}
	})
}

func drawPathways(t *rapid.T) *Pathways {
	pick := func(name string, values ...string) string { return rapid.SampledFrom(values).Draw(t, name) }
	pattern := rapid.SampledFrom([]string{"/", "/cart", "/product/*", "/c*", "*t*", "/a_b", "/a*b", "/*", "buy", "click*", "/product/12", "none"})
	q := NewPathways()
	q.Anchor = PathwayAnchor(pick("anchor", "start", "after", "before", "end"))
	q.Page = pick("page", "/", "/cart", "/cart", "/c*", "/product/?", "/product/*", "*", "/nowhere")
	q.Unit, q.Repeats = PathwayUnit(pick("unit", "session", "user")), PathwayRepeats(pick("repeats", "collapse", "first"))
	q.Actions, q.IncludeAnonymous = rapid.Bool().Draw(t, "actions"), rapid.Bool().Draw(t, "anonymous")
	q.Groups = rapid.SliceOfN(pattern, 0, 2).Draw(t, "groups")
	q.Hide = rapid.SliceOfN(pattern, 0, 1).Draw(t, "hide")
	q.Steps, q.NodesPerStep = rapid.IntRange(2, 6).Draw(t, "steps"), rapid.IntRange(1, 4).Draw(t, "nodes per step")
	q.MinCount = rapid.IntRange(0, 3).Draw(t, "min count")
	drawFilter := func() string {
		return filter.String(history.Filter(t, true, filter.Profile, filter.Session, filter.Event))
	}
	if rapid.IntRange(0, 2).Draw(t, "filtered") == 0 {
		q.Filter = drawFilter()
	}
	if rapid.Bool().Draw(t, "compared") {
		q.Compare = &query.Selection{}
		if rapid.IntRange(0, 3).Draw(t, "compared with some") > 0 {
			q.Compare.Filter = drawFilter()
		}
	}
	return q
}

// requirePathways compares each number of a side's frames.
func requirePathways(t *rapid.T, frames data.Frames, q *Pathways, plain *plainAnswer) {
	nodes, edges := map[string]any{}, map[string]any{}
	times := map[string][]int64{}
	add := func(numbers map[string]any, key string, n ...int64) {
		sum, _ := numbers[key].([]int64)
		if sum == nil {
			sum = make([]int64, len(n))
		}
		next := slices.Clone(sum)
		for i := range n {
			next[i] += n[i]
		}
		numbers[key] = next
	}
	for _, p := range plain.allPaths() { // what one side has is a row of both
		for step := 1; step <= q.Steps; step++ {
			if node, ok := plain.shownAs(q, p, step); ok {
				add(nodes, fmt.Sprint(step, node), 0, 0, 0, 0)
			}
		}
	}
	for _, p := range plain.paths {
		for step := 1; step <= q.Steps; step++ {
			node, ok := plain.shownAs(q, p, step)
			if !ok {
				break
			}
			isLast := int64(questions.Number(step == q.Steps))
			goesOn, ends := int64(questions.Number(len(p.nodes) > step)), int64(questions.Number(len(p.nodes) == step))
			add(nodes, fmt.Sprint(step, node), 1, goesOn*(1-isLast), ends, goesOn*isLast)
			if next, ok := plain.shownAs(q, p, step+1); ok && step < q.Steps {
				key := fmt.Sprint(step, node, next)
				if q.plainlyBackward() {
					key = fmt.Sprint(step, next, node)
				}
				add(edges, key, 1)
				if goesOn == 1 {
					times[key] = append(times[key], max(p.times[step]-p.times[step-1], p.times[step-1]-p.times[step]))
				}
			}
		}
	}
	require.Equal(t, nodes, nodesOf(t, frames[0]), "nodes")
	require.Equal(t, plain.others(q), othersOf(t, frames[0]), "what (other) stands for")
	require.Equal(t, edges, edgesOf(t, frames, func(key string, time any) { requireMedian(t, times[key], time) }), "edges")
	require.Equal(t, map[string]any{"counted": len(plain.paths), "withoutAnchor": plain.withoutAnchor, "empty": plain.empty},
		frames[0].Meta.Custom)
	require.Equal(t, plain.withoutAnchor+plain.empty > 0, len(frames[0].Meta.Notices) > 0, "notice")
}

// requireMedian: half of the values are at most the median, half at least.
func requireMedian(t *rapid.T, values []int64, median any) {
	if len(values) == 0 {
		require.Nil(t, median)
		return
	}
	slices.Sort(values)
	low, high := values[(len(values)-1)/2], values[len(values)/2]
	require.Equal(t, float64(low+high)/2, median)
}

func requireDrilldown(t *rapid.T, db *pgxpool.Pool, c query.Context, frames data.Frames, of PathwayStep, plain *plainAnswer) {
	q := &of.Options
	nodes := allRows(t, frames[0])
	byID := map[any]map[string]any{}
	for _, row := range nodes {
		byID[row["id"]] = row
		node := pathwayNode{pathwayKind(row["kind"].(string)), row["name"].(string)}
		step := int(row["step"].(int64))
		var wanted []columns.Ref
		for _, p := range plain.paths {
			if at, ok := plain.shownAs(q, p, step); ok && at == node {
				wanted = append(wanted, p.refs...)
			}
		}
		asked := of
		asked.Node = &PathwayNode{step, node.Name, node.Kind}
		requireCountedSessions(t, db, c, &asked, row["value"].(int64), wanted)
	}
	for _, row := range allRows(t, frames[1]) {
		from, to, step := byID[row["source"]], byID[row["target"]], int(row["step"].(int64))
		kind := func(row map[string]any) pathwayKind { return pathwayKind(row["kind"].(string)) }
		fromNode, toNode := pathwayNode{kind(from), from["name"].(string)}, pathwayNode{kind(to), to["name"].(string)}
		var wanted []columns.Ref
		for _, p := range plain.paths {
			here, _ := plain.shownAs(q, p, step)
			next, ok := plain.shownAs(q, p, step+1)
			if q.plainlyBackward() {
				here, next = next, here
			}
			if ok && here == fromNode && next == toNode {
				wanted = append(wanted, p.refs...)
			}
		}
		asked := of
		asked.Link = &PathwayLink{Step: step, From: fromNode.Name, To: toNode.Name, FromKind: fromNode.Kind, ToKind: toNode.Kind}
		requireCountedSessions(t, db, c, &asked, row["value"].(int64), wanted)
	}
}

// requireSessions asks for the sessions behind a node or link, of which there are as many as it says.
func requireCountedSessions(t *rapid.T, db *pgxpool.Pool, c query.Context, asked *PathwayStep, value int64, wanted []columns.Ref) {
	got := sessionsBehind(t, db, c, asked)
	require.ElementsMatch(t, wanted, got)
	users := map[int32]bool{}
	for _, ref := range got {
		users[ref.User] = true
	}
	counted := len(got)
	if asked.Options.Unit == "user" {
		counted = len(users)
	}
	require.EqualValues(t, value, counted)
	require.ElementsMatch(t, withProfile(t, db, users), usersBehind(t, db, c, asked))
}

// withProfile are those of some keys that are users, anonymous ones too.
func withProfile(t require.TestingT, db *pgxpool.Pool, keys map[int32]bool) (users []int32) {
	var key int32
	statement := store.Statement{SQL: "select u.key from footfall.users u where u.kind <> 'none'"}
	require.NoError(t, statement.Each(context.Background(), db, []any{&key}, func() error {
		if keys[key] {
			users = append(users, key)
		}
		return nil
	}))
	return users
}

func usersBehind(t require.TestingT, db *pgxpool.Pool, c query.Context, asked *PathwayStep) (users []int32) {
	compiler := c.Compiler()
	where, err := asked.UserCondition(c, compiler)
	require.NoError(t, err)
	require.NoError(t, asked.Load(context.Background(), db))
	var key int32
	statement := store.Statement{SQL: "select p.user_key from footfall.profiles p where " + where, Args: compiler.Params.Values}
	require.NoError(t, statement.Each(context.Background(), db, []any{&key}, func() error {
		users = append(users, key)
		return nil
	}))
	return users
}

func sessionsBehind(t require.TestingT, db *pgxpool.Pool, c query.Context, asked *PathwayStep) []columns.Ref {
	compiler := c.Compiler()
	where, err := asked.Condition(c, compiler)
	require.NoError(t, err)
	require.NoError(t, asked.Load(context.Background(), db))
	var ref columns.Ref
	var got []columns.Ref
	statement := store.Statement{
		SQL: "select s.user_key, s.session_key from footfall.sessions s where " + where, Args: compiler.Params.Values,
	}
	require.NoError(t, statement.Each(context.Background(), db, []any{&ref.User, &ref.Session}, func() error {
		got = append(got, ref)
		return nil
	}))
	return got
}
