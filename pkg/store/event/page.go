package event

import (
	"regexp"
	"strings"
)

var variablePart = regexp.MustCompile(
	`^(?:[0-9]+|[0-9a-fA-F]{16,}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$`)

// Page groups a url path: parts that are numbers, UUIDs or 16 and more hex digits become "?"; a query string and a
// fragment are cut off.
func Page(path string) string {
	if cut := strings.IndexAny(path, "?#"); cut >= 0 {
		path = path[:cut]
	}
	if !strings.ContainsAny(path, "0123456789abcdefABCDEF") {
		return path
	}
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if variablePart.MatchString(part) {
			parts[i] = "?"
		}
	}
	return strings.Join(parts, "/")
}
