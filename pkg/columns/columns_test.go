package columns_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// scope is a range, and a time of day in which relative times are meant.
type scope struct{ now, from, to time.Time }

func (s scope) compiler() *filter.Compiler {
	return &filter.Compiler{
		Scope:  filter.Scope{Location: time.UTC, Now: s.now, From: s.from, To: s.to, Names: history.Names},
		Params: &store.Params{},
	}
}

func drawScope(t *rapid.T) scope {
	from := history.Origin.Add(time.Duration(rapid.IntRange(-24, 60*24).Draw(t, "from")) * time.Hour)
	return scope{history.Origin.AddDate(0, 0, 91), from, from.Add(time.Duration(rapid.IntRange(1, 60*24).Draw(t, "hours")) * time.Hour)}
}

// A filter selects the sessions it is defined to, from packed sessions, from blocks and, where those are not made yet, from rows.
func TestScansSelectAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t), history.PageGroups(t)...)
		ids := userIDs(t, db)
		for _, from := range []string{"-infinity", "infinity"} {
			_, err := db.Exec(t.Context(), `update footfall.columns set built_from = $1::text::timestamptz`, from)
			require.NoError(t, err)
			for range 3 {
				s := drawScope(t)
				var n filter.Node
				if rapid.Bool().Draw(t, "filtered") {
					n = history.Filter(t, true, filter.Profile, filter.Session, filter.Event)
				}
				requireSelected(t, reader, s, n, world, ids, 20_000)
			}
		}
		_, err := db.Exec(t.Context(), `update footfall.columns set built_from = '-infinity'`)
		require.NoError(t, err)
	})
}

// Where a session was entered and left is told of truncated sessions too; what else events say is not, of those beyond the cap.
func TestScansSelectByEntryAndExitAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	_, err := db.Exec(t.Context(), `update footfall.settings set session_event_cap = 2`)
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t), history.PageGroups(t)...)
		ids := userIDs(t, db)
		for range 3 {
			text := rapid.SampledFrom([]string{
				"entry_page:/cart", "exit_page:/cart", "-entry_page:/cart", "exit_page:*", "-exit_page:*", "entry_page:/c*", `exit_page:"/product/?"`,
				"entry_page:(/cart OR /) -entry_page:~a", "-(exit_page:>/b OR -exit_page:*)", "entry_page:/ exit_page:/cart", "country:BR OR exit_page:/",
				`exit_page:"/c*"`, "entry_page:/nowhere", "has(exit_page:/cart country:BR)", "-has(entry_page:/)",
			}).Draw(t, "filter")
			n, err := filter.Parse(text)
			require.NoError(t, err)
			requireSelected(t, reader, drawScope(t), n, world, ids, 2)
		}
	})
}

func requireSelected(t *rapid.T, db *pgxpool.Pool, s scope, n filter.Node, world history.World, ids map[int32]string, longest int) {
	matcher := history.Matcher{Now: s.now, Location: time.UTC, From: s.from, To: s.to, Names: history.Names}
	reaching := rapid.Bool().Draw(t, "reaching")
	var users []int32
	of := map[string]bool{}
	if keys := slices.Sorted(maps.Keys(ids)); len(keys) > 0 && rapid.IntRange(0, 2).Draw(t, "of some") == 0 {
		users = rapid.SliceOfNDistinct(rapid.SampledFrom(keys), 0, 3, rapid.ID[int32]).Draw(t, "users")
		for _, key := range users {
			of[ids[key]] = true
		}
	}
	var wanted []string
	for _, session := range world.Sessions {
		start, end := time.UnixMilli(session.Start()), time.UnixMilli(session.End())
		inRange := !start.Before(s.from) && start.Before(s.to) || reaching && start.Before(s.to) && !end.Before(s.from)
		id := ""
		if session.User != nil {
			id = fmt.Sprint(session.User.Anonymous, session.User.ID)
		}
		if inRange && (users == nil || of[id]) && (n == nil || matcher.Session(n, session)) {
			times := []int64{}
			for _, e := range session.Events[:min(len(session.Events), longest)] {
				times = append(times, e.TS-session.Start())
			}
			wanted = append(wanted, fmt.Sprint(id, " ", session.Start(), " ", times))
		}
	}
	scan := columns.Scan{
		From: s.from, To: s.to, Reaching: reaching, Users: users, ByUser: rapid.Bool().Draw(t, "by user"), Durations: rapid.Bool().Draw(t, "durations"),
	}
	_, err := scan.Select(t.Context(), db, s.compiler, n)
	require.NoError(t, err, n)
	defer func(most int64) { columns.MostSorted = most }(columns.MostSorted)
	columns.MostSorted = rapid.SampledFrom([]int64{columns.MostSorted, 0}).Draw(t, "sorted")
	found := make([][]string, columns.Workers())
	_, err = scan.Read(t.Context(), db, func(worker int, one *columns.Session) error {
		id := ""
		if one.Kind != packed.None {
			id = ids[one.User]
		}
		found[worker] = append(found[worker], fmt.Sprint(id, " ", one.Start, " ", one.Offsets))
		return nil
	})
	require.NoError(t, err)
	got := slices.Concat(found...)
	slices.Sort(got)
	slices.Sort(wanted)
	require.Equal(t, wanted, got, "%v", n)
}

// userIDs are who has which key.
func userIDs(t *rapid.T, db *pgxpool.Pool) map[int32]string {
	ids := map[int32]string{}
	var key int32
	var id string
	statement := store.Statement{SQL: `select key, case kind when 'usr' then 'false' else 'true' end || id from footfall.users where kind <> 'none'`}
	require.NoError(t, statement.Each(t.Context(), db, []any{&key, &id}, func() error {
		ids[key] = id
		return nil
	}))
	return ids
}

// Per user, a goroutine gets all sessions of a user one after another, in order.
func TestScansKeepUsersTogether(t *testing.T) {
	db := testdb.New(t)
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t))
		s := scope{from: history.Origin.AddDate(0, 0, -1), to: history.Origin.AddDate(0, 0, 91)}
		seen := make([][]columns.Session, columns.Workers())
		scan := columns.Scan{From: s.from, To: s.to, ByUser: true}
		_, err := scan.Read(t.Context(), db, func(worker int, one *columns.Session) error {
			seen[worker] = append(seen[worker], columns.Session{Ref: one.Ref, Start: one.Start})
			return nil
		})
		require.NoError(t, err)
		where := map[int32]int{}
		total := 0
		for worker, list := range seen {
			total += len(list)
			for i, one := range list {
				if other, known := where[one.User]; known {
					require.Equal(t, other, worker, "one goroutine")
					require.Equal(t, list[i-1].User, one.User, "one after another")
					require.LessOrEqual(t, list[i-1].Start, one.Start)
				}
				where[one.User] = worker
			}
		}
		require.Equal(t, len(world.Sessions), total)
	})
}

// What fails ends the scan, whoever fails: who takes, or who asked.
func TestScansEndWithTheirReason(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, sessionsOf(2000))
	scan := columns.Scan{From: history.Origin, To: history.Origin.AddDate(1, 0, 0)}
	full := errors.New("full")
	_, err := scan.Read(t.Context(), db, func(int, *columns.Session) error { return full })
	require.ErrorIs(t, err, full)

	ctx, cancel := context.WithCancel(t.Context())
	var once sync.Once
	_, err = scan.Read(ctx, db, func(int, *columns.Session) error {
		once.Do(cancel)
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)

	_, err = db.Exec(t.Context(), `update footfall.tail set steps = '\x01' where session_key = (select min(session_key) from footfall.tail)`)
	require.NoError(t, err)
	_, err = scan.Read(t.Context(), db, func(int, *columns.Session) error { return nil })
	wrong := packed.Error("")
	require.ErrorAs(t, err, &wrong)
	require.ErrorContains(t, err, "footfall rebuild --columns")
}

// sessionsOf are some of one to three views each, of 50 users. 2,000 are more than one chunk of them, 16,000 more than wait at a
// time.
func sessionsOf(count int) []event.Row {
	var rows []event.Row
	for i := range count {
		for view := range 1 + i%3 {
			at := history.Origin.Add(time.Duration(i)*time.Minute + time.Duration(view)*time.Second)
			rows = append(rows, event.Row{
				TS: at.Format(time.RFC3339Nano), Type: "view", UserID: fmt.Sprint("u", i%50), SessionID: fmt.Sprint("s", i), ViewPath: "/" + string(rune('a'+(i+view)%7)),
			})
		}
	}
	return rows
}
