package segment_test

import (
	"flag"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

var benchSessions = flag.Int("sessions", 300_000, "sessions of BenchmarkPreview, ten events each")

// previewQuestions are definitions over March 2026, and what one would ask of the table of events to get the size alone.
var previewQuestions = []struct{ name, where, naive string }{
	{
		"did see a page", `{"did": {"event": "type:view page:/page/7"}}`,
		`select count(distinct e.user_key) from footfall.events e join footfall.tokens k on k.id = e.token
		   join footfall.users u on u.key = e.user_key and u.kind = 'usr' where k.page = 7 and k.type = 'view'`,
	},
	{
		"page, then not click within 30 minutes", `{"sequence": {"steps": [{"event": "type:view page:/page/7"}, {"not": "action:\"click 5\""}], "within": "30m"}}`,
		`select count(distinct a.user_key) from footfall.events a join footfall.tokens k on k.id = a.token
		   join footfall.users u on u.key = a.user_key and u.kind = 'usr'
		  where k.page = 7 and k.type = 'view' and not exists (
		        select from footfall.events b join footfall.tokens j on j.id = b.token
		         where b.user_key = a.user_key and b.session_key = a.session_key and j.name = 1005
		           and b.ts between a.ts and a.ts + interval '30 minutes')`,
	},
	{
		"page, then page, in the last week, users of a plan",
		`{"all": [{"users": "usr.plan:pro"}, {"sequence": {"steps": [{"event": "type:view page:/page/7"}, {"event": "type:view page:/page/8"}], "window": {"last": "7d"}}}]}`, "",
	},
	{"two of three", `{"any": [{"did": {"event": "page:/page/1", "atLeast": 2}}, {"all": [{"did": {"event": "page:/page/2"}}, {"not": {"did": {"event": "page:/page/3"}}}]}]}`, ""},
}

// BenchmarkPreview previews segments (size, share, sample, waterfall), and beside it the naive size from events. Without
// -sessions it has three million events; from a million sessions on the events themselves and the naive SQL are left out.
func BenchmarkPreview(b *testing.B) {
	db := testdb.New(b)
	withEvents := *benchSessions < 1_000_000
	questions.StoreMarch(b, db, *benchSessions, withEvents)
	questions.Pack(b, db)
	db = testdb.AsDatasource(b, db)
	c := questions.Context()
	env := segment.Env{Now: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), Names: c.Names}
	for _, question := range previewQuestions {
		d, err := segment.Decode([]byte(`{"where": ` + question.where + `}`))
		require.NoError(b, err)
		b.Run(question.name, func(b *testing.B) {
			for b.Loop() {
				p, err := segment.ReadPreview(b.Context(), db, d, env)
				require.NoError(b, err)
				b.ReportMetric(float64(p.Size), "users")
			}
		})
		if question.naive == "" || !withEvents {
			continue
		}
		b.Run(question.name+", naive", func(b *testing.B) {
			for b.Loop() {
				var n int64
				require.NoError(b, db.QueryRow(b.Context(), question.naive).Scan(&n))
				b.ReportMetric(float64(n), "users")
			}
		})
	}
}
