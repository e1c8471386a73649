package columns_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// at is a time of the first day of the events.
func at(hour int) time.Time { return time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC) }

func filled(t *testing.T) *pgxpool.Pool {
	t.Helper()
	return testdb.Copy(t, "columns", func(pool *pgxpool.Pool) { fill(t, pool) })
}

// fill stores 6,000 sessions of one to nine events, a session each ten seconds, one of them two days long.
func fill(t *testing.T, pool *pgxpool.Pool) {
	_, err := pool.Exec(t.Context(), `
		insert into footfall.inbox (ts, type, usr_id, usr_anonymous_id, session_id, view_url_path, action_type, action_target_name, duration, geo_country_iso_code)
		select '2026-01-01'::timestamptz + n * interval '10 s' + k * interval '30 s' + case when n = 7 and k = 8 then interval '2 days' else '0' end,
		       case when k % 3 = 1 then 'action' else 'view' end, case when n % 3 > 0 then 'u' || n % 700 end, 'a' || n % 50, 's' || n, '/' || k,
		       case when k % 3 = 1 then 'click' end, case when k % 3 = 1 then 'b' || n % 9 end, case when k % 4 = 0 then n end,
		       case when n % 2 = 0 then 'BR' end
		  from generate_series(1, 6000) n cross join generate_series(0, 8) k
		 where k <= n % 9 or n = 7`)
	require.NoError(t, err)
	_, err = rollup.Drain(t.Context(), pool, rollup.Options{})
	require.NoError(t, err)
}

// session is what a scan tells of one.
type session struct {
	Bucket     int
	Start, End int64
	packed.Session
}

type ref struct {
	user int32
	key  int64
}

// wanted reads the packed sessions in range one by one.
func wanted(t *testing.T, pool *pgxpool.Pool, r columns.Range) map[ref]session {
	t.Helper()
	rows, err := pool.Query(t.Context(), `select bucket, user_key, session_key, start_ts, end_ts, steps from footfall.tail`)
	require.NoError(t, err)
	list := map[ref]session{}
	var of ref
	var s session
	var start, end time.Time
	var steps []byte
	_, err = pgx.ForEachRow(rows, []any{&s.Bucket, &of.user, &of.key, &start, &end, &steps}, func() error {
		s.Session = packed.Session{}
		s.Start, s.End = start.UnixMilli(), end.UnixMilli()
		if !start.Before(r.To) || start.Before(r.From) && (!r.Reaching || end.Before(r.From)) {
			return nil
		}
		err := packed.Decode(steps, &s.Session)
		list[of] = s
		return err
	})
	require.NoError(t, err)
	return list
}

// scanned takes a scan apart again.
func scanned(t *testing.T, pool *pgxpool.Pool, r columns.Range) map[ref]session {
	t.Helper()
	list, workerOf := map[ref]session{}, map[int]int{}
	var lock sync.Mutex
	err := scan(t.Context(), t, pool, r, func(worker int, b *columns.Batch) error {
		lock.Lock()
		defer lock.Unlock()
		if known, ok := workerOf[b.Bucket]; ok && known != worker {
			return errors.New("two workers have a bucket")
		}
		workerOf[b.Bucket] = worker
		for i := range b.Len() {
			list[ref{b.Users[i], b.Keys[i]}] = sessionOf(b, i)
		}
		return nil
	})
	require.NoError(t, err)
	return list
}

func sessionOf(b *columns.Batch, i int) session {
	from, to := b.First[i], b.First[i+1]
	s := session{Bucket: b.Bucket, Start: b.Starts[i], End: b.Ends[i], Session: packed.Session{
		Kind: b.Kinds[i], Truncated: b.Truncated[i], Counts: b.Counts[i],
		Tokens: slices.Clone(b.Tokens[from:to]), Offsets: slices.Clone(b.Offsets[from:to]),
	}}
	for a := range b.Attributes {
		s.Attributes[a] = b.Attributes[a][i]
	}
	for n, event := range b.Durations.At {
		if event >= from && event < to {
			s.Durations.Add(int(event-from), b.Durations.MS[n])
		}
	}
	for f := range b.Fields {
		for n, event := range b.Fields[f].At {
			if event >= from && event < to {
				s.Fields[f].Add(int(event-from), b.Fields[f].ID[n])
			}
		}
	}
	return s
}

// scan is a scan with a share of its own.
func scan(ctx context.Context, t *testing.T, pool *pgxpool.Pool, r columns.Range, take func(int, *columns.Batch) error) error {
	t.Helper()
	share, err := columns.Default.Begin(ctx)
	require.NoError(t, err)
	defer share.End()
	return share.Scan(ctx, pool, r, take)
}

func TestScansTellWhatIsPacked(t *testing.T) {
	pool := filled(t)
	for r, sessions := range map[columns.Range]int{
		{From: at(-24), To: at(48)}:                6000,
		{From: at(1), To: at(2)}:                   360,
		{From: at(40), To: at(60), Reaching: true}: 1,
		{From: at(70), To: at(80), Reaching: true}: 0,
	} {
		require.Len(t, wanted(t, pool, r), sessions)
		requireScan(t, pool, r)
	}
	reaching := columns.Range{From: at(1), To: at(2), Reaching: true}
	require.Greater(t, len(wanted(t, pool, reaching)), 361)
	requireScan(t, pool, reaching)

	// In one bucket there are six batches, more than a scan begins with.
	_, err := pool.Exec(t.Context(), `update footfall.columns set buckets = 1; update footfall.tail set bucket = 0`)
	require.NoError(t, err)
	requireScan(t, pool, columns.Range{From: at(-24), To: at(48)})
}

func requireScan(t *testing.T, pool *pgxpool.Pool, r columns.Range) {
	t.Helper()
	if diff := cmp.Diff(wanted(t, pool, r), scanned(t, pool, r), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%v: the scan differs (-want +got):\n%s", r, diff)
	}
}

// What is written, moved and removed during a scan is not in it.
func TestScansSeeOneMoment(t *testing.T) {
	pool := filled(t)
	whole := columns.Range{From: at(-24), To: at(24 * 10)}
	want := slices.Collect(maps.Keys(wanted(t, pool, whole)))
	var once sync.Once
	var lock sync.Mutex
	var got []ref
	err := scan(t.Context(), t, pool, whole, func(_ int, b *columns.Batch) error {
		var err error
		once.Do(func() {
			if _, err = rollup.Forget(t.Context(), pool, rollup.People{Users: []string{"u1", "u2", "u4"}}, false); err != nil {
				return
			}
			if _, err = pool.Exec(t.Context(), `
				insert into footfall.inbox (ts, type, usr_id, session_id) select '2026-01-01', 'view', 'new' || n, 's' || n from generate_series(1, 2000) n`); err == nil {
				_, err = rollup.Drain(t.Context(), pool, rollup.Options{})
			}
		})
		lock.Lock()
		defer lock.Unlock()
		for i := range b.Len() {
			got = append(got, ref{b.Users[i], b.Keys[i]})
		}
		return err
	})
	require.NoError(t, err)
	require.ElementsMatch(t, want, got)
	require.NotEqual(t, len(want), len(wanted(t, pool, whole)), "something has changed meanwhile")
}

func TestScansEnd(t *testing.T) {
	pool := filled(t)
	whole := columns.Range{From: at(-24), To: at(48)}
	full := errors.New("no more, please")
	require.ErrorIs(t, scan(t.Context(), t, pool, whole, func(int, *columns.Batch) error { return full }), full)

	ctx, cancel := context.WithCancel(t.Context())
	err := scan(ctx, t, pool, whole, func(int, *columns.Batch) error {
		cancel()
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)

	_, err = pool.Exec(t.Context(), `update footfall.tail set steps = '\x09' where start_ts = '2026-01-01 00:00:10'`)
	require.NoError(t, err)
	err = scan(t.Context(), t, pool, whole, func(int, *columns.Batch) error { return nil })
	require.ErrorContains(t, err, "is of format 9, this program knows 1; `footfall rebuild --columns` repairs it")
	require.EqualValues(t, 0, pool.Stat().AcquiredConns())
}

// While a store of before is being packed, ranges that are packed can be asked for.
func TestScansOfWhatIsNotPacked(t *testing.T) {
	pool := filled(t)
	_, err := pool.Exec(t.Context(), `update footfall.columns set built_from = '2026-01-01 02:00'`)
	require.NoError(t, err)
	for r, want := range map[columns.Range]error{
		{From: at(2), To: at(3)}:                   nil,
		{From: at(1), To: at(3)}:                   columns.ErrNotPacked,
		{From: at(-3), To: at(-2)}:                 nil,
		{From: at(2), To: at(3), Reaching: true}:   columns.ErrNotPacked, // one session reaches into it
		{From: at(50), To: at(60), Reaching: true}: nil,
	} {
		err := scan(t.Context(), t, pool, r, func(int, *columns.Batch) error { return nil })
		if want == nil {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, want)
		}
	}
}

func TestBudgets(t *testing.T) {
	budget := columns.NewBudget(2, 20<<20)
	first, err := budget.Begin(t.Context())
	require.NoError(t, err)
	second, err := budget.Begin(t.Context())
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err = budget.Begin(ctx)
	require.ErrorIs(t, err, context.DeadlineExceeded, "two at once")
	require.NoError(t, first.Take(3<<20))
	require.ErrorIs(t, second.Take(3<<20), columns.ErrTooMuch)
	first.End()
	require.NoError(t, second.Take(3<<20))
	third, err := budget.Begin(t.Context())
	require.NoError(t, err)
	second.End()
	third.End()
	all, err := budget.Begin(t.Context())
	require.NoError(t, err)
	require.NoError(t, all.Take(12<<20), "everything was given back")
	all.End()
}
