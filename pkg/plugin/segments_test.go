package plugin

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/segment/deleted"
	"github.com/footfall-analytics/footfall/pkg/store/schema"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// ask calls a resource, wants a status, and decodes the answer where there is somewhere to put it.
func (c *client) ask(t *testing.T, method, url, body string, status int, answer any) string {
	t.Helper()
	got, text := c.send(t.Context(), t, method, url, body)
	require.Equal(t, status, got, "%s %s: %s", method, url, text)
	if answer != nil {
		require.NoError(t, json.Unmarshal([]byte(text), answer), text)
	}
	return text
}

const (
	proSegment  = `{"id": "pro", "name": "Pro users", "kind": "dynamic", "definition": {"where": {"users": "usr.plan:pro"}}}`
	listSegment = `{"id": "list", "name": "Ours", "kind": "static", "list": ["u-1", "u-9"]}`
	usesPro     = `{"id": "uses", "name": "Uses", "kind": "dynamic", "definition": {"where": {"not": {"segment": "pro"}}}}`
)

func TestSegmentResources(t *testing.T) {
	db := testdb.New(t)
	storeUser(t, db, 1, "u-1")
	storeUser(t, db, 2, "=u-2")
	c := start(t, storedFor(db))

	var s segment.Segment
	c.ask(t, "POST", "segments", proSegment, http.StatusCreated, &s)
	require.Equal(t, 1, s.Version)
	require.Equal(t, "admin", s.CreatedBy)
	require.Equal(t, segment.DefaultRefreshMinutes, *s.RefreshMinutes)
	require.Nil(t, s.ComputedAt)
	require.NotEmpty(t, s.Sentence)
	c.ask(t, "POST", "segments/pro/refresh", "", http.StatusOK, &s)
	require.EqualValues(t, 2, *s.Size)

	var members membersAnswer
	c.ask(t, "GET", "segments/pro/members?limit=1&search=U-", "", http.StatusOK, &members)
	require.EqualValues(t, 2, members.Total)
	require.Len(t, members.Members, 1)
	c.ask(t, "GET", "segments/pro/members?limit=5&offset=1", "", http.StatusOK, &members)
	require.Len(t, members.Members, 1)
	require.Equal(t, "=u-2", members.Members[0].UserID)
	csv := c.ask(t, "GET", "segments/pro/members.csv", "", http.StatusOK, nil)
	require.Equal(t, "user_id,user_name,user_email,last_seen\nu-1,Ann,,2026-01-02T00:00:00Z\n'=u-2,Ann,,2026-01-02T00:00:00Z\n", csv)

	c.ask(t, "POST", "segments/pro/freeze", `{"id": "frozen", "name": "Frozen"}`, http.StatusCreated, &s)
	require.Equal(t, segment.Static, s.Kind)
	require.EqualValues(t, 2, s.Listed)
	c.ask(t, "POST", "segments/frozen/list?version=1", csv, http.StatusOK, &s)
	require.EqualValues(t, 2, s.Listed, "an export can be uploaded")
	require.Equal(t, 2, s.Version)
	c.ask(t, "POST", "segments/frozen/list", "u-1\n\n u-1 \n", http.StatusOK, &s)
	require.EqualValues(t, 1, s.Listed)
	c.ask(t, "POST", "segments", listSegment, http.StatusCreated, &s)
	c.ask(t, "POST", "segments/list/refresh", "", http.StatusOK, &s)
	require.EqualValues(t, 1, *s.Size)
	require.EqualValues(t, 2, s.Listed)

	var sizes []segment.Size
	c.ask(t, "GET", "segments/pro/sizes", "", http.StatusOK, &sizes)
	require.Len(t, sizes, 1)
	c.ask(t, "GET", "segments/pro/sizes?to=2000-01-01T00:00:00Z", "", http.StatusOK, &sizes)
	require.Empty(t, sizes)
	var list []segment.Segment
	c.ask(t, "GET", "segments", "", http.StatusOK, &list)
	require.Len(t, list, 3)
	require.Nil(t, list[0].Sizes)
	text := c.ask(t, "GET", "segments?sizes=90d", "", http.StatusOK, &list)
	require.Len(t, list, 3)
	for _, s := range list {
		require.Equal(t, s.Size != nil, len(s.Sizes) == 1, text)
		c.ask(t, "PUT", "segments/"+s.ID, string(encode(t, s)), http.StatusOK, nil)
	}

	c.ask(t, "DELETE", "segments/pro", "", http.StatusOK, nil)
	c.ask(t, "GET", "segments/pro", "", http.StatusNotFound, nil)
	c.ask(t, "POST", "segments/pro/restore", "", http.StatusOK, &s)
	require.EqualValues(t, 2, *s.Size)
	c.ask(t, "GET", "segments/pro/members", "", http.StatusOK, &members)
	require.EqualValues(t, 2, members.Total)
	require.Contains(t, c.ask(t, "POST", "segments/pro/restore", "", http.StatusConflict, nil), `there is a segment`)
	c.ask(t, "DELETE", "segments/pro", "", http.StatusOK, nil)
	_, err := db.Exec(t.Context(), `update footfall.segment_changes set changed_at = now() - interval '31 days' where change = 'deleted'`)
	require.NoError(t, err)
	require.Contains(t, c.ask(t, "POST", "segments/pro/restore", "", http.StatusGone, nil), "is not kept any more")
	var history []segment.Change
	c.ask(t, "GET", "segments/pro/history", "", http.StatusOK, &history)
	require.Len(t, history, 5)
	require.Equal(t, segment.Deleted, history[0].Change)
	require.Equal(t, segment.Restored, history[1].Change)
	for _, change := range history {
		require.Equal(t, "users with usr.plan pro", change.Sentence, change.Change)
	}
}

// TestUploadsKeepAnonymousUsers: a list that is uploaded to a frozen segment replaces its users, not the anonymous ones,
// and the answer tells how many entries have a user.
func TestUploadsKeepAnonymousUsers(t *testing.T) {
	db := testdb.New(t)
	storeUser(t, db, 1, "u-1")
	storeUser(t, db, 2, "visitor")
	_, err := db.Exec(t.Context(), `
		update footfall.users set kind = 'anonymous' where key = 2; update footfall.profiles set anonymous = true where user_key = 2`)
	require.NoError(t, err)
	c := start(t, storedFor(db))
	all := `{"id": "all", "name": "All", "kind": "dynamic", "definition": {"includeAnonymous": true, "where": {"users": "usr.plan:pro"}}}`
	c.ask(t, "POST", "segments", all, http.StatusCreated, nil)
	c.ask(t, "POST", "segments/all/refresh", "", http.StatusOK, nil)
	var s segment.Segment
	c.ask(t, "POST", "segments/all/freeze", `{"id": "frozen", "name": "Frozen"}`, http.StatusCreated, &s)
	require.EqualValues(t, 2, s.Listed)
	text := c.ask(t, "POST", "segments/frozen/list", "usr.id\nu-1\nu-9\n", http.StatusOK, nil)
	require.Contains(t, text, `"listed":3,"matched":2,"unmatched":1`)
	c.ask(t, "POST", "segments/frozen/refresh", "", http.StatusOK, &s)
	require.EqualValues(t, 2, *s.Size)
	storeUser(t, db, 3, "u-9")
	c.ask(t, "POST", "segments/frozen/refresh", "", http.StatusOK, &s)
	require.EqualValues(t, 3, *s.Size, "who waited joins once seen")
	require.EqualValues(t, 0, *s.Unmatched)

	text = c.ask(t, "PUT", "segments/frozen", `{"version": 2, "name": "F", "kind": "static", "list": ["u-1"]}`, http.StatusOK, nil)
	require.Contains(t, text, `"listed":2,"matched":2,"unmatched":0`)
	text = c.ask(t, "PUT", "segments/frozen", `{"version": 3, "name": "F", "kind": "static", "anonymousIds": []}`, http.StatusOK, nil)
	require.Contains(t, text, `"listed":1,"matched":1,"unmatched":0`)
}

func encode(t *testing.T, value any) []byte {
	raw, err := json.Marshal(value)
	require.NoError(t, err)
	return raw
}

func TestSegmentProblems(t *testing.T) {
	c := start(t, storedFor(testdb.New(t)))
	c.ask(t, "POST", "segments", proSegment, http.StatusCreated, nil)
	c.ask(t, "POST", "segments", usesPro, http.StatusCreated, nil)
	for _, want := range []struct {
		method, url, body string
		status            int
		message, path     string
	}{
		{"POST", "segments", proSegment, 409, "exists already", ""},
		{"POST", "segments", `{`, 400, "cannot be read", "body"},
		{"POST", "segments", `{"id": "x", "name": "X", "kind": "dynamic", "members": 5}`, 400, `unknown field "members"`, "body"},
		{"POST", "segments", `{"id": "x", "name": "X", "kind": "dynamic", "definition": {"where": {"users": "plam:pro"}}}`, 400,
			"unknown attribute", "definition.where.users"},
		{"POST", "segments", `{"id": "x", "name": "X", "kind": "dynamic", "definition": {"where": {"all": [{"did": {"event": ""}}]}}}`, 400,
			"is empty", "definition.where.all[0].did.event"},
		{"POST", "segments", `{"id": "x", "name": 7}`, 400, "cannot be a number", "name"},
		{"POST", "segments", `{"id": "x", "name": "` + strings.Repeat("x", maxBody) + `"}`, 413, "4 MB", ""},
		{"PUT", "segments/pro", proSegment, 400, "is missing", "version"},
		{"PUT", "segments/pro", strings.Replace(usesPro, `{`, `{"version": 1, `, 1), 400, "cannot be changed", "id"},
		{"PUT", "segments/none", `{"version": 1, "name": "X", "kind": "static"}`, 404, `"none"`, ""},
		{"DELETE", "segments/pro", "", 409, `segment "pro" is used by Uses`, ""},
		{"DELETE", "segments/none", "", 404, "no such segment", ""},
		{"POST", "segments/none/restore", "", 404, "no such segment", ""},
		{"POST", "segments/none/refresh", "", 404, "no such segment", ""},
		{"POST", "segments/none/freeze", `{"id": "x", "name": "X"}`, 404, "no such segment", ""},
		{"POST", "segments/pro/list", "a", 400, "is dynamic", "kind"},
		{"GET", "segments/none/history", "", 404, "no such segment", ""},
		{"GET", "segments/pro/members?limit=0", "", 400, "1 to 10000", "limit"},
		{"GET", "segments/pro/members.csv?search=%00", "", 400, "NUL", "search"},
		{"GET", "segments/none/members.csv", "", 404, "no such segment", ""},
		{"GET", "segments/pro/sizes?from=yesterday", "", 400, "must be a time", "from"},
		{"GET", "segments?sizes=soon", "", 400, "must be a duration", "sizes"},
		{"GET", "segments?sizes=91d", "", 400, "1d to 90d", "sizes"},
		{"POST", "segments/preview", `{"where": {"segment": "none"}}`, 400, "names no segment", "where.segment"},
	} {
		var got resourceProblem
		c.ask(t, want.method, want.url, want.body, want.status, &got)
		require.Contains(t, got.Message, want.message, "%s %s", want.method, want.url)
		require.Equal(t, want.path, got.Path, "%s %s: %s", want.method, want.url, got.Message)
	}
	var got resourceProblem
	c.ask(t, "DELETE", "segments/pro", "", http.StatusConflict, &got)
	require.Equal(t, []deleted.Keeper{{ID: "uses", Name: "Uses"}}, got.UsedBy)
}

func TestStaleEditsAreRefused(t *testing.T) {
	c := start(t, storedFor(testdb.New(t)))
	c.ask(t, "POST", "segments", proSegment, http.StatusCreated, nil)
	edit := func(name, version string) string {
		return `{"version": ` + version + `, "name": "` + name + `", "kind": "dynamic", "definition": {"where": {"users": "usr.plan:pro"}}, "refreshMinutes": null}`
	}
	var s segment.Segment
	c.as("Editor").ask(t, "PUT", "segments/pro", edit("First", "1"), http.StatusOK, &s)
	require.Equal(t, 2, s.Version)
	require.Nil(t, s.RefreshMinutes)
	require.Equal(t, "editor", s.ChangedBy)
	require.Equal(t, "admin", s.CreatedBy)
	text := c.ask(t, "PUT", "segments/pro", edit("Second", "1"), http.StatusConflict, nil)
	require.Contains(t, text, "somebody has changed this segment meanwhile")
	c.ask(t, "GET", "segments/pro", "", http.StatusOK, &s)
	require.Equal(t, "First", s.Name)
}

// TestSegmentsCanBeWrittenBack: whatever GET tells of a segment, computed, failed, static or used, PUT takes it back.
func TestSegmentsCanBeWrittenBack(t *testing.T) {
	db := testdb.New(t)
	storeUser(t, db, 1, "u-1")
	c := start(t, storedFor(db))
	c.ask(t, "POST", "segments", proSegment, http.StatusCreated, nil)
	c.ask(t, "POST", "segments", usesPro, http.StatusCreated, nil)
	c.ask(t, "POST", "segments", listSegment, http.StatusCreated, nil)
	c.ask(t, "POST", "segments/pro/refresh", "", http.StatusOK, nil)
	_, err := db.Exec(t.Context(), `update footfall.segments set error = 'It broke', error_at = now(), refresh_minutes = null where id = 'uses'`)
	require.NoError(t, err)

	for _, id := range []string{"pro", "uses", "list"} {
		var before, after segment.Segment
		read := c.ask(t, "GET", "segments/"+id, "", http.StatusOK, &before)
		c.as("Editor").ask(t, "PUT", "segments/"+id, read, http.StatusOK, &after)
		require.Equal(t, before.Version+1, after.Version)
		require.Equal(t, "editor", after.ChangedBy)
		require.Equal(t, before.Content, after.Content)
		require.Equal(t, before.CreatedBy, after.CreatedBy)
		require.Equal(t, before.Listed, after.Listed)
		c.ask(t, "PUT", "segments/"+id, read, http.StatusConflict, nil)

		forged := strings.Replace(read, `"createdBy":"admin"`, `"createdBy":"mallory"`, 1)
		require.NotEqual(t, read, forged)
		forged = strings.Replace(forged, `"version":1`, `"version":2`, 1)
		c.ask(t, "PUT", "segments/"+id, forged, http.StatusOK, &after)
		require.Equal(t, "admin", after.CreatedBy, "what only reading tells is not written")
		text := c.ask(t, "PUT", "segments/"+id, strings.Replace(read, "{", `{"members": 5, `, 1), http.StatusBadRequest, nil)
		require.Contains(t, text, `unknown field \"members\"`)
	}
}

func TestSegmentRoles(t *testing.T) {
	db := testdb.New(t)
	storeUser(t, db, 1, "u-1")
	_, err := db.Exec(t.Context(), `update footfall.users set email = 'ann@example.com'`)
	require.NoError(t, err)
	s := storedFor(db)
	c := start(t, s)
	c.ask(t, "POST", "segments", proSegment, http.StatusCreated, nil)
	c.ask(t, "POST", "segments/pro/refresh", "", http.StatusOK, nil)
	preview := `{"where": {"users": "usr.plan:pro"}}`
	reads := [][2]string{
		{"GET", "segments"}, {"GET", "segments/pro"}, {"GET", "segments/pro/history"}, {"GET", "segments/pro/sizes"},
		{"GET", "segments/pro/members"}, {"GET", "segments/pro/members.csv"}, {"POST", "segments/preview"},
		{"GET", "status"}, {"GET", "attributes"},
	}
	changes := [][2]string{
		{"POST", "segments"}, {"PUT", "segments/pro"}, {"DELETE", "segments/pro"}, {"POST", "segments/pro/refresh"},
		{"POST", "segments/pro/restore"}, {"POST", "segments/pro/freeze"}, {"POST", "segments/pro/list"},
	}
	for _, read := range reads {
		text := c.as("").ask(t, read[0], read[1], preview, http.StatusForbidden, nil)
		require.JSONEq(t, `{"message": "only signed-in users may do this"}`, text)
		for _, role := range []string{"Viewer", "Owner", "Editor", "Admin"} {
			c.as(role).ask(t, read[0], read[1], preview, http.StatusOK, nil)
		}
	}
	for _, change := range changes {
		for _, role := range []string{"", "Viewer", "Owner"} {
			text := c.as(role).ask(t, change[0], change[1], proSegment, http.StatusForbidden, nil)
			require.JSONEq(t, `{"message": "only editors may do this"}`, text)
		}
	}
	for _, role := range []string{"Editor", "Admin"} {
		id := strings.ToLower(role)
		c.as(role).ask(t, "POST", "segments", strings.Replace(proSegment, `"pro"`, `"`+id+`"`, 1), http.StatusCreated, nil)
		c.as(role).ask(t, "DELETE", "segments/"+id, "", http.StatusOK, nil)
	}
	require.Equal(t, []string{"u-1"}, userIDs(t, c.as("").query(t.Context(), t, `{"includeSegments": ["pro"]}`)))

	s.json["restrictExport"] = true
	settings := s.settings(t)
	settings.Updated = time.Unix(2, 0)
	c.context.DataSourceInstanceSettings = &settings
	for _, list := range []string{"segments/pro/members", "segments/pro/members.csv"} {
		c.as("Viewer").ask(t, "GET", list, "", http.StatusForbidden, nil)
		require.Contains(t, c.as("Editor").ask(t, "GET", list, "", http.StatusOK, nil), "ann@example.com")
	}
	for role, want := range map[string]any{"": nil, "Viewer": nil, "Editor": "ann@example.com"} {
		for _, columns := range []string{`[]`, `["user_id", "user_email"]`} {
			frame := c.as(role).query(t.Context(), t, `{"columns": `+columns+`}`).Frames[0]
			field, _ := frame.FieldByName("user_email")
			require.NotNil(t, field)
			value, shown := field.ConcreteAt(0)
			require.Equal(t, want != nil, shown, role)
			require.Equal(t, shown, value == want, role)
		}
	}
	require.NotContains(t, c.as("Viewer").ask(t, "POST", "segments/preview", preview, http.StatusOK, nil), "ann@example.com")
	require.Contains(t, c.as("Editor").ask(t, "POST", "segments/preview", preview, http.StatusOK, nil), "ann@example.com")
}

// TestRefreshBesideAnother: one process computes a segment, another is told to wait.
func TestRefreshBesideAnother(t *testing.T) {
	db := testdb.New(t)
	storeUser(t, db, 1, "u-1")
	c := start(t, storedFor(db))
	c.ask(t, "POST", "segments", proSegment, http.StatusCreated, nil)
	c.ask(t, "POST", "segments", listSegment, http.StatusCreated, nil)
	release := block(t, db)
	other := testdb.Connect(t, db.Config().ConnString())
	ended := make(chan error, 1)
	go func() { ended <- segment.Refresh(context.Background(), other, "pro") }()
	eventually(t, "the other one computes", func() bool { return locks(t, db) == 1 })
	text := c.ask(t, "POST", "segments/pro/refresh", "", http.StatusConflict, nil)
	require.Contains(t, text, "is being computed already")
	computing := func() []bool {
		var list []segment.Segment
		var s segment.Segment
		c.ask(t, "GET", "segments", "", http.StatusOK, &list)
		c.ask(t, "GET", "segments/pro", "", http.StatusOK, &s)
		return []bool{list[0].Computing, list[1].Computing, s.Computing}
	}
	require.Equal(t, []bool{false, true, true}, computing())
	release()
	require.NoError(t, <-ended)
	require.Equal(t, []bool{false, false, false}, computing())
	c.ask(t, "POST", "segments/pro/refresh", "", http.StatusOK, nil)
}

// locks counts the segments that are being computed.
func locks(t *testing.T, db *pgxpool.Pool) (n int) {
	t.Helper()
	require.NoError(t, db.QueryRow(t.Context(), `
		select count(*)
		  from pg_locks
		 where locktype = 'advisory' and objsubid = 2
		   and database = (select oid from pg_database where datname = current_database())`).Scan(&n))
	return n
}

// TestChangesNeedRights: with the reader's rights segments can be changed; without them the answer says what to grant.
func TestChangesNeedRights(t *testing.T) {
	db := testdb.New(t)
	storeUser(t, db, 1, "u-1")
	role := "editor_" + db.Config().ConnConfig.Database
	name := pgx.Identifier{role}.Sanitize()
	for _, sql := range []string{
		`create role ` + name + ` login password 'secret'`,
		`grant usage on schema footfall to ` + name,
		`grant select on all tables in schema footfall to ` + name,
	} {
		_, err := db.Exec(t.Context(), sql)
		require.NoError(t, err)
	}
	t.Cleanup(func() {
		_, err := db.Exec(context.Background(), `drop owned by `+name+`; drop role `+name)
		require.NoError(t, err)
	})
	s := storedFor(db)
	s.user, s.secure = role, map[string]string{"password": "secret"}
	c := start(t, s)
	text := c.ask(t, "POST", "segments", proSegment, http.StatusForbidden, nil)
	require.Contains(t, text, "footfall migrate --reader")
	require.Contains(t, text, "permission denied for table segments")

	conn, err := pgx.Connect(t.Context(), db.Config().ConnString())
	require.NoError(t, err)
	defer conn.Close(context.Background()) //nolint:errcheck // the test ends
	require.NoError(t, schema.GrantReader(t.Context(), conn, role))
	c.ask(t, "POST", "segments", proSegment, http.StatusCreated, nil)
	c.ask(t, "POST", "segments/pro/refresh", "", http.StatusOK, nil)
	c.ask(t, "POST", "segments/pro/freeze", `{"id": "frozen", "name": "Frozen"}`, http.StatusCreated, nil)
	c.ask(t, "PUT", "segments/pro", strings.Replace(proSegment, "{", `{"version": 1, `, 1), http.StatusOK, nil)
	c.ask(t, "DELETE", "segments/pro", "", http.StatusOK, nil)
	c.ask(t, "POST", "segments/pro/restore", "", http.StatusOK, nil)
}

func TestAnswersSayWhichSegmentsAreOld(t *testing.T) {
	db := testdb.New(t)
	storeUser(t, db, 1, "u-1")
	c := start(t, storedFor(db))
	c.ask(t, "POST", "segments", proSegment, http.StatusCreated, nil)
	ask := func(options string) []data.Notice {
		response := c.query(t.Context(), t, options)
		require.NoError(t, response.Error)
		return response.Frames[0].Meta.Notices
	}
	for _, options := range []string{
		`{"includeSegments": ["pro"]}`, `{"excludeSegments": ["pro"]}`, `{"filter": "segment:pro"}`,
		`{"filter": "segment:*"}`, `{"filter": "-segment:pr*"}`,
		`{"includeSegments": [{"where": {"not": {"segment": "pro"}}}]}`,
	} {
		require.Equal(t, []data.Notice{{
			Severity: data.NoticeSeverityWarning, Text: "Segment Pro users has not been computed yet",
		}}, ask(options), options)
	}
	require.Empty(t, ask(`{}`))
	c.ask(t, "POST", "segments/pro/refresh", "", http.StatusOK, nil)
	require.Empty(t, ask(`{"includeSegments": ["pro"]}`))
	_, err := db.Exec(t.Context(), `update footfall.segments set computed_at = computed_at - interval '2 hours'`)
	require.NoError(t, err)
	require.Contains(t, ask(`{"includeSegments": ["pro"]}`)[0].Text, "older than its schedule")
}
