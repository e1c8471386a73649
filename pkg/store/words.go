package store

import (
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Counted puts a number before the words that fit it, such as "1 row waits" and "1,234 rows wait".
func Counted(n int64, one, many string) string {
	words := many
	if n == 1 {
		words = one
	}
	return message.NewPrinter(language.English).Sprintf("%d ", n) + words
}

// Like compares a text in SQL with the placeholder of a pattern, without regard to case and accents.
func Like(text, pattern string) string {
	return "footfall.folded(" + text + ") like footfall.folded(" + pattern + "::text)"
}
