package columns

import (
	"context"
	"encoding/json"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// MostLookedUp is how many sessions are looked up one by one rather than reading all. Tests want fewer.
var MostLookedUp = 10_000

// mostHeld is how many tokens the index over sessions' tokens is asked for.
const mostHeld = 500

// holdingSQL are sessions that reach into a time and hold one of some tokens, or perhaps: those whose arrays are cut off.
var holdingSQL = `select s.user_key, s.session_key
  from footfall.sessions s
 where (s.truncated or s.tokens && $1)
   and ` + filter.Overlap("$2", "$3")

// Holding narrows a scan of all sessions that reach into its time to those with one of some tokens, and truncated ones, where
// an index has them and they are few. It returns the statements that were run.
func (s *Scan) Holding(ctx context.Context, db store.Querier, tokens []int32) ([]store.Statement, error) {
	if len(tokens) > mostHeld || s.Users != nil {
		return nil, nil
	}
	held := store.Statement{SQL: holdingSQL, Args: []any{tokens, s.From, s.To}, Binary: true}
	expected, err := expect(ctx, db, held)
	if err != nil || expected > 2*MostLookedUp { // to find so many for nothing takes a third of what reading all does
		return nil, err
	}
	held.SQL, held.Args = held.SQL+"\n limit $4", append(held.Args, MostLookedUp+1)
	refs := []Ref{}
	var ref Ref
	err = held.Each(ctx, db, []any{&ref.User, &ref.Session}, func() error {
		refs = append(refs, ref)
		return nil
	})
	if len(refs) <= MostLookedUp {
		s.Sessions = refs
	}
	return []store.Statement{held}, err
}

// expect is how many rows PostgreSQL expects of a statement.
func expect(ctx context.Context, db store.Querier, s store.Statement) (rows int, err error) {
	s.SQL = "explain (format json) " + s.SQL
	var text string
	if err := s.Each(ctx, db, []any{&text}, func() error { return nil }); err != nil {
		return 0, err
	}
	var plans []struct {
		Plan struct {
			Rows float64 `json:"Plan Rows"`
		}
	}
	if err := json.Unmarshal([]byte(text), &plans); err != nil || len(plans) == 0 {
		return 0, err
	}
	return int(plans[0].Plan.Rows), nil
}
