package plugin

import (
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/query/activity"
	"github.com/footfall-analytics/footfall/pkg/query/explorer"
	"github.com/footfall-analytics/footfall/pkg/query/pathways"
	"github.com/footfall-analytics/footfall/pkg/query/segments"
	"github.com/footfall-analytics/footfall/pkg/query/top"
	"github.com/footfall-analytics/footfall/pkg/query/users"
)

// Questions makes a question of each query type, with its options' defaults.
var Questions = map[string]func() query.Question{
	"activeUsers":    func() query.Question { return explorer.NewActiveUsers() },
	"annotations":    func() query.Question { return activity.NewAnnotations() },
	"events":         func() query.Question { return activity.NewEvents() },
	"explorer":       func() query.Question { return explorer.NewExplorer() },
	"facets":         func() query.Question { return users.NewFacets() },
	"pathways":       func() query.Question { return pathways.NewPathways() },
	"profile":        func() query.Question { return users.NewProfile() },
	"profiles":       func() query.Question { return users.NewProfiles() },
	"session":        func() query.Question { return activity.NewSession() },
	"sessions":       func() query.Question { return activity.NewSessions() },
	"topActions":     func() query.Question { return top.NewTopActions() },
	"topPages":       func() query.Question { return top.NewTopPages() },
	"values":         func() query.Question { return users.NewValues() },
	"segments":       func() query.Question { return segments.NewSegments() },
	"segmentMembers": func() query.Question { return segments.NewSegmentMembers() },
	"segmentSize":    func() query.Question { return segments.NewSegmentSize() },
}

// overMany are those that read all sessions of their range, whatever is asked.
var overMany = map[string]bool{"activeUsers": true, "explorer": true, "pathways": true, "topActions": true, "topPages": true}
