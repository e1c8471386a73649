package segments

import (
	"strings"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/query/users"
)

// SegmentMembers lists the members of a segment as Profiles does.
type SegmentMembers struct {
	Segment query.Members `json:"segment"` // an id or a definition
	Search  string        `json:"search"`
	Columns []string      `json:"columns"`
	Sort    query.Sort    `json:"sort"`
	Limit   int           `json:"limit"`
	Offset  int           `json:"offset"`
}

// NewSegmentMembers has the options' defaults: the hundred members seen last.
func NewSegmentMembers() *SegmentMembers { return &SegmentMembers{Limit: 100} }

// Prepare makes a question for profiles of it.
func (q *SegmentMembers) Prepare(c query.Context) (query.Answer, error) {
	if q.Segment.Definition == nil && q.Segment.ID == "" {
		return nil, query.Invalid("segment", "is missing; give the id of a segment, or a definition")
	}
	if strings.ContainsAny(q.Segment.ID, "[{,*") { // as a dashboard's variable with several values is written, or with All
		return nil, query.Invalid("segment", "takes one segment, not several (%s); choose one value of the variable, or ask for "+
			"profiles, whose includeSegments takes several", q.Segment.ID)
	}
	if _, err := q.Segment.Node(c, "segment"); err != nil { // which names the option
		return nil, err
	}
	profiles := users.Profiles{
		WhichUsers: users.WhichUsers{
			Selection: query.Selection{IncludeSegments: []query.Members{q.Segment}}, Search: q.Search,
			IncludeAnonymous: true, // where the segment has some
		},
		Columns: q.Columns, Sort: q.Sort, Limit: q.Limit, Offset: q.Offset, IncludeTotal: true,
	}
	return profiles.Prepare(c)
}
