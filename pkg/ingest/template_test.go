package ingest

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func same(v value) value { return v }

func TestTemplates(t *testing.T) {
	values := []value{{name: "a", text: "1"}, {name: "b", text: "2"}, {name: "c d", text: " x "}, {name: "empty"}}
	for text, want := range map[string]string{
		"{a} {b}": "1 2", "{a}-{a}": "1-1", "{c d}": "x", "{{{a}}}": "{1}", "{a}/{empty}": "1/", "{a} {none}": "1", "{empty} {none}": "",
	} {
		parsed, err := parseTemplate(text)
		require.NoError(t, err, text)
		require.Equal(t, want, parsed.fill(values, false, same), text)
	}
	half, err := parseTemplate("{a}-{empty}")
	require.NoError(t, err)
	require.Empty(t, half.fill(values, true, same), "half an id is none")
	for text, want := range map[string]string{
		"{a": "not closed", "a}": "} without {", "{}": "names no column", "{a{b}}": "names no column", "{{a}}": "names no column in braces",
	} {
		_, err := ParseMapping([]string{"usr.name=" + text}, nil, nil, false)
		require.ErrorContains(t, err, "--map usr.name="+text+": the template", text)
		require.ErrorContains(t, err, want)
	}
}

// TestTemplatesJoinTheirColumns: a template gives the texts of its columns with what stands between them.
func TestTemplatesJoinTheirColumns(t *testing.T) {
	escape := strings.NewReplacer("{", "{{", "}", "}}")
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringMatching(`[a-z{}" ]{1,6}`), 1, 5).Draw(t, "texts")
		names := columnNames(len(texts))
		var values []value
		var form, want strings.Builder
		for i, text := range texts {
			between := rapid.StringMatching(`[-/{} ]{0,3}`).Draw(t, "between")
			form.WriteString("{" + names[i] + "}" + escape.Replace(between))
			want.WriteString(text + between)
			values = append(values, value{name: names[i], text: text})
		}
		sortByName(values)
		parsed, err := parseTemplate(form.String())
		require.NoError(t, err)
		require.Equal(t, strings.TrimSpace(want.String()), parsed.fill(values, rapid.Bool().Draw(t, "id"), same))
	})
}

func TestTemplateColumnsAreTaken(t *testing.T) {
	pool := testdb.New(t)
	csv := write(t, "people.csv", "ts,type,first,last,usr.id,visit,plan\n2026-05-17T10:00:00Z,view,Ann,Lee,u1,7,pro\n2026-05-17T10:00:01Z,view,,,u1,,pro\n")
	json := write(t, "people.ndjson", `{"ts":"2026-05-17T10:00:02Z","type":"view","who":{"first":"Bob","last":"Ray","age":7},"usr":{"id":"u2"},"visit":8}`)
	m := mapping(t, []string{"usr.name={first} {last}", "session.id={usr.id}-{visit}"}, nil)
	nested := mapping(t, []string{"usr.name={who.first} {who.last}", "session.id={usr.id}-{visit}"}, nil)
	for file, m := range map[string]Mapping{csv: m, json: nested} {
		_, err := Import(context.Background(), pool, []string{file}, Options{Mapping: m})
		require.NoError(t, err)
	}
	require.Equal(t, []string{`u1|Ann Lee|u1-7|{"plan":"pro"}`, `u1|{"plan":"pro"}`, `u2|Bob Ray|u2-8|{"who.age":7}`},
		texts(t, pool, `select concat_ws('|', usr_id, usr_name, session_id, attributes) from footfall.inbox order by ts`))
}

func TestTranslations(t *testing.T) {
	pool := testdb.New(t)
	file := write(t, "events.csv", "ts,event,session,plan\n1779012301,page_view,-1,1\n1779012302,signup,s1,2\n1779012303,error,s1,3\n")
	m := mapping(t, []string{"type=event", "action.name=event", "session.id=session"}, nil)
	require.NoError(t, m.ParseTranslations([]string{
		"type:page_view=view", "type:error=error", "type:*=action", "action.name:page_view=", "session.id:-1=", "plan:1=free", "plan:2=7",
	}))
	_, err := Import(context.Background(), pool, []string{file}, Options{Mapping: m})
	require.NoError(t, err)
	require.Equal(t, []string{`view|{"plan":"free"}`, `action|signup|s1|{"plan":7}`, `error|error|s1|{"plan":3}`},
		texts(t, pool, `select concat_ws('|', type, action_name, session_id, attributes) from footfall.inbox order by ts`))

	// In JSON a number is translated by what it says, and what is not there stays away.
	pool = testdb.New(t)
	file = write(t, "events.ndjson", `{"ts":1779012301,"kind":1,"ok":true}`+"\n"+`{"ts":1779012302,"kind":"2","list":[1]}`)
	m = mapping(t, []string{"type=kind"}, nil)
	require.NoError(t, m.ParseTranslations([]string{"type:1=view", "type:*=custom", "ok:true=yes", "list:*=some"}))
	_, err = Import(context.Background(), pool, []string{file}, Options{Mapping: m})
	require.NoError(t, err)
	require.Equal(t, []string{`view|{"ok":"yes"}`, `custom|{"list":"some"}`},
		texts(t, pool, `select concat_ws('|', type, attributes) from footfall.inbox order by ts`))
}

// A column's values can be translated under its own name, too, wherever they go, and once only.
func TestTranslatedColumns(t *testing.T) {
	pool := testdb.New(t)
	file := write(t, "events.csv", "ts,event,device,visit,plan\n1779012301,pageview,d,-1,a\n1779012302,pageview,d,7,b\n")
	m := mapping(t, []string{"type=event", "session.id={device}-{visit}", "usr.plan=plan", "kind=event"}, nil)
	require.NoError(t, m.ParseTranslations([]string{"event:pageview=view", "visit:-1=", "kind:view=seen", "device:d=e", "usr.plan:b=c", "plan:a=b"}))
	_, err := Import(context.Background(), pool, []string{file}, Options{Mapping: m})
	require.NoError(t, err)
	require.Equal(t, []string{`view|{"kind":"seen","usr.plan":"c"}`, `view|e-7|{"kind":"seen","usr.plan":"c"}`},
		texts(t, pool, `select concat_ws('|', type, session_id, attributes) from footfall.inbox order by ts`))
}

func TestTranslationErrors(t *testing.T) {
	m := mapping(t, nil, []string{"usr.plan=pro"})
	for text, want := range map[string]string{
		"type": "write field:from=to", "type:a": "write field:from=to", ":a=b": "write field:from=to", "type:=view": "write field:from=to",
		"usr.plan:a=b": "one value for all rows", "type:\xff=view": "is not UTF-8",
	} {
		require.ErrorContains(t, m.ParseTranslations([]string{text}), want, text)
	}
	require.ErrorContains(t, m.ParseTranslations([]string{"type:a=view", "type:a=error"}), `translated already, to "view"`)
	require.NoError(t, m.ParseTranslations([]string{"type:a=b=view"}))
	require.Equal(t, map[string]string{"a=b": "view"}, m.Values["type"], "the last = counts")
}
