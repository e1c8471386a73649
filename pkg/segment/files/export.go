package files

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/segment/table"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Export writes all segments and tables of the store to a folder, which is made if it is missing, as Apply reads them. It
// tells of each file, with what of it a file cannot say. Other files of the folder are left alone.
func Export(ctx context.Context, db store.Querier, dir string, done func(file, missing string)) error {
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
		done(t.Name+".csv", "")
	}
	segments, err := segment.List(ctx, db)
	if err != nil {
		return err
	}
	for _, s := range segments {
		missing, err := exportSegment(ctx, db, dir, s)
		if err != nil {
			return err
		}
		done(s.ID+".json", missing)
	}
	return nil
}

func exportSegment(ctx context.Context, db store.Querier, dir string, s segment.Segment) (missing string, err error) {
	c := s.Content
	if c.Kind == segment.Static {
		var anonymous int
		if c.List, anonymous, err = segment.ReadList(ctx, db, s.Key); err != nil {
			return "", err
		}
		if anonymous > 0 {
			missing = fmt.Sprintf("without the %d anonymous ids on its list, which files do not hold", anonymous)
		}
	}
	return missing, writeJSON(filepath.Join(dir, s.ID+".json"), c)
}

func exportTable(ctx context.Context, db store.Querier, dir string, t table.Table) error {
	about := Table{Key: t.Key, Identity: string(t.Identity), Types: map[string]filter.Type{}}
	for _, column := range t.Columns {
		about.Types[column.Name] = column.Type
	}
	if err := writeJSON(filepath.Join(dir, t.Name+tableSuffix), about); err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(dir, t.Name+".csv"))
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
