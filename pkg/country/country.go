// Package country knows the English names of countries. Stores hold ISO 3166-1 alpha-2 codes, people read names.
package country

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Name is the English name of a code, "" where there is none: UK has none, since the code is GB. The euro zone and the
// United Nations have codes and are no countries.
func Name(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil || code == "EZ" || code == "UN" || !region.IsCountry() || region.String() != code || region.Canonicalize() != region {
		return ""
	}
	return display.English.Regions().Name(region)
}

// Code is the code of what a person may call a country: its name, or its code of two letters or three, in any case, also
// one that is no longer the official one, such as UK. It is "" where it is none of these.
func Code(text string) string { return codes()[strings.ToLower(text)] }

// codes are the codes by what Code takes, in lower case.
var codes = sync.OnceValue(func() map[string]string {
	codes := map[string]string{}
	for _, code := range twoLetters() {
		region, err := language.ParseRegion(code)
		if err != nil || Name(region.Canonicalize().String()) == "" {
			continue
		}
		codes[strings.ToLower(code)] = region.Canonicalize().String()
	}
	for _, code := range ByName() {
		codes[strings.ToLower(Name(code))] = code
		if long := language.MustParseRegion(code).ISO3(); long != "ZZZ" { // which stands for none
			codes[strings.ToLower(long)] = code
		}
	}
	return codes
})

// ByName are all codes in the order of their names.
var ByName = sync.OnceValue(func() []string {
	var codes []string
	for _, code := range twoLetters() {
		if Name(code) != "" {
			codes = append(codes, code)
		}
	}
	slices.SortFunc(codes, func(a, b string) int { return strings.Compare(Name(a), Name(b)) })
	return codes
})

// twoLetters are all there can be.
func twoLetters() []string {
	var codes []string
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			codes = append(codes, string([]rune{a, b}))
		}
	}
	return codes
}
