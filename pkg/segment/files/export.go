package files

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/segment/table"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Export writes all segments and tables of the store to a folder, which is made if it is missing, as Apply reads them. It
// tells of each file. Other files of the folder are left alone.
func Export(ctx context.Context, db store.Querier, dir string, done func(file string)) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	tables, err := table.List(ctx, db)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := exportTable(ctx, db, dir, t); err != nil {
			return err
		}
		done(t.Name + ".csv")
	}
	segments, err := segment.List(ctx, db)
	if err != nil {
		return err
	}
	for _, s := range segments {
		if err := exportSegment(ctx, db, dir, s); err != nil {
			return err
		}
		done(s.ID + ".json")
	}
	return nil
}

func exportSegment(ctx context.Context, db store.Querier, dir string, s segment.Segment) error {
	if s.Kind == segment.Static {
		if err := s.ReadList(ctx, db); err != nil {
			return err
		}
	}
	return writeJSON(filepath.Join(dir, s.ID+".json"), s.Content)
}

func exportTable(ctx context.Context, db store.Querier, dir string, t table.Table) error {
	about := Table{Key: t.Key, Identity: string(t.Identity), Types: map[string]filter.Type{}}
	for _, column := range t.Columns {
		about.Types[column.Name] = column.Type
	}
	if err := writeJSON(filepath.Join(dir, t.Name+tableSuffix), about); err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(dir, t.Name+".csv")) //nolint:gosec // a file of the folder the user names
	if err != nil {
		return err
	}
	return errors.Join(table.Export(ctx, db, t.Name, file), file.Close())
}

func writeJSON(path string, value any) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return err
	}
	return os.WriteFile(path, text.Bytes(), 0o644)
}
