// Package question reads the questions of the benchmark: what Footfall is asked, as JSON, and the SQL that gives the same
// answer from a wide table of events, in a file of its own.
package question

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Question is one of them.
type Question struct {
	ID   string `json:"-"`    // its file's name
	Name string `json:"name"` // for people

	// What Footfall is asked: a query, a definition to be previewed as a segment, or to compute the stored segment once more.
	QueryType string          `json:"queryType"`
	Options   json.RawMessage `json:"options"`
	Preview   json.RawMessage `json:"preview"`
	Refresh   bool            `json:"refresh"`
	Days      int             `json:"days"` // of the range, the latest; 0: all

	// How the frames become rows: the columns that are compared, in the order of the SQL's. A column "frame" is the frame's
	// name; a time series has "time", its facets and its measures.
	Frame   string   `json:"frame"` // only this one; all where empty
	Columns []string `json:"columns"`
	Total   bool     `json:"total"` // each row has the total of all rows behind them
	// How many columns are compared, 0: all. Of users who were seen in the same second, any may stand last on a page.
	Compared int `json:"compared"`

	SQL map[string]string `json:"-"` // by engine
}

// Engines that are asked by SQL.
const (
	Postgres = "postgres"
	DuckDB   = "duckdb"
)

// Read reads all questions, by the names of their files. NAME.json has NAME.sql beside it, which both engines understand, or
// NAME.duckdb.sql as well where DuckDB needs its own.
func Read(folder fs.FS) ([]Question, error) {
	files, err := fs.Glob(folder, "*.json")
	if err != nil {
		return nil, err
	}
	questions := make([]Question, len(files))
	for i, file := range files {
		if questions[i], err = read(folder, strings.TrimSuffix(path.Base(file), ".json")); err != nil {
			return nil, fmt.Errorf("question %s: %w", file, err)
		}
	}
	return questions, nil
}

func read(folder fs.FS, id string) (Question, error) {
	q := Question{ID: id}
	file, err := folder.Open(id + ".json")
	if err != nil {
		return q, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	decoder := json.NewDecoder(file)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&q); err != nil {
		return q, err
	}
	sql, err := fs.ReadFile(folder, id+".sql")
	if err != nil {
		return q, err
	}
	q.SQL = map[string]string{Postgres: string(sql), DuckDB: string(sql)}
	if own, err := fs.ReadFile(folder, id+".duckdb.sql"); err == nil {
		q.SQL[DuckDB] = string(own)
	}
	return q, nil
}
