package plugin

import (
	"testing"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/query/activity"
	"github.com/footfall-analytics/footfall/pkg/query/top"
	"github.com/footfall-analytics/footfall/pkg/query/users"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// BenchmarkUserQuestions asks as the datasource does, of a million events in 200,000 sessions of 200,000 users.
func BenchmarkUserQuestions(b *testing.B) {
	db := testdb.New(b)
	questions.StoreVisits(b, db, 200_000)
	if _, err := db.Exec(b.Context(), `update footfall.worker set sessions = 200000, users = 200000`); err != nil {
		b.Fatal(err)
	}
	db = testdb.AsDatasource(b, db)
	c := questions.VisitsContext()
	filtered := func(text string) query.Selection { return query.Selection{Filter: text} }
	ofUser := top.NewTopPages()
	ofUser.User = "u17"
	month := c
	month.From = c.To.AddDate(0, 0, -30)
	for _, question := range []struct {
		name string
		c    query.Context
		q    query.Question
	}{
		{"events", c, activity.NewEvents()},
		{"events of a page", c, &activity.Events{Selection: filtered("page:/page/7"), Limit: 500, IncludeAnonymous: true}},
		{"events of a user", c, &activity.Events{Selection: filtered("user_id:u17"), Limit: 500, IncludeAnonymous: true}},
		{"events nowhere", month, &activity.Events{Selection: filtered("price:>1000"), Limit: 500, IncludeAnonymous: true}},
		{"sessions", c, activity.NewSessions()},
		{"sessions of a user", c, &activity.Sessions{Person: query.Person{User: "u17"}, Limit: 100}},
		{"sessions by duration", month, &activity.Sessions{Sort: query.Sort{Column: "duration", Descending: true}, Limit: 100}},
		{"session", c, &activity.OneSession{Session: "s17"}},
		{"profile", c, &users.Profile{Person: query.Person{User: "u17"}}},
		{"top pages of a user", c, ofUser},
		{"top pages, 30 days", month, top.NewTopPages()},
		{"top actions, 30 days", month, top.NewTopActions()},
		{"values of page", c, &users.Values{Attribute: "page", Search: "/page/1", Limit: 50}},
		{"values of country", c, &users.Values{Attribute: "country", Limit: 50}},
		{"values of user_id", c, &users.Values{Attribute: "user_id", Limit: 50}},
		{"values of user_id, two letters", c, &users.Values{Attribute: "user_id", Search: "zz", Limit: 50}},
		{"values of user_id, three letters", c, &users.Values{Attribute: "user_id", Search: "abc", Limit: 50}},
		{"values of usr.plan", c, &users.Values{Attribute: "usr.plan", Limit: 50}},
		{"values of price", c, &users.Values{Attribute: "attributes.price", Search: "1", Limit: 50}},
		{"values of session_id", c, &users.Values{Attribute: "session_id", Search: "s1", Limit: 50}},
		{"frustrations", c, activity.NewAnnotations()},
	} {
		b.Run(question.name, func(b *testing.B) {
			for b.Loop() {
				questions.Ask(b, db, question.c, question.q)
			}
		})
	}
}
