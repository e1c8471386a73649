package ingest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestTimes(t *testing.T) {
	pool := testdb.New(t)
	for name, test := range map[string]struct{ format, zone, text, want, refused string }{
		"format":            {"%d.%m.%Y %H:%M:%S", "", "17.05.2026 10:05:03", "2026-05-17T10:05:03Z", ""},
		"format and zone":   {"%m/%d/%Y %I:%M %p", "America/New_York", "05/17/2026 10:05 PM", "2026-05-18T02:05:00Z", ""},
		"zone in format":    {"%Y%m%d %H%M%S %z", "Europe/Berlin", "20260517 100503 +0000", "2026-05-17T10:05:03Z", ""},
		"fraction":          {"%Y%m%d %H%M%S.%f", "", "20260517 100503.123456", "2026-05-17T10:05:03.123456Z", ""},
		"other than format": {"%d.%m.%Y", "", "2026-05-17", "", `2: ts: "2026-05-17" is not written as --time-format says`},
		"zone":              {"", "Europe/Berlin", "2026-05-17 12:05:03", "2026-05-17T10:05:03Z", ""},
		"winter":            {"", "Europe/Berlin", "2026-01-17 12:05:03", "2026-01-17T11:05:03Z", ""},
		"zone said":         {"", "Europe/Berlin", "2026-05-17 10:05:03 UTC", "2026-05-17T10:05:03Z", ""},
		"zone of epoch":     {"", "Europe/Berlin", "1779012303.5", "2026-05-17T10:05:03.5Z", ""},
		"no time":           {"", "Europe/Berlin", "soon", "", `2: ts: "soon" is not a time`},
		"hint":              {"", "", "17.05.2026", "", "say how others are written with --time-format"},
	} {
		t.Run(name, func(t *testing.T) {
			times, err := ParseTimes(test.format, test.zone)
			require.NoError(t, err)
			var refused []string
			file := write(t, "a.csv", "ts,type\n"+test.text+",view\n")
			_, err = pool.Exec(context.Background(), `truncate footfall.inbox`)
			require.NoError(t, err)
			_, err = Import(context.Background(), pool, []string{file}, Options{Mapping: Mapping{Times: times}, OnRefusal: collect(&refused)})
			require.NoError(t, err)
			if test.refused != "" {
				require.Len(t, refused, 1)
				require.Contains(t, refused[0], test.refused)
				return
			}
			require.Empty(t, refused)
			require.Equal(t, []string{test.want}, texts(t, pool, `select ts from footfall.inbox`))
		})
	}
}

func TestParseTimesRefuses(t *testing.T) {
	for _, test := range []struct{ format, zone, want string }{
		{"", "Mars/Olympus", "--time-zone Mars/Olympus: there is no such time zone"},
		{"", "Local", "no such time zone"},
		{"%H:%M", "", "--time-format %H:%M: a whole date and time is needed"},
		{"DD.MM.YYYY", "", "a whole date and time is needed"},
		{"%d.%m", "", "a whole date"},
		{"%d.%m.%Y %Q", "", "a whole date"},
	} {
		_, err := ParseTimes(test.format, test.zone)
		require.ErrorContains(t, err, test.want)
	}
}
