package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/segment/table"
)

func TestTables(t *testing.T) {
	newDSN(t)
	require.Contains(t, succeed(t, "tables", "list"), "no reference tables")
	file := write(t, "premium.csv", "E-Mail,Tier,Since\na@x.org,gold,2020\nb@x.org,-,2021\n")
	out := succeed(t, "tables", "upload", "--name", "Premium", "--key", "E-Mail", file)
	require.Contains(t, out, "Table premium, version 1: 2 rows read, 2 stored.")
	require.Contains(t, out, "0 rows match 0 users by e_mail = usr.email, 2 match none yet.")
	require.Contains(t, out, "Columns: e_mail (text), tier (text), since (number)")
	require.Contains(t, succeed(t, "tables", "upload", "--name", "premium", "--key", "e_mail", "--if-changed", file), "the same already")

	out = succeed(t, "tables", "upload", "--name", "testers", "--no-header", "--key", "column_1", "--identity", "usr.id",
		write(t, "testers.csv", "u-1,7\nu-2,8\n"))
	require.Contains(t, out, "version 1: 2 rows read, 2 stored.")
	require.Contains(t, out, "The first line is a row: the columns are called after their place.\nColumns: column_1 (text), column_2 (number)")
	require.Equal(t, "column_1,column_2\nu-1,7\nu-2,8\n", succeed(t, "tables", "export", "testers"))
	succeed(t, "tables", "delete", "testers")

	exported := succeed(t, "tables", "export", "premium")
	require.Equal(t, "e_mail,tier,since\na@x.org,gold,2020\nb@x.org,'-,2021\n", exported)
	r := footfall(context.Background(), exported, "tables", "upload", "--name", "copy", "--key", "e_mail", "--json", "-")
	require.Equal(t, exitOK, r.code, r.stderr)
	var report table.Report
	require.NoError(t, json.Unmarshal([]byte(r.stdout), &report))
	require.EqualValues(t, 2, report.Stored)
	require.Equal(t, exported, succeed(t, "tables", "export", "copy"))

	require.Regexp(t, `premium +2 +e_mail = usr.email +3 +1 `, succeed(t, "tables", "list"))
	var list []table.Table
	require.NoError(t, json.Unmarshal([]byte(succeed(t, "tables", "list", "--json")), &list))
	require.Len(t, list, 2)
	require.Equal(t, "premium.csv", list[1].File)
	require.Contains(t, succeed(t, "tables", "delete", "copy"), "Deleted table copy.")
	r = footfall(context.Background(), "", "tables", "delete", "copy")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, "no such reference table: copy")
	require.Equal(t, "Table copy is back.\n", succeed(t, "tables", "restore", "copy"))
	require.Equal(t, exported, succeed(t, "tables", "export", "copy"))
	r = footfall(context.Background(), "", "tables", "restore", "copy")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, `there is a table "copy"`)
}

func TestTablesRejects(t *testing.T) {
	newDSN(t)
	file := write(t, "ids.csv", "id,plan\n1,pro\n,free\n"+strings.Repeat("1,free\n", 12))
	rejects := filepath.Join(t.TempDir(), "rejects.csv")
	r := footfall(context.Background(), "", "tables", "upload", "--name", "crm", "--key", "id", "--rejects", rejects, file)
	require.Equal(t, exitRefused, r.code)
	require.Contains(t, r.stdout, "Not stored: 12 with a key that comes again, 1 without key, 0 that are too long")
	require.Contains(t, r.stdout, file+":2: line 15 has the same key\n  "+file+":3: the key is empty")
	require.Contains(t, r.stdout, "... and 3 more (--rejects FILE")
	require.Contains(t, r.stderr, "13 of 14 rows were not stored")
	content, err := os.ReadFile(rejects)
	require.NoError(t, err)
	require.Contains(t, string(content), "line,key,reason\n2,1,line 15 has the same key\n3,,the key is empty\n")
	require.Contains(t, string(content), "15,1,\"stored, but no user has this usr.id\"\n")

	bad := write(t, "bad.csv", "id,plan\n1,pro\n2\n")
	r = footfall(context.Background(), "", "tables", "upload", "--name", "crm", "--key", "id", bad)
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, "bad.csv is refused, nothing has changed: line 3:")
	r = footfall(context.Background(), "", "tables", "upload", "--name", "crm", "--key", "id", "--rejects", file, file)
	require.Equal(t, exitUsage, r.code)
	require.Contains(t, r.stderr, "overwritten")
}

func TestTablesLeaveOutSaysWhy(t *testing.T) {
	newDSN(t)
	file := write(t, "ids.csv", "id,plan\n1,pro\n2\nid,plan\n3,"+strings.Repeat("x", 9000)+"\n")
	r := footfall(context.Background(), "", "tables", "upload", "--name", "crm", "--key", "id", "--leave-out", file)
	require.Equal(t, exitRefused, r.code)
	require.Contains(t, r.stdout, "0 without key, 3 that are too long, repeat the header or were left out by --leave-out.")
	require.Contains(t, r.stdout, file+":3: the row has 1 column, the header has 2\n  "+file+":4: the row repeats the header")
}
