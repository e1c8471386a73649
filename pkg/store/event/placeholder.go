package event

import "strings"

// placeholders are texts that programs write where they have nothing to say, in lower case. As ids they make one user, or
// one session, of all who said nothing.
var placeholders = map[string]bool{
	"null": true, "(null)": true, "<null>": true, "nil": true, "<nil>": true, "none": true, "undefined": true,
	"nan": true, "na": true, "n/a": true, "<na>": true, `\n`: true, "[object object]": true, "(not set)": true, "-": true,
}

// IsPlaceholder tells whether an id looks as if there had been none.
func IsPlaceholder(id string) bool {
	return len(id) <= len("[object object]") && placeholders[strings.ToLower(id)]
}

// Placeholders are the texts for which IsPlaceholder is true, in the spellings that occur.
func Placeholders() []string {
	list := []string{"NaN", "[object Object]"}
	for text := range placeholders {
		list = append(list, text, strings.ToUpper(text), strings.ToUpper(text[:1])+text[1:])
	}
	return list
}
