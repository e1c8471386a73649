package filter_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/filter"
)

func TestWithoutAlways(t *testing.T) {
	for text, want := range map[string]string{
		"(application:* OR -application:*)":                                      "",
		"country:BR (application:* OR -application:*)":                           "country:BR",
		"frustration:* (page:/a (application:* OR -application:*) action:Pay)":   "frustration:* page:/a action:Pay",
		"country:BR OR -country:BR":                                              "country:BR OR -country:BR",
		"-(application:* OR -application:*)":                                     "-(application:* OR -application:*)",
		"application:* OR -country:*":                                            "application:* OR -country:*",
		"-application:* OR application:*":                                        "-application:* OR application:*",
		"application:* OR -application:* OR page:/":                              "application:* OR -application:* OR page:/",
		"nothing_of_that_name:* OR -nothing_of_that_name:*":                      "nothing_of_that_name:* OR -nothing_of_that_name:*",
		"country:BR OR (application:* OR -application:*)":                        "country:BR OR application:* OR -application:*",
		"has(application:* OR -application:*) (application:* OR -application:*)": "has(application:* OR -application:*)",
	} {
		n, err := filter.Parse(text)
		require.NoError(t, err)
		require.Equal(t, want, filter.String(filter.WithoutAlways(n, filter.Names{})), text)
	}
}
