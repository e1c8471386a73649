// Package ingest brings events into the inbox: CSV and JSON files and access logs, row by row, with COPY.
//
// It refuses only what cannot be sent as it is (broken rows, bytes that are not UTF-8) or what the worker would refuse
// anyway, so that users see it at once. It does not wait for the worker.
package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// Options of an import; zero values mean the defaults.
type Options struct {
	Name       string // of the import in footfall.imports, default the files' names
	Mapping    Mapping
	Format     Format        // default: by the file's name
	Delimiter  rune          // of CSV, default a comma, or a tab for .tsv
	Header     []string      // the columns of CSV files that have no header
	SeqBase    int64         // added to the row numbers that order events of the same time
	SessionGap time.Duration // stored for the applications of this import, if not 0
	Stdin      io.Reader     // read for the file "-"
	ChunkRows  int           // rows per committed COPY, default 50,000

	OnRefusal  func(Refusal)  // called for each refused row
	OnLeftOut  func(Refusal)  // called for each value that is left out or cut
	OnProgress func(Progress) // called every few thousand rows
}

const (
	defaultChunkRows = 50_000
	progressRows     = 2_000
)

// Import reads files ("-" for standard input; gzip is told by its content) into the inbox.
//
// All files are opened and their headers checked before anything is written. Rows are then committed in chunks: what
// the report calls taken is in the inbox, also when an error ends the import, and importing the same files again doubles
// nothing. A file that cannot be read to its end keeps the rows before, the others are read still, and the error names it.
func Import(ctx context.Context, pool *pgxpool.Pool, files []string, opts Options) (Report, error) {
	if opts.Format == CLF || opts.Format == Combined {
		opts.Mapping = opts.Mapping.withDefaults(accessLogMapping(opts.Format))
	}
	imp := &importer{pool: pool, opts: opts, plan: opts.Mapping.plan(), applications: map[string]bool{}, started: time.Now()}
	if opts.ChunkRows == 0 {
		imp.opts.ChunkRows = defaultChunkRows
	}
	var report Report
	if err := imp.check(files); err != nil {
		return report, err
	}
	var err error
	if imp.recording, err = startRecording(ctx, pool, opts.Name, files); err != nil {
		return report, err
	}
	report.Import, report.Name, report.Earlier = imp.recording.id, imp.recording.name, imp.recording.earlier
	var broken []error
	for _, file := range files {
		fileReport, err := imp.importFile(ctx, file)
		if err != nil {
			err = fmt.Errorf("%s: %w", file, err)
			fileReport.Error = err.Error()
			broken = append(broken, err)
		}
		report.add(fileReport)
		var unwritten *writeError
		if errors.As(err, &unwritten) {
			break
		}
	}
	report.Warnings = slices.Concat([]string{}, opts.Mapping.warnings(), imp.warnings)
	imp.likeness.report(&report)
	err = errors.Join(broken...)
	return report, errors.Join(err, imp.recording.end(ctx, pool, err))
}

// importer is the state of one Import over all its files.
type importer struct {
	pool         *pgxpool.Pool
	opts         Options
	plan         plan
	applications map[string]bool // seen so far; true: the session gap is stored
	recording    recording
	likeness     likeness
	warnings     []string
	started      time.Time
	rows         int64 // read of all files
	bytes        int64 // read of the files before the current one
}

// check opens each file and compares its header with the mapping. Standard input is checked when its turn comes.
func (imp *importer) check(files []string) error {
	var problems []error
	for i, file := range files {
		if file == stdinName {
			if slices.Contains(files[:i], stdinName) {
				problems = append(problems, errors.New("standard input (-) is given twice"))
			}
			continue
		}
		src, _, err := imp.open(file)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		_ = src.close()
	}
	return errors.Join(problems...)
}

// open opens a file and reads its header, if it has one.
func (imp *importer) open(file string) (*source, reader, error) {
	format := imp.opts.Format
	if format == Auto {
		var err error
		if format, err = formatOf(file); err != nil {
			return nil, nil, err
		}
	}
	if err := imp.checkFormat(format); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", file, err)
	}
	src, err := openSource(file, imp.opts.Stdin)
	if err != nil {
		return nil, nil, err
	}
	rows, err := imp.newReader(src, format)
	if err != nil {
		_ = src.close()
		return nil, nil, fmt.Errorf("%s: %w", file, err)
	}
	return src, rows, nil
}

// checkFormat refuses options that only CSV has a use for.
func (imp *importer) checkFormat(format Format) error {
	switch {
	case format == CSV:
		return nil
	case len(imp.opts.Header) > 0:
		return fmt.Errorf("--header is for CSV files, and this is read as %s: leave it out, or say --format csv", format)
	case imp.opts.Delimiter != 0:
		return fmt.Errorf("--delimiter is for CSV files, and this is read as %s: leave it out, or say --format csv", format)
	}
	return nil
}

// newReader reads a source's header, if it has one, and compares it with the mapping.
func (imp *importer) newReader(src *source, format Format) (reader, error) {
	switch format {
	case NDJSON:
		return newNDJSONReader(src, slices.Collect(maps.Keys(imp.plan.targets))), nil
	case CLF, Combined:
		rows := newLogReader(src, format)
		return rows, imp.plan.checkHeader(rows.columns)
	}
	rows, err := newCSVReader(src, imp.delimiter(src.name), imp.opts.Header)
	if err != nil {
		return nil, err
	}
	err = imp.plan.checkHeader(rows.wanted(imp.plan))
	if len(imp.opts.Header) == 0 {
		err = hintAtHeader(err, rows.columns)
	}
	return rows, err
}

// delimiter is what the options or the file's name say, 0 for what the file says itself.
func (imp *importer) delimiter(file string) rune {
	switch {
	case imp.opts.Delimiter != 0:
		return imp.opts.Delimiter
	case strings.HasSuffix(strings.TrimSuffix(strings.ToLower(file), ".gz"), ".tsv"):
		return '\t'
	}
	return 0
}

// writeError is a failure of the database rather than of a file.
type writeError struct{ err error }

func (w *writeError) Error() string { return w.err.Error() }
func (w *writeError) Unwrap() error { return w.err }

func (imp *importer) importFile(ctx context.Context, file string) (FileReport, error) {
	report := FileReport{File: file}
	src, rows, err := imp.open(file)
	if err != nil {
		return report, err
	}
	defer func() { _ = src.close() }()
	f := &fileImport{
		importer: imp, source: src, reader: rows, builder: newRowBuilder(imp.plan, file), watch: newWatch(imp.plan), report: &report,
	}
	defer func() {
		for _, warning := range f.watch.warnings() {
			imp.warnings = append(imp.warnings, file+": "+warning)
		}
	}()
	for f.ended == nil {
		if err := f.copyChunk(ctx); err != nil {
			return report, &writeError{err}
		}
	}
	imp.bytes += src.counted.n
	imp.progress(0)
	if errors.Is(f.ended, io.EOF) {
		return report, nil
	}
	return report, f.ended
}

func (imp *importer) progress(bytes int64) {
	if imp.opts.OnProgress != nil {
		imp.opts.OnProgress(Progress{Bytes: imp.bytes + bytes, Rows: imp.rows})
	}
}

// fileImport is the state of one file's import.
type fileImport struct {
	*importer
	source  *source
	reader  reader
	builder *rowBuilder
	watch   *watch
	rec     record
	report  *FileReport
	ended   error // why reading ended: io.EOF or what broke
}

// copyChunk commits the next rows together with the session gap of applications that were not seen before, so that the
// worker knows the gap when it meets their rows.
func (f *fileImport) copyChunk(ctx context.Context) error {
	left := f.opts.ChunkRows
	next := func() (*event.Row, error) {
		if left == 0 {
			return nil, nil
		}
		left--
		return f.nextRow(), nil
	}
	var taken int64
	err := pgx.BeginFunc(ctx, f.pool, func(tx pgx.Tx) (err error) {
		if taken, err = CopyRows(ctx, tx, next); err != nil {
			return err
		}
		if err = f.storeSessionGaps(ctx, tx); err != nil {
			return err
		}
		return f.recording.wrote(ctx, tx, taken)
	})
	if err != nil {
		return err
	}
	f.report.Taken += taken
	f.likeness.lookUp(ctx, f.pool, f.recording.id)
	return nil
}

// nextRow returns the next row that can be taken, nil at the end of the file.
func (f *fileImport) nextRow() *event.Row {
	for {
		err := f.reader.next(&f.rec)
		var bad *badRow
		if err != nil && !errors.As(err, &bad) {
			f.ended = err
			return nil
		}
		f.rows++
		f.recording.read++
		f.report.Read++
		if f.rows%progressRows == 0 {
			f.progress(f.source.counted.n)
		}
		var row *event.Row
		if bad == nil {
			f.watch.columns(&f.rec)
			f.plan.dropNulls(f.rec.values)
			row, bad = f.builder.build(&f.rec, f.opts.SeqBase+f.rows)
		}
		if bad == nil {
			bad = f.validate(row)
		}
		if bad == nil {
			f.leaveOut()
			f.watch.row(row)
			if application := row.ApplicationID; f.opts.SessionGap > 0 && !f.applications[application] {
				f.applications[strings.Clone(application)] = false
			}
			row.Import = f.recording.id
			return row
		}
		f.refuse(bad)
	}
}

// validate asks the worker's rules, so that users see at once, and by line, what the worker would refuse.
func (f *fileImport) validate(row *event.Row) *badRow {
	e, rejection := event.Parse(row, f.started)
	if rejection != nil {
		bad := &badRow{field: rejection.Field, value: rejection.Value, reason: rejection.Reason}
		bad.reason += f.hint(rejection)
		return bad
	}
	f.builder.flaws = append(f.builder.flaws, e.Flaws...)
	f.likeness.offer(&e)
	return nil
}

// hint says which option mends a rejection, "" where none does.
func (f *fileImport) hint(rejection *event.Rejection) string {
	switch {
	case event.IsNoTime(rejection):
		return "; say how others are written with --time-format"
	case rejection.Field == "type" && rejection.Value != "":
		return translateTypeHint
	}
	said := func(v value) bool { return v.name == rejection.Field }
	if rejection.Value != "" || f.plan.given[targetOf(rejection.Field)] != "" || slices.ContainsFunc(f.rec.values, said) {
		return ""
	}
	switch rejection.Field {
	case "ts":
		return "; name what holds it with --map ts=NAME" + orSuch(f.times())
	case "type":
		return "; name what holds it with --map type=NAME, or use --set type=view"
	}
	return ""
}

// times are up to three columns of the record whose values are times.
func (f *fileImport) times() []string {
	var names []string
	for _, v := range f.rec.values {
		if ts, err := event.ParseTime(v.text); err == nil && ts.After(event.Oldest) && ts.Before(f.started) && len(names) < 3 {
			names = append(names, v.name)
		}
	}
	return names
}

func orSuch(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return " (" + strings.Join(names, ", ") + " may be it)"
}

// leaveOut tells what of the row is left out or cut.
func (f *fileImport) leaveOut() {
	for _, flaw := range f.builder.flaws {
		f.report.LeftOut++
		if f.opts.OnLeftOut != nil {
			f.opts.OnLeftOut(f.refusal(flaw.Field, flaw.Value, flaw.Reason))
		}
	}
}

func (f *fileImport) refusal(field, value, reason string) Refusal {
	refusal := Refusal{File: f.source.name, Line: f.rec.line, Field: field, Value: value, Reason: reason, Raw: f.rec.raw}
	if column := f.plan.columnOf(field); column != field {
		refusal.Column = column
	}
	return refusal
}

func (f *fileImport) refuse(bad *badRow) {
	f.report.Refused++
	f.recording.refused++
	if f.opts.OnRefusal != nil {
		f.opts.OnRefusal(f.refusal(bad.field, bad.value, bad.reason))
	}
}

const storeSessionGapSQL = `
insert into footfall.applications as a (id, session_gap_ms)
values ($1, $2)
on conflict (id) do update
   set session_gap_ms = excluded.session_gap_ms
 where a.session_gap_ms <> excluded.session_gap_ms`

func (f *fileImport) storeSessionGaps(ctx context.Context, tx pgx.Tx) error {
	// In order, so that two imports at once wait for each other instead of in a circle.
	for _, application := range slices.Sorted(maps.Keys(f.applications)) {
		if f.applications[application] {
			continue
		}
		if _, err := tx.Exec(ctx, storeSessionGapSQL, application, f.opts.SessionGap.Milliseconds()); err != nil {
			return fmt.Errorf("store the session gap of application %q: %w", application, err)
		}
		f.applications[application] = true
	}
	return nil
}
