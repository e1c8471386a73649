// Package pathways holds the question which ways sessions or users take, and which sessions are counted in a step.
package pathways

import (
	"context"
	"fmt"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// Pathways asks which ways sessions that start in the dashboard's range take through the pages: how many are where at
// each step, and where they go next. docs/queries.md has the definition.
type Pathways struct {
	query.Selection // of sessions
	// Compare is another selection, whose paths are told beside those of the query's own: the same nodes are shown of both.
	Compare          *query.Selection `json:"compare,omitempty"`
	Anchor           PathwayAnchor    `json:"anchor"`
	Page             string           `json:"page"` // where paths are anchored: a page as it is shown, * is any text
	Unit             PathwayUnit      `json:"unit"`
	Actions          bool             `json:"actions"` // actions are nodes too
	Groups           []string         `json:"groups"`  // patterns; pages of the first that matches are one node
	Hide             []string         `json:"hide"`    // patterns of pages, groups and actions that are passed over
	Repeats          PathwayRepeats   `json:"repeats"`
	Steps            int              `json:"steps"`            // 2 to 20
	NodesPerStep     int              `json:"nodesPerStep"`     // 1 to 50; the rest of a step is one node, (other)
	MinCount         int              `json:"minCount"`         // nodes of less are part of (other)
	IncludeAnonymous bool             `json:"includeAnonymous"` // per session, those of nobody too
}

// PathwayAnchor is where paths begin, or with before and end, where they end.
type PathwayAnchor string

// PathwayUnit is whose events make one path.
type PathwayUnit string

// PathwayRepeats collapses consecutive repeats of a node, or takes only each node's first.
type PathwayRepeats string

const (
	anchorStart  PathwayAnchor = "start"
	anchorAfter  PathwayAnchor = "after"
	anchorBefore PathwayAnchor = "before"
	anchorEnd    PathwayAnchor = "end"

	unitSession PathwayUnit = "session"
	unitUser    PathwayUnit = "user"

	repeatsCollapse PathwayRepeats = "collapse"
	repeatsFirst    PathwayRepeats = "first"
)

const (
	maxPathwaySteps    = 20
	maxPathwayNodes    = 50
	maxPathwayPatterns = 100
	maxPathwayPattern  = 8192 // bytes, as long as a path can be
	maxPathwayCount    = 1_000_000_000
)

// NewPathways has the options' defaults: the first five pages of sessions.
func NewPathways() *Pathways {
	return &Pathways{Anchor: anchorStart, Unit: unitSession, Repeats: repeatsCollapse, Steps: 5, NodesPerStep: 10}
}

// pathwaysPlan is a prepared Pathways.
type pathwaysPlan struct {
	Pathways
	context query.Context
	sides   []selectedSide // of the query's own selection and, where there is one, of that to compare with
}

// selectedSide are the sessions of one of the selections that are compared.
type selectedSide struct {
	sessions  filter.Node
	truncated *store.Statement // nil where the filter looks into no arrays
}

// Prepare makes the statements.
func (q *Pathways) Prepare(c query.Context) (query.Answer, error) {
	plan, err := q.plan(c)
	if err != nil {
		return nil, err
	}
	return plan.answer, nil
}

func (q *Pathways) plan(c query.Context) (*pathwaysPlan, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	if err := c.CheckRange(); err != nil {
		return nil, err
	}
	if q.hasPage() {
		c.Asked.Page(c.Names, q.Page)
	}
	plan := &pathwaysPlan{Pathways: *q, context: c}
	return plan, plan.selectSessions(c)
}

// hasPage tells whether paths begin or end at a page.
func (q *Pathways) hasPage() bool { return q.Anchor == anchorAfter || q.Anchor == anchorBefore }

// backward tells whether paths are read from their end.
func (q *Pathways) backward() bool { return q.Anchor == anchorBefore || q.Anchor == anchorEnd }

func (q *Pathways) check() error {
	switch {
	case q.Anchor != anchorStart && q.Anchor != anchorEnd && !q.hasPage():
		return query.Invalid("anchor", "is %q; it must be start, after, before or end", q.Anchor)
	case q.hasPage() && q.Page == "":
		return query.Invalid("page", "is missing: with anchor %q it must be a page, or a pattern such as /product/*", q.Anchor)
	case q.Unit != unitSession && q.Unit != unitUser:
		return query.Invalid("unit", "is %q; it must be session or user", q.Unit)
	case q.Repeats != repeatsCollapse && q.Repeats != repeatsFirst:
		return query.Invalid("repeats", "is %q; it must be collapse or first", q.Repeats)
	case q.Steps < 2 || q.Steps > maxPathwaySteps:
		return query.Invalid("steps", "must be 2 to %d, not %d", maxPathwaySteps, q.Steps)
	case q.NodesPerStep < 1 || q.NodesPerStep > maxPathwayNodes:
		return query.Invalid("nodesPerStep", "must be 1 to %d, not %d", maxPathwayNodes, q.NodesPerStep)
	case q.MinCount < 0 || q.MinCount > maxPathwayCount:
		return query.Invalid("minCount", "must be 0 to %d, not %d", maxPathwayCount, q.MinCount)
	}
	if err := query.CheckText("page", q.Page, maxPathwayPattern); err != nil {
		return err
	}
	if err := checkPathwayPatterns("groups", q.Groups); err != nil {
		return err
	}
	return checkPathwayPatterns("hide", q.Hide)
}

func checkPathwayPatterns(field string, patterns []string) error {
	if len(patterns) > maxPathwayPatterns {
		return query.Invalid(field, "has %d entries, more than %d", len(patterns), maxPathwayPatterns)
	}
	for i, pattern := range patterns {
		one := fmt.Sprintf("%s[%d]", field, i)
		if pattern == "" {
			return query.Invalid(one, "is empty; it must be a page, or a pattern such as /product/*")
		}
		if err := query.CheckText(one, pattern, maxPathwayPattern); err != nil {
			return err
		}
	}
	return nil
}

func (plan *pathwaysPlan) selectSessions(c query.Context) error {
	own, err := selectSide(c, plan.Selection)
	if err != nil {
		return err
	}
	plan.sides = append(plan.sides, own)
	if plan.Compare == nil {
		return nil
	}
	compared, err := selectSide(c, *plan.Compare)
	plan.sides = append(plan.sides, compared)
	return within("compare.", err)
}

// selectSide also asks for truncated sessions where the filter may have left them out: the paths tell only of those that it
// selects.
func selectSide(c query.Context, selection query.Selection) (side selectedSide, err error) {
	if side.sessions, err = selection.Node(c); err != nil {
		return side, err
	}
	compiler := c.Compiler()
	if _, err := compiler.Sessions(side.sessions); err != nil {
		return side, query.InvalidFilter("options.filter", err)
	}
	if compiler.Needs.Arrays {
		side.truncated = c.TruncatedIn(query.Person{})
	}
	return side, nil
}

// counts tells whether those of a kind of user are counted: per user, nobody is none.
func (q *Pathways) counts(kind packed.Kind) bool {
	return kind == packed.User || q.IncludeAnonymous && (kind == packed.Anonymous || q.Unit == unitSession)
}

// answer reads the paths, counts them and draws the frames.
func (plan *pathwaysPlan) answer(ctx context.Context, db store.Querier) (data.Frames, error) {
	counts, err := plan.count(ctx, db, 0, 0)
	if err != nil {
		return nil, err
	}
	defer counts.room.Clear()
	frames := plan.frames(counts)
	for i, side := range plan.sides {
		if err := query.NoteTruncated(ctx, db, frames[2*i], side.truncated); err != nil {
			return nil, err
		}
	}
	return frames, nil
}
