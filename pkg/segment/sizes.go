package segment

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// Size is one computation of a segment.
type Size struct {
	ComputedAt time.Time `json:"computedAt"`
	Version    int       `json:"version"`
	Size       int64     `json:"size"`
	Universe   int64     `json:"universe"`
	TookMs     float64   `json:"tookMs"`
}

// ReadSizes lists the computations of segments in [from, to), those of one segment in their order.
func ReadSizes(ctx context.Context, db store.Querier, key int32, from, to time.Time) ([]Size, error) {
	rows, err := db.Query(ctx, `
		select computed_at, version, size, universe, took_ms
		  from footfall.segment_sizes
		 where segment_key = $1 and computed_at >= $2 and computed_at < $3
		 order by computed_at`, key, from, to)
	if err != nil {
		return nil, fmt.Errorf("read sizes: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Size])
}

// SizePoint is the size that a segment had at the end of a day.
type SizePoint struct {
	At   time.Time `json:"at"`
	Size int64     `json:"size"`
}

// maxSizeDays is how many days of sizes come with a list of segments.
const maxSizeDays = 90

// ParseSizesSpan reads how far back the sizes of a list go, such as 90d. Its errors are of type Error, at "sizes".
func ParseSizesSpan(text string) (time.Duration, error) {
	span, err := parseDuration(text)
	switch {
	case err != nil:
		return 0, invalid("sizes", "%s", err)
	case span < 24*time.Hour || span > maxSizeDays*24*time.Hour:
		return 0, invalid("sizes", "is %q; it must be 1d to %dd", text, maxSizeDays)
	}
	return span, nil
}

// sizesSQL takes the last size of each day, in UTC, and the one that stood a week ago. Each is one look into the index: a
// segment that is computed every minute has a hundred thousand sizes in 90 days.
const sizesSQL = `
with days as (
  select generate_series($1::timestamptz, $2::timestamptz, interval '24 hours') as day
)
select s.key, week.size, point.computed_at, point.size
  from footfall.segments s
  left join lateral (select z.size
                       from footfall.segment_sizes z
                      where z.segment_key = s.key and z.computed_at <= $3
                      order by z.computed_at desc
                      limit 1) week on true
  left join lateral (select last.computed_at, last.size
                       from days d
                      cross join lateral (select z.computed_at, z.size
                                            from footfall.segment_sizes z
                                           where z.segment_key = s.key
                                             and z.computed_at >= d.day and z.computed_at < d.day + interval '24 hours'
                                           order by z.computed_at desc
                                           limit 1) last) point on true
 order by s.key, point.computed_at`

// AddSizes adds to segments their sizes at the ends of the last days, as many as the span has, today's so far among them;
// and what has changed in a week.
func AddSizes(ctx context.Context, db store.Querier, list []Segment, span time.Duration, now time.Time) error {
	const day = 24 * time.Hour
	today := now.Truncate(day)
	first := today.Add(day - (span + day - 1).Truncate(day)) // a part of a day is a day
	byKey := map[int32]*Segment{}
	for i := range list {
		list[i].Sizes = []SizePoint{}
		byKey[list[i].Key] = &list[i]
	}
	rows, err := db.Query(ctx, sizesSQL, first, today, now.Add(-7*day))
	if err != nil {
		return fmt.Errorf("read the sizes of segments: %w", err)
	}
	var key int32
	var before, size *int64
	var at *time.Time
	_, err = pgx.ForEachRow(rows, []any{&key, &before, &at, &size}, func() error {
		s := byKey[key]
		if s == nil {
			return nil
		}
		if before != nil && s.Size != nil {
			change := *s.Size - *before
			s.WeekChange = &change
		}
		if at != nil {
			s.Sizes = append(s.Sizes, SizePoint{*at, *size})
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the sizes of segments: %w", err)
	}
	return nil
}
