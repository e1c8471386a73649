package pathways

import (
	"cmp"
	"context"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
)

// sessionRefs finds the keys that sessions were given.
func sessionRefs(t *rapid.T, db *pgxpool.Pool, world history.World) map[*history.Session]columns.Ref {
	type identity struct {
		kind, user string
		at         int64
		key        [16]byte
		start      int64 // of the session
	}
	found := map[identity][]columns.Ref{}
	rows, err := db.Query(context.Background(), `
		select e.user_key, e.session_key, e.ts, e.event_key, s.start_ts, u.kind::text, u.id
		  from footfall.events e
		  join footfall.sessions s using (user_key, session_key)
		  join footfall.users u on u.key = e.user_key`)
	require.NoError(t, err)
	for rows.Next() {
		var ref columns.Ref
		var at, start time.Time
		var id identity
		require.NoError(t, rows.Scan(&ref.User, &ref.Session, &at, &id.key, &start, &id.kind, &id.user))
		id.at, id.start = at.UnixMilli(), start.UnixMilli()
		found[id] = append(found[id], ref)
	}
	require.NoError(t, rows.Err())
	refs := map[*history.Session]columns.Ref{}
	for _, s := range world.Sessions {
		id := identity{kind: "none", user: "session:" + s.ID, start: s.Start()}
		if s.User != nil {
			id.kind, id.user = "usr", s.User.ID
			if s.User.Anonymous {
				id.kind = "anonymous"
			}
		}
		for _, e := range s.Events {
			id.at, id.key = e.TS, e.Key
			if list := found[id]; len(list) == 1 {
				refs[s] = list[0]
			}
		}
		require.Contains(t, refs, s, "the test's events tell sessions apart")
	}
	return refs
}

// plainPath is where one session or user went.
type plainPath struct {
	nodes []pathwayNode // from the anchor on, in the order in which it is read
	times []int64
	refs  []columns.Ref
}

type plainAnswer struct {
	paths                []plainPath // those that are counted
	withoutAnchor, empty int
	sides                []*plainAnswer // all that are compared, this one too
}

// plainSides are the answers for the question's own selection and for that to compare with.
func plainSides(t *rapid.T, c query.Context, q *Pathways, world history.World, refs map[*history.Session]columns.Ref) []*plainAnswer {
	sides := []*plainAnswer{plainPathways(t, c, q, q.Filter, world, refs)}
	if q.Compare != nil {
		sides = append(sides, plainPathways(t, c, q, q.Compare.Filter, world, refs))
	}
	for _, side := range sides {
		side.sides = sides
	}
	return sides
}

func plainPathways(t *rapid.T, c query.Context, q *Pathways, selected string, world history.World, refs map[*history.Session]columns.Ref) *plainAnswer {
	n, err := filter.Parse(selected)
	require.NoError(t, err)
	units := map[any][]*history.Session{}
	for _, s := range world.Sessions {
		known := s.User != nil && (q.IncludeAnonymous || !s.User.Anonymous)
		nobody := s.User == nil && q.IncludeAnonymous && q.Unit == "session"
		if !known && !nobody || !questions.InRange(c, s.Start()) || !questions.Matcher(c).Session(n, s) {
			continue
		}
		var unit any = s
		if q.Unit == "user" {
			unit = s.User
		}
		units[unit] = append(units[unit], s)
	}
	answer := &plainAnswer{}
	for _, sessions := range units {
		slices.SortFunc(sessions, func(a, b *history.Session) int {
			return cmp.Or(cmp.Compare(a.Start(), b.Start()), cmp.Compare(refs[a].Session, refs[b].Session))
		})
		path := q.plainPath(sessions)
		for _, s := range sessions {
			path.refs = append(path.refs, refs[s])
		}
		switch from := path.anchor(q); {
		case len(path.nodes) == 0:
			answer.empty++
		case from < 0:
			answer.withoutAnchor++
		default:
			path.nodes, path.times = path.nodes[from:], path.times[from:]
			answer.paths = append(answer.paths, path)
		}
	}
	return answer
}

func (q *Pathways) plainlyBackward() bool { return q.Anchor == "before" || q.Anchor == "end" }

// plainPath is the whole path, from its end if that is how it is read.
func (q *Pathways) plainPath(sessions []*history.Session) plainPath {
	var events []*history.Event
	for _, s := range sessions {
		events = append(events, s.Events...)
	}
	slices.SortStableFunc(events, func(a, b *history.Event) int { return cmp.Compare(a.TS, b.TS) })
	var p plainPath
	for _, e := range events {
		node, ok := q.plainNode(e)
		if !ok || len(p.nodes) > 0 && p.nodes[len(p.nodes)-1] == node || q.Repeats == "first" && slices.Contains(p.nodes, node) {
			continue
		}
		p.nodes, p.times = append(p.nodes, node), append(p.times, e.TS)
	}
	if q.plainlyBackward() {
		slices.Reverse(p.nodes)
		slices.Reverse(p.times)
	}
	return p
}

func (p plainPath) anchor(q *Pathways) int {
	if q.Anchor == "start" || q.Anchor == "end" {
		return 0
	}
	page := q.Page
	if !strings.Contains(page, "*") {
		page = q.plainGroup(page)
		return slices.Index(p.nodes, pathwayNode{"page", page})
	}
	return slices.IndexFunc(p.nodes, func(n pathwayNode) bool { return n.Kind == "page" && plainMatch(page, n.Name) })
}

func (q *Pathways) plainNode(e *history.Event) (pathwayNode, bool) {
	text, node := e.ActionName, pathwayNode{"action", e.ActionName}
	if e.Type == event.View {
		text, _ = e.Value("page").(string)
		node = pathwayNode{"page", q.plainGroup(text)}
	}
	isHidden := func(pattern string) bool {
		if e.Type == event.View {
			return plainPage(pattern, text) || plainPage(pattern, node.Name)
		}
		return plainMatch(pattern, text)
	}
	return node, text != "" && (e.Type == event.View || e.Type == event.Action && q.Actions) && !slices.ContainsFunc(q.Hide, isHidden)
}

func (q *Pathways) plainGroup(page string) string {
	for _, group := range q.Groups {
		if plainPage(group, page) {
			return group
		}
	}
	return page
}

// plainPage: a page is named as it is sent or as it is stored.
func plainPage(pattern, page string) bool {
	return plainMatch(pattern, page) || !strings.Contains(pattern, "*") && event.Page(pattern, event.DefaultPageRules) == page
}

func plainMatch(pattern, text string) bool {
	return regexp.MustCompile(`^` + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `.*`) + `$`).MatchString(text)
}

// shownAs is the node that a path is drawn at, at a step from 1; false where the path has ended before.
func (a *plainAnswer) shownAs(q *Pathways, p plainPath, step int) (pathwayNode, bool) {
	if len(p.nodes) < step-1 || step == 1 && len(p.nodes) == 0 {
		return pathwayNode{}, false
	}
	if len(p.nodes) == step-1 {
		if q.plainlyBackward() {
			return pathwayNode{"entry", "(entry)"}, true
		}
		return pathwayNode{"dropoff", "(dropoff)"}, true
	}
	node := p.nodes[step-1]
	most, shares := map[pathwayNode]int{}, map[pathwayNode]*big.Rat{} // on the side where it is largest
	for _, side := range a.sides {
		for other, count := range side.counts(step) {
			share := big.NewRat(int64(count), int64(len(side.paths)))
			if most[other] = max(most[other], count); shares[other] == nil || share.Cmp(shares[other]) > 0 {
				shares[other] = share
			}
		}
	}
	better := 0
	for other, share := range shares {
		order := share.Cmp(shares[node])
		if most[other] >= q.MinCount && (order > 0 || order == 0 &&
			(other.Name < node.Name || other.Name == node.Name && other.Kind == "page" && node.Kind == "action")) {
			better++
		}
	}
	if better >= q.NodesPerStep || most[node] < q.MinCount {
		return pathwayNode{"other", "(other)"}, true
	}
	return node, true
}

// counts are how many paths are where at a step.
func (a *plainAnswer) counts(step int) map[pathwayNode]int {
	counts := map[pathwayNode]int{}
	for _, p := range a.paths {
		if len(p.nodes) >= step {
			counts[p.nodes[step-1]]++
		}
	}
	return counts
}

// others are, by step, how many different pages and actions are drawn as (other), on whichever side.
func (a *plainAnswer) others(q *Pathways) map[int64][2]int64 {
	type place struct {
		step int64
		node pathwayNode
	}
	seen, others := map[place]bool{}, map[int64][2]int64{}
	for _, p := range a.allPaths() {
		for i, node := range p.nodes[:min(len(p.nodes), q.Steps)] {
			at := place{int64(i + 1), node}
			shown, _ := a.shownAs(q, p, i+1)
			if shown.Kind != "other" || seen[at] {
				continue
			}
			seen[at] = true
			numbers := others[at.step]
			numbers[questions.Number(node.Kind == "action")]++
			others[at.step] = numbers
		}
	}
	return others
}

// allPaths are those of all sides.
func (a *plainAnswer) allPaths() (paths []plainPath) {
	for _, side := range a.sides {
		paths = append(paths, side.paths...)
	}
	return paths
}
