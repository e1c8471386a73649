package pathways

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// frames are nodes and edges of each side, with the fields that Grafana's node graph draws: id, title, subtitle, mainstat,
// secondarystat; id, source, target, mainstat. It would take both sides for one graph, so it is not told of the second.
func (plan *pathwaysPlan) frames(c *pathwayCounts) data.Frames {
	var frames data.Frames
	for i, side := range c.sides {
		nodes, edges := plan.nodes(c, side), plan.edges(side)
		shownAs := data.VisType(data.VisTypeNodeGraph)
		if i > 0 {
			nodes.Name, edges.Name, shownAs = "compared "+nodes.Name, "compared "+edges.Name, data.VisTypeTable
		}
		for _, frame := range []*data.Frame{nodes, edges} {
			frame.Meta = &data.FrameMeta{
				PreferredVisualization: shownAs,
				ExecutedQueryString:    query.ExecutedText(c.executed...),
				Custom:                 map[string]any{"counted": side.counted, "withoutAnchor": side.withoutAnchor, "empty": side.empty},
			}
		}
		nodes.AppendNotices(plan.notices(side)...)
		frames = append(frames, nodes, edges)
	}
	return frames
}

// nodes are those of a side. Where one side has none of a node that the other has, its row says so.
func (plan *pathwaysPlan) nodes(c *pathwayCounts, side *pathwaySide) *data.Frame {
	frame := newNodesFrame()
	for step, shown := range side.shown {
		isLast := step == plan.Steps-1
		for _, n := range shown {
			frame.AppendRow(plan.nodeRow(step+1, n, side.counted, isLast)...)
		}
		if step > 0 && slices.ContainsFunc(c.sides, func(one *pathwaySide) bool { return one.ended(step-1) > 0 }) {
			end := shownNode{pathwayNode: plan.terminal(), Count: side.ended(step - 1)}
			frame.AppendRow(plan.nodeRow(step+1, end, side.counted, isLast)...)
		}
	}
	return frame
}

// edges are the links of a side.
func (plan *pathwaysPlan) edges(side *pathwaySide) *data.Frame {
	frame := newEdgesFrame()
	ids := plan.ids(side.shown)
	for step, links := range side.allLinks() {
		for _, link := range links {
			frame.AppendRow(plan.edgeRow(ids, step, link)...)
		}
	}
	return frame
}

// ended are the paths that end at a step, from 0.
func (side *pathwaySide) ended(step int) (n int) {
	for _, node := range side.shown[step] {
		n += node.Ended
	}
	return n
}

func newNodesFrame() *data.Frame {
	return data.NewFrame("nodes",
		configured(data.NewField("id", nil, []string{}), "ID", ""),
		configured(data.NewField("step", nil, []int64{}), "Step", ""),
		configured(data.NewField("name", nil, []string{}), "Name", ""),
		configured(data.NewField("kind", nil, []string{}), "Kind", ""),
		configured(data.NewField("value", nil, []int64{}), "Count", "short"),
		configured(data.NewField("incoming", nil, []int64{}), "Incoming", "short"),
		configured(data.NewField("outgoing", nil, []int64{}), "Outgoing", "short"),
		configured(data.NewField("dropoff", nil, []int64{}), "Drop-off", "short"),
		configured(data.NewField("continues", nil, []int64{}), "Continues", "short"),
		configured(data.NewField("pages", nil, []*int64{}), "Pages", "short"),
		configured(data.NewField("actions", nil, []*int64{}), "Actions", "short"),
		configured(data.NewField("title", nil, []string{}), "Name", ""),
		configured(data.NewField("subtitle", nil, []string{}), "Step", ""),
		stat(data.NewField("mainstat", nil, []int64{}), "Count", ""),
		stat(data.NewField("secondarystat", nil, []float64{}), "Share of all counted", "%"))
}

func newEdgesFrame() *data.Frame {
	return data.NewFrame("edges",
		configured(data.NewField("id", nil, []string{}), "ID", ""),
		configured(data.NewField("source", nil, []string{}), "Source", ""),
		configured(data.NewField("target", nil, []string{}), "Target", ""),
		configured(data.NewField("value", nil, []int64{}), "Count", "short"),
		stat(data.NewField("mainstat", nil, []int64{}), "Count", ""),
		configured(data.NewField("median_time", nil, []*float64{}), "Median time", "ms"),
		configured(data.NewField("step", nil, []int64{}), "Step", ""))
}

func configured(field *data.Field, name, unit string) *data.Field {
	field.Config = &data.FieldConfig{DisplayNameFromDS: name, Unit: unit}
	return field
}

// stat is a number in the node graph, which writes units as they are named, and knows only this name.
func stat(field *data.Field, name, unit string) *data.Field {
	field.Config = &data.FieldConfig{DisplayName: name, Unit: unit}
	return field
}

// nodeRow: at the last step, what goes out is no link any more, and counts as continuing.
func (plan *pathwaysPlan) nodeRow(step int, n shownNode, counted int, isLast bool) []any {
	outgoing, continues := n.Outgoing, 0
	if isLast {
		outgoing, continues = 0, n.Outgoing
	}
	var pages, actions *int64
	if n.Kind == otherNode {
		pages, actions = new(int64(n.Pages)), new(int64(n.Actions))
	}
	count, share := int64(n.Count), 0.0
	if n.Count > 0 {
		share = float64(n.Count) * 100 / float64(counted)
	}
	return []any{
		n.id(step), int64(step), n.Name, string(n.Kind), count, count, int64(outgoing), int64(n.Ended), int64(continues),
		pages, actions, n.Name, fmt.Sprintf("Step %d", step), count, share,
	}
}

// edgeRow is a link in the order of time, whichever way paths are read.
func (plan *pathwaysPlan) edgeRow(ids [][]string, step int, link shownLink) []any {
	next := ids[step+1]
	source, target := ids[step][link.From], next[len(next)-1]
	if link.To >= 0 {
		target = next[link.To]
	}
	if plan.backward() {
		source, target = target, source
	}
	count := int64(link.Count)
	return []any{source + " -> " + target, source, target, count, count, link.Median, int64(step + 1)}
}

// ids are those of each step's nodes and, last, of its terminal: edges share them, of which there may be 47,500.
func (plan *pathwaysPlan) ids(steps [][]shownNode) [][]string {
	ids := make([][]string, len(steps))
	for step, shown := range steps {
		for _, n := range shown {
			ids[step] = append(ids[step], n.id(step+1))
		}
		ids[step] = append(ids[step], plan.terminal().id(step+1))
	}
	return ids
}

// id is unique in a question's answer.
func (n pathwayNode) id(step int) string { return fmt.Sprintf("%d:%s:%s", step, n.Kind, n.Name) }

// notices say which paths are not counted.
func (plan *pathwaysPlan) notices(c *pathwaySide) []data.Notice {
	print := message.NewPrinter(language.English).Sprintf
	var reasons []string
	if c.withoutAnchor > 0 {
		reasons = append(reasons, print("%d without %s", c.withoutAnchor, plan.Page))
	}
	if c.empty > 0 {
		reasons = append(reasons, print("%d without any node", c.empty))
	}
	var notices []data.Notice
	if left := c.withoutAnchor + c.empty; left > 0 {
		notices = append(notices, data.Notice{
			Text: print("%d of %d %ss are not counted: %s", left, c.counted+left, plan.Unit, strings.Join(reasons, ", ")),
		})
	}
	if c.truncated > 0 {
		notices = append(notices, data.Notice{
			Severity: data.NoticeSeverityWarning,
			Text:     store.Counted(int64(c.truncated), "session is so long that only its first events are", "sessions are so long that only their first events are") + " looked at",
		})
	}
	return notices
}
