package query

import (
	"testing"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// BenchmarkUserQuestions asks as the datasource does, of a million events in 200,000 sessions of 200,000 users.
func BenchmarkUserQuestions(b *testing.B) {
	db := testdb.New(b)
	storeVisits(b, db, 200_000)
	if _, err := db.Exec(b.Context(), `update footfall.worker set sessions = 200000, users = 200000`); err != nil {
		b.Fatal(err)
	}
	db = testdb.AsDatasource(b, db)
	c := visitsContext()
	filtered := func(text string) Selection { return Selection{Filter: text} }
	month := c
	month.From = c.To.AddDate(0, 0, -30)
	for _, question := range []struct {
		name string
		c    Context
		q    Question
	}{
		{"events", c, NewEvents()},
		{"events of a page", c, &Events{Selection: filtered("page:/page/7"), Limit: 500, IncludeAnonymous: true}},
		{"events of a user", c, &Events{Selection: filtered("user_id:u17"), Limit: 500, IncludeAnonymous: true}},
		{"events nowhere", month, &Events{Selection: filtered("price:>1000"), Limit: 500, IncludeAnonymous: true}},
		{"sessions", c, NewSessions()},
		{"sessions of a user", c, &Sessions{Person: Person{User: "u17"}, Limit: 100}},
		{"sessions by duration", month, &Sessions{Sort: Sort{"duration", true}, Limit: 100}},
		{"session", c, &OneSession{Session: "s17"}},
		{"profile", c, &Profile{Person: Person{User: "u17"}}},
		{"top pages of a user", c, &Top{Person: Person{User: "u17"}, Limit: 20, what: topPages}},
		{"top pages, 30 days", month, NewTopPages()},
		{"top actions, 30 days", month, NewTopActions()},
		{"values of page", c, &Values{Attribute: "page", Search: "/page/1", Limit: 50}},
		{"values of country", c, &Values{Attribute: "country", Limit: 50}},
		{"values of user_id", c, &Values{Attribute: "user_id", Limit: 50}},
		{"values of user_id, two letters", c, &Values{Attribute: "user_id", Search: "zz", Limit: 50}},
		{"values of user_id, three letters", c, &Values{Attribute: "user_id", Search: "abc", Limit: 50}},
		{"values of usr.plan", c, &Values{Attribute: "usr.plan", Limit: 50}},
		{"values of price", c, &Values{Attribute: "attributes.price", Search: "1", Limit: 50}},
		{"values of session_id", c, &Values{Attribute: "session_id", Search: "s1", Limit: 50}},
		{"frustrations", c, NewAnnotations()},
	} {
		b.Run(question.name, func(b *testing.B) {
			for b.Loop() {
				ask(b, db, question.c, question.q)
			}
		})
	}
}
