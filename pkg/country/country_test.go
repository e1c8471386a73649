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
	require.Empty(t, Code("Atlantis"))
	require.True(t, slices.Index(ByName(), "DE") < slices.Index(ByName(), "GH"), "Germany comes before Ghana")
}
