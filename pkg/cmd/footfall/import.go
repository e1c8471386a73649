package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/csvfile"
	"github.com/footfall-analytics/footfall/pkg/ingest"
	"github.com/footfall-analytics/footfall/pkg/store"
)

type importCommand struct {
	Files      []string      `arg:"" name:"FILE" help:"CSV, NDJSON or JSON files or access logs, also gzipped; - is standard input."`
	Name       string        `placeholder:"NAME" help:"What footfall imports list calls this import (default: the names of the files)."`
	Format     string        `enum:"auto,csv,ndjson,json,clf,combined" default:"auto" help:"csv, ndjson or json (an array, or one object a line), clf or combined (access logs of web servers) (default: by the file's name)."`
	Map        []string      `sep:"none" placeholder:"FIELD=COLUMN" help:"Which column gives a field: its name, or a template of columns such as '{first} {last}'. May be repeated."`
	Set        []string      `sep:"none" placeholder:"FIELD=VALUE" help:"A field's value for every row. May be repeated."`
	Value      []string      `sep:"none" placeholder:"FIELD:FROM=TO" help:"What a value of a field becomes; FROM * is every other one. May be repeated."`
	Skip       []string      `sep:"none" placeholder:"COLUMN" help:"A column to leave out. May be repeated."`
	Strict     bool          `help:"Refuse columns that are neither fields nor mapped, instead of keeping them as attributes."`
	Delimiter  string        `placeholder:"CHAR" help:"What separates the columns of CSV: a character or tab (default: comma; tab for .tsv; what a first line sep=; says)."`
	Header     string        `placeholder:"A,B,C" help:"The names of the columns, for CSV files without a header."`
	SessionGap time.Duration `placeholder:"15m" help:"For events without session.id: the pause that ends a session, stored for the applications of this import."`
	SeqBase    int64         `placeholder:"N" help:"Added to the row numbers that order events of the same time: the rows of the pieces before."`
	Null       []string      `sep:"none" placeholder:"TEXT" help:"A value that means \"not said\", in every column. May be repeated."`
	TimeFormat string        `placeholder:"FORMAT" help:"How ts is written, as strptime has it: '%d.%m.%Y %H:%M'."`
	TimeZone   string        `placeholder:"ZONE" help:"The zone of times without one, such as Europe/Berlin (default: UTC)."`
	Rejects    string        `placeholder:"FILE" help:"Write the refused rows with their reasons to this CSV file."`
	JSON       bool          `help:"Print the report as JSON."`

	options ingest.Options // what the arguments above say
}

func (importCommand) Help() string {
	return `Fields: ts, seq, event.id, type, usr.id, usr.name, usr.email, usr.anonymous_id, session.id, application.id, view.id, view.url_path, view.name, action.type, action.name, action.target.name, error.type, error.message, action.frustration.type, duration (ms), geo.country_iso_code, geo.country_subdivision, geo.city, device.type, os.name, os.version, browser.name, browser.version. user_agent is read for device, OS, browser and bots. A column of such a name maps by itself; any other is kept as an attribute. ts and type (view, action, error, resource, long_task, custom) are needed.

Rows without event.id get one made of what they mean, however it is spelled, so importing a file again doubles nothing. Rows are committed 50,000 at a time: after an interruption just run the same command again.

Examples:
  footfall import --map ts=timestamp --map usr.id=user_id --map session.id=session_id --map view.url_path=event --map device.type=platform --set type=view ecom.csv.gz
  footfall import --map ts=date events.ndjson.gz
  footfall import --delimiter ';' --rejects refused.csv --set type=view pages.csv
  footfall import --format combined --set application.id=blog --session-gap 30m access.log.*.gz
  footfall import --header time,user,event --map ts=time --map usr.id=user --map type=event --value type:page_view=view --value 'type:*=action' dump.csv
  zcat people.csv.gz | footfall import --format csv --map usr.name='{first} {last}' --set type=view -`
}

func (c *importCommand) Validate() (err error) {
	c.options, err = c.parse()
	return err
}

func (c *importCommand) Run(a *app, pool *pgxpool.Pool) error {
	options := c.options
	rejects, err := newRejects(c.Rejects, c.Files)
	if err != nil {
		return err
	}
	bar := newProgress(a.stderr, "import", "bytes", sizeOf(c.Files))
	options.Stdin = a.stdin
	options.OnProgress = func(p ingest.Progress) { bar.set(p.Bytes, p.Rows) }
	options.OnRefusal = rejects.add
	var leftOut kinds
	options.OnLeftOut = leftOut.add
	start := time.Now()
	report, importErr := ingest.Import(a.ctx, pool, c.Files, options)
	bar.finish()
	err = errors.Join(importErr, rejects.close())
	if printErr := c.print(a, pool, importResult{
		Report: report, Refusals: orNone(rejects.list), LeftOut: orNone(leftOut.list), Seconds: time.Since(start).Seconds(),
	}); printErr != nil {
		err = errors.Join(err, printErr)
	}
	if err == nil && report.Refused > 0 {
		return &exitError{exitRefused, errors.New(english.Sprintf("%d of %d rows were refused", report.Refused, report.Read))}
	}
	return err
}

func (c *importCommand) parse() (ingest.Options, error) {
	mapping, err := ingest.ParseMapping(c.Map, c.Set, c.Skip, c.Strict)
	if err != nil {
		return ingest.Options{}, err
	}
	if err := mapping.ParseTranslations(c.Value); err != nil {
		return ingest.Options{}, err
	}
	mapping.Null = c.Null
	if mapping.Times, err = ingest.ParseTimes(c.TimeFormat, c.TimeZone); err != nil {
		return ingest.Options{}, err
	}
	header, err := parseHeader(c.Header)
	if err != nil {
		return ingest.Options{}, err
	}
	delimiter, err := csvfile.ParseDelimiter(c.Delimiter)
	if err != nil {
		return ingest.Options{}, fmt.Errorf("--delimiter: %w", err)
	}
	if c.SessionGap != 0 && c.SessionGap < time.Millisecond {
		return ingest.Options{}, fmt.Errorf("--session-gap %v: at least 1ms, for example 15m", c.SessionGap)
	}
	if err := ingest.CheckName(c.Name); err != nil {
		return ingest.Options{}, fmt.Errorf("--name %w", err)
	}
	options := ingest.Options{Name: c.Name, Mapping: mapping, Delimiter: delimiter, Header: header, SeqBase: c.SeqBase, SessionGap: c.SessionGap}
	switch c.Format {
	case "auto":
	case "json":
		options.Format = ingest.NDJSON
	default:
		options.Format = ingest.Format(c.Format)
	}
	return options, nil
}

// parseHeader reads the names of columns as a header has them.
func parseHeader(text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	names, err := csv.NewReader(strings.NewReader(text)).Read()
	if err != nil {
		return nil, fmt.Errorf("--header %s: write the names of all columns, for example --header time,user,page", text)
	}
	return names, nil
}

// sizeOf adds up the files' sizes, 0 where one is not known.
func sizeOf(files []string) int64 {
	var sum int64
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil || !info.Mode().IsRegular() {
			return 0
		}
		sum += info.Size()
	}
	return sum
}

// importResult is what import prints.
type importResult struct {
	ingest.Report
	Refusals []*kind `json:"refusals"`       // by file, field and reason
	LeftOut  []*kind `json:"left_out_kinds"` // the same of values that are left out or cut
	Seconds  float64 `json:"seconds"`
	Inbox    *int64  `json:"inbox"` // rows that wait for the worker now, null if this role may not see them
}

func orNone(list []*kind) []*kind {
	if list == nil {
		return []*kind{}
	}
	return list
}

func (c *importCommand) print(a *app, pool *pgxpool.Pool, result importResult) error {
	// Also after Ctrl-C the user wants to know what was done.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(a.ctx), 5*time.Second)
	defer cancel()
	status, err := store.ReadStatus(ctx, pool)
	if err == nil {
		result.Inbox = &status.Inbox
	}
	if c.JSON {
		return a.printJSON(result)
	}
	for _, file := range result.Files {
		english.Fprintf(a.stdout, "%s: %d rows read, %d taken, %d refused\n", file.File, file.Read, file.Taken, file.Refused)
	}
	a.printKinds(result.Refusals, "rows", "--rejects FILE lists all rows")
	if len(result.LeftOut) > 0 {
		fmt.Fprintf(a.stdout, "%s left out or cut; the rows are taken:\n",
			store.Counted(result.Report.LeftOut, "value is", "values are"))
		a.printKinds(result.LeftOut, "values", "--json lists all kinds")
	}
	for _, warning := range result.Warnings {
		fmt.Fprintf(a.stdout, "Warning: %s.\n", warning)
	}
	if result.Read > 0 {
		english.Fprintf(a.stdout, "%d rows in %.1f s, %.0f rows/s\n", result.Read, result.Seconds, float64(result.Read)/result.Seconds)
	}
	a.printLookedUp(result.Report)
	a.printRecorded(result.Report)
	a.printEarlier(result.Report)
	a.printWaiting(status, result.Inbox != nil)
	return nil
}

// printLookedUp says how many rows look as if they had been imported before.
func (a *app) printLookedUp(report ingest.Report) {
	if report.LookedUp != nil {
		english.Fprintf(a.stdout, "Rows looked up: %d; %d of them resemble stored events of other ids (same user, time, type and page).\n",
			*report.LookedUp, *report.Resembling)
	}
}

// printRecorded says under which number footfall.imports knows the import.
func (a *app) printRecorded(report ingest.Report) {
	switch {
	case report.Import != 0:
		fmt.Fprintf(a.stdout, "This is import %d, %q; `footfall imports undo %[1]d` takes it back.\n", report.Import, report.Name)
	case report.Taken > 0:
		fmt.Fprintln(a.stdout, "The import is not recorded, since this role may not write footfall.imports (docs/operations.md has the grant).")
	}
}

// printEarlier says how to correct an import by another one.
func (a *app) printEarlier(report ingest.Report) {
	if report.Earlier != 0 {
		fmt.Fprintf(a.stdout, "A file of this name was imported before, as import %d. Where both brought the same event, the first counts; if this import corrects that one, say `footfall imports undo %[1]d`.\n", report.Earlier)
	}
}

// printWaiting says what becomes of the rows in the inbox.
func (a *app) printWaiting(status store.Status, known bool) {
	waiting := status.Waiting("row waits", "rows wait")
	switch {
	case !known:
		fmt.Fprintln(a.stdout, "The rows wait in the inbox for the worker (footfall work).")
	case status.Inbox == 0:
	case len(status.Running(time.Now())) > 0:
		fmt.Fprintf(a.stdout, "%s in the inbox; a worker was seen on %s just now.\n", waiting, status.WorkerHost)
	default:
		fmt.Fprintf(a.stdout, "%s in the inbox for the worker: run `footfall work`, or `footfall work --once`.\n", waiting)
	}
}

// printKinds shows each kind by its first row, and how many there are.
func (a *app) printKinds(list []*kind, what, more string) {
	for i, k := range list {
		if i == shownKinds {
			english.Fprintf(a.stdout, "  ... and %d more kinds (%s)\n", len(list)-i, more)
			return
		}
		fmt.Fprintf(a.stdout, "  %s:%d: %s", k.File, k.Line, describe(k.Refusal))
		if k.Rows > 1 {
			english.Fprintf(a.stdout, " (%d such %s)", k.Rows, what)
		}
		fmt.Fprintln(a.stdout)
	}
}

func describe(r ingest.Refusal) string {
	reason := quoted(r.Value, r.Reason)
	switch {
	case r.Field == "":
		return reason
	case r.Column != "":
		return fmt.Sprintf("%s (column %q): %s", r.Field, r.Column, reason)
	}
	return r.Field + ": " + reason
}
