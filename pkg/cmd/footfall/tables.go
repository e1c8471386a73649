package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/csvfile"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/segment/deleted"
	"github.com/footfall-analytics/footfall/pkg/segment/table"
)

type tablesCommand struct {
	Upload  tablesUploadCommand  `cmd:"" help:"Make or replace a reference table from a CSV file."`
	List    tablesListCommand    `cmd:"" help:"Show the reference tables."`
	Export  tablesExportCommand  `cmd:"" help:"Write a reference table as CSV to standard output."`
	Delete  tablesDeleteCommand  `cmd:"" help:"Delete a reference table that no segment uses."`
	Restore tablesRestoreCommand `cmd:"" help:"Bring back a reference table that was deleted."`
}

type tablesUploadCommand struct {
	File      string   `arg:"" name:"FILE" help:"A CSV file in UTF-8; - is standard input."`
	Name      string   `required:"" placeholder:"NAME" help:"The table's name; one that is there is replaced as a whole."`
	Key       string   `required:"" placeholder:"COLUMN" help:"The column that tells which users a row is about."`
	Identity  string   `placeholder:"usr.email" help:"What the key is: usr.id, usr.email, usr.name or another attribute of users, usr.plan (default: by the column's name)."`
	Type      []string `sep:"none" placeholder:"COLUMN=TYPE" help:"text or number, instead of what the values suggest. May be repeated."`
	Delimiter string   `placeholder:"CHAR" help:"What separates the columns: a character or tab (default: comma, or what a first line sep=; says)."`
	NoHeader  bool     `help:"The first line is a row, and the columns are called column_1, column_2 ..."`
	IfChanged bool     `help:"Leave the table alone if it says the same already."`
	LeaveOut  bool     `help:"Leave rows out that would refuse the file; they count as invalid."`
	Rejects   string   `placeholder:"FILE" help:"Write the rows without effect with their reasons to this CSV file."`
	JSON      bool     `help:"Print the report as JSON."`

	options table.Options // what the arguments above say
}

func (tablesUploadCommand) Help() string {
	return `Rows of the table that are missing in the file are gone afterwards. Of rows with the same key the last one stays. Where the file is refused nothing changes. Up to 200 MB, 50 columns.

Examples:
  footfall tables upload --name premium --key email premium.csv
  footfall tables upload --name crm --key email --delimiter ';' excel.csv
  footfall tables upload --name crm --key customer --identity usr.id --type plan=text --rejects refused.csv crm.csv
  footfall tables upload --name testers --no-header --key column_1 --identity usr.email testers.csv
  footfall tables export premium | footfall tables upload --name premium_copy --key email -`
}

func (c *tablesUploadCommand) Validate() (err error) {
	c.options, err = c.parse()
	return err
}

func (c *tablesUploadCommand) Run(a *app, pool *pgxpool.Pool) error {
	options := c.options
	file, err := c.open(a)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was only read
	rejects, err := c.createRejects()
	if err != nil {
		return err
	}
	if c.Rejects != "" {
		options.Rejects = rejects
	}
	bar := newProgress(a.stderr, "upload", "bytes", sizeOf([]string{c.File}))
	options.OnProgress = func(bytes, rows int64) { bar.set(bytes, rows) }
	report, err := table.Upload(a.ctx, pool, file, options)
	bar.finish()
	if closeErr := rejects.Close(); closeErr != nil {
		err = errors.Join(err, fmt.Errorf("--rejects: %w", closeErr))
	}
	if err != nil {
		return uploadError(c.File, err)
	}
	if err := c.print(a, report); err != nil {
		return err
	}
	if refused := report.Refused(); refused > 0 {
		return &exitError{exitRefused, errors.New(english.Sprintf("%d of %d rows were not stored", refused, report.Read))}
	}
	return nil
}

// createRejects makes the file before anything is uploaded, so that a wrong path is known by then.
func (c *tablesUploadCommand) createRejects() (io.WriteCloser, error) {
	if c.Rejects == "" {
		return discard{io.Discard}, nil
	}
	if sameFile(c.Rejects, c.File) {
		return nil, usageError("--rejects %s: this is the file to upload, it would be overwritten", c.Rejects)
	}
	file, err := os.Create(c.Rejects)
	if err != nil {
		return nil, fmt.Errorf("--rejects: %w", err)
	}
	return file, nil
}

type discard struct{ io.Writer }

func (discard) Close() error { return nil }

// uploadError says that nothing has changed, where the file is why.
func uploadError(file string, err error) error {
	var refused table.Error
	if errors.As(err, &refused) {
		return fmt.Errorf("%s is refused, nothing has changed: %w", file, err)
	}
	return fmt.Errorf("%s: %w", file, err)
}

func (c *tablesUploadCommand) parse() (table.Options, error) {
	o := table.Options{
		Name: c.Name, Key: c.Key, Types: map[string]filter.Type{}, File: filepath.Base(c.File), By: commandLineUser(), IfChanged: c.IfChanged, LeaveOut: c.LeaveOut,
	}
	if _, err := table.NormaliseName(c.Name); err != nil {
		return o, fmt.Errorf("--name: %w", err)
	}
	if c.NoHeader {
		o.FirstLine = table.Row
	}
	var err error
	if c.Identity != "" {
		if o.Identity, err = table.ParseIdentity(c.Identity); err != nil {
			return o, fmt.Errorf("--identity: %w", err)
		}
	}
	if o.Delimiter, err = csvfile.ParseDelimiter(c.Delimiter); err != nil {
		return o, fmt.Errorf("--delimiter: %w", err)
	}
	for _, text := range c.Type {
		column, wanted, _ := strings.Cut(text, "=")
		if t := filter.Type(wanted); column == "" || t != filter.Text && t != filter.Number {
			return o, fmt.Errorf("--type %q: write column=text or column=number", text)
		}
		o.Types[column] = filter.Type(wanted)
	}
	return o, nil
}

// commandLineUser is who is told to have changed something by command line.
func commandLineUser() string {
	if u, err := user.Current(); err == nil {
		return u.Username + " (command line)"
	}
	return "command line"
}

func (c *tablesUploadCommand) open(a *app) (io.ReadCloser, error) {
	if c.File == "-" {
		return io.NopCloser(a.stdin), nil
	}
	return os.Open(c.File)
}

func (c *tablesUploadCommand) print(a *app, r table.Report) error {
	if c.JSON {
		return a.printJSON(r)
	}
	if r.Changed {
		english.Fprintf(a.stdout, "Table %s, version %d: %d rows read, %d stored.\n", r.Table, r.Version, r.Read, r.Stored)
	} else {
		english.Fprintf(a.stdout, "Table %s, version %d: %d rows read, the table says the same already.\n", r.Table, r.Version, r.Read)
	}
	english.Fprintf(a.stdout, "%d rows match %d users by %s = %s, %d match none yet.\n", r.Matched, r.Users, r.Key, r.Identity, r.Unmatched)
	if r.FirstLine == table.Row {
		fmt.Fprintln(a.stdout, "The first line is a row: the columns are called after their place.")
	}
	fmt.Fprintf(a.stdout, "Columns: %s\n", columnsText(r.Columns))
	if r.Refused() == 0 {
		return nil
	}
	english.Fprintf(a.stdout, "Not stored: %d with a key that comes again, %d without key, %d that are too long, repeat the header or were left out by --leave-out.\n",
		r.Duplicate, r.Empty, r.Invalid)
	for _, s := range r.Samples {
		fmt.Fprintf(a.stdout, "  %s:%d: %s\n", c.File, s.Line, s.Reason)
	}
	if more := r.Refused() - int64(len(r.Samples)); more > 0 {
		english.Fprintf(a.stdout, "  ... and %d more (--rejects FILE lists them all)\n", more)
	}
	return nil
}

func columnsText(columns []table.Column) string {
	texts := make([]string, len(columns))
	for i, column := range columns {
		texts[i] = fmt.Sprintf("%s (%s)", column.Name, column.Type)
	}
	return strings.Join(texts, ", ")
}

type tablesListCommand struct {
	JSON bool `help:"Print the tables with their reports as JSON."`
}

func (tablesListCommand) Help() string {
	return `Examples:
  footfall tables list
  footfall tables list --json | jq '.[].name'`
}

func (c *tablesListCommand) Run(a *app, pool *pgxpool.Pool) error {
	list, err := table.List(a.ctx, pool)
	if err != nil {
		return err
	}
	return listing[table.Table]{
		heads: []string{"NAME", "ROWS", "KEY", "COLUMNS", "VERSION", "UPLOADED", "BY", "SEGMENTS"},
		cells: func(t table.Table) []string {
			return []string{
				t.Name, grouped(t.Rows), fmt.Sprintf("%s = %s", t.Key, t.Identity), fmt.Sprint(len(t.Columns)), fmt.Sprint(t.Version),
				t.UploadedAt.Format(time.DateTime), t.UploadedBy, deleted.Names(t.UsedBy),
			}
		},
		none: "There are no reference tables. Make one with `footfall tables upload`.",
	}.print(a, list, c.JSON)
}

type tablesExportCommand struct {
	Name string `arg:"" name:"NAME" help:"The table's name."`
}

func (tablesExportCommand) Help() string {
	return `Cells that start with = + - @ get an apostrophe in front, so that spreadsheets do not execute them. Uploading removes it.

Examples:
  footfall tables export premium > premium.csv`
}

func (c *tablesExportCommand) Run(a *app, pool *pgxpool.Pool) error {
	return table.Export(a.ctx, pool, c.Name, a.stdout)
}

type tablesDeleteCommand struct {
	Name string `arg:"" name:"NAME" help:"The table's name."`
}

func (tablesDeleteCommand) Help() string {
	return `Refused, with their names, while segments use the table. "footfall tables restore" undoes it for 30 days.

Examples:
  footfall tables delete premium`
}

func (c *tablesDeleteCommand) Run(a *app, pool *pgxpool.Pool) error {
	if err := table.Delete(a.ctx, pool, c.Name, commandLineUser()); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "Deleted table %s.\n", c.Name)
	return nil
}

type tablesRestoreCommand struct {
	Name string `arg:"" name:"NAME" help:"The name of a table that was deleted."`
}

func (tablesRestoreCommand) Help() string {
	return `Brings the table back with its rows, up to 30 days after its deletion. Refused where there is a table of this name again.

Examples:
  footfall tables restore premium`
}

func (c *tablesRestoreCommand) Run(a *app, pool *pgxpool.Pool) error {
	if err := table.Restore(a.ctx, pool, c.Name, commandLineUser()); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "Table %s is back.\n", c.Name)
	return nil
}
