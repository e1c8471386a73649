// Package files keeps segments and small reference tables as files of a folder, so that they can be reviewed, versioned
// and provisioned: <id>.json holds a segment's content, <name>.csv a table and <name>.table.json what the table is.
package files

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/segment/table"
)

const tableSuffix = ".table.json"

// Table is what <name>.table.json says of <name>.csv.
type Table struct {
	Key      string                 `json:"key"`                // the column that tells the user
	Identity string                 `json:"identity,omitempty"` // usr.id, usr.email or usr.name; by the column's name where it is missing
	Types    map[string]filter.Type `json:"types,omitempty"`    // of columns: text or number, instead of what values suggest
}

// What became of a file.
const (
	Created   = "created"
	Updated   = "updated"
	Unchanged = "unchanged"
)

// folder is what was read of one.
type folder struct {
	dir      string
	segments map[string]segment.Content // by id
	tables   map[string]Table           // by name
}

// Apply makes the store say what the files of a folder say, in an order in which what is used comes first, and tells of
// each file what became of it. Files that say nothing new change nothing. What has no file is left alone. Nothing is
// applied if a file cannot be read; after that, the files before one that the store refuses stay applied.
func Apply(ctx context.Context, pool *pgxpool.Pool, dir, by string, done func(file, outcome string)) error {
	f, err := read(dir)
	if err != nil {
		return err
	}
	for _, name := range sortedKeys(f.tables) {
		outcome, err := f.applyTable(ctx, pool, name, by)
		if err != nil {
			return fmt.Errorf("%s.csv: %w", name, err)
		}
		done(name+".csv", outcome)
	}
	for _, id := range f.order() {
		outcome, err := applySegment(ctx, pool, f.segments[id], by)
		if err != nil {
			return fmt.Errorf("%s.json: %w", id, err)
		}
		done(id+".json", outcome)
	}
	return nil
}

// read reads all files but the rows of tables. Its error names every file that is wrong.
func read(dir string) (folder, error) {
	f := folder{dir, map[string]segment.Content{}, map[string]Table{}}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return f, err
	}
	var problems []error
	for _, entry := range entries {
		if err := f.readFile(entry.Name()); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", entry.Name(), err))
		}
	}
	if len(problems) == 0 && len(f.segments)+len(f.tables) == 0 {
		return f, fmt.Errorf("%s holds no definitions (*.json) and no tables (*.csv with *.table.json)", dir)
	}
	return f, errors.Join(problems...)
}

func (f *folder) readFile(file string) error {
	path := filepath.Join(f.dir, file)
	if name, isTable := strings.CutSuffix(file, tableSuffix); isTable {
		return f.readTable(path, name)
	}
	switch id, extension := strings.TrimSuffix(file, filepath.Ext(file)), filepath.Ext(file); extension {
	case ".json":
		return f.readSegment(path, id)
	case ".csv":
		if _, err := os.Stat(filepath.Join(f.dir, id+tableSuffix)); err != nil {
			return fmt.Errorf("there is no %s%s to tell what this table is", id, tableSuffix)
		}
	}
	return nil
}

func (f *folder) readSegment(path, id string) error {
	raw, err := os.ReadFile(path) //nolint:gosec // a file of the folder the user names
	if err != nil {
		return err
	}
	c, version, err := segment.DecodeContent(raw)
	switch {
	case err != nil:
		return err
	case version != 0:
		return segment.Error{Path: "version", Problem: "does not belong into a file"}
	case c.ID != "" && c.ID != id:
		return segment.Error{Path: "id", Problem: fmt.Sprintf("is %q, but the file is called %s.json", c.ID, id)}
	}
	c.ID = id
	f.segments[id] = c
	return nil
}

func (f *folder) readTable(path, name string) error {
	if normal, err := table.NormaliseName(name); err != nil || normal != name {
		return fmt.Errorf("%q is no name of a table: %w", name, cmp.Or(err, fmt.Errorf("call it %s", normal)))
	}
	if _, err := os.Stat(filepath.Join(f.dir, name+".csv")); err != nil {
		return fmt.Errorf("there is no %s.csv with the rows", name)
	}
	raw, err := os.ReadFile(path) //nolint:gosec // a file of the folder the user names
	if err != nil {
		return err
	}
	var t Table
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&t); err != nil {
		return fmt.Errorf("cannot be read: %w", err)
	}
	if t.Identity != "" {
		if _, err := table.ParseIdentity(t.Identity); err != nil {
			return err
		}
	}
	f.tables[name] = t
	return nil
}

// order lists the segments so that each follows those it uses. What goes round in a circle is in some order, for the
// store to refuse.
func (f *folder) order() []string {
	var list []string
	seen := map[string]bool{}
	var visit func(id string)
	visit = func(id string) {
		c, known := f.segments[id]
		if !known || seen[id] {
			return
		}
		seen[id] = true
		if c.Definition != nil {
			uses, _ := c.Definition.Uses(filter.Names{}) // tables are applied already
			for _, used := range uses {
				visit(used)
			}
		}
		list = append(list, id)
	}
	for _, id := range sortedKeys(f.segments) {
		visit(id)
	}
	return list
}

func (f *folder) applyTable(ctx context.Context, pool *pgxpool.Pool, name, by string) (string, error) {
	before, err := table.Get(ctx, pool, name)
	isNew := errors.Is(err, table.ErrUnknown)
	if err != nil && !isNew {
		return "", err
	}
	file, err := os.Open(filepath.Join(f.dir, name+".csv")) //nolint:gosec // a file of the folder the user names
	if err != nil {
		return "", err
	}
	defer file.Close() //nolint:errcheck // it was only read
	t := f.tables[name]
	o := table.Options{Name: name, Key: t.Key, Types: t.Types, File: name + ".csv", By: by, IfChanged: true}
	if t.Identity != "" {
		if o.Identity, err = table.ParseIdentity(t.Identity); err != nil {
			return "", err
		}
	}
	report, err := table.Upload(ctx, pool, file, o)
	switch {
	case err != nil:
		return "", err
	case isNew:
		return Created, nil
	case report.Changed && report.Version != before.Version:
		return Updated, nil
	}
	return Unchanged, nil
}

func applySegment(ctx context.Context, pool *pgxpool.Pool, c segment.Content, by string) (string, error) {
	stored, err := segment.Get(ctx, pool, c.ID)
	switch {
	case errors.Is(err, segment.ErrNotFound):
		return Created, segment.Create(ctx, pool, c, by)
	case err != nil:
		return "", err
	}
	if stored.Kind == segment.Static {
		if err := stored.ReadList(ctx, pool); err != nil {
			return "", err
		}
	}
	if c.Same(stored.Content) {
		return Unchanged, nil
	}
	return Updated, segment.Update(ctx, pool, stored.Version, c, by)
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
