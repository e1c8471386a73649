package explorer

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func zone(t require.TestingT, name string) *time.Location {
	location, err := time.LoadLocation(name)
	require.NoError(t, err)
	return location
}

// bucketLengths of a range that is given in local time.
func bucketLengths(t *testing.T, location *time.Location, interval, from, to string) []time.Duration {
	c := query.Context{Location: location}
	for text, at := range map[string]*time.Time{from: &c.From, to: &c.To} {
		var err error
		*at, err = time.ParseInLocation("2006-01-02 15:04", text, location)
		require.NoError(t, err)
	}
	_, made, notice := chooseBuckets(c, Interval(interval))
	require.Empty(t, notice)
	var lengths []time.Duration
	for i := range made[1:] {
		lengths = append(lengths, made[i+1].Sub(made[i]))
	}
	return lengths
}

func TestBucketsAreOfTheCalendar(t *testing.T) {
	hours := func(n float64) time.Duration { return time.Duration(n * float64(time.Hour)) }
	berlin, havana, chile := zone(t, "Europe/Berlin"), zone(t, "America/Havana"), zone(t, "America/Santiago")
	for name, test := range map[string]struct {
		location           *time.Location
		interval, from, to string
		want               []time.Duration
	}{
		"23 hours":                    {berlin, "day", "2026-03-28 12:00", "2026-03-31 12:00", []time.Duration{hours(24), hours(23), hours(24)}},
		"25 hours":                    {berlin, "day", "2026-10-24 12:00", "2026-10-27 12:00", []time.Duration{hours(24), hours(25), hours(24)}},
		"hours of the short night":    {berlin, "hour", "2026-03-29 01:00", "2026-03-29 04:30", []time.Duration{hours(1), hours(1)}},
		"hours of the long night":     {berlin, "hour", "2026-10-25 01:00", "2026-10-25 03:30", []time.Duration{hours(1), hours(1), hours(1)}},
		"a midnight that comes twice": {havana, "day", "2026-10-31 12:00", "2026-11-03 12:00", []time.Duration{hours(24), hours(25), hours(24)}},
		"no midnight":                 {chile, "day", "2025-09-06 12:00", "2025-09-09 12:00", []time.Duration{hours(24), hours(23), hours(24)}},
		"no day":                      {zone(t, "Pacific/Apia"), "day", "2011-12-28 12:00", "2011-12-31 12:00", []time.Duration{hours(24), hours(24)}},
		"weeks begin on Monday":       {time.UTC, "week", "2026-01-04 12:00", "2026-01-12 12:00", []time.Duration{hours(7 * 24), hours(7 * 24)}},
		"months":                      {time.UTC, "month", "2024-01-31 12:00", "2024-03-01 12:00", []time.Duration{hours(31 * 24), hours(29 * 24)}},
	} {
		require.Equal(t, test.want, bucketLengths(t, test.location, test.interval, test.from, test.to), name)
	}
	c := query.Context{Location: zone(t, "Asia/Kolkata"), From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 1, 1, 0, 40, 0, 0, time.UTC)}
	_, made, _ := chooseBuckets(c, "hour")
	require.Equal(t, []time.Time{c.From.Add(-30 * time.Minute), c.From.Add(30 * time.Minute)}, made.times())
}

// PostgreSQL's date_trunc puts every time into the same bucket.
func TestBucketsAreThoseOfDateTrunc(t *testing.T) {
	db := testdb.New(t)
	rapid.Check(t, func(t *rapid.T) {
		c := query.Context{Location: zone(t, rapid.SampledFrom([]string{
			"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/St_Johns", "Asia/Kathmandu", "Australia/Adelaide",
		}).Draw(t, "zone"))}
		interval := rapid.SampledFrom(intervals[1:]).Draw(t, "interval")
		c.From = time.UnixMilli(rapid.Int64Range(946_684_800_000, 1_700_000_000_000).Draw(t, "from")).UTC()
		c.To = c.From.Add(time.Duration(rapid.Int64Range(1, int64(16*time.Hour)).Draw(t, "length")))
		if interval != "minute" {
			c.To = c.To.AddDate(0, 0, rapid.IntRange(0, 40).Draw(t, "days"))
		}
		at := c.From.Add(time.Duration(rapid.Int64Range(0, int64(c.To.Sub(c.From))-1).Draw(t, "at"))).Truncate(time.Millisecond)
		at = maxTime(at, c.From)
		_, made, notice := chooseBuckets(c, Interval(interval))
		require.Empty(t, notice)
		var bucket int
		var want time.Time
		require.NoError(t, db.QueryRow(t.Context(), `select width_bucket($1, $2::timestamptz[]), date_trunc($3, $1, $4)`,
			at, made.times(), interval, c.Location.String()).Scan(&bucket, &want))
		require.Equal(t, want.UTC(), made[bucket-1].UTC(), "%v %s", at, c.Location)
	})
}

func maxTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func TestBucketsFitTheDashboard(t *testing.T) {
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		days     int
		interval time.Duration
		asked    string
		maxRows  int
		buckets  int
		notice   string
	}{
		{days: 1, interval: time.Minute, asked: "auto", buckets: 288},
		{days: 1, interval: 2 * time.Minute, asked: "auto", buckets: 288},
		{days: 30, interval: 40 * time.Minute, asked: "auto", buckets: 720},
		{days: 30, interval: time.Second, asked: "auto", buckets: 720},
		{days: 90, interval: 2 * time.Hour, asked: "auto", buckets: 90},
		{days: 90, interval: 10_000 * time.Hour, asked: "auto", buckets: 3},
		{days: 365 * 40, interval: time.Hour, asked: "auto", buckets: 480},
		{days: 30, asked: "day", buckets: 30},
		{days: 30, asked: "auto", maxRows: 40, buckets: 30},
		{
			days: 30, asked: "minute", buckets: 720,
			notice: "A time series has at most 1,000 points: showing one per hour instead of one per minute",
		},
	} {
		c := query.Context{Location: time.UTC, From: from, To: from.AddDate(0, 0, test.days), Interval: test.interval, MaxRows: test.maxRows}
		_, made, notice := chooseBuckets(c, Interval(test.asked))
		require.Len(t, made, test.buckets, test)
		require.Equal(t, test.notice, notice)
	}
}

// Whole buckets are those that PostgreSQL begins and ends within the range, before now.
func TestWholeBucketsAreThoseOfTheCalendarWithinTheRange(t *testing.T) {
	db := testdb.New(t)
	rapid.Check(t, func(t *rapid.T) {
		c := drawExplorerContext(t)
		c.From = c.From.Add(time.Duration(rapid.IntRange(0, 2).Draw(t, "off")) * time.Millisecond)
		interval := rapid.SampledFrom([]string{"hour", "day", "week", "month"}).Draw(t, "interval")
		if interval == "hour" {
			c.To = minTime(c.To, c.From.AddDate(0, 0, 30))
		}
		var want []time.Time
		var to *time.Time
		require.NoError(t, db.QueryRow(t.Context(), `select coalesce(array_agg(starts order by starts), '{}'), max(ends)
  from generate_series(0, 1000) i,
       lateral (select date_trunc($1, $2::timestamptz, $3) at time zone $3 as first, ('1 ' || $1)::interval as length) f,
       lateral (select case $1 when 'hour' then (f.first at time zone $3) + i * f.length else (f.first + i * f.length) at time zone $3 end as starts,
                       case $1 when 'hour' then (f.first at time zone $3) + (i + 1) * f.length else (f.first + (i + 1) * f.length) at time zone $3 end as ends) b
 where starts >= $2 and ends <= $4::timestamptz + interval '1 ms' and ends <= $5`,
			interval, c.From, c.Location.String(), c.To, c.Now).Scan(&want, &to))
		step, all, notice := chooseBuckets(c, Interval(interval))
		require.Empty(t, notice)
		cut, made, notice := step.whole(c, all)
		if len(want) == 0 {
			require.Equal(t, "No whole "+interval+" of the time range is over: showing what there is", notice)
			require.Equal(t, []any{c, all}, []any{cut, made})
			return
		}
		require.Empty(t, notice)
		require.Equal(t, len(want), len(made))
		for i := range want {
			require.Equal(t, want[i].UTC(), made[i].UTC())
		}
		require.Equal(t, []time.Time{want[0].UTC(), to.UTC()}, []time.Time{cut.From.UTC(), cut.To.UTC()})
	})
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
