package filter

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWithout(t *testing.T) {
	names := Names{User: map[string]bool{"usr.plan": false}}
	for text, wanted := range map[string]string{
		"":                              "",
		"last_country:BR":               "",
		"last_country:BR usr.plan:pro":  "usr.plan:pro",
		"-last_country:BR plan:pro ann": "plan:pro ann",
		"(last_country:BR OR -last_country:*) sessions:>2": "sessions:>2",
		"(last_country:BR OR plan:pro) sessions:>2":        "(last_country:BR OR plan:pro) sessions:>2",
		"has(last_country:BR page:/a)":                     "has(last_country:BR page:/a)",
		"@last_country:BR first_country:BR":                "first_country:BR",
	} {
		n, err := Parse(text)
		require.NoError(t, err)
		require.Equal(t, wanted, String(Without(n, names, "last_country")), text)
	}
}
