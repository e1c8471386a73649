package country

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNamesAndCodes(t *testing.T) {
	require.Equal(t, "Brazil", Name("BR"))
	require.Empty(t, Name("br"))
	require.Empty(t, Name("ZZ"))
	for _, text := range []string{"BR", "br", "Brazil", "brazil"} {
		require.Equal(t, "BR", Code(text))
	}
	for _, text := range []string{"GB", "UK", "uk", "GBR", "United Kingdom"} {
		require.Equal(t, "GB", Code(text), text)
	}
	for _, code := range ByName() {
		require.Equal(t, code, Code(code))
		require.Equal(t, code, Code(Name(code)), "no two countries have one name")
	}
	for _, text := range []string{"", "Atlantis", "T1", "XX", "ZZ", "EU", "ZZZ", "(not set)", "840"} {
		require.Empty(t, Code(text), text)
	}
	require.NotContains(t, ByName(), "UK")
	require.True(t, slices.Index(ByName(), "DE") < slices.Index(ByName(), "GH"), "Germany comes before Ghana")
}
