package filter

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// String writes the nodes side by side.
func (n And) String() string {
	return joinStrings(n.Nodes, " ", func(n Node) string {
		if or, ok := n.(Or); ok {
			return "(" + or.String() + ")"
		}
		return inGroup(n)
	})
}

// String writes the nodes with OR between them; AND binds closer, so that it needs no parentheses.
func (n Or) String() string { return joinStrings(n.Nodes, " OR ", text) }

// String writes the node behind a minus.
func (n Not) String() string { return "-" + inGroup(n.Node) }

// String writes has(...).
func (n Has) String() string { return "has(" + text(n.Node) + ")" }

// String writes name:value.
func (n Term) String() string { return quoteName(n.Name) + ":" + matchString(n.Match) }

// String writes the text, quoted where it must be.
func (n Words) String() string { return quoteWords(n.Text) }

// String writes a filter; the empty one is "".
func String(n Node) string { return text(n) }

func text(n Node) string {
	if n == nil {
		return ""
	}
	return n.String()
}

func joinStrings(nodes []Node, between string, write func(Node) string) string {
	parts := make([]string, len(nodes))
	for i, n := range nodes {
		parts[i] = write(n)
	}
	return strings.Join(parts, between)
}

// inGroup writes a node so that it stays one node behind a minus.
func inGroup(n Node) string {
	switch n.(type) {
	case And, Or:
		return "(" + n.String() + ")"
	}
	return text(n)
}

func matchString(m Match) string {
	switch m := m.(type) {
	case anyOf: // as it reads after its attribute
		parts := make([]string, len(m))
		for i, text := range m {
			parts[i] = matchString(Pattern{text})
		}
		return "(" + strings.Join(parts, " OR ") + ")"
	case Pattern:
		parts := make([]string, len(m))
		for i, part := range m {
			parts[i] = escape(part)
		}
		if startsWithForeignQuote(parts[0]) {
			parts[0] = `\` + parts[0]
		}
		if len(m) == 1 && (m[0] == "" || startsWithForeignQuote(m[0]) || strings.HasPrefix(parts[0], "\\") || strings.ContainsAny(m[0], " ()[]\"")) {
			return quote(m[0])
		}
		return strings.Join(parts, "*")
	case Contains:
		return "~" + quote(string(m))
	case Compare:
		return m.Operator + quoteScalar(m.Value)
	case Range:
		return "[" + bound(m.From) + " TO " + bound(m.To) + "]"
	}
	panic("unknown match")
}

func bound(value string) string {
	if value == "" {
		return "*"
	}
	return quoteScalar(value)
}

// plain tells whether a text needs no quotes as a value.
func plain(value string) bool {
	return value != "" && !startsWithForeignQuote(value) && !strings.ContainsFunc(value, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(`()[]"\*<>=~:`, r)
	})
}

func startsWithForeignQuote(value string) bool {
	first, size := utf8.DecodeRuneInString(value)
	return size > 0 && strings.ContainsRune(foreignQuotes, first)
}

func quoteScalar(value string) string {
	if plain(value) && value != "TO" {
		return value
	}
	return quote(value)
}

func quoteName(name string) string {
	if plain(name) && !strings.HasPrefix(name, "-") && !strings.HasPrefix(name, "@") {
		return name
	}
	return quote(name)
}

func quoteWords(words string) string {
	if plain(words) && !strings.HasPrefix(words, "-") && !isKeyword(words) {
		return words
	}
	return quote(words)
}

// isKeyword tells of small letters too, which mean a keyword to people.
func isKeyword(word string) bool {
	word = strings.ToUpper(word)
	return word == "AND" || word == "OR" || word == "NOT" || word == "TO"
}

func quote(value string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}

// escape writes a part of a pattern, with a backslash before what would mean something else.
func escape(part string) string {
	var b strings.Builder
	for _, r := range part {
		if unicode.IsSpace(r) || strings.ContainsRune(`()[]"\*<>=~`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
