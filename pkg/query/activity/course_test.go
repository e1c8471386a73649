package activity

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestCoursesAnswerAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t), history.PageGroups(t)...)
		c := questions.DrawContext(t)
		q := &Sessions{IncludeAnonymous: true, Limit: maxCourses, Course: true}
		frame := questions.AskOne(t, reader, c, q)
		starts, got := questions.Values(t, frame, "session_start"), questions.Values(t, frame, "course")
		var wanted, listed []string
		for _, s := range world.Sessions {
			if startsInRange(c, s) {
				wanted = append(wanted, plainCourse(t, s))
			}
		}
		for i := range starts {
			listed = append(listed, got[i].(string))
		}
		require.ElementsMatch(t, wanted, listed)
	})
}

// plainCourse is a session's course as JSON.
func plainCourse(t *rapid.T, s *history.Session) string {
	var happened []moment
	for _, e := range s.Events {
		one := moment{at: e.TS - s.Start(), isView: e.Type == event.View}
		if page, there := textOrNil(e.Value("page")).(string); there {
			one.page = &page
		}
		if names, there := frustrations(e).(string); there {
			one.mark, _, _ = strings.Cut(names, ",")
		} else if e.Type == event.Action || e.Type == event.Error {
			one.mark = string(e.Type)
		}
		happened = append(happened, one)
	}
	text, err := json.Marshal(bySlot(happened))
	require.NoError(t, err)
	return string(text)
}

// moment is an event of a course.
type moment struct {
	at     int64
	isView bool
	page   *string
	mark   string
}

// bySlot looks through all events for each slot.
func bySlot(happened []moment) course {
	one := course{Views: []courseView{}, Marks: []courseMark{}}
	length := happened[len(happened)-1].at + 1
	for slot := range int64(courseSlots) {
		var view *courseView
		var mark *courseMark
		for _, m := range happened {
			if m.at*courseSlots/length != slot {
				continue
			}
			if m.isView {
				view = &courseView{At: m.at, Page: m.page}
			}
			if m.mark != "" && (mark == nil || weight(m.mark) > weight(mark.Kind)) {
				mark = &courseMark{m.at, m.mark}
			}
		}
		if view != nil {
			one.Views = append(one.Views, *view)
		}
		if mark != nil {
			one.Marks = append(one.Marks, *mark)
		}
	}
	return one
}

// Long sessions, of which no store has enough.
func TestCoursesOfManyEvents(t *testing.T) {
	tokens := []event.Token{
		{}, {Type: event.View}, {Type: event.Action}, {Type: event.Error}, {Type: event.Custom},
		{Type: event.Action, Frustration: event.ErrorClick | event.RageClick}, {Type: event.View, Frustration: event.DeadClick},
	}
	marks := []string{"", "", "action", "error", "", "rage_click", "dead_click"}
	rapid.Check(t, func(t *rapid.T) {
		var steps courseSteps
		var happened []moment
		longest := rapid.SampledFrom([]int{0, 40, 4000}).Draw(t, "longest")
		offsets := rapid.SliceOfN(rapid.IntRange(0, longest), 1, 300).Draw(t, "offsets")
		slices.Sort(offsets)
		for _, at := range offsets {
			token := rapid.IntRange(1, len(tokens)-1).Draw(t, "token")
			steps.offsets, steps.tokens = append(steps.offsets, int64(at)), append(steps.tokens, int32(token))
			happened = append(happened, moment{int64(at), tokens[token].Type == event.View, nil, marks[token]})
		}
		require.Equal(t, bySlot(happened), courseOf(steps, tokens))
	})
}

func TestCourseOfTheShop(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	listed := questions.AskOne(t, db, questions.ShopContext(), &Sessions{Person: query.Person{User: "u-1"}, Limit: 1, Course: true})
	one := questions.Ask(t, db, questions.ShopContext(), &OneSession{Session: questions.Values(t, listed, "session_id")[0].(string), Course: true})
	require.NotEmpty(t, questions.Values(t, listed, "course"))
	require.Equal(t, questions.Values(t, listed, "course"), questions.Values(t, one[0], "course"))
}

func TestCoursesAreOfFewSessions(t *testing.T) {
	questions.Refused(t, "options.limit must be at most 100 with course, not 101", &Sessions{Limit: 101, Course: true})
}
