package main

import (
	"context"
	"os"
	osexec "os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
	"github.com/footfall-analytics/footfall/tools/repo"
)

// example is what a section of docs/import-examples.md has in fenced blocks: a file, a command, and the events.
type example struct {
	file, content, command string
	events                 []string
}

var fenced = regexp.MustCompile("(?ms)^```([a-z]+)(?: ([^\n]+))?\n(.*?)^```$")

func readExample(t *testing.T, section string) example {
	t.Helper()
	var e example
	for _, block := range fenced.FindAllStringSubmatch(section, -1) {
		language, name, content := block[1], block[2], block[3]
		switch {
		case language == "sh":
			require.Empty(t, e.command, "two commands")
			e.command = content
		case name == "events":
			e.events = strings.Split(strings.TrimSpace(content), "\n")
		case name != "":
			require.Empty(t, e.file, "two files")
			e.file, e.content = name, content
		}
	}
	require.NotEmpty(t, e.file, "a file")
	require.NotEmpty(t, e.events, "the events that come of it")
	return e
}

// arguments splits a command as a shell does.
func arguments(t *testing.T, command string) []string {
	t.Helper()
	out, err := osexec.Command("sh", "-c", `printf '%s\0' `+command).Output()
	require.NoError(t, err)
	words := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	require.Equal(t, "footfall", words[0])
	return words[1:]
}

// TestImportExamples runs every example of docs/import-examples.md.
func TestImportExamples(t *testing.T) {
	root, err := repo.Root()
	require.NoError(t, err)
	page, err := os.ReadFile(filepath.Join(root, "docs", "import-examples.md"))
	require.NoError(t, err)
	sections := strings.Split(string(page), "\n## ")[1:]
	require.Greater(t, len(sections), 12)
	for _, section := range sections {
		title, _, _ := strings.Cut(section, "\n")
		if title == "What is not read" {
			continue
		}
		t.Run(title, func(t *testing.T) {
			e := readExample(t, section)
			pool := testdb.New(t)
			t.Setenv("FOOTFALL_DSN", pool.Config().ConnString())
			t.Chdir(t.TempDir())
			require.NoError(t, os.WriteFile(e.file, []byte(e.content), 0o600))
			succeed(t, arguments(t, e.command)...)
			succeed(t, "work", "--once")
			rows, err := pool.Query(context.Background(), eventLinesSQL)
			require.NoError(t, err)
			lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
			require.NoError(t, err)
			require.Equal(t, e.events, lines)
		})
	}
}

// eventLinesSQL writes events with all that is stored of them, under the names of their fields.
const eventLinesSQL = `
select concat_ws(' ',
         regexp_replace(to_char(e.ts at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS'), '\.?0+$', '') || 'Z', k.type, said.pairs)
  from footfall.events e
  join footfall.users u on u.key = e.user_key
  join footfall.tokens k on k.id = e.token
  join footfall.contexts c on c.id = e.context
  left join footfall.sessions s on s.user_key = e.user_key and s.session_key = e.session_key
  left join footfall.traits r on r.id = e.traits
 cross join lateral (
         select string_agg(p.name || '=' || case when p.text ~ '[ "]' and p.text !~ '^[\[{]' then to_json(p.text)::text else p.text end,
                           ' ' order by p.place, p.name) as pairs
           from (select place, name, text
                   from (values (1, 'usr.id', case when u.kind = 'usr' then u.id end),
                                (2, 'usr.anonymous_id', case when u.kind = 'anonymous' then u.id end),
                                (3, 'session.id', s.session_id), (5, 'view.url_path', e.path), (19, 'error.message', e.error_message),
                                (20, 'duration', e.duration::text)) v (place, name, text)
                 union all
                 select n.place, n.name, d.value
                   from (values (4, 'application.id', c.application), (5, 'view.url_path', case when e.path is null then k.page end),
                                (6, 'view.name', e.view_name), (7, 'action.type', e.action_type), (8, 'action.name', e.action_name),
                                (9, 'action.target.name', e.action_target), (10, 'error.type', e.error_type),
                                (11, 'geo.country_iso_code', c.country), (12, 'geo.country_subdivision', c.region),
                                (13, 'geo.city', c.city), (14, 'device.type', c.device_type), (15, 'os.name', c.os_name),
                                (16, 'os.version', c.os_version), (17, 'browser.name', c.browser_name),
                                (18, 'browser.version', c.browser_version)) n (place, name, id)
                   join footfall.dictionary d on d.id = n.id
                 union all
                 select 30, a.key, a.value from jsonb_each_text(r.value) a
                 union all
                 select 31, a.key, a.value from jsonb_each_text(e.attributes) a) p
          where p.text <> '') said
 order by e.ts, e.seq`
