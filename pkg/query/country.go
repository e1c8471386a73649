package query

import (
	"slices"
	"strings"
	"sync"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// countryName is the English name of an ISO 3166-1 alpha-2 code, "" where there is none.
func countryName(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil || !region.IsCountry() || region.String() != code {
		return ""
	}
	return display.English.Regions().Name(region)
}

// countryMappings shows the codes of a field as names.
func countryMappings(field *data.Field) data.ValueMappings {
	names := data.ValueMapper{}
	for i := range field.Len() {
		code, ok := field.ConcreteAt(i)
		if !ok {
			continue
		}
		if name := countryName(code.(string)); name != "" {
			names[code.(string)] = data.ValueMappingResult{Text: name}
		}
	}
	if len(names) == 0 {
		return nil
	}
	return data.ValueMappings{names}
}

// countriesByName are all codes in the order of their names.
var countriesByName = sync.OnceValue(func() []string {
	var codes []string
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			if code := string([]rune{a, b}); countryName(code) != "" {
				codes = append(codes, code)
			}
		}
	}
	slices.SortFunc(codes, func(a, b string) int { return strings.Compare(countryName(a), countryName(b)) })
	return codes
})
