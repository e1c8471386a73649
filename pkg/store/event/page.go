package event

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// PageRules say which paths are one page. They are settings of an application.
type PageRules struct {
	HashRoutes  bool        // a fragment that starts with / or !/ belongs to the page
	FoldSlash   bool        // slashes at the end say nothing
	FoldCase    bool        // neither does the case of letters
	Decode      bool        // %C3%A9 is é
	KeepNumbers NumberParts // parts whose numbers tell pages apart
}

// DefaultPageRules are those of a new store.
var DefaultPageRules = PageRules{FoldSlash: true, Decode: true}

// NumberParts is a set of places in a path: bit 0 is the first part.
type NumberParts uint32

// MaxNumberPart is the greatest place of a part, counted from 1.
const MaxNumberPart = 32

// Has tells whether the set has a place, counted from 1.
func (p NumberParts) Has(place int) bool { return place <= MaxNumberPart && p>>(place-1)&1 == 1 }

// With is the set and a place, counted from 1 to MaxNumberPart.
func (p NumberParts) With(place int) NumberParts { return p | 1<<(place-1) }

var variablePart = regexp.MustCompile(
	`^(?:[0-9]+|[0-9a-fA-F]{16,}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$`)

// Page makes a page of a url path, the same for stored events and for paths that people name: a query string and a
// fragment are cut off, parts that are numbers, UUIDs or 16 and more hex digits become "?", and the rules say what else.
func Page(path string, rules PageRules) string {
	path, sign, route := splitRoute(path, rules.HashRoutes)
	places := 0
	page := rules.group(path, &places)
	if sign == "" {
		return page
	}
	if route = rules.group(route, &places); route == "/" && rules.FoldSlash {
		return page
	}
	return page + sign + route
}

// splitRoute cuts a path from what follows it. A route of the fragment comes with the sign before it, # or #!.
func splitRoute(path string, keep bool) (before, sign, route string) {
	before, fragment, _ := strings.Cut(path, "#")
	before, _, _ = strings.Cut(before, "?")
	if !keep {
		return before, "", ""
	}
	sign = "#"
	if strings.HasPrefix(fragment, "!") {
		sign, fragment = "#!", fragment[1:]
	}
	if !strings.HasPrefix(fragment, "/") {
		return before, "", ""
	}
	if cut := strings.IndexAny(fragment, "?#"); cut >= 0 {
		fragment = fragment[:cut]
	}
	return before, sign, fragment
}

// group applies the rules to the parts of a path; places counts them.
func (r PageRules) group(path string, places *int) string {
	if r.FoldSlash && strings.HasSuffix(path, "/") {
		if path = strings.TrimRight(path, "/"); path == "" {
			return "/"
		}
	}
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if part == "" {
			continue
		}
		*places++
		if r.Decode {
			part = decode(part)
		}
		if r.FoldCase {
			part = strings.ToLower(part)
		}
		if variablePart.MatchString(part) && !(r.KeepNumbers.Has(*places) && isNumber(part)) {
			part = "?"
		}
		parts[i] = part
	}
	return strings.Join(parts, "/")
}

func isNumber(part string) bool { return strings.Trim(part, "0123456789") == "" }

// decode replaces percent escapes by what they stand for, but where that would read as something else: / ? # %, what
// cannot be seen, and what is no UTF-8 stay escaped.
func decode(part string) string {
	at := strings.IndexByte(part, '%')
	if at < 0 {
		return part
	}
	var out strings.Builder
	for at >= 0 {
		out.WriteString(part[:at])
		part = part[at:]
		var bytes []byte
		for b, ok := escaped(part); ok; b, ok = escaped(part) {
			bytes, part = append(bytes, b), part[3:]
		}
		writeDecoded(&out, bytes)
		if bytes == nil {
			out.WriteByte('%')
			part = part[1:]
		}
		at = strings.IndexByte(part, '%')
	}
	out.WriteString(part)
	return out.String()
}

// escaped is the byte that text starts with as an escape.
func escaped(text string) (byte, bool) {
	if len(text) < 3 || text[0] != '%' {
		return 0, false
	}
	high, low := strings.IndexByte(hexDigits, lower(text[1])), strings.IndexByte(hexDigits, lower(text[2]))
	return byte(high<<4 | low), high >= 0 && low >= 0 //nolint:gosec // two hexadecimal digits, or not used
}

const hexDigits = "0123456789abcdef"

func lower(c byte) byte {
	if c >= 'A' && c <= 'F' {
		c += 'a' - 'A'
	}
	return c
}

func writeDecoded(out *strings.Builder, bytes []byte) {
	for len(bytes) > 0 {
		r, size := utf8.DecodeRune(bytes)
		if r == utf8.RuneError || !unicode.IsPrint(r) || strings.ContainsRune("/?#%", r) {
			for _, b := range bytes[:size] {
				out.WriteString("%" + strings.ToUpper(hexDigits[b>>4:b>>4+1]+hexDigits[b&15:b&15+1]))
			}
		} else {
			out.WriteRune(r)
		}
		bytes = bytes[size:]
	}
}
