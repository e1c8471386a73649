package segment_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// counting counts the statements that are asked of a database.
type counting struct {
	store.Querier
	statements int
}

func (c *counting) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	c.statements++
	return c.Querier.Query(ctx, sql, args...)
}

// TestSizesOfLists compares the sizes of a list with all computations, read one by one.
func TestSizesOfLists(t *testing.T) {
	ctx := t.Context()
	db := testdb.New(t)
	now := time.Date(2026, 3, 31, 15, 4, 5, 0, time.UTC)
	spans := map[string]time.Duration{"often": time.Hour, "seldom": 50 * time.Hour, "young": 20 * time.Minute, "never": 0}
	const seed = 7
	random := rand.New(rand.NewPCG(seed, seed))
	for id, every := range spans {
		require.NoError(t, segment.Create(ctx, db, dynamic(t, id, cart), "ann"))
		began := now.AddDate(0, 0, -100)
		if id == "young" {
			began = now.AddDate(0, 0, -3)
		}
		for at := began; every > 0 && at.Before(now); at = at.Add(every/2 + time.Duration(random.Int64N(int64(every)))) {
			_, err := db.Exec(ctx, `
				insert into footfall.segment_sizes (segment_key, computed_at, version, size, universe, took_ms)
				select key, $2, 1, $3, 1000, 1 from footfall.segments where id = $1`, id, at, random.IntN(1000))
			require.NoError(t, err)
		}
	}
	_, err := db.Exec(ctx, `
		update footfall.segments s
		   set size = (select z.size from footfall.segment_sizes z where z.segment_key = s.key order by z.computed_at desc limit 1)`)
	require.NoError(t, err)

	for text, most := range map[string]int{"90d": 90, "1d": 1, "36h": 2, "12w": 84} {
		span, err := segment.ParseSizesSpan(text)
		require.NoError(t, err)
		list, err := segment.List(ctx, db)
		require.NoError(t, err)
		require.Len(t, list, len(spans))
		asked := &counting{Querier: db}
		require.NoError(t, segment.AddSizes(ctx, asked, list, span, now))
		require.Equal(t, 1, asked.statements)
		for _, s := range list {
			all, err := segment.ReadSizes(ctx, db, s.Key, time.Time{}, now)
			require.NoError(t, err)
			points, change := slowly(all, s.Size, now, most)
			require.Equal(t, points, utc(s.Sizes), "%s of %s", s.ID, text)
			require.Equal(t, change, s.WeekChange, "%s of %s", s.ID, text)
			require.LessOrEqual(t, len(s.Sizes), most)
			require.Equal(t, s.ID == "often" || s.ID == "seldom", s.WeekChange != nil, s.ID)
		}
	}
}

// slowly goes through all sizes: the last of each of so many days, and what the last one differs from the one a week ago.
func slowly(all []segment.Size, size *int64, now time.Time, days int) ([]segment.SizePoint, *int64) {
	points, change := []segment.SizePoint{}, (*int64)(nil)
	oldest := now.AddDate(0, 0, 1-days).Format(time.DateOnly)
	for i, of := range all {
		if !of.ComputedAt.After(now.AddDate(0, 0, -7)) {
			difference := *size - of.Size
			change = &difference
		}
		day := of.ComputedAt.UTC().Format(time.DateOnly)
		isLast := i+1 == len(all) || all[i+1].ComputedAt.UTC().Format(time.DateOnly) != day
		if isLast && day >= oldest {
			points = append(points, segment.SizePoint{At: of.ComputedAt.UTC(), Size: of.Size})
		}
	}
	return points, change
}

func utc(points []segment.SizePoint) []segment.SizePoint {
	list := []segment.SizePoint{}
	for _, p := range points {
		list = append(list, segment.SizePoint{At: p.At.UTC(), Size: p.Size})
	}
	return list
}

func TestSpansOfSizes(t *testing.T) {
	for text, problem := range map[string]string{
		"91d": "must be 1d to 90d", "23h": "must be 1d to 90d", "90": "must be a duration such as 30m", "-1d": "must be a duration", "1y": "must be a duration",
	} {
		_, err := segment.ParseSizesSpan(text)
		var wrong segment.Error
		require.ErrorAs(t, err, &wrong, text)
		require.Equal(t, "sizes", wrong.Path)
		require.Contains(t, wrong.Problem, problem)
	}
}
