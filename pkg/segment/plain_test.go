package segment_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
)

// What people read of a definition, in testdata/plain_<name>.sql; go test -update writes it. TestSegmentsHaveTheMembersTheyDefine
// runs such statements.
func TestPlainSQLGolden(t *testing.T) {
	names := history.Names
	names.Segments = map[string]int32{"premium": 5}
	env := segment.Env{Now: time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC), Names: names}
	for name, text := range map[string]string{
		"dropped": `{"where": {"sequence": {"steps": [{"event": "type:view page:/cart"}, {"event": "action:buy"}, {"not": "page:/done"}],
			"within": "30m", "window": {"last": "30d"}}}}`,
		"often": `{"identity": "usr.email", "where": {"all": [{"users": "last_country:brazil usr.plan:(pro OR team)"}, {"not": {"segment": "premium"}},
			{"did": {"event": "page:/cart price:>=100", "atLeast": 3, "window": {"from": "2026-02-01"}}}]}}`,
		"users": `{"includeAnonymous": true, "where": {"users": "o'neil first_seen:>now-7d"}}`,
	} {
		d, err := segment.Decode([]byte(text))
		require.NoError(t, err, name)
		sql, err := d.Plain(env)
		require.NoError(t, err, name)
		file := filepath.Join("testdata", "plain_"+name+".sql")
		if flag.Lookup("update").Value.String() == "true" { // of package questions
			require.NoError(t, os.WriteFile(file, []byte(sql+"\n"), 0o644))
		}
		wanted, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, string(wanted), sql+"\n", file)
	}
}
