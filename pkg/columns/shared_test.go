package columns_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// asked is a scan in a transaction of its own, on its way.
type asked struct {
	scan   columns.Scan
	cancel context.CancelFunc
	first  func() error // what take returns of the first session, which it waits for; nil: nothing
	got    []string
	err    error
	tx     pgx.Tx
	ended  chan struct{}
}

// ask begins a transaction, and then the scan.
func ask(t *testing.T, db *pgxpool.Pool, a *asked) *asked {
	conn, err := pgx.ConnectConfig(t.Context(), db.Config().ConnConfig) // the pool has few
	require.NoError(t, err)
	tx, err := conn.BeginTx(t.Context(), pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `select 1`) // its snapshot is of now
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	a.tx, a.cancel, a.ended = tx, cancel, make(chan struct{})
	t.Cleanup(func() { cancel(); <-a.ended; _ = conn.Close(context.Background()) })
	go func() {
		defer close(a.ended)
		a.got, a.err = a.read(ctx)
	}()
	return a
}

func (a *asked) read(ctx context.Context) ([]string, error) {
	got := make([][]string, columns.Workers())
	var once sync.Once
	_, err := a.scan.Read(ctx, a.tx, func(worker int, s *columns.Session) (err error) {
		if a.first != nil {
			once.Do(func() { err = a.first() })
		}
		got[worker] = append(got[worker], told(a.scan, s))
		return err
	})
	return slices.Sorted(slices.Values(slices.Concat(got...))), err
}

// told is what a scan asks for of a session.
func told(scan columns.Scan, s *columns.Session) string {
	text := fmt.Sprint(s.User, " ", s.Ref.Session, " ", s.Start)
	if !scan.NoEvents {
		text += fmt.Sprint(s.Tokens)
	}
	if !scan.NoEvents && !scan.NoTimesInside {
		text += fmt.Sprint(s.Offsets)
	}
	if !scan.NoPlaces {
		text += fmt.Sprint(s.Attributes)
	}
	if scan.Durations {
		text += fmt.Sprint(s.Durations)
	}
	return text
}

// waiting waits until so many scans wait for others.
func waiting(t *testing.T, riders int) {
	t.Helper()
	require.Eventually(t, func() bool { return columns.Riders() == riders }, time.Minute, time.Millisecond)
}

func (a *asked) wait(t *testing.T) {
	t.Helper()
	select {
	case <-a.ended:
	case <-time.After(time.Minute):
		require.Fail(t, "it does not end")
	}
}

// held is a scan of all that has begun, and reads on when release is closed.
func held(t *testing.T, db *pgxpool.Pool, scan columns.Scan) (first *asked, release chan struct{}) {
	begun := make(chan struct{})
	release = make(chan struct{})
	first = ask(t, db, &asked{scan: scan, first: func() error { close(begun); <-release; return nil }})
	<-begun
	return first, release
}

// someSealed has sessions in the tail and in blocks, and a scan of them all.
func someSealed(t *testing.T) (*pgxpool.Pool, columns.Scan) {
	db := testdb.New(t)
	history.Load(t, db, sessionsOf(12_000))
	seal(t, db, 3000)
	return db, columns.Scan{From: history.Origin, To: history.Origin.AddDate(0, 0, 9)}
}

func odd(s *columns.Session) bool { return s.User%2 == 1 }

// Each gets what it asks for, of one scan that reads what all want.
func TestScansOfARangeAreReadTogether(t *testing.T) {
	db, all := someSealed(t)
	kinds := []columns.Scan{all, all, all, all, all, all, all}
	kinds[0].NoEvents, kinds[0].NoPlaces = true, true
	kinds[1].NoTimesInside, kinds[1].Where = true, odd
	kinds[2].Durations = true
	kinds[3].NoPlaces, kinds[3].Where = true, func(*columns.Session) bool { return false }
	within := all.From.Add(2881*time.Minute + time.Second/2) // the 2881st session, of two views
	kinds[5].From, kinds[5].Reaching = within, true
	kinds[6].From, kinds[6].To = within, all.To.AddDate(0, 0, -2)
	var wanted [][]string
	for _, kind := range kinds {
		alone := ask(t, db, &asked{scan: kind})
		alone.wait(t)
		require.NoError(t, alone.err)
		wanted = append(wanted, alone.got)
	}
	for kind, sessions := range map[int]int{0: 12_000, 1: 6000, 3: 0, 5: 12_000 - 2881, 6: 7*24*60 - 2882} {
		require.Equal(t, sessions, len(wanted[kind]), kind)
	}

	first, release := held(t, db, all)
	before := columns.Default.Scans()
	var list []*asked
	for _, kind := range kinds {
		list = append(list, ask(t, db, &asked{scan: kind}))
	}
	other := all
	other.From = other.From.AddDate(0, 0, 5) // less than half
	ask(t, db, &asked{scan: other}).wait(t)  // waits for nobody, since its range is another one
	require.EqualValues(t, 1, columns.Default.Scans()-before)
	waiting(t, len(kinds))
	close(release)
	first.wait(t)
	require.NoError(t, first.err)
	for i, one := range list {
		one.wait(t)
		require.NoError(t, one.err)
		require.Equal(t, wanted[i], one.got, i)
	}
	require.EqualValues(t, 2, columns.Default.Scans()-before, "those were one")
}

// Whoever is given up before it begins, or while it reads for all, does not take the others with it; and who gives up may go on in its
// transaction.
func TestSharedScansGoOnWithoutThoseWhoLeave(t *testing.T) {
	db, all := someSealed(t)
	alone := ask(t, db, &asked{scan: all})
	alone.wait(t)
	require.NoError(t, alone.err)

	enough := errors.New("enough")
	_, release := held(t, db, all)
	before := columns.Default.Scans()
	first := ask(t, db, &asked{scan: all})
	waiting(t, 1)
	reading, goOn := make(chan struct{}), make(chan struct{})
	leader := ask(t, db, &asked{scan: all})
	waiting(t, 2)
	rider := ask(t, db, &asked{scan: all, first: func() error { close(reading); <-goOn; return nil }})
	full := ask(t, db, &asked{scan: all, first: func() error { return enough }})
	late := ask(t, db, &asked{scan: all})
	waiting(t, 5)
	first.cancel() // it had the turn, which the next one takes
	first.wait(t)
	require.ErrorIs(t, first.err, context.Canceled)
	waiting(t, 4)
	close(release)
	<-reading
	leader.cancel()
	late.cancel()
	close(goOn)
	for _, one := range []*asked{leader, late} {
		one.wait(t)
		require.ErrorIs(t, one.err, context.Canceled)
		require.Less(t, len(one.got), len(alone.got))
	}
	full.wait(t)
	require.ErrorIs(t, full.err, enough)
	rider.wait(t)
	require.NoError(t, rider.err)
	require.Equal(t, alone.got, rider.got)
	require.EqualValues(t, 1, columns.Default.Scans()-before)
	full.first = nil
	again, err := full.read(t.Context())
	require.NoError(t, err)
	require.Equal(t, alone.got, again)
}

// A scan that nobody waits for any more ends.
func TestSharedScansEndWhenAllHaveLeft(t *testing.T) {
	db, all := someSealed(t)
	enough := errors.New("enough")
	_, release := held(t, db, all)
	var taken atomic.Int64
	var list []*asked
	for range 3 {
		scan := all
		scan.Where = func(*columns.Session) bool { taken.Add(1); return true }
		list = append(list, ask(t, db, &asked{scan: scan, first: func() error { return enough }}))
	}
	waiting(t, 3)
	close(release)
	for _, one := range list {
		one.wait(t)
		require.ErrorIs(t, one.err, enough)
		one.first, one.scan = nil, all
		again, err := one.read(t.Context())
		require.NoError(t, err, "the transaction goes on")
		require.Len(t, again, 12_000)
	}
	require.Less(t, taken.Load(), int64(3*12_000))
}

// Those whose snapshots see different sessions do not read together.
func TestScansOfDifferentStatesAreReadApart(t *testing.T) {
	defer func(budget *columns.Budget) { columns.Default = budget }(columns.Default)
	columns.Default = columns.NewBudget(1, 1<<20)
	db, all := someSealed(t)
	first, release := held(t, db, all)
	old := ask(t, db, &asked{scan: all})
	waiting(t, 1)
	require.NoError(t, changeAll(t.Context(), db))
	fresh := ask(t, db, &asked{scan: all})
	waiting(t, 2)
	close(release)
	first.wait(t)
	old.wait(t)
	fresh.wait(t)
	require.NoError(t, errors.Join(first.err, old.err, fresh.err))
	require.Equal(t, first.got, old.got)
	require.NotEqual(t, old.got, fresh.got)
}
