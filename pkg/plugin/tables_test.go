package plugin

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/segment/deleted"
	"github.com/footfall-analytics/footfall/pkg/segment/table"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestTableResources(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	storeUser(t, db, 1, "u-1")
	storeUser(t, db, 2, "u-2")
	c := start(t, storedFor(db))
	upload := "tables?name=Premium&key=id&identity=usr.id&file=premium.csv&type=tier:text"
	rows := "id,tier\n'=x,2\nu-1,1\n"
	var report table.Report
	c.as("Editor").ask(t, "POST", upload, rows, http.StatusOK, &report)
	require.EqualValues(t, 2, report.Stored)
	require.EqualValues(t, 1, report.Matched)

	var list []table.Table
	c.as("Viewer").ask(t, "GET", "tables", "", http.StatusOK, &list)
	require.Len(t, list, 1)
	require.Equal(t, "editor", list[0].UploadedBy)
	require.Empty(t, list[0].UsedBy)
	require.Equal(t, "premium.csv", list[0].File)
	require.Equal(t, rows, c.as("Viewer").ask(t, "GET", "tables/premium/rows.csv", "", http.StatusOK, nil))
	require.Equal(t, []string{"u-1"}, userIDs(t, c.query(t.Context(), t, `{"filter": "premium.tier:1"}`)))

	var s segment.Segment
	c.ask(t, "POST", "segments", `{"id": "premium", "name": "Premium", "kind": "dynamic", "definition": {"where": {"table": "premium"}}}`,
		http.StatusCreated, &s)
	c.ask(t, "POST", "segments/premium/refresh", "", http.StatusOK, &s)
	require.EqualValues(t, 1, *s.Size)
	c.ask(t, "GET", "tables", "", http.StatusOK, &list)
	require.Equal(t, []deleted.Keeper{{ID: "premium", Name: "Premium"}}, list[0].UsedBy)
	var one table.Table
	c.as("Viewer").ask(t, "GET", "tables/premium", "", http.StatusOK, &one)
	require.Equal(t, list[0], one)
	c.as("Editor")
	c.ask(t, "POST", upload, "id,tier\nu-1,1\nu-2,1\n", http.StatusOK, nil)
	c.ask(t, "GET", "segments/premium", "", http.StatusOK, &s)
	require.True(t, s.Stale, "its table has changed")

	for _, want := range []struct {
		method, url, body string
		status            int
		message           string
	}{
		{"DELETE", "tables/premium", "", 409, "used by Premium"},
		{"DELETE", "tables/none", "", 404, "no such reference table"},
		{"POST", "tables/none/restore", "", 404, "no such reference table"},
		{"GET", "tables/none/rows.csv", "", 404, "no such reference table"},
		{"GET", "tables/none", "", 404, "no such reference table"},
		{"POST", "tables?key=id", "id\n1\n", 400, "name"},
		{"POST", "tables?name=x&key=who", "id\n1\n", 400, "who"},
		{"POST", "tables?name=x&key=id&identity=shoe", "id\n1\n", 400, "usr.id, usr.email, usr.name or another attribute of users"},
		{"POST", "tables?name=x&key=id&leaveOut=1", "id\n1\n", 400, "true or false"},
		{"POST", "tables?name=x&key=id&firstLine=none", "id\n1\n", 400, "names or row"},
		{"POST", "tables?name=x&key=id&type=id:date", "id\n1\n", 400, "column:text"},
		{"POST", "tables?name=x&key=id&delimiter=ab", "id\n1\n", 400, "one character"},
		{"POST", "tables?name=x&key=id", "id;tier\n1;a\n", 400, "if ';' separates the columns, say --delimiter ';', or give the parameter delimiter"},
		{"POST", "tables?name=x&key=id&file=" + strings.Repeat("x", 256), "id\n1\n", 400, "the file's name has 256 bytes; it may have 255"},
		{"POST", "tables?name=x&key=id&file=a%00", "id\n1\n", 400, "the file's name is not valid UTF-8 text"},
		{"POST", "tables?name=x&key=id", "id\n" + strings.Repeat("x\n", table.MaxUpload/2), 400, "4 MB"},
	} {
		var got resourceProblem
		c.ask(t, want.method, want.url, want.body, want.status, &got)
		require.Contains(t, got.Message, want.message, "%s %s", want.method, want.url)
	}
	for _, spreadsheet := range [][2]string{{"&delimiter=%3B", "id;プラン;\n1;a,b;\n"}, {"", "sep=;\nid;プラン;\n1;a,b;\n"}} {
		var report table.Report
		c.ask(t, "POST", "tables?name=sheet&key=id"+spreadsheet[0], spreadsheet[1], http.StatusOK, &report)
		require.Equal(t, []table.Column{{Name: "id", Type: "number"}, {Name: "column_2", Type: "text"}}, report.Columns)
	}
	var checked table.Checked
	file := "\ufeffE-Mail;Tier\nann@x.org;gold\n;silver\n"
	c.as("Editor").ask(t, "POST", "tables/check", file, http.StatusOK, &checked)
	require.Equal(t, ";", checked.Delimiter)
	require.EqualValues(t, table.Email, checked.Identity)
	require.EqualValues(t, 1, checked.Empty)
	require.Equal(t, []table.ShownRow{{Line: 2, Cells: []string{"ann@x.org", "gold"}}, {Line: 3, Cells: []string{"", "silver"}}}, checked.Rows)
	const rejected, unmatched = "3,,the key is empty\n", "2,ann@x.org,\"stored, but no user has this usr.email\"\n"
	for of, want := range map[string]string{"": unmatched + rejected, "?of=rejected": rejected, "?of=unmatched": unmatched} {
		require.Equal(t, "line,key,reason\n"+want, c.ask(t, "POST", "tables/check/rows.csv"+of, file, http.StatusOK, nil))
	}
	require.Contains(t, c.ask(t, "POST", "tables/check/rows.csv?of=all", file, http.StatusBadRequest, nil), "unmatched")
	c.ask(t, "POST", "tables/check?name=x&type=tier:number", "id,tier\n1,x\n2,3\n", http.StatusOK, &checked)
	require.EqualValues(t, 1, checked.Wrong)
	require.Equal(t, []table.Error{{Line: 2, Column: "tier", Problem: `"x" is not a number`}}, checked.Problems)
	c.ask(t, "POST", "tables/check?name=x&type=tier:number&leaveOut=true", "id,tier\n1,x\n2,3\n", http.StatusOK, &checked)
	require.Empty(t, checked.Problems)
	require.EqualValues(t, 1, checked.Invalid)
	for query, want := range map[string]int64{"": 2, "?firstLine=row": 2, "?firstLine=names": 1} {
		c.ask(t, "POST", "tables/check"+query, "ann@x.org,gold\nbob@x.org,gold\n", http.StatusOK, &checked)
		require.Equal(t, want, checked.Read, query)
	}
	require.Contains(t, c.ask(t, "POST", "tables/check?key=who", file, http.StatusBadRequest, nil), "who")
	c.ask(t, "POST", "tables/check", "id\n"+strings.Repeat("x\n", table.MaxUpload/2), http.StatusRequestEntityTooLarge, nil)
	c.ask(t, "GET", "tables", "", http.StatusOK, &list)
	require.Len(t, list, 2, "nothing is stored")

	c.ask(t, "DELETE", "segments/premium", "", http.StatusOK, nil)
	c.ask(t, "DELETE", "tables/premium", "", http.StatusOK, nil)
	c.ask(t, "POST", "segments/premium/restore", "", http.StatusConflict, nil)
	var back table.Table
	c.as("Editor").ask(t, "POST", "tables/premium/restore", "", http.StatusOK, &back)
	require.EqualValues(t, 2, back.Rows)
	c.ask(t, "POST", "tables/premium/restore", "", http.StatusConflict, nil)
	c.ask(t, "POST", "segments/premium/restore", "", http.StatusOK, nil)
}

func TestTableRoles(t *testing.T) {
	c := start(t, storedFor(testdb.New(t)))
	for _, change := range [][2]string{{"POST", "tables?name=x&key=id"}, {"DELETE", "tables/x"}, {"POST", "tables/x/restore"}, {"POST", "tables/check"}, {"POST", "tables/check/rows.csv"}} {
		for _, role := range []string{"", "Viewer", "Owner"} {
			c.as(role).ask(t, change[0], change[1], "id\n1\n", http.StatusForbidden, nil)
		}
	}
	for _, read := range []string{"tables", "tables/x", "tables/x/rows.csv"} {
		c.as("").ask(t, "GET", read, "", http.StatusForbidden, nil)
	}
	for _, role := range []string{"Editor", "Admin"} {
		c.as(role).ask(t, "POST", "tables?name=x&key=id", "id\n1\n", http.StatusOK, nil)
		c.as(role).ask(t, "DELETE", "tables/x", "", http.StatusOK, nil)
	}
}
