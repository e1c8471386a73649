package columns_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Sessions that are named are looked up, and no others.
func TestSomeSessionsAreLookedUp(t *testing.T) {
	db := testdb.New(t)
	rapid.Check(t, func(t *rapid.T) {
		history.Load(t, db, history.Rows(t))
		for _, from := range []string{"-infinity", "infinity"} {
			_, err := db.Exec(t.Context(), `update footfall.columns set built_from = $1::text::timestamptz`, from)
			require.NoError(t, err)
			s := drawScope(t)
			scan := columns.Scan{From: s.from, To: s.to, Reaching: rapid.Bool().Draw(t, "reaching"), ByUser: rapid.Bool().Draw(t, "by user")}
			read := func() (refs []columns.Ref) {
				found := make([][]columns.Ref, columns.Workers())
				_, err := scan.Read(t.Context(), db, func(worker int, one *columns.Session) error {
					found[worker] = append(found[worker], one.Ref)
					return nil
				})
				require.NoError(t, err)
				for _, list := range found {
					refs = append(refs, list...)
				}
				return refs
			}
			some := []columns.Ref{}
			for _, ref := range read() {
				if rapid.Bool().Draw(t, "named") {
					some = append(some, ref)
				}
			}
			scan.Sessions = append([]columns.Ref{{User: 1 << 30, Session: 1}}, some...) // one that is not there
			require.ElementsMatch(t, some, read())
		}
		_, err := db.Exec(t.Context(), `update footfall.columns set built_from = '-infinity'`)
		require.NoError(t, err)
	})
}
