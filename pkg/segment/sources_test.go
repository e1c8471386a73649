package segment_test

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Wherever the events come from (packed sessions as they lie or user by user, all of them or those that an index has, rows that are not packed yet, events of
// sessions that are longer than what is packed), the same users are found.
func TestEverySourceHasTheSameMembers(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	rapid.Check(t, func(t *rapid.T) {
		o := plain{world: history.Load(t, db, history.Rows(t), history.PageGroups(t)...), now: history.Origin.AddDate(0, 0, 60)}
		requireFromAnySource(t, db, reader, o, drawHappening)
	})
}

// The same where nearly every event is at the same time as one of another session, at the edges of windows and just within
// a sequence's time.
func TestEventsAtTheSameTime(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(drawCrowded), 1, 12).Draw(t, "rows")
		now := history.Origin.Add(time.Duration(rapid.IntRange(2, 6).Draw(t, "now")) * time.Second)
		requireFromAnySource(t, db, reader, plain{world: history.Load(t, db, rows), now: now}, func(t *rapid.T) segment.Condition {
			return drawCrowdedCondition(t, nil, &segment.Window{Last: "1s"}, &segment.Window{Last: "2s"}, &segment.Window{Last: "3s"})
		})
	})
}

// A computation stores whom the definition is for, whatever was stored before.
func TestComputedMembersAreThoseDefined(t *testing.T) {
	ctx := t.Context()
	db := testdb.New(t)
	random := dynamic(t, "random", cart)
	random.RefreshMinutes = nil
	require.NoError(t, segment.Create(ctx, db, random, "eve"))
	version := 1
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(drawCrowded), 1, 12).Draw(t, "rows")
		o := plain{world: history.Load(t, db, rows), now: time.Now()}
		o.matching = history.Matcher{Now: o.now, Names: history.Names}
		if rapid.Bool().Draw(t, "truncated") {
			cutSessions(t, db)
		}
		for range 2 {
			random.Definition = &segment.Definition{
				Identity: rapid.SampledFrom([]string{"", "usr.id", "usr.email"}).Draw(t, "identity"), Where: drawCrowdedCondition(t, nil),
			}
			require.NoError(t, segment.Update(ctx, db, version, random, "eve"))
			version++
			require.NoError(t, segment.Refresh(ctx, db, "random"))
			want := o.membersOf(*random.Definition)
			require.Equal(t, want, lines(t, db, `
				select u.id from footfall.segment_members m
				  join footfall.segments s on s.key = m.segment_key and s.id = 'random'
				  join footfall.users u on u.key = m.user_key`))
			s, err := segment.Get(ctx, db, "random")
			require.NoError(t, err)
			require.EqualValues(t, len(want), *s.Size)
			require.EqualValues(t, len(o.universe(*random.Definition)), *s.Universe)
			require.False(t, s.Stale)
		}
	})
}

func requireFromAnySource(t *rapid.T, db, reader *pgxpool.Pool, o plain, draw func(*rapid.T) segment.Condition) {
	ctx := context.Background()
	if rapid.Bool().Draw(t, "truncated") {
		cutSessions(t, db)
	}
	packedFrom := rapid.SampledFrom([]string{"-infinity", "infinity"}).Draw(t, "packed from")
	_, err := db.Exec(ctx, `update footfall.columns set built_from = $1::text::timestamptz`, packedFrom)
	require.NoError(t, err)
	defer segment.Limit(rapid.SampledFrom([]int{0, 1, 1 << 20}).Draw(t, "hits that are kept"), rapid.SampledFrom([]int{-1, 2, 1 << 20}).Draw(t, "rare"))()
	o.matching = history.Matcher{Now: o.now, Names: history.Names}
	env := storeOthers(t, db, &o)
	for range 6 {
		requireMembers(t, reader, segment.Definition{IncludeAnonymous: rapid.Bool().Draw(t, "anonymous"), Where: draw(t)}, env, o)
	}
	_, err = db.Exec(ctx, `update footfall.columns set built_from = '-infinity'`)
	require.NoError(t, err)
}

// drawCrowded draws one of few events of few seconds.
func drawCrowded(t *rapid.T) event.Row {
	pick := func(name string, values ...string) string { return rapid.SampledFrom(values).Draw(t, name) }
	return event.Row{
		TS:  strconv.FormatInt(history.Origin.UnixMilli()+1000*rapid.Int64Range(0, 4).Draw(t, "second"), 10),
		Seq: pick("seq", "", "1", "2", "3", "4", "5"), Type: "view",
		UserID: pick("user", "ann", "ann", "bob"), UserEmail: pick("email", "", "a@example.org"), SessionID: pick("session", "s1", "s2", "s3"),
		ViewPath: pick("page", "/cart", "/checkout", "/"), Country: pick("country", "BR", "DE"),
	}
}

func drawCrowdedCondition(t *rapid.T, windows ...*segment.Window) segment.Condition {
	is := drawHappening(t)
	window := func() *segment.Window { return rapid.SampledFrom(windows).Draw(t, "crowded window") }
	text := func() string {
		return rapid.SampledFrom([]string{
			"page:/cart", "page:/checkout", "page:/", "page:/cart country:BR", "page:/cart OR country:BR", "-(page:/cart OR country:BR)",
			"page:/cart (page:/checkout OR country:DE)", "country:DE", "page:/cart session_views:>1",
			"country:DE -(page:/cart OR country:BR)",
		}).Draw(t, "crowded event")
	}
	for _, part := range slices.Concat([]segment.Condition{is}, is.All, is.Any) {
		if part.Not != nil {
			part = *part.Not
		}
		if did := part.Did; did != nil {
			did.Event, did.Window = text(), window()
			did.FirstTime = did.FirstTime && did.Window != nil
		}
		if s := part.Sequence; s != nil {
			s.Window, s.Within = window(), rapid.SampledFrom([]string{"", "1s", "2s"}).Draw(t, "crowded within")
			for i := range s.Steps {
				if step := &s.Steps[i]; step.Not != "" {
					step.Not = text()
				} else {
					step.Event = text()
				}
			}
		}
	}
	return is
}

// drawHappening draws a condition on events, and often its opposite or two of them.
func drawHappening(t *rapid.T) segment.Condition {
	one := func() segment.Condition {
		if rapid.Bool().Draw(t, "sequence") {
			return segment.Condition{Sequence: drawSequence(t)}
		}
		return segment.Condition{Did: drawDid(t)}
	}
	is := one()
	switch rapid.IntRange(0, 3).Draw(t, "joined") {
	case 0:
		return segment.Condition{Not: &is}
	case 1:
		return segment.Condition{All: []segment.Condition{is, one()}}
	case 2:
		return segment.Condition{Any: []segment.Condition{is, one()}}
	}
	return is
}

// cutSessions leaves the first event of each session, packed and in arrays, as if all were very long.
func cutSessions(t *rapid.T, db *pgxpool.Pool) {
	truncate(t, db)
	ctx := context.Background()
	rows, err := db.Query(ctx, `select user_key, session_key, steps from footfall.tail`)
	require.NoError(t, err)
	type row struct {
		columns.Ref
		Steps []byte
	}
	list, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (one row, err error) {
		return one, r.Scan(&one.User, &one.Session, &one.Steps)
	})
	require.NoError(t, err)
	for _, one := range list {
		var s packed.Session
		require.NoError(t, packed.Decode(one.Steps, &s))
		if len(s.Tokens) < 2 {
			continue
		}
		cut := packed.Session{
			Kind: s.Kind, Truncated: true, Counts: packed.Counts{Events: int32(len(s.Tokens))},
			Attributes: s.Attributes, Tokens: s.Tokens[:1], Offsets: s.Offsets[:1],
		}
		_, err := db.Exec(ctx, `update footfall.tail set steps = $3 where user_key = $1 and session_key = $2`, one.User, one.Session, cut.Append(nil))
		require.NoError(t, err)
	}
}
