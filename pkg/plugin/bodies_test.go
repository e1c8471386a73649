package plugin

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// The SDK hands a request without a body on as one that has none, not as one whose body is empty.
func TestRequestsWithoutABody(t *testing.T) {
	c := start(t, storedFor(testdb.New(t)))
	c.ask(t, "POST", "segments", proSegment, http.StatusCreated, nil)
	c.ask(t, "POST", "segments", listSegment, http.StatusCreated, nil)
	for _, route := range []string{
		"POST segments", "POST segments/preview", "POST segments/sql", "PUT segments/pro", "POST segments/pro/freeze", "POST segments/list/list",
		"POST tables?name=plans&key=user_id", "POST profiles.csv",
	} {
		for _, body := range []string{"", " \n"} {
			method, url, _ := strings.Cut(route, " ")
			if body != "" && strings.HasPrefix(url, "tables") {
				continue // a line with a column of that name
			}
			require.Contains(t, c.ask(t, method, url, body, http.StatusBadRequest, nil), "empty", "%s %q", route, body)
		}
	}
	require.Contains(t, c.ask(t, "GET", "segments/list", "", http.StatusOK, nil), "the 2 users of a list", "nothing is lost")
	c.ask(t, "POST", "segments/list/list", "usr.id\n", http.StatusOK, nil)
}
