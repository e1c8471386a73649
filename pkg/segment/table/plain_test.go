package table_test

import (
	"regexp"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/segment/table"
)

// plainUser is a user of the store.
type plainUser struct {
	id                string
	name, email, plan *string
	anonymous         bool
}

// plainUpload is what an upload has to do, from docs/reference-tables.md, with maps in memory.
type plainUpload struct {
	columns  []string
	first    table.FirstLine
	key      int
	identity table.Identity
	types    map[string]filter.Type
	rows     [][]string // as in the file
	users    []plainUser
}

type plainResult struct {
	report table.Report
	stored map[string]map[string]string
	why    map[int]string // by row from 0: duplicate, empty, invalid, unmatched
	wrong  bool           // the file is refused
}

var (
	guarded     = regexp.MustCompile(`^'('*(?:[\t\n\v\f\r\x{FEFF}]|[ \x{A0}\x{3000}][ \x{A0}\x{3000}\t\n\v\f\r\x{FEFF}]*[=+\-@\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]|[=+\-@\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]))`)
	plainNumber = regexp.MustCompile(`^[-+]?(\d+(\.\d+)?|\.\d+)([eE][-+]?\d{1,2})?$`)
	plainCode   = regexp.MustCompile(`^[-+]?0\d`)
)

func (p plainUpload) result() plainResult {
	r := plainResult{stored: map[string]map[string]string{}, why: map[int]string{}}
	r.report.Columns = p.typesOf(&r.wrong)
	last := map[string]int{}
	for i, row := range p.rows {
		r.report.Read++
		key, value, why := p.read(row)
		switch why {
		case "empty":
			r.report.Empty++
		case "invalid":
			r.report.Invalid++
		default:
			if before, twice := last[key]; twice {
				r.why[before] = "duplicate"
				r.report.Duplicate++
			}
			last[key] = i
			r.stored[key] = value
		}
		if why != "" {
			r.why[i] = why
		}
	}
	r.report.Stored = int64(len(r.stored))
	for key, i := range last {
		if users := p.matching(key); users > 0 {
			r.report.Matched++
			r.report.Users += users
		} else {
			r.report.Unmatched++
			r.why[i] = "unmatched"
		}
	}
	return r
}

func (p plainUpload) read(row []string) (key string, value map[string]string, why string) {
	value = map[string]string{}
	for i, cell := range row {
		cell = guarded.ReplaceAllString(cell, "$1")
		if len(cell) > 8192 {
			why = "invalid"
		}
		if p.types[p.columns[i]] == filter.Number && i != p.key && plainCode.MatchString(cell) {
			cell = strings.Replace(strings.TrimLeft(strings.Replace(cell, "-", "", 1), "0"), "", map[bool]string{true: "-"}[cell[0] == '-'], 1)
		}
		if cell != "" {
			value[p.columns[i]] = cell
		}
	}
	key = p.normal(value[p.columns[p.key]])
	most := 1024
	if p.identity == table.ID {
		most = 512
	}
	if key == "" {
		return "", nil, "empty"
	}
	if len(value[p.columns[p.key]]) > most {
		why = "invalid"
	}
	return key, value, why
}

func (p plainUpload) normal(key string) string {
	if p.identity == table.Email {
		return strings.ToLower(strings.Trim(key, " "))
	}
	return key
}

func (p plainUpload) matching(key string) (count int64) {
	for _, u := range p.users {
		value := &u.id
		switch p.identity {
		case table.Email:
			value = u.email
		case table.Name:
			value = u.name
		case "usr.plan":
			value = u.plan
		}
		if !u.anonymous && value != nil && p.normal(*value) == key {
			count++
		}
	}
	return count
}

func (p plainUpload) typesOf(wrong *bool) []table.Column {
	var list []table.Column
	for i, name := range p.columns {
		numbers, others := 0, 0
		for _, row := range p.rows {
			cell := guarded.ReplaceAllString(row[i], "$1")
			switch {
			case cell == "":
			case len(cell) <= 100 && plainNumber.MatchString(cell) && (p.types[name] == filter.Number || !plainCode.MatchString(cell)):
				numbers++
			default:
				others++
			}
		}
		c := table.Column{Name: name, Type: filter.Text}
		if numbers > 0 && others == 0 {
			c.Type = filter.Number
		}
		if wanted, ok := p.types[name]; ok {
			c.Type = wanted
			*wrong = *wrong || wanted == filter.Number && others > 0
		}
		list = append(list, c)
	}
	return list
}
