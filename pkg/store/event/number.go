package event

import (
	"regexp"
	"strconv"
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

// appendNumber appends the significant digits and the exponent of a number as JSON writes it, and tells whether the text is
// one. Floating point has no part in it: identifiers of 20 digits stay apart.
func appendNumber(buf []byte, text string) ([]byte, bool) {
	whole, rest := cutDigits(strings.TrimPrefix(text, "-"))
	if whole == "" || whole[0] == '0' && len(whole) > 1 {
		return buf, false
	}
	fraction := ""
	if strings.HasPrefix(rest, ".") {
		if fraction, rest = cutDigits(rest[1:]); fraction == "" {
			return buf, false
		}
	}
	exponent, ok := parseExponent(rest)
	if !ok {
		return buf, false
	}
	digits := strings.TrimLeft(whole+fraction, "0")
	significant := strings.TrimRight(digits, "0")
	if significant == "" {
		return append(buf, '0'), true
	}
	if text[0] == '-' {
		buf = append(buf, '-')
	}
	buf = append(append(buf, significant...), 'e')
	return strconv.AppendInt(buf, int64(exponent-len(fraction)+len(digits)-len(significant)), 10), true
}

func cutDigits(text string) (digits, rest string) {
	end := 0
	for end < len(text) && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	return text[:end], text[end:]
}

// maxExponent is how many digits an exponent may have: a number with more is no quantity of anything.
const maxExponent = 6

// parseExponent reads "e-2", and nothing as 0.
func parseExponent(text string) (int, bool) {
	if text == "" {
		return 0, true
	}
	if text[0] != 'e' && text[0] != 'E' {
		return 0, false
	}
	sign, unsigned := 1, text[1:]
	if strings.HasPrefix(unsigned, "-") {
		sign, unsigned = -1, unsigned[1:]
	} else {
		unsigned = strings.TrimPrefix(unsigned, "+")
	}
	digits, rest := cutDigits(unsigned)
	significant := strings.TrimLeft(digits, "0")
	if digits == "" || rest != "" || len(significant) > maxExponent {
		return 0, false
	}
	n, _ := strconv.Atoi("0" + significant) // digits alone
	return sign * n, true
}
