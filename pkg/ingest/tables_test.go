package ingest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// tables lists events, sessions and profiles with all ids resolved, arrays included.
func tables(t *testing.T, pool *pgxpool.Pool) []string {
	t.Helper()
	require.Zero(t, count(t, pool, `select count(*) from footfall.rejected`))
	return texts(t, pool, `
		with token as (
		  select k.id, concat_ws('|', k.type, p.value, n.value, k.frustration) as text
		    from footfall.tokens k
		    left join footfall.dictionary p on p.id = k.page
		    left join footfall.dictionary n on n.id = k.name)
		select concat_ws(' ', 'event', u.id, e.ts, e.seq, e.event_key, s.session_id, k.text, d.value, e.attributes)
		  from footfall.events e
		  join footfall.users u on u.key = e.user_key
		  join token k on k.id = e.token
		  join footfall.contexts c on c.id = e.context
		  left join footfall.dictionary d on d.id = c.device_type
		  left join footfall.sessions s on s.user_key = e.user_key and s.session_key = e.session_key
		union all
		select concat_ws(' ', 'session', u.id, s.session_id, s.start_ts, s.end_ts, s.last_seq, s.last_event_key, d.value,
		                 s.events, s.views, s.actions, s.errors, s.frustrations, s.truncated, s.offsets,
		                 array(select k.text from unnest(s.tokens) with ordinality t (id, n) join token k using (id) order by n),
		                 array(select p.value from unnest(s.pages) with ordinality t (id, n) join footfall.dictionary p using (id)
		                        order by n))
		  from footfall.sessions s
		  join footfall.users u on u.key = s.user_key
		  left join footfall.dictionary d on d.id = s.device_type
		union all
		select concat_ws(' ', 'profile', u.id, p.first_seen, p.last_seen, p.sessions, p.views, p.events, f.session_id,
		                 l.session_id, df.value, dl.value, p.attributes, p.attribute_events)
		  from footfall.profiles p
		  join footfall.users u on u.key = p.user_key
		  join footfall.sessions f on f.user_key = p.user_key and f.session_key = p.first_session
		  join footfall.sessions l on l.user_key = p.user_key and l.session_key = p.last_session
		  left join footfall.dictionary df on df.id = p.first_device_type
		  left join footfall.dictionary dl on dl.id = p.last_device_type
		order by 1`)
}

// A file in ten pieces in random order, rolled up after each, and shuffled with its order in a column: the tables are
// those of one import in order.
func TestShopSampleGivesTheSameTables(t *testing.T) {
	content := strings.TrimSuffix(sample(t, "ecom.csv.gz"), "\n")
	header, rest, _ := strings.Cut(content, "\n")
	lines := strings.Split(rest, "\n")
	load := func(pool *pgxpool.Pool, header string, lines []string, base int) *pgxpool.Pool {
		file := write(t, "rows.csv", header+"\n"+strings.Join(lines, "\n")+"\n")
		_, err := Import(context.Background(), pool, []string{file}, Options{Mapping: shopMapping(t), SeqBase: int64(base)})
		require.NoError(t, err)
		_, err = rollup.Drain(context.Background(), pool, rollup.Options{BatchSize: 5_000})
		require.NoError(t, err)
		return pool
	}
	ordered := tables(t, load(testdb.New(t), header, lines, 0))
	require.Len(t, ordered, 31_106+3_605+600)

	t.Run("in ten pieces in random order", func(t *testing.T) {
		pool := testdb.New(t)
		size := (len(lines) + 9) / 10
		for _, piece := range rand.Perm(10) {
			load(pool, header, lines[piece*size:min((piece+1)*size, len(lines))], piece*size)
		}
		require.Equal(t, ordered, tables(t, pool))
	})
	t.Run("shuffled, with the order in a column", func(t *testing.T) {
		numbered := make([]string, len(lines))
		for i, line := range lines {
			numbered[i] = fmt.Sprintf("%d,%s", i+1, line)
		}
		want := tables(t, load(testdb.New(t), "seq,"+header, numbered, 0))
		requireSameSessions(t, ordered, want)
		rand.Shuffle(len(numbered), func(i, j int) { numbered[i], numbered[j] = numbered[j], numbered[i] })
		require.Equal(t, want, tables(t, load(testdb.New(t), "seq,"+header, numbered, 0)))
	})
}

var eventKey = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)

// requireSameSessions compares sessions but for the key of their last event, which is made of all columns of a row.
func requireSameSessions(t *testing.T, want, got []string) {
	t.Helper()
	strip := func(lines []string) []string {
		var sessions []string
		for _, line := range lines {
			if strings.HasPrefix(line, "session ") {
				sessions = append(sessions, eventKey.ReplaceAllString(line, ""))
			}
		}
		return sessions
	}
	require.Equal(t, strip(want), strip(got))
}
