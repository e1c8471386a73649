package activity

import (
	"context"
	"encoding/json"
	"math/bits"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// course is how a session went, to be drawn in one line: at most courseSlots views and as many marks. Where there are more,
// those that lie within one slot of the session's time are one: the view that began last, the mark that matters most.
type course struct {
	Views []courseView `json:"views"`
	Marks []courseMark `json:"marks"`
}

// courseView is a page that was looked at, as it is shown; none where it has none.
type courseView struct {
	At   int64   `json:"at"` // milliseconds since the session's start
	Page *string `json:"page"`

	id int32 // of the page
}

// courseMark is an action, an error, or the name of a frustration, which comes before the two.
type courseMark struct {
	At   int64  `json:"at"` // milliseconds since the session's start
	Kind string `json:"kind"`
}

const courseSlots = 200

// maxCourses is how many sessions may be asked with theirs.
const maxCourses = 100

// coursesSQL is what courses are made of, over session s.
const coursesSQL = ", s.tokens, s.offsets"

// courses are those of the sessions of an answer, in its order.
type courses struct {
	kept    *columns.Tokens
	tokens  []int32
	offsets []int64
	steps   []courseSteps
}

type courseSteps struct {
	tokens  []int32
	offsets []int64
}

// Targets are where the arrays of the next session go, for Take.
func (c *courses) Targets() []any { return []any{&c.tokens, &c.offsets} }

// Take keeps them.
func (c *courses) Take() {
	c.steps = append(c.steps, courseSteps{c.tokens, c.offsets})
	c.tokens, c.offsets = nil, nil // the next session's must not overwrite them
}

// add gives a frame of these sessions a field with the course of each as JSON.
func (c *courses) add(ctx context.Context, db store.Querier, frame *data.Frame) error {
	tokens, _, err := c.kept.Read(ctx, db)
	if err != nil {
		return err
	}
	all := make([]course, len(c.steps))
	var pages []int32
	for i, steps := range c.steps {
		all[i] = courseOf(steps, tokens)
		for _, view := range all[i].Views {
			if view.id != 0 {
				pages = append(pages, view.id)
			}
		}
	}
	texts, err := query.ReadTexts(ctx, db, pages)
	if err != nil {
		return err
	}
	values := make([]string, len(all))
	for i, one := range all {
		for v := range one.Views {
			one.Views[v].Page = texts[one.Views[v].id]
		}
		text, err := json.Marshal(one)
		if err != nil {
			return err
		}
		values[i] = string(text)
	}
	field := data.NewField("course", nil, values)
	field.Config = &data.FieldConfig{DisplayNameFromDS: "Course"}
	frame.Fields = append(frame.Fields, field)
	return nil
}

func courseOf(steps courseSteps, tokens []event.Token) course {
	one := course{Views: []courseView{}, Marks: []courseMark{}}
	if len(steps.offsets) == 0 {
		return one
	}
	last := steps.offsets[len(steps.offsets)-1]
	slot := func(at int64) int64 { return at * courseSlots / (last + 1) }
	for i, at := range steps.offsets {
		token := tokens[steps.tokens[i]]
		if token.Type == event.View {
			view := courseView{At: at, id: token.Page}
			if n := len(one.Views); n > 0 && slot(one.Views[n-1].At) == slot(at) {
				one.Views[n-1] = view
			} else {
				one.Views = append(one.Views, view)
			}
		}
		kind := markOf(token)
		if kind == "" {
			continue
		}
		if n := len(one.Marks); n == 0 || slot(one.Marks[n-1].At) != slot(at) {
			one.Marks = append(one.Marks, courseMark{at, kind})
		} else if weight(kind) > weight(one.Marks[n-1].Kind) {
			one.Marks[n-1] = courseMark{at, kind}
		}
	}
	return one
}

// markOf is what an event is marked as, "" if as nothing.
func markOf(token event.Token) string {
	if token.Frustration != 0 {
		first := event.Frustration(1) << bits.TrailingZeros8(uint8(token.Frustration))
		for name, bit := range event.FrustrationNames {
			if bit == first {
				return name
			}
		}
	}
	if token.Type == event.Action || token.Type == event.Error {
		return string(token.Type)
	}
	return ""
}

func weight(mark string) int {
	switch event.Type(mark) {
	case event.Action:
		return 0
	case event.Error:
		return 1
	}
	return 2
}
