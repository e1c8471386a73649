package event

import (
	"regexp"
	"strings"
)

// Number matches, in Go and in SQL, texts of at most MaxNumber characters that are numbers. Codes with leading zeros are
// texts. The exponent is short: double precision has no room for more, nor for a sum of many.
const (
	Number    = `^[-+]?((0|[1-9][0-9]*)(\.[0-9]+)?|\.[0-9]+)([eE][-+]?[0-9]{1,2})?$`
	MaxNumber = 100
)

var numberPattern = regexp.MustCompile(Number)

// IsNumber tells whether a text is a number.
func IsNumber(text string) bool { return len(text) <= MaxNumber && numberPattern.MatchString(text) }

// IsNumeric tells whether a JSON value is a number, or text that is one.
func IsNumeric(value string) bool {
	return IsNumber(strings.TrimSuffix(strings.TrimPrefix(value, `"`), `"`))
}
