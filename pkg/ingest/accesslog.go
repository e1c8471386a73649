package ingest

import (
	"io"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/csvfile"
)

// accessLogMapping is what the columns of an access log give where nothing else is said: a request is a view.
func accessLogMapping(format Format) Mapping {
	m := Mapping{
		Columns: map[string]string{
			"ts": "time", "usr.anonymous_id": "address", "usr.id": "user", "view.url_path": "path",
			"method": "method", "status": "status", "bytes": "bytes",
		},
		Constants: map[string]string{"type": "view"},
		Skip:      []string{"ident", "query", "protocol"},
	}
	if format == Combined {
		m.Columns[userAgentField], m.Columns["referrer"] = userAgentField, "referrer"
	}
	return m
}

// The columns of the common format, and of the combined one, which has two more.
var (
	commonColumns   = []string{"address", "ident", "user", "time", "method", "path", "query", "protocol", "status", "bytes"}
	combinedColumns = append(commonColumns[:len(commonColumns):len(commonColumns)], "referrer", userAgentField)
)

// withDefaults adds what a format gives by itself. A column or field that the mapping speaks of is left to it.
func (m Mapping) withDefaults(defaults Mapping) Mapping {
	p := m.plan()
	free := func(field string) bool { return p.given[targetOf(field)] == "" }
	filled := m
	filled.Columns, filled.Constants, filled.Skip = map[string]string{}, map[string]string{}, slices.Clone(m.Skip)
	maps.Copy(filled.Columns, m.Columns)
	maps.Copy(filled.Constants, m.Constants)
	for field, column := range defaults.Columns {
		if _, used := p.targets[column]; !used && free(field) {
			filled.Columns[field] = column
		}
	}
	for field, text := range defaults.Constants {
		if free(field) {
			filled.Constants[field] = text
		}
	}
	for _, column := range defaults.Skip {
		if _, used := p.targets[column]; !used {
			filled.Skip = append(filled.Skip, column)
		}
	}
	return filled
}

// logReader reads records from a web server's access log in the common or combined format.
type logReader struct {
	lines   *lineReader
	columns []string
}

func newLogReader(r io.Reader, format Format) *logReader {
	columns := combinedColumns
	if format == CLF {
		columns = commonColumns
	}
	return &logReader{lines: newLineReader(r), columns: columns}
}

// logLine is address, ident, user, time, request, status, bytes, referrer and user agent. Within quotes a backslash keeps
// the next character. The last quote may be missing: servers cut long lines.
var logLine = regexp.MustCompile(`^(\S+) (\S+) (.*?) \[([^\]]*)\] "((?:[^"\\]|\\.)*)" (\d{3}|-) (\d+|-)` +
	`(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*))?`)

func (l *logReader) next(rec *record) error {
	if err := l.lines.next(rec); err != nil {
		return err
	}
	return l.parse(rec, strings.TrimSpace(string(rec.raw)))
}

func (l *logReader) parse(rec *record, line string) error {
	parts := logLine.FindStringSubmatch(line)
	switch {
	case parts == nil:
		return &badRow{reason: "is no line of an access log: address - user [time] \"METHOD /path HTTP/1.1\" status bytes"}
	case isAddress(parts[2]):
		return &badRow{reason: "begins with a host's name, as vhost_combined has it: cut it off, for example with cut -d' ' -f2-"}
	case parts[9] == "" && parts[8] == "" && len(l.columns) > len(commonColumns) && !strings.HasSuffix(line, `"`):
		return &badRow{reason: "has no referrer and user agent: is this --format clf?"}
	}
	method, path, query, protocol := splitRequest(unescape(parts[5]))
	texts := []string{parts[1], parts[2], unescape(parts[3]), parts[4], method, path, query, protocol, parts[6], parts[7], unescape(parts[8]), unescape(parts[9])}
	for i, column := range l.columns {
		text := texts[i]
		if text == "-" {
			text = ""
		}
		rec.values = append(rec.values, newValue(column, text))
	}
	if path == "" {
		rec.values = append(rec.values, value{name: "path", text: parts[5], bad: "is no request with a path"})
	}
	sortByName(rec.values)
	return nil
}

func isAddress(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil
}

// splitRequest splits "GET /cart?id=7 HTTP/1.1". Proxies ask for whole addresses, of which the path counts; a path is
// empty where there is none.
func splitRequest(request string) (method, path, query, protocol string) {
	method, rest, _ := strings.Cut(request, " ")
	target := rest
	if i := strings.LastIndex(rest, " "); i >= 0 && strings.HasPrefix(rest[i+1:], "HTTP/") {
		target, protocol = rest[:i], rest[i+1:]
	}
	if _, after, absolute := strings.Cut(target, "://"); absolute && !strings.HasPrefix(target, "/") {
		_, path, _ := strings.Cut(after, "/")
		target = "/" + path
	}
	path, query, _ = strings.Cut(target, "?")
	if !strings.HasPrefix(path, "/") && path != "*" {
		path = ""
	}
	return method, path, query, protocol
}

var escaped = regexp.MustCompile(`\\(x[0-9a-fA-F]{2}|.)`)

// unescape undoes the backslashes of Apache and nginx, unless that makes bytes that are no text.
func unescape(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	plain := escaped.ReplaceAllStringFunc(text, func(sequence string) string {
		switch {
		case sequence == `\n`:
			return "\n"
		case sequence == `\t`:
			return "\t"
		case len(sequence) == 4:
			code, _ := strconv.ParseUint(sequence[2:], 16, 8)
			return string([]byte{byte(code)})
		}
		return sequence[1:]
	})
	if csvfile.Unreadable(plain) != "" {
		return text
	}
	return plain
}
