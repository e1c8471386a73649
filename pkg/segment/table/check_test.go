package table_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/segment/table"
)

// TestChecksSayWhatUploadsReport checks files as people have them, and uploads them by what was guessed.
func TestChecksSayWhatUploadsReport(t *testing.T) {
	db := newPool(t)
	_, err := db.Exec(ctx, `
		insert into footfall.users (key, kind, id, name, email)
		select i, 'usr', 'u-' || i, 'User ' || i, 'user' || i || '@x.org' from generate_series(1, 50) i`)
	require.NoError(t, err)
	var rows, bad strings.Builder
	for i := range 300 {
		fmt.Fprintf(&rows, "%d;user%d@x.org;%d\n", i, i, i%3)
	}
	for i := range 100 {
		fmt.Fprintf(&bad, "%d;;1\n%d; USER%d@x.org ;2\n", i, i, i)
	}
	for name, file := range map[string]struct {
		text      string
		delimiter rune
		key       string
		identity  table.Identity
	}{
		"semicolons":     {"no;E-Mail;tier\n" + rows.String(), ';', "e_mail", table.Email},
		"mark":           {"\ufeffno;E-Mail;tier\r\n" + rows.String(), ';', "e_mail", table.Email},
		"said delimiter": {"sep=;\nno;E-Mail;tier\n" + rows.String(), ';', "e_mail", table.Email},
		"header twice":   {"no;E-Mail;tier\nno;E-Mail;tier\n" + rows.String() + "no;E-Mail;tier\n", ';', "e_mail", table.Email},
		"names twice":    {"who;who;who\n" + rows.String(), ';', "who2", table.Email},
		"200 bad rows":   {"no;E-Mail;tier\n" + rows.String() + bad.String(), ';', "e_mail", table.Email},
		"ids":            {"plan,user_id,email\npro,u-1,a@x.org\npro,u-99,\n", ',', "user_id", table.ID},
		"names":          {"plan|name\npro|User 1\n", '|', "name", table.Name},
		"nothing said":   {"customer\tplan\nu-3\tpro\n", '\t', "customer", table.ID},
		"no rows":        {"id\n", ',', "id", table.ID},
	} {
		checked, err := table.Check(ctx, db, []byte(file.text), table.Options{})
		require.NoError(t, err, name)
		require.Empty(t, checked.Problems, name)
		require.Equal(t, string(file.delimiter), checked.Delimiter, name)
		require.Equal(t, file.key, checked.Key, name)
		require.Equal(t, file.identity, checked.Identity, name)
		require.LessOrEqual(t, len(checked.Rows), 20)
		list, err := table.List(ctx, db)
		require.NoError(t, err)
		require.Empty(t, list, "a check stores nothing")
		report, err := table.Upload(ctx, db, strings.NewReader(file.text), table.Options{
			Name: "x", Key: checked.Key, Identity: checked.Identity, Delimiter: file.delimiter,
		})
		require.NoError(t, err, name)
		require.Equal(t, report.Content, checked.Content, name)
		require.NoError(t, table.Delete(ctx, db, "x", "ann"))
		if name == "200 bad rows" {
			require.EqualValues(t, 200, checked.Refused())
			require.EqualValues(t, 50, checked.Matched)
		}
		if name == "header twice" {
			require.EqualValues(t, 2, checked.Invalid)
			require.Equal(t, []table.Reject{{Line: 2, Reason: "the row repeats the header"}, {Line: 303, Reason: "the row repeats the header"}},
				checked.Samples)
			require.Equal(t, filter.Number, checked.Columns[2].Type, "names are no values")
			require.Equal(t, table.ShownRow{Line: 303, Cells: []string{"no", "E-Mail", "tier"}}, checked.Rows[10])
		}
	}
}

func TestChecksShowTheFile(t *testing.T) {
	db := newPool(t)
	long := strings.Repeat("x", 300)
	checked, err := table.Check(ctx, db, []byte("E-Mail,Score ,プラン,\n'=a@x.org,7,"+long+",\nb@x.org,8\n"), table.Options{})
	require.NoError(t, err)
	require.Equal(t, []table.Column{{"e_mail", filter.Text}, {"score", filter.Number}, {"column_3", filter.Text}}, checked.Columns)
	require.Equal(t, []string{"E-Mail", "Score ", "プラン"}, checked.Header)
	require.Equal(t, []table.ShownRow{{2, []string{"=a@x.org", "7", long[:200] + "..."}}, {3, []string{"b@x.org", "8", ""}}}, checked.Rows)
	require.Equal(t, []table.Error{{Line: 3, Problem: "the row has 2 columns, the header has 4"}}, checked.Problems)
}

// A file whose first line is a row is told from one with names by what the line says, and read as one or the other on
// demand.
func TestFirstLinesAreNamesOrRows(t *testing.T) {
	db := newPool(t)
	_, err := db.Exec(ctx, `
		insert into footfall.users (key, kind, id, name, email)
		select i, 'usr', 'u-' || i, 'User ' || i, 'user' || i || '@x.org' from generate_series(1, 50) i`)
	require.NoError(t, err)
	long := strings.Repeat("x", 100)
	for name, file := range map[string]struct {
		text     string
		first    table.FirstLine
		key      string
		identity table.Identity
		matched  int64
	}{
		"mails":        {"gold;user1@x.org;" + long + ";\n\nsilver;user2@x.org\n", table.Row, "column_2", table.Email, 1},
		"guarded":      {"'=1,user1@x.org\n'=2,user2@x.org\n", table.Row, "column_2", table.Email, 2},
		"numbers":      {"1007,gold\n1008,gold\n", table.Row, "column_1", table.ID, 0},
		"known ids":    {"sep=,\ngold,u-1\ngold,u-2\n", table.Row, "column_2", table.ID, 2},
		"known names":  {"User 1\nUser 2\nUser 3\n", table.Row, "column_1", table.Name, 3},
		"the same row": {"u-1,gold\nu-1,gold\n", table.Row, "column_1", table.ID, 1},
		"told by name": {"User,id,u-1\n1,u-1,2\n", table.Names, "id", table.ID, 1},
		"years":        {"customer,2021,2022\nu-1,7,8\n", table.Names, "customer", table.ID, 1},
	} {
		checked, err := table.Check(ctx, db, []byte(file.text), table.Options{})
		require.NoError(t, err, name)
		require.Equal(t, file.first, checked.FirstLine, name)
		require.Equal(t, file.key, checked.Key, name)
		require.Equal(t, file.identity, checked.Identity, name)
		require.Equal(t, file.matched, checked.Matched, name)
		report, err := table.Upload(ctx, db, strings.NewReader(file.text), table.Options{
			Name: "x", Key: checked.Key, Identity: checked.Identity, FirstLine: checked.FirstLine, Delimiter: rune(checked.Delimiter[0]),
			LeaveOut: true,
		})
		require.NoError(t, err, name)
		if name != "mails" {
			require.Equal(t, report.Content, checked.Content, name)
		}
	}

	checked, err := table.Check(ctx, db, []byte("\ufeffu-1,3,\nu-2,4,\n"), table.Options{})
	require.NoError(t, err)
	require.Equal(t, []table.Column{{"column_1", filter.Text}, {"column_2", filter.Number}}, checked.Columns)
	require.Equal(t, []string{"column_1", "column_2"}, checked.Header)
	require.Equal(t, []table.ShownRow{{1, []string{"u-1", "3"}}, {2, []string{"u-2", "4"}}}, checked.Rows)

	checked, err = table.Check(ctx, db, []byte("u-1,3\nu-2,4\n"), table.Options{FirstLine: table.Names})
	require.NoError(t, err)
	require.Equal(t, []string{"u-1", "3"}, checked.Header)
	require.EqualValues(t, 1, checked.Read)
	checked, err = table.Check(ctx, db, []byte("id\nu-2\n"), table.Options{FirstLine: table.Row})
	require.NoError(t, err)
	require.EqualValues(t, 2, checked.Read)
	_, err = table.Check(ctx, db, nil, table.Options{FirstLine: table.Row})
	require.ErrorContains(t, err, "the file is empty")
}

// What no name of a column tells, users who have the values do: by an attribute too, where that is no accident.
func TestChecksFindTheColumnThatUsersHave(t *testing.T) {
	db := newPool(t)
	text := func(s string) *string { return &s }
	users := []plainUser{
		{id: "u-1", name: text("pro"), plan: text("pro")}, {id: "u-2", plan: text("free")}, {id: "u-3", plan: text("pro")},
		{id: "u-4", plan: text("3"), anonymous: true}, {id: "u-5", plan: text("2")},
	}
	storeUsers(t, db, users)
	for name, file := range map[string]struct {
		text     string
		options  table.Options
		key      string
		identity table.Identity
		users    int64
	}{
		"by attribute":       {text: "price,tariff\n9,pro\n0,free\n99,top\n", key: "tariff", identity: "usr.plan", users: 3},
		"less than half":     {text: "price,tariff\n9,free\n0,x\n99,y\n", key: "price", identity: table.ID},
		"called alike":       {text: "price,Plan\n9,free\n0,x\n99,y\n", key: "plan", identity: "usr.plan", users: 1},
		"numbers":            {text: "who,n\nx,2\ny,2.5\n", key: "who", identity: table.ID},
		"numbers, alike":     {text: "who,usr.plan\nx,2\ny,2.5\n", key: "usr_plan", identity: "usr.plan", users: 1},
		"of nobody":          {text: "who,plan\nx,3\ny,7\n", key: "who", identity: table.ID},
		"many times":         {text: "who,tier\nx,pro\ny,pro\nz,pro\n", key: "who", identity: table.ID},
		"ids first":          {text: "plan,who\npro,u-1\nfree,u-2\n", key: "who", identity: table.ID, users: 2},
		"not a name":         {text: "name,price\npro,9\nfree,0\n", key: "name", identity: "usr.plan", users: 3},
		"said to be a name":  {text: "name,price\npro,9\nfree,0\n", options: table.Options{Identity: table.Name}, key: "name", identity: table.Name, users: 1},
		"said which column":  {text: "plan,who\npro,u-1\nfree,u-2\n", options: table.Options{Key: "plan"}, key: "plan", identity: "usr.plan", users: 3},
		"said what it holds": {text: "plan,who\npro,u-1\nfree,u-2\n", options: table.Options{Identity: "usr.plan"}, key: "plan", identity: "usr.plan", users: 3},
	} {
		checked, err := table.Check(ctx, db, []byte(file.text), file.options)
		require.NoError(t, err, name)
		require.Equal(t, file.key, checked.Key, name)
		require.Equal(t, file.identity, checked.Identity, name)
		require.Equal(t, file.users, checked.Users, name)
		report, err := table.Upload(ctx, db, strings.NewReader(file.text), table.Options{Name: "x", Key: checked.Key, Identity: checked.Identity})
		require.NoError(t, err, name)
		require.Equal(t, report.Content, checked.Content, name)
		stored, err := table.Get(ctx, db, "x")
		require.NoError(t, err, name)
		require.Equal(t, file.identity, stored.Identity, name)
	}
}

// What would refuse the file can be left out, row by row; then it has no say in the types of columns.
func TestRowsThatAreWrongAreLeftOut(t *testing.T) {
	db := newPool(t)
	file := "id,n,m\n1,5,1\n2\ntext,x,text\n4,\xff,2\n5,\x00,2\n6,6,3\n6,7,4\n,8,5\n"
	options := table.Options{Name: "vip", Key: "id", Types: map[string]filter.Type{"n": filter.Number}, LeaveOut: true}
	checked, err := table.Check(ctx, db, []byte(file), options)
	require.NoError(t, err)
	require.Empty(t, checked.Problems)
	require.Zero(t, checked.Wrong)
	require.EqualValues(t, 4, checked.Invalid)
	require.EqualValues(t, 2, checked.Stored)
	require.Equal(t, []table.Column{{"id", filter.Number}, {"n", filter.Number}, {"m", filter.Number}}, checked.Columns)
	require.Equal(t, []table.Reject{
		{Line: 3, Reason: "the row has 1 column, the header has 3"},
		{Line: 4, Reason: `column n: "x" is not a number`},
		{Line: 5, Reason: "column n: is not UTF-8: save the file as CSV in UTF-8"},
		{Line: 6, Reason: "column n: has a NUL byte: is this a CSV file?"},
		{Line: 7, Reason: "line 8 has the same key"},
		{Line: 9, Reason: "the key is empty"},
	}, checked.Samples)
	report, err := table.Upload(ctx, db, strings.NewReader(file), options)
	require.NoError(t, err)
	require.Equal(t, report.Content, checked.Content)

	_, err = table.Upload(ctx, db, strings.NewReader("id,n\n1,2\n\"2\"x,3\n"), options)
	require.ErrorContains(t, err, "broken quotes", "behind which no row is known")
}

// All that would refuse a file is told at its place, and the other rows are counted all the same.
func TestChecksGoOnAfterProblems(t *testing.T) {
	db := newPool(t)
	file := "id,n\n1,5\n2\n3,x\n4,\xff\n5,\x00\n6,6\n6,7\n"
	checked, err := table.Check(ctx, db, []byte(file), table.Options{Name: "Vip", Types: map[string]filter.Type{"n": filter.Number}})
	require.NoError(t, err)
	require.Equal(t, []table.Error{
		{Line: 3, Problem: "the row has 1 column, the header has 2"},
		{Line: 4, Column: "n", Problem: `"x" is not a number`},
		{Line: 5, Column: "n", Problem: "is not UTF-8: save the file as CSV in UTF-8"},
		{Line: 6, Column: "n", Problem: "has a NUL byte: is this a CSV file?"},
	}, checked.Problems)
	require.EqualValues(t, 4, checked.Wrong)
	require.EqualValues(t, 7, checked.Read)
	require.EqualValues(t, 2, checked.Stored)
	require.EqualValues(t, 1, checked.Duplicate)
	require.Equal(t, table.ShownRow{Line: 5, Cells: []string{"4", "\ufffd"}}, checked.Rows[3])

	checked, err = table.Check(ctx, db, []byte("id,plan\n1,a\n2,\"b\"c\n3,d\n"), table.Options{Name: "usr"})
	require.NoError(t, err)
	require.EqualValues(t, 1, checked.Stored, "what stands before is counted")
	require.Len(t, checked.Problems, 2)
	require.Contains(t, checked.Problems[0].Problem, "usr.id already means something else")
	require.Equal(t, 3, checked.Problems[1].Line)

	checked, err = table.Check(ctx, db, []byte("id,n\n"+strings.Repeat("1\n", 500)), table.Options{})
	require.NoError(t, err)
	require.Len(t, checked.Problems, 100)
	require.Equal(t, 101, checked.Rows[99].Line, "what is wrong is shown")
	require.EqualValues(t, 500, checked.Wrong)

	for text, problem := range map[string]string{"": "is empty", "id\x00\n": "NUL", "\xff\xfei\x00": "UTF-16"} {
		_, err := table.Check(ctx, db, []byte(text), table.Options{})
		require.ErrorAs(t, err, new(table.Error), "%q", text)
		require.ErrorContains(t, err, problem)
	}
}
