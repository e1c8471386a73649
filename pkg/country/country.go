// Package country knows the English names of countries. Stores hold ISO 3166-1 alpha-2 codes, people read names.
package country

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Name is the English name of a code, "" where there is none.
func Name(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil || !region.IsCountry() || region.String() != code {
		return ""
	}
	return display.English.Regions().Name(region)
}

// Code is the code of what a person may call a country: its name or its code, in any case. It is "" where it is neither.
func Code(text string) string {
	if code := strings.ToUpper(text); Name(code) != "" {
		return code
	}
	for _, code := range ByName() {
		if strings.EqualFold(Name(code), text) {
			return code
		}
	}
	return ""
}

// ByName are all codes in the order of their names.
var ByName = sync.OnceValue(func() []string {
	var codes []string
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			if code := string([]rune{a, b}); Name(code) != "" {
				codes = append(codes, code)
			}
		}
	}
	slices.SortFunc(codes, func(a, b string) int { return strings.Compare(Name(a), Name(b)) })
	return codes
})
