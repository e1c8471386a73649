package data

import (
	"bufio"
	"encoding/csv"
	"errors"
	"os"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// columns of the file: the inbox's.
var columns = func() []string {
	var names []string
	for _, field := range event.Fields {
		names = append(names, field.Column)
	}
	return append(names, event.AttributesColumn)
}()

// ColumnNames lists the columns of the file, for COPY.
func ColumnNames() string { return strings.Join(columns, ", ") }

// TextColumns defines them, all texts, for CREATE TABLE.
func TextColumns() string { return strings.Join(columns, " text, ") + " text" }

// WriteFile writes the events as a CSV file with a header, and returns how many there are. What an event does not say is empty.
func WriteFile(path string, o Options) (n int64, err error) {
	file, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	buffer := bufio.NewWriterSize(file, 1<<20)
	out := csv.NewWriter(buffer)
	if err := out.Write(columns); err != nil {
		return 0, err
	}
	record := make([]string, len(columns))
	for row := range Rows(o) {
		for i, field := range event.Fields {
			record[i] = *field.Of(row)
		}
		record[len(event.Fields)] = row.Attributes
		if err := out.Write(record); err != nil {
			return n, err
		}
		n++
	}
	out.Flush()
	return n, errors.Join(out.Error(), buffer.Flush())
}
