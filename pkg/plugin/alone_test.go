package plugin

import (
	"fmt"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/questions"
)

// Questions that find too little memory beside others are answered one after another; what is too much for one alone is refused.
func TestQuestionsThatAreTooMuchTogetherAreAnsweredAlone(t *testing.T) {
	db := questions.Visits(t)
	c := start(t, storedFor(db))
	ask := func(bytes int64, number int) backend.Responses {
		questions.Memory(t, bytes)
		var list []backend.DataQuery
		for i := range number {
			list = append(list, dataQuery(fmt.Sprint("Q", i), "pathways", fmt.Sprintf(`{"nodesPerStep": %d}`, 5+i)))
		}
		return c.queries(t.Context(), t, list...)
	}
	enough := int64(64 << 10)
	for ; ; enough *= 2 {
		err := ask(enough, 1)["Q0"].Error
		if err == nil {
			break
		}
		require.ErrorContains(t, err, "memory")
	}
	require.ErrorContains(t, ask(enough/2, 1)["Q0"].Error, "memory")
	for refID, response := range ask(enough, 5) {
		require.NoError(t, response.Error, refID)
	}
}
