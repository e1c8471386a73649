package rollup_test

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/store/check"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// readWorld reads the tables in the oracle's form. All sessions must be packed as they are, and tokens that were kept since
// the world was read before must mean what they mean to who reads them now.
func readWorld(t rapid.TB, pool *pgxpool.Pool) world {
	t.Helper()
	requirePacked(t, pool)
	requireKept(t, pool)
	w := world{Events: readEvents(t, pool), Sessions: readSessions(t, pool), Profiles: readProfiles(t, pool)}
	slices.Sort(w.Events)
	slices.Sort(w.Sessions)
	slices.Sort(w.Profiles)
	return w
}

// requirePacked wants each session in footfall.tail, as its row and its events say.
func requirePacked(t rapid.TB, pool *pgxpool.Pool) {
	t.Helper()
	report, err := check.Sessions(context.Background(), pool, func(int64) {})
	if err != nil {
		t.Fatalf("check: %v", err)
	}
	if report.Differences != 0 || report.Packed != report.Sessions {
		t.Fatalf("of %d sessions %d are packed, and %d differ: %v", report.Sessions, report.Packed, report.Differences, report.First)
	}
}

// keptTokens are what a datasource of each store would keep.
var keptTokens sync.Map // of *columns.Tokens, by *pgxpool.Pool

// requireKept wants kept tokens to be those of the store.
func requireKept(t rapid.TB, pool *pgxpool.Pool) {
	t.Helper()
	kept, _ := keptTokens.LoadOrStore(pool, columns.NewTokens())
	got, _, err := kept.(*columns.Tokens).Read(context.Background(), pool)
	if err != nil {
		t.Fatalf("tokens: %v", err)
	}
	wanted, _, err := columns.NewTokens().Read(context.Background(), pool)
	if err != nil {
		t.Fatalf("tokens: %v", err)
	}
	if diff := cmp.Diff(wanted, got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("kept tokens are not those of the store (-wanted +kept):\n%s", diff)
	}
}

// text resolves a dictionary id, "" for null.
const textFunction = `
create schema if not exists told;
create or replace function told.text(id integer) returns text stable language sql
begin atomic select coalesce((select d.value from footfall.dictionary d where d.id = $1), ''); end;
create or replace function told.token(id integer) returns text stable language sql
begin atomic
  select k.type || '|' || told.text(k.page) || '|' || told.text(k.name) || '|' || k.frustration
    from footfall.tokens k where k.id = $1;
end;
create or replace function told.usr(key integer) returns text stable language sql
begin atomic
  select case when u.kind = 'none' and u.id like 'event:%' then 'none' else u.kind || ':' || u.id end
    from footfall.users u where u.key = $1;
end;`

// tells are the stores that have these functions: to make them for each reading took a quarter of its time.
var tells sync.Map // of true, by *pgxpool.Pool

func readLines(t rapid.TB, pool *pgxpool.Pool, sql string, line func(pgx.CollectableRow) (string, error)) []string {
	t.Helper()
	if _, told := tells.Load(pool); !told {
		if _, err := pool.Exec(context.Background(), textFunction); err != nil {
			t.Fatalf("read tables: %v", err)
		}
		tells.Store(pool, true)
	}
	rows, err := pool.Query(context.Background(), sql)
	if err != nil {
		t.Fatalf("read tables: %v", err)
	}
	lines, err := pgx.CollectRows(rows, line)
	if err != nil {
		t.Fatalf("read tables: %v", err)
	}
	return lines
}

func attributeColumns(row, prefix string) string {
	list := ""
	for i, name := range []string{"application", "country", "region", "city", "device_type", "os_name", "os_version", "browser_name", "browser_version"} {
		if i > 0 {
			list += ", "
		}
		list += "told.text(" + row + "." + prefix + name + ")"
	}
	return "array[" + list + "]"
}

func readEvents(t rapid.TB, pool *pgxpool.Pool) []string {
	return readLines(t, pool, `
		select told.usr(e.user_key), e.session_key = 0, coalesce(s.session_id, ''), s.start_ts, e.ts, e.seq, e.event_key,
		       told.token(e.token), `+attributeColumns("c", "")+`,
		       coalesce(r.value::text, case when e.traits = -1 then
		         (select jsonb_object_agg(key, value) from jsonb_each(e.attributes) where key like 'usr.%')::text end, ''),
		       coalesce(e.duration, -1), coalesce(e.view_key, 0), told.text(e.view_name), told.text(e.action_type),
		       told.text(e.action_name), told.text(e.action_target), told.text(e.error_type),
		       coalesce(e.error_message, ''), e.reported, e.identified, coalesce(e.path, ''),
		       coalesce((select jsonb_object_agg(key, value) from jsonb_each(e.attributes)
		                  where e.traits is distinct from -1 or key not like 'usr.%')::text, '')
		  from footfall.events e
		  join footfall.contexts c on c.id = e.context
		  left join footfall.traits r on r.id = e.traits
		  left join footfall.sessions s on s.user_key = e.user_key and s.session_key = e.session_key`,
		func(row pgx.CollectableRow) (string, error) {
			var user, id, token, traits, viewName, actionType, actionName, target, errorType, message, path, attributes string
			var outside, identified bool
			var start *time.Time
			var ts time.Time
			var seq *int64
			var key event.Key
			var context []string
			var duration float64
			var viewKey int64
			var reported int16
			err := row.Scan(&user, &outside, &id, &start, &ts, &seq, (*[16]byte)(&key), &token, &context, &traits, &duration,
				&viewKey, &viewName, &actionType, &actionName, &target, &errorType, &message, &reported, &identified, &path,
				&attributes)
			session := "none"
			switch {
			case !outside && start != nil:
				session = sessionLabel(id, start.UnixMilli())
			case !outside:
				session = "missing"
			}
			return jsonLine(user, session, ts.UnixMilli(), seq, key.String(), token, context, canonical(traits), duration,
				viewKey, viewName, actionType, actionName, target, errorType, message, reported, identified, path,
				canonical(attributes)), err
		})
}

func readSessions(t rapid.TB, pool *pgxpool.Pool) []string {
	return readLines(t, pool, `
		select told.usr(s.user_key), coalesce(s.session_id, ''), s.start_ts, s.end_ts, s.last_seq, s.last_event_key,
		       `+attributeColumns("s", "")+`, array[s.events, s.views, s.actions, s.errors, s.frustrations], s.truncated,
		       array(select told.token(t.id) from unnest(s.tokens) with ordinality t (id, n) order by n),
		       s.offsets, array(select told.text(p.id) from unnest(s.pages) with ordinality p (id, n) order by n)
		  from footfall.sessions s`,
		func(row pgx.CollectableRow) (string, error) {
			var user, id string
			var start, end time.Time
			var seq *int64
			var key event.Key
			var attributes, tokens, pages []string
			var counts []int64
			var truncated bool
			var offsets []int64
			err := row.Scan(&user, &id, &start, &end, &seq, (*[16]byte)(&key), &attributes, &counts, &truncated, &tokens,
				&offsets, &pages)
			if len(pages) == 0 {
				pages = nil // as the oracle's
			}
			return jsonLine(user, id, start.UnixMilli(), end.UnixMilli(), seq, key.String(), attributes, counts, truncated,
				tokens, offsets, pages), err
		})
}

func readProfiles(t rapid.TB, pool *pgxpool.Pool) []string {
	return readLines(t, pool, `
		select told.usr(p.user_key), u.name, u.email, p.first_seen, p.last_seen, p.sessions,
		       array[p.events, p.views, p.actions, p.errors, p.frustrations],
		       coalesce(f.session_id, ''), f.start_ts, `+attributeColumns("p", "first_")+`,
		       coalesce(l.session_id, ''), l.start_ts, p.last_session_start, `+attributeColumns("p", "last_")+`, p.attributes::text
		  from footfall.profiles p
		  join footfall.users u on u.key = p.user_key
		  join footfall.sessions f on f.user_key = p.user_key and f.session_key = p.first_session
		  join footfall.sessions l on l.user_key = p.user_key and l.session_key = p.last_session`,
		func(row pgx.CollectableRow) (string, error) {
			var user, first, last, attributes string
			var name, email *string
			var seen, lastSeen, firstStart, lastStart, lastSessionStart time.Time
			var sessions int
			var counts []int64
			var firstAttributes, lastAttributes []string
			err := row.Scan(&user, &name, &email, &seen, &lastSeen, &sessions, &counts, &first, &firstStart,
				&firstAttributes, &last, &lastStart, &lastSessionStart, &lastAttributes, &attributes)
			return jsonLine(user, name, email, seen.UnixMilli(), lastSeen.UnixMilli(), sessions, counts,
				sessionLabel(first, firstStart.UnixMilli()), firstAttributes, sessionLabel(last, lastStart.UnixMilli()),
				lastSessionStart.UnixMilli(), lastAttributes, object(attributes)), err
		})
}
