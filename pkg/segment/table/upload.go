package table

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Options say what an uploaded file is.
type Options struct {
	Name      string                 // of the table, normalised as NormaliseName does
	Key       string                 // the column with the key, as in the file or normalised
	Identity  Identity               // what the key is compared with; "" where the column's name tells it
	Types     map[string]filter.Type // of columns, instead of what their values suggest
	Delimiter rune                   // between columns; 0: what a first line "sep=;" says, or a comma
	FirstLine FirstLine              // what the first line is; "": Names, or in a check what it looks like
	File      string                 // its name, for people
	By        string                 // who uploads
	MaxBytes  int64                  // 0: MaxFile
	IfChanged bool                   // leave a table alone that says the same already
	LeaveOut  bool                   // rows that would refuse the file are rejected instead, as invalid

	Rejects    io.Writer               // may be nil: gets line, key and reason of rows without effect, as CSV
	RejectsOf  Effect                  // which of them it gets; "" for all
	OnProgress func(bytes, rows int64) // may be nil
}

// FirstLine is what the first line of a file is.
type FirstLine string

// What a first line is.
const (
	Names FirstLine = "names" // it names the columns
	Row   FirstLine = "row"   // a row like the others: columns are column_1 and so on
)

// ParseFirstLine reads names or row; "" is "".
func ParseFirstLine(text string) (FirstLine, error) {
	switch first := FirstLine(text); first {
	case "", Names, Row:
		return first, nil
	}
	return "", Error{Problem: fmt.Sprintf("the first line must be %s or %s, not %q", Names, Row, text)}
}

// Effect is what comes of a row without effect.
type Effect string

// The effects.
const (
	Rejected  Effect = "rejected"  // it is not stored
	Unmatched Effect = "unmatched" // it is stored, and no user has its key
)

// Report is what became of a file.
type Report struct {
	Table   string `json:"table"`
	Version int    `json:"version"`
	Changed bool   `json:"changed"` // false: the table said the same already and was left alone
	Content
}

// Content is what a file holds. Read = Stored + Duplicate + Empty + Invalid and Stored = Matched + Unmatched.
type Content struct {
	Identity  Identity  `json:"identity"`
	Key       string    `json:"key"`
	FirstLine FirstLine `json:"firstLine"`
	Columns   []Column  `json:"columns"`
	Read      int64     `json:"read"`
	Stored    int64     `json:"stored"`
	Matched   int64     `json:"matched"`   // stored rows whose key some user has
	Unmatched int64     `json:"unmatched"` // those that wait for such a user
	Duplicate int64     `json:"duplicate"` // a later row has the same key
	Empty     int64     `json:"empty"`     // no key
	Invalid   int64     `json:"invalid"`   // a key or value too long, the header again, or left out on demand
	Users     int64     `json:"users"`     // users with a usr.id who match
	Samples   []Reject  `json:"samples"`   // the first rows that were not stored
}

// Refused counts the rows that were not stored.
func (r Content) Refused() int64 { return r.Duplicate + r.Empty + r.Invalid }

// Reject is a row that is not stored, without the key: reports outlive users.
type Reject struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// samples is how many rejects a report shows.
const samples = 10

// Upload replaces a table by a CSV file in UTF-8, in one transaction and without keeping the file in
// memory. Where the file is refused, with an Error, nothing changes. Readers see the old table until the end. Of two
// uploads at once the later one to finish stays, whole.
func Upload(ctx context.Context, db Beginner, file io.Reader, o Options) (Report, error) {
	name, err := NormaliseName(o.Name)
	if err != nil {
		return Report{}, fmt.Errorf("table: %w", err)
	}
	if err := checkFileName(o.File); err != nil {
		return Report{}, err
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = MaxFile
	}
	r, err := newReader(file, o)
	if err != nil {
		return Report{}, err
	}
	if err := r.apply(o); err != nil {
		return Report{}, err
	}
	if err := checkMeanings(name, r.columns); err != nil {
		return Report{}, err
	}
	var report Report
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		u := newUpload(tx, r, o)
		u.report.Table, u.report.Changed = name, true
		err := u.run(ctx, slices.Concat(u.readSteps(), []step{{"replace the table", u.replace}}))
		report = u.report
		return err
	})
	if err != nil {
		return Report{}, err
	}
	return report, nil
}

// maxFileName is what systems allow, in bytes.
const maxFileName = 255

func checkFileName(name string) error {
	switch {
	case len(name) > maxFileName:
		return Error{Problem: fmt.Sprintf("the file's name has %d bytes; it may have %d", len(name), maxFileName)}
	case !utf8.ValidString(name) || strings.ContainsRune(name, 0):
		return Error{Problem: "the file's name is not valid UTF-8 text"}
	}
	return nil
}

// upload is one upload's transaction.
type upload struct {
	tx       pgx.Tx
	options  Options
	reader   *reader
	identity identity
	report   Report
}

func newUpload(tx pgx.Tx, r *reader, o Options) *upload {
	u := &upload{tx: tx, options: o, reader: r, identity: r.of.compared()}
	u.report.Content = Content{Identity: r.of, Key: r.columns[r.key], FirstLine: cmp.Or(o.FirstLine, Names)}
	return u
}

type step struct {
	what string
	do   func(context.Context) error
}

// readSteps find out what the file holds, and change nothing but temporary tables.
func (u *upload) readSteps() []step {
	return []step{
		{"read the file", u.copy},
		{"compare the rows with each other and with users", u.count},
		{"list rejects", u.rejects},
	}
}

func (u *upload) run(ctx context.Context, steps []step) error {
	for _, step := range steps {
		err := step.do(ctx)
		var refused Error
		switch {
		case errors.As(err, &refused):
			return refused
		case err != nil:
			return fmt.Errorf("%s: %w", step.what, err)
		}
	}
	return nil
}

// incomingSQL makes the table of the file's rows. The database normalises keys, as it does those of users: what is lower
// case depends on its language.
const incomingSQL = `
create temp table incoming (
  line    bigint not null,
  raw     text not null,
  value   jsonb,
  reason  text,
  key     text generated always as (%s) stored
)`

// copy brings the file's rows to the database.
func (u *upload) copy(ctx context.Context) error {
	if _, err := u.tx.Exec(ctx, fmt.Sprintf(incomingSQL, u.identity.key)); err != nil {
		return err
	}
	_, err := u.tx.CopyFrom(ctx, pgx.Identifier{"pg_temp", "incoming"}, []string{"line", "raw", "value", "reason"}, u.reader)
	if u.reader.err != nil {
		return u.reader.err // which the database's error repeats in other words
	}
	u.report.Read, u.report.Empty, u.report.Invalid = u.reader.read, u.reader.empty, u.reader.invalid
	u.report.Columns = u.reader.types()
	return errors.Join(err, checkNumber(len(u.report.Columns)))
}

// winnersSQL finds the last row of each key and how many users have it. What attributes say has no index: profiles are read
// once.
const (
	winnersSQL = `
create temp table winners as
with last as (
  select i.key, max(i.line) as line
    from pg_temp.incoming i
   where i.reason is null
   group by i.key
)
select l.key, l.line, count(%s) as users
  from last l
  left join %s = l.key
 group by l.key, l.line`
	usersSQL    = `footfall.users u on u.kind = 'usr' and `
	profilesSQL = `footfall.profiles p on not p.anonymous and `
	countsSQL   = `
select count(*), count(*) filter (where w.users > 0), coalesce(sum(w.users), 0)::bigint
  from pg_temp.winners w`
)

// winners compares keys with all users who have a usr.id.
func (i identity) winners() store.Statement {
	c := filter.Compiler{Params: &store.Params{}}
	key, users := "u.key", usersSQL+c.Identity(i.attribute)
	if c.Needs.Profiles {
		key, users = "p.user_key", profilesSQL+c.Identity(i.attribute)
	}
	return store.Statement{SQL: fmt.Sprintf(winnersSQL, key, users), Args: c.Params.Values}
}

func (u *upload) count(ctx context.Context) error {
	for _, s := range []store.Statement{{SQL: `analyze pg_temp.incoming`}, u.identity.winners(), {SQL: `analyze pg_temp.winners`}} {
		if _, err := u.tx.Exec(ctx, s.SQL, s.Args...); err != nil {
			return err
		}
	}
	r := &u.report
	if err := u.tx.QueryRow(ctx, countsSQL).Scan(&r.Stored, &r.Matched, &r.Users); err != nil {
		return err
	}
	r.Unmatched = r.Stored - r.Matched
	r.Duplicate = r.Read - r.Empty - r.Invalid - r.Stored - u.reader.wrong
	return nil
}

// rejectsSQL lists rows without effect: those that are not stored ($1), and those that no user matches ($4).
const rejectsSQL = `
select i.line, i.raw,
       case when i.reason is not null then i.reason
            when i.line < w.line then 'line ' || w.line || ' has the same key'
            else 'stored, but no user has this ' || $2 end
  from pg_temp.incoming i
  left join pg_temp.winners w on w.key = i.key and i.reason is null
 where $1 and (i.reason is not null or i.line < w.line)
    or $4 and i.line = w.line and w.users = 0
 order by i.line
 limit $3`

func (u *upload) rejects(ctx context.Context) error {
	u.report.Samples = []Reject{}
	if u.report.Refused() > 0 {
		err := u.eachReject(ctx, Rejected, samples, func(line int, _, reason string) error {
			u.report.Samples = append(u.report.Samples, Reject{line, reason})
			return nil
		})
		if err != nil {
			return err
		}
	}
	if u.options.Rejects == nil {
		return nil
	}
	out := NewCSVWriter(u.options.Rejects)
	if err := out.Write("line", "key", "reason"); err != nil {
		return err
	}
	err := u.eachReject(ctx, u.options.RejectsOf, u.report.Read, func(line int, key, reason string) error {
		return out.Write(fmt.Sprint(line), key, reason)
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

func (u *upload) eachReject(ctx context.Context, of Effect, most int64, do func(line int, key, reason string) error) error {
	var line int
	var key, reason string
	rejects := store.Statement{SQL: rejectsSQL, Args: []any{of != Unmatched, string(u.report.Identity), most, of != Rejected}}
	return rejects.Each(ctx, u.tx, []any{&line, &key, &reason}, func() error { return do(line, key, reason) })
}
