package columns

import (
	"context"

	"golang.org/x/sync/semaphore"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// Tokens keeps what the tokens of one store mean: to read them for each question takes longer than most scans do. Many
// may read at a time. nil keeps nothing.
type Tokens struct {
	turn   *semaphore.Weighted
	stamp  string        // of what is kept
	list   []event.Token // by id, append-only
	lastID int32
}

// NewTokens keeps nothing yet.
func NewTokens() *Tokens { return &Tokens{turn: semaphore.NewWeighted(1)} }

// stampSQL changes with the meaning of any token that there was: with page groups, when texts are forgotten, when sessions
// are rebuilt, and when the table is another one. The worker keeps its own memory as long.
const stampSQL = `select concat_ws(' ', w.epoch, 'footfall.tokens'::regclass::oid, pg_relation_filenode('footfall.tokens'))
  from footfall.worker w`

// tokensSQL reads those that have been added. Pages are what they are shown as.
const tokensSQL = `select k.id, k.type::text, coalesce(` + filter.ShownPage + `, 0), coalesce(k.name, 0), k.frustration
  from footfall.tokens k
 where k.id > $1`

// Read returns all tokens that there are in the transaction db, by id, and the statements that were run. Of ids that are no
// token's, type is "". The list is not to be changed. Errors are of type *store.StatementError.
func (t *Tokens) Read(ctx context.Context, db store.Querier) ([]event.Token, []store.Statement, error) {
	if t == nil {
		t = NewTokens()
	}
	if err := t.turn.Acquire(ctx, 1); err != nil {
		return nil, nil, err
	}
	defer t.turn.Release(1) // who waits wants the same
	var stamp string
	stamped := store.Statement{SQL: stampSQL}
	if err := stamped.Each(ctx, db, []any{&stamp}, func() error { return nil }); err != nil {
		return nil, []store.Statement{stamped}, err
	}
	if t.stamp != stamp {
		t.stamp, t.list, t.lastID = stamp, nil, 0
	}
	added := store.Statement{SQL: tokensSQL, Args: []any{t.lastID}, Binary: true}
	executed := []store.Statement{stamped, added}
	var id int32
	var one event.Token
	var eventType string
	types := map[string]event.Type{} // one text of each for all tokens
	err := added.Each(ctx, db, []any{&id, &eventType, &one.Page, &one.Name, (*uint8)(&one.Frustration)}, func() error {
		if one.Type = types[eventType]; one.Type == "" {
			one.Type, types[eventType] = event.Type(eventType), event.Type(eventType)
		}
		if missing := int(id) + 1 - len(t.list); missing > 0 {
			t.list = append(t.list, make([]event.Token, missing)...)
		}
		t.list[id], t.lastID = one, max(t.lastID, id)
		return nil
	})
	if err != nil {
		t.stamp = "" // some may be missing
		return nil, executed, err
	}
	return t.list, executed, nil
}
