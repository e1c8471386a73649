package filter

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Error is a mistake in a filter.
type Error struct {
	At      int // position of the character, from 1; 0 where there is no text
	Problem string
}

func (e Error) Error() string {
	if e.At == 0 {
		return e.Problem
	}
	return fmt.Sprintf("at %d: %s", e.At, e.Problem)
}

// Limits of a filter.
const (
	MaxLength = 20_000 // bytes
	maxDepth  = 50
)

// Parse reads a filter; an empty one is nil. Its errors are of type Error. Names are not looked up: Compiler does.
func Parse(text string) (Node, error) {
	if len(text) > MaxLength {
		return nil, Error{Problem: fmt.Sprintf("the filter is longer than %d bytes", MaxLength)}
	}
	if !utf8.ValidString(text) {
		return nil, Error{Problem: "the filter is not UTF-8"}
	}
	if at := strings.IndexByte(text, 0); at >= 0 {
		return nil, Error{At: at + 1, Problem: "a NUL character cannot be searched for"}
	}
	p := &parser{text: text}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.space(); !p.done() {
		return nil, p.fail(p.at, "a closing parenthesis too many")
	}
	return n, nil
}

// parser goes through a text; at is a byte position.
type parser struct {
	text  string
	at    int
	depth int
}

func (p *parser) fail(at int, format string, args ...any) error {
	return Error{At: utf8.RuneCountInString(p.text[:at]) + 1, Problem: fmt.Sprintf(format, args...)}
}

func (p *parser) position() int { return utf8.RuneCountInString(p.text[:p.at]) + 1 }

func (p *parser) done() bool { return p.at >= len(p.text) }

func (p *parser) peek() rune {
	r, _ := utf8.DecodeRuneInString(p.text[p.at:])
	if p.done() {
		return -1
	}
	return r
}

func (p *parser) space() {
	for !p.done() && unicode.IsSpace(p.peek()) {
		p.at += utf8.RuneLen(p.peek())
	}
}

// accept goes past a text if it comes next.
func (p *parser) accept(text string) bool {
	if strings.HasPrefix(p.text[p.at:], text) {
		p.at += len(text)
		return true
	}
	return false
}

// keyword goes past a word in capitals if it comes next and stands alone.
func (p *parser) keyword(word string) bool {
	rest, ok := strings.CutPrefix(p.text[p.at:], word)
	if !ok {
		return false
	}
	if next, _ := utf8.DecodeRuneInString(rest); rest != "" && !unicode.IsSpace(next) && next != '(' && next != ')' && next != ']' {
		return false
	}
	p.at += len(word)
	return true
}

// or reads nodes joined by OR, up to the end or a closing parenthesis. It is nil where there are none.
func (p *parser) or() (Node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.fail(p.at, "parentheses are nested more than %d deep", maxDepth)
	}
	defer func() { p.depth-- }()
	var nodes []Node
	for {
		p.space()
		at := p.at
		n, err := p.and()
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
		p.space()
		more := p.keyword("OR")
		if n == nil && (more || len(nodes) > 1) {
			return nil, p.fail(at, "OR stands between two conditions; one is missing")
		}
		if !more {
			return Any(flattenOr(nodes)...), nil
		}
	}
}

func flattenOr(nodes []Node) []Node {
	var flat []Node
	for _, n := range nodes {
		if or, ok := n.(Or); ok {
			flat = append(flat, or.Nodes...)
		} else {
			flat = append(flat, n)
		}
	}
	return flat
}

func (p *parser) and() (Node, error) {
	var nodes []Node
	for {
		p.space()
		at := p.at
		if p.done() || p.peek() == ')' {
			return All(nodes...), nil
		}
		if err := p.checkKeyword(len(nodes) > 0); err != nil {
			return nil, err
		}
		if p.keyword("AND") {
			if p.space(); len(nodes) == 0 || p.done() || p.peek() == ')' {
				return nil, p.fail(at, "AND stands between two conditions; one is missing")
			}
			continue
		}
		if rest := *p; rest.keyword("OR") {
			return All(nodes...), nil
		}
		n, err := p.factor()
		if err != nil {
			return nil, err
		}
		if and, ok := n.(And); ok {
			nodes = append(nodes, and.Nodes...)
		} else {
			nodes = append(nodes, n)
		}
	}
}

// checkKeyword refuses a word between two conditions, or a "not" before one, that is meant to join or negate them and would be
// searched for instead: in small letters it is no keyword.
func (p *parser) checkKeyword(behind bool) error {
	for _, word := range []string{"OR", "AND", "NOT"} {
		at := p.at
		if len(p.text)-at < len(word) || p.text[at:at+len(word)] == word || !strings.EqualFold(p.text[at:at+len(word)], word) {
			continue
		}
		written, rest := p.text[at:at+len(word)], *p
		if !rest.keyword(written) || word != "NOT" && !behind {
			continue
		}
		if rest.space(); !rest.done() && rest.peek() != ')' {
			return p.fail(at, "%s is a word to search for: did you mean %s? Else quote it", written, word)
		}
	}
	return nil
}

// factor reads one condition: negated, in parentheses, has(...), a term or words.
func (p *parser) factor() (Node, error) {
	at := p.at
	if p.accept("-") || p.keyword("NOT") {
		if p.space(); p.done() || p.peek() == ')' {
			return nil, p.fail(at, "nothing follows the minus; quote it to search for it")
		}
		if p.depth++; p.depth > maxDepth {
			return nil, p.fail(at, "negations are nested more than %d deep", maxDepth)
		}
		defer func() { p.depth-- }()
		n, err := p.factor()
		if err != nil {
			return nil, err
		}
		return Not{n}, nil
	}
	if p.accept("has(") {
		p.at--
		n, err := p.group(at)
		return Has{Node: n, At: utf8.RuneCountInString(p.text[:at]) + 1}, err
	}
	if p.peek() == '(' {
		return p.group(at)
	}
	return p.term()
}

// group reads (...); opened is where it began, for messages.
func (p *parser) group(opened int) (Node, error) {
	p.accept("(")
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.space(); !p.accept(")") {
		return nil, p.fail(opened, "this parenthesis is not closed")
	}
	if n == nil {
		return nil, p.fail(opened, "nothing stands in the parentheses")
	}
	return n, nil
}

// term reads name:value, or words.
func (p *parser) term() (Node, error) {
	at := p.position()
	start := p.at
	name, quoted, err := p.name()
	if err != nil {
		return nil, err
	}
	if !p.accept(":") {
		if name == "" && !quoted {
			return nil, p.fail(start, "%q is not expected here; quote it to search for it", p.text[start:min(start+1, len(p.text))])
		}
		if !quoted {
			err = p.checkWords(start, name)
		}
		return Words{name}, err
	}
	if !quoted {
		name = strings.TrimPrefix(name, "@")
	}
	if name == "" {
		return nil, p.fail(start, "an attribute's name is missing before the colon")
	}
	if p.peek() == '(' {
		return p.choices(name, at)
	}
	m, err := p.match()
	if err != nil {
		return nil, err
	}
	return Term{Name: name, Match: m, At: at}, nil
}

// conditionLike matches a word that somebody meant as a condition.
var conditionLike = regexp.MustCompile(`^@?([\p{L}_][\p{L}\p{N}_.-]*)(==|=~|=|!=|<>|>=|<=|>|<)([^=].*)$`)

// checkWords refuses words that look like a condition and would be searched for instead, which finds nothing.
func (p *parser) checkWords(start int, words string) error {
	if p.peek() == '"' && strings.HasSuffix(words, ".") {
		rest := *p
		if inner, err := rest.quoted(); err == nil {
			return p.fail(start, "quotes go around the whole name: write %s", quoteName(words+inner))
		}
	}
	written := p.text[start:p.at] // with its backslashes
	if m := conditionLike.FindStringSubmatch(written); m != nil {
		meant := m[1] + ":" + m[2] + m[3]
		switch m[2] {
		case "=", "==":
			meant = m[1] + ":" + m[3]
		case "!=", "<>":
			meant = "-" + m[1] + ":" + m[3]
		case "=~":
			meant = m[1] + ":~" + m[3]
		}
		return p.fail(start, "%s looks like a condition: write %s, or quote it to search for the text", written, meant)
	}
	return p.checkQuotes(start, written)
}

// foreignQuotes are those that text editors and other languages put around words.
const foreignQuotes = "'\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb`"

// quotedForeign matches words in quotes that are none here.
var quotedForeign = regexp.MustCompile("^[" + foreignQuotes + "](.*?)[" + foreignQuotes + `](?:[\s)]|$)`)

// checkQuotes refuses a text that begins with a quote which is none here. An apostrophe may begin a name.
func (p *parser) checkQuotes(start int, written string) error {
	if !startsWithForeignQuote(written) {
		return nil
	}
	first, _ := utf8.DecodeRuneInString(written)
	inner := strings.Trim(written, foreignQuotes)
	if m := quotedForeign.FindStringSubmatch(p.text[start:]); m != nil {
		inner = m[1]
	} else if first == '\'' || first == '\u2019' {
		return nil
	}
	return p.fail(start, "words are held together by straight double quotes, not by %c: write %s", first, quote(inner))
}

// choices reads (a OR b), values of one attribute.
func (p *parser) choices(name string, at int) (Node, error) {
	opened := p.at
	p.accept("(")
	if p.depth >= maxDepth {
		return nil, p.fail(opened, "parentheses are nested more than %d deep", maxDepth)
	}
	var nodes []Node
	for {
		p.space()
		if p.done() {
			return nil, p.fail(opened, "this parenthesis is not closed")
		}
		m, err := p.match()
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, Term{Name: name, Match: m, At: at})
		if p.space(); p.accept(")") {
			return Any(nodes...), nil
		}
		if !p.keyword("OR") {
			return nil, p.fail(p.at, "OR or a closing parenthesis is expected after a value of %s", name)
		}
	}
}

// match reads what stands behind the colon.
func (p *parser) match() (Match, error) {
	for _, operator := range []string{">=", "<=", ">", "<"} {
		if p.accept(operator) {
			value, err := p.scalar("the " + operator)
			return Compare{operator, value}, err
		}
	}
	if p.accept("~") {
		value, err := p.scalar("the ~")
		return Contains(value), err
	}
	if p.peek() == '[' {
		return p.between()
	}
	if p.peek() == '"' {
		value, err := p.quoted()
		return Pattern{value}, err
	}
	return p.pattern()
}

// between reads [a TO b].
func (p *parser) between() (Match, error) {
	opened := p.at
	p.accept("[")
	var ends [2]string
	for i := range ends {
		p.space()
		if !p.accept("*") {
			value, err := p.scalar("the range")
			if err != nil {
				return nil, err
			}
			ends[i] = value
		}
		if p.space(); i == 0 && !p.keyword("TO") {
			return nil, p.fail(p.at, "a range is written [from TO to]; TO is missing")
		}
	}
	if !p.accept("]") {
		return nil, p.fail(opened, "this bracket is not closed")
	}
	return Range{ends[0], ends[1]}, nil
}

// scalar reads one value without wildcards.
func (p *parser) scalar(after string) (string, error) {
	if p.peek() == '"' {
		value, err := p.quoted()
		if err == nil && value == "" {
			err = p.fail(p.at, "a value is missing after %s", after)
		}
		return value, err
	}
	start := p.at
	m, err := p.pattern()
	if err != nil {
		return "", p.fail(start, "a value is missing after %s", after)
	}
	parts := m.(Pattern)
	if len(parts) > 1 {
		return "", p.fail(start, "a wildcard has no meaning after %s", after)
	}
	return parts[0], nil
}

// pattern reads text up to a space, a bracket or a parenthesis; * separates its parts.
func (p *parser) pattern() (Match, error) {
	start := p.at
	parts := Pattern{""}
	for !p.done() {
		r := p.peek()
		if unicode.IsSpace(r) || strings.ContainsRune(`()[]"`, r) {
			break
		}
		p.at += utf8.RuneLen(r)
		last := len(parts) - 1
		switch {
		case r == '*':
			if last == 0 || parts[last] != "" { // ** is *
				parts = append(parts, "")
			}
		case r == '\\' && !p.done():
			r = p.peek()
			p.at += utf8.RuneLen(r)
			parts[last] += string(r)
		default:
			parts[last] += string(r)
		}
	}
	if p.at == start {
		return nil, p.fail(start, "a value is missing; an empty one is written \"\"")
	}
	return parts, p.checkQuotes(start, p.text[start:p.at])
}

// name reads up to a colon, a space or a parenthesis, or a quoted text.
func (p *parser) name() (name string, quoted bool, err error) {
	if p.peek() == '"' {
		name, err = p.quoted()
		return name, true, err
	}
	var b strings.Builder
	for !p.done() {
		r := p.peek()
		if r == ':' || unicode.IsSpace(r) || strings.ContainsRune(`()[]"`, r) {
			break
		}
		p.at += utf8.RuneLen(r)
		if r == '\\' && !p.done() {
			r = p.peek()
			p.at += utf8.RuneLen(r)
		}
		b.WriteRune(r)
	}
	return b.String(), false, nil
}

// quoted reads "...".
func (p *parser) quoted() (string, error) {
	opened := p.at
	p.accept(`"`)
	var b strings.Builder
	for !p.done() {
		r := p.peek()
		p.at += utf8.RuneLen(r)
		switch {
		case r == '"':
			return b.String(), nil
		case r == '\\' && !p.done():
			r = p.peek()
			p.at += utf8.RuneLen(r)
		}
		b.WriteRune(r)
	}
	return "", p.fail(opened, "this quote is not closed")
}
