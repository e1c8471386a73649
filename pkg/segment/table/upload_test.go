package table_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/segment/table"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

var ctx = context.Background()

// newPool asks as the datasource does: without prepared statements.
func newPool(t *testing.T) *pgxpool.Pool { return testdb.AsDatasource(t, testdb.New(t)) }

func TestUploadsDoWhatThePlainOneDoes(t *testing.T) {
	db := newPool(t)
	rapid.Check(t, func(t *rapid.T) {
		p := drawUpload(t)
		storeUsers(t, db, p.users)
		want := p.result()
		var rejects bytes.Buffer
		options := table.Options{
			Name: "List", Key: p.columns[p.key], Identity: p.identity, Types: p.types, Rejects: &rejects, By: "ann", File: "list.csv",
			FirstLine: p.first,
		}
		before, beforeErr := table.Get(ctx, db, "list")
		text, lines := p.write(t)
		checked, checkErr := table.Check(ctx, db, []byte(text), options)
		told := rejects.String()
		rejects.Reset()
		got, err := table.Upload(ctx, db, strings.NewReader(text), options)
		if want.wrong {
			require.True(t, checkErr != nil || len(checked.Problems) > 0, "%q", text)
			require.ErrorAs(t, err, new(table.Error), "%q", text)
			after, afterErr := table.Get(ctx, db, "list")
			require.Equal(t, before, after)
			require.Equal(t, beforeErr, afterErr)
			return
		}
		require.NoError(t, err, "%q", text)
		requireReport(t, want, got, p, text)
		require.NoError(t, checkErr, "%q", text)
		require.Empty(t, checked.Problems, "%q", text)
		require.Equal(t, got.Content, checked.Content, "%q", text)
		require.Equal(t, want.stored, stored(t, db, "list"), "%q", text)
		requireRejects(t, want, rejects.String(), lines)
		require.Equal(t, rejects.String(), told, "%q", text)
		requireSameAgain(t, db, options, got)
	})
}

func requireReport(t *rapid.T, want plainResult, got table.Report, p plainUpload, text string) {
	require.Len(t, got.Samples, int(min(10, got.Refused())))
	expected := want.report
	expected.Table, expected.Identity, expected.Key, expected.Changed = "list", p.identity, p.columns[p.key], true
	expected.FirstLine = p.first
	expected.Version, expected.Samples = got.Version, got.Samples
	require.Equal(t, expected, got, "%q", text)
}

var reasons = map[string]string{
	"duplicate": "has the same key", "empty": "the key is empty", "invalid": "has more than", "unmatched": "stored, but no user has this",
}

func requireRejects(t *rapid.T, want plainResult, text string, lines []int) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"line", "key", "reason"}, rows[0])
	got := map[string]string{}
	for _, row := range rows[1:] {
		got[row[0]] = row[2]
	}
	require.Len(t, got, len(want.why))
	for i, why := range want.why {
		require.Contains(t, got[strconv.Itoa(lines[i])], reasons[why])
	}
}

// requireSameAgain exports the table and uploads that.
func requireSameAgain(t *rapid.T, db *pgxpool.Pool, options table.Options, first table.Report) {
	var text bytes.Buffer
	require.NoError(t, table.Export(ctx, db, "list", &text))
	rows := stored(t, db, "list")
	exported := text.String()
	options.Types, options.FirstLine = map[string]filter.Type{}, "" // an export has names
	for _, column := range first.Columns {
		options.Types[column.Name] = column.Type
	}
	options.IfChanged = true
	again, err := table.Upload(ctx, db, strings.NewReader(exported), options)
	require.NoError(t, err, "%q", exported)
	require.False(t, again.Changed, "%q", exported)
	require.Equal(t, first.Version, again.Version)

	options.IfChanged = false
	again, err = table.Upload(ctx, db, &text, options)
	require.NoError(t, err, "%q", exported)
	require.Equal(t, first.Stored, again.Read)
	require.Equal(t, first.Version+1, again.Version)
	require.Equal(t, rows, stored(t, db, "list"), "%q", exported)
}

func drawUpload(t *rapid.T) plainUpload {
	p := plainUpload{
		columns:  []string{"who", "tier", "score"}[:rapid.IntRange(1, 3).Draw(t, "columns")],
		identity: rapid.SampledFrom([]table.Identity{table.ID, table.Email, table.Name, "usr.plan"}).Draw(t, "identity"),
		types:    map[string]filter.Type{},
		first:    rapid.SampledFrom([]table.FirstLine{table.Names, table.Row}).Draw(t, "first line"),
	}
	if p.first == table.Row {
		p.columns = []string{"column_1", "column_2", "column_3"}[:len(p.columns)]
	}
	p.key = rapid.IntRange(0, len(p.columns)-1).Draw(t, "key")
	keys := rapid.SampledFrom([]string{
		"ann", "Ann", " ann", "a@x.org", " A@X.org ", "7", "-7", "=7", "'=7", "''@", "", " ", "it's", "a,\"b\"\nc", "'",
		strings.Repeat("x", 512), strings.Repeat("x", 513), strings.Repeat("x", 1024), strings.Repeat("x", 1025), strings.Repeat("x", 9000),
	})
	values := rapid.SampledFrom([]string{
		"", "1", "-2.5e3", "+.5", "007", "1e9999", "NaN", " 1", "gold", "'-1", "=1+1", "<&>", "é", strings.Repeat("é", 4096), strings.Repeat("1", 8193),
	})
	numbers := rapid.SampledFrom([]string{"", "1", "-2.5e3", "+.5", "-007", "'-1"})
	plain := make([]bool, len(p.columns))
	for i, name := range p.columns {
		plain[i] = rapid.Bool().Draw(t, "numbers")
		if wanted := rapid.SampledFrom([]filter.Type{"", "", filter.Text, filter.Number}).Draw(t, "type"); wanted != "" {
			p.types[name] = wanted
		}
	}
	fewest := 0
	if p.first == table.Row {
		fewest = 1
	}
	for n := range rapid.IntRange(fewest, 12).Draw(t, "rows") {
		row := make([]string, len(p.columns))
		for i := range row {
			switch {
			case i == p.key:
				row[i] = keys.Draw(t, "key")
			case plain[i]:
				row[i] = numbers.Draw(t, "number")
			default:
				row[i] = values.Draw(t, "value")
			}
			if n == 0 && fewest > 0 && row[i] == "" {
				row[i] = "7" // so that it is a column, whatever the others say
			}
		}
		p.rows = append(p.rows, row)
	}
	for i := range rapid.IntRange(0, 5).Draw(t, "users") {
		u := plainUser{anonymous: rapid.Bool().Draw(t, "anonymous")}
		if u.id = keys.Draw(t, "id"); u.id == "" || len(u.id) > 512 {
			u.id = strconv.Itoa(i)
		}
		for _, text := range []**string{&u.name, &u.email, &u.plan} {
			if value := keys.Draw(t, "name"); len(value) <= 1024 {
				*text = &value
			}
		}
		p.users = append(p.users, u)
	}
	return p
}

// write makes the file, and the line on which each row begins. A row of one empty cell would be a blank line: it is quoted.
func (p plainUpload) write(t *rapid.T) (text string, lines []int) {
	end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "line end")
	text = rapid.SampledFrom([]string{"", "\ufeff"}).Draw(t, "mark")
	if p.first == table.Names {
		text += strings.ToUpper(strings.Join(p.columns, ",")) + end
	}
	for _, row := range p.rows {
		lines = append(lines, strings.Count(text, "\n")+1)
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = cell
			if cell == "" && len(row) == 1 || strings.ContainsAny(cell, "\",\n") || rapid.Bool().Draw(t, "quoted") {
				cells[i] = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
		}
		text += strings.Join(cells, ",") + end
	}
	return text, lines
}

func storeUsers(t require.TestingT, db *pgxpool.Pool, users []plainUser) {
	batch := &pgx.Batch{}
	batch.Queue(`delete from footfall.users`)
	batch.Queue(`delete from footfall.profiles`)
	for i, u := range users {
		kind := "usr"
		if u.anonymous {
			kind = "anonymous"
		}
		batch.Queue(`insert into footfall.users (key, kind, id, name, email) values ($1, $2::text::footfall.user_kind, $3, $4, $5)`,
			i, kind, u.id, u.name, u.email)
		batch.Queue(`
			insert into footfall.profiles (user_key, first_seen, last_seen, sessions, views, actions, errors, frustrations, events,
			                               first_session, last_session, last_session_start, anonymous, attributes)
			select $1, now(), now(), 1, 1, 0, 0, 0, 1, 1, 1, now(), $2, jsonb_strip_nulls(jsonb_build_object('usr.plan', $3::text))`,
			i, u.anonymous, u.plan)
	}
	require.NoError(t, db.SendBatch(ctx, batch).Close())
}

func stored(t require.TestingT, db *pgxpool.Pool, name string) map[string]map[string]string {
	rows := map[string]map[string]string{}
	var key string
	var value map[string]string
	err := store.Statement{SQL: `
		select r.key, r.value from footfall.reference_rows r join footfall.reference_tables t on t.id = r.table_id where t.name = $1`,
		Args: []any{name}}.Each(ctx, db, []any{&key, &value}, func() error {
		rows[key], value = value, nil
		return nil
	})
	require.NoError(t, err)
	return rows
}

func upload(t require.TestingT, db table.Beginner, name, text string) table.Report {
	report, err := table.Upload(ctx, db, strings.NewReader(text), table.Options{Name: name, Key: "email", By: "ann", File: name + ".csv"})
	require.NoError(t, err)
	return report
}

func TestRefusedFilesChangeNothing(t *testing.T) {
	db := newPool(t)
	upload(t, db, "vip", "email,tier\na@x.org,gold\n")
	before, err := table.Get(ctx, db, "vip")
	require.NoError(t, err)
	good := strings.Repeat("a@x.org,gold\n", 3)
	for name, c := range map[string]struct{ file, problem string }{
		"empty":         {"", "the file is empty"},
		"ragged":        {"email,tier\n" + good + "b@x.org\n", "line 5: the row has 1 column, the header has 2"},
		"too wide":      {"email,tier\n" + good + "b@x.org,1,2\n", "line 5: the row has 3 columns"},
		"bare quote":    {"email,tier\n" + good + "b@x.org,5\" disk\n", "line 5: a quote (\") within a value"},
		"open quote":    {"email,tier\n" + good + "b@x.org,\"gold\n" + good, "line 5: broken quotes"},
		"long row":      {"email,tier\n" + good + "b@x.org,\"" + strings.Repeat("gold\n", 1<<19), "opened and never closed"},
		"NUL":           {"email,tier\n" + good + "b@x.org,go\x00ld\n", `line 5: column "tier": has a NUL byte`},
		"Latin-1":       {"email,tier\n" + good + "b@x.org,D\xfcren\n", `line 5: column "tier": is not UTF-8`},
		"header":        {"email,gr\xf6\xdfe\n", `line 1: column "2": is not UTF-8`},
		"UTF-16":        {"\xff\xfee\x00m\x00", "UTF-16"},
		"gzip":          {"\x1f\x8b\x08", "compressed"},
		"semicolons":    {"email;tier\na@x.org;gold\n", "if ';' separates the columns, say --delimiter ';'"},
		"no key":        {"mail,tier\n", `no column "email"; it has mail, tier`},
		"twice the key": {"email,Email\n", `no column "email"; it has email1, email2`},
		"columns":       {"email" + strings.Repeat(",a", 50) + "\n", "the file has 51 columns, at most 50"},
		"nameless":      {"email" + strings.Repeat(",", 50) + "\na@x.org" + strings.Repeat(",1", 50) + "\n", "the file has 51 columns"},
		"after sep=":    {"sep=;\nemail;tier\n" + "b@x.org\n", "line 3: the row has 1 column, the header has 2"},
		"large":         {"email,tier\n" + strings.Repeat(good, 1<<17), "larger than 4 MB"},
	} {
		_, err := table.Upload(ctx, db, strings.NewReader(c.file), table.Options{Name: "vip", Key: "email", MaxBytes: table.MaxUpload})
		require.ErrorAs(t, err, new(table.Error), name)
		require.ErrorContains(t, err, c.problem, name)
	}
	for problem, options := range map[string]table.Options{
		"table: the name":                            {Name: "1", Key: "email"},
		`no column "plan"`:                           {Name: "vip", Key: "email", Types: map[string]filter.Type{"plan": filter.Number}},
		"must be text or number":                     {Name: "vip", Key: "email", Types: map[string]filter.Type{"tier": "date"}},
		`line 2: column "tier": "gold" is not a num`: {Name: "vip", Key: "email", Types: map[string]filter.Type{"Tier": filter.Number}},
		"say what the key tier is compared with":     {Name: "vip", Key: "tier"},
		"usr.email already means":                    {Name: "usr", Key: "email"},
	} {
		_, err := table.Upload(ctx, db, strings.NewReader("email,tier\na@x.org,gold\n"), options)
		require.ErrorAs(t, err, new(table.Error), problem)
		require.ErrorContains(t, err, problem)
	}
	_, err = table.Upload(ctx, db, io.MultiReader(strings.NewReader("email\na\n"), failingReader{}), table.Options{Name: "vip", Key: "email"})
	require.ErrorIs(t, err, errCut)
	after, err := table.Get(ctx, db, "vip")
	require.NoError(t, err)
	require.Equal(t, before, after)
	require.Equal(t, map[string]map[string]string{"a@x.org": {"email": "a@x.org", "tier": "gold"}}, stored(t, db, "vip"))
}

// Files as spreadsheets and people write them, with the columns and rows that come of them.
func TestHeadersAsTheyCome(t *testing.T) {
	db := newPool(t)
	for name, c := range map[string]struct {
		file    string
		options table.Options
		columns []string
		rows    map[string]map[string]string
	}{
		"no Latin letters": {"user_id,プラン,seats\nu1,gold,5\n", table.Options{Key: "user_id"},
			[]string{"user_id", "column_2", "seats"}, map[string]map[string]string{"u1": {"user_id": "u1", "column_2": "gold", "seats": "5"}}},
		"a key without": {"プラン,利用者\ngold,u1\n", table.Options{Key: "利用者", Identity: table.ID},
			[]string{"column_1", "column_2"}, map[string]map[string]string{"u1": {"column_1": "gold", "column_2": "u1"}}},
		"empty at the end": {"user_id,tier,,\nu1,gold,,\nu2,free\n", table.Options{Key: "user_id"},
			[]string{"user_id", "tier"}, map[string]map[string]string{"u1": {"user_id": "u1", "tier": "gold"}, "u2": {"user_id": "u2", "tier": "free"}}},
		"many empty": {"user_id" + strings.Repeat(",", 200) + "\nu1" + strings.Repeat(",", 200) + "\n", table.Options{Key: "user_id"},
			[]string{"user_id"}, map[string]map[string]string{"u1": {"user_id": "u1"}}},
		"no name, but values": {"user_id,,tier\nu1,x,gold\n", table.Options{Key: "user_id"},
			[]string{"user_id", "column_2", "tier"}, map[string]map[string]string{"u1": {"user_id": "u1", "column_2": "x", "tier": "gold"}}},
		"longer rows": {"user_id,tier\nu1,gold,\n", table.Options{Key: "user_id"},
			[]string{"user_id", "tier"}, map[string]map[string]string{"u1": {"user_id": "u1", "tier": "gold"}}},
		"sep=": {"\ufeffsep=;\r\nuser_id;tier\r\nu1;a,b\r\n", table.Options{Key: "user_id"},
			[]string{"user_id", "tier"}, map[string]map[string]string{"u1": {"user_id": "u1", "tier": "a,b"}}},
		"a delimiter": {"user_id;tier\nu1;gold\n", table.Options{Key: "user_id", Delimiter: ';'},
			[]string{"user_id", "tier"}, map[string]map[string]string{"u1": {"user_id": "u1", "tier": "gold"}}},
		"both": {"sep=;\nuser_id|tier\nu1|gold\n", table.Options{Key: "user_id", Delimiter: '|'},
			[]string{"user_id", "tier"}, map[string]map[string]string{"u1": {"user_id": "u1", "tier": "gold"}}},
	} {
		c.options.Name = "crm"
		report, err := table.Upload(ctx, db, strings.NewReader(c.file), c.options)
		require.NoError(t, err, name)
		var columns []string
		for _, column := range report.Columns {
			columns = append(columns, column.Name)
		}
		require.Equal(t, c.columns, columns, name)
		require.Equal(t, c.rows, stored(t, db, "crm"), name)
	}
}

var errCut = errors.New("connection cut")

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errCut }

// Two uploads of one table at once leave one file, whole.
func TestUploadsAtOnce(t *testing.T) {
	db := newPool(t)
	for round := range 5 {
		var group errgroup.Group
		for _, who := range []string{"a", "b", "c"} {
			text := "email," + who + "\n"
			for i := range 200 {
				text += fmt.Sprintf("%d@x.org,%s\n", i, who)
			}
			group.Go(func() error {
				_, err := table.Upload(ctx, db, strings.NewReader(text), table.Options{Name: "vip", Key: "email", By: who})
				return err
			})
		}
		require.NoError(t, group.Wait())
		last, err := table.Get(ctx, db, "vip")
		require.NoError(t, err)
		require.Equal(t, 3*(round+1), last.Version)
		require.Equal(t, last.UploadedBy, last.Columns[1].Name)
		rows := stored(t, db, "vip")
		require.Len(t, rows, 200)
		for _, row := range rows {
			require.Equal(t, last.UploadedBy, row[last.UploadedBy])
		}
	}
}

func TestReadersSeeTheOldTableUntilTheEnd(t *testing.T) {
	db := newPool(t)
	upload(t, db, "vip", "email\na@x.org\n")
	tx, err := db.Begin(ctx)
	require.NoError(t, err)
	// Twice in one transaction, which is not committed yet.
	upload(t, tx, "vip", "email\nb@x.org\n")
	upload(t, tx, "vip", "email\nc@x.org\n")
	require.Contains(t, stored(t, db, "vip"), "a@x.org")
	require.NoError(t, tx.Commit(ctx))
	require.Equal(t, map[string]map[string]string{"c@x.org": {"email": "c@x.org"}}, stored(t, db, "vip"))
}
