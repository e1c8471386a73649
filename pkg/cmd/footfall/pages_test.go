package main

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/rollup"
)

func TestPages(t *testing.T) {
	newDSN(t)
	require.Contains(t, succeed(t, "pages", "list"), "shown as they are stored")
	succeed(t, "import", write(t, "a.csv", "ts,type,usr.id,view.url_path\n1779012303,view,ann,/a/x\n1779012304,view,ann,/a/y\n"))
	succeed(t, "work", "--once")

	require.Regexp(t, `/a/y +1\n/a/\* +1\n/b,c\* +0\n`, succeed(t, "pages", "group", "/a/y", "/a/*", "/b,c*"))
	var list []rollup.PageGroup
	require.NoError(t, json.Unmarshal([]byte(succeed(t, "pages", "list", "--json")), &list))
	require.Equal(t, []rollup.PageGroup{{Pattern: "/a/y", Pages: 1}, {Pattern: "/a/*", Pages: 1}, {Pattern: "/b,c*"}}, list)

	r := footfall(context.Background(), "", "pages", "group", "/a/*", "")
	require.Equal(t, exitUsage, r.code)
	require.Contains(t, r.stderr, "pattern 2 is empty; write a page, or a pattern such as /product/*")
	require.Regexp(t, `/a/y +1\n`, succeed(t, "pages", "list"), "what was there stays")

	require.Contains(t, succeed(t, "pages", "ungroup"), "shown as they are stored")
}
