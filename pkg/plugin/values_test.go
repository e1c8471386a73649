package plugin

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestValuesResource(t *testing.T) {
	db := testdb.New(t)
	storeUser(t, db, 1, "u-1")
	storeUser(t, db, 2, "u-2")
	c := start(t, storedFor(db))
	for query, wanted := range map[string]string{
		"attribute=user_id&search=U-2":          `[{"value":"u-2","text":"Ann","count":null}]`,
		"attribute=usr.plan":                    `[{"value":"pro","text":"pro","count":2}]`,
		"attribute=type&search=r&limit=1":       `[{"value":"resource","text":"resource","count":null}]`,
		"attribute=country&search=%27%3B%20--":  `[]`,
		"attribute=user_id&search=&limit=1&x=y": `[{"value":"u-1","text":"Ann","count":null}]`,
	} {
		status, body := c.resource(t, "GET", "values?"+query)
		require.Equal(t, 200, status, body)
		require.JSONEq(t, wanted, body, query)
	}
	for query, wanted := range map[string]string{
		"":                                     "options.attribute is missing",
		"attribute=contry":                     "did you mean `country`",
		"attribute=country&limit=x":            `limit must be a number, not \"x\"`,
		"attribute=country&limit=0":            "options.limit must be 1 to 1000, not 0",
		"attribute=" + url.QueryEscape("\x00"): "NUL character",
	} {
		status, body := c.resource(t, "GET", "values?"+query)
		require.Equal(t, 400, status, query)
		require.Contains(t, body, wanted, query)
	}
}
