package ingest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// TestRUM imports events in the form in which a browser SDK sends them.
func TestRUM(t *testing.T) {
	pool := testdb.New(t)
	const common = `"date":1779012303123,"application":{"id":"shop"},"session":{"id":"s1","type":"user"},"usr":{"id":"ann","anonymous_id":"a1","plan":"pro"},"context":{"cart":{"items":3},"experiment":"B"}`
	file := write(t, "rum.ndjson", `{`+common+`,"type":"view","view":{"id":"v1","url":"https://shop.example/cart?step=2#top","loading_time":1500000000,"name":""}}
{`+common+`,"type":"action","view":{"id":"v1","url":"https://shop.example/cart"},"action":{"id":"a","type":"click","target":{"name":"CHECKOUT"},"loading_time":120500000,"frustration":{"type":["dead_click"]}}}
{`+common+`,"type":"resource","view":{"id":"v1","url":"https://shop.example"},"resource":{"id":"r","type":"xhr","url":"https://api.example/x","duration":30000000}}
{`+common+`,"type":"long_task","view":{"id":"v1","url":"https://shop.example?x=1"},"long_task":{"id":"l","duration":77000000}}
{`+common+`,"type":"vital","view":{"id":"v1","url":"/app"},"vital":{"id":"w","name":"checkout","type":"duration","duration":2500000}}
{`+common+`,"type":"error","view":{"id":"v1","url":"https://shop.example/cart","url_path":"/said"},"error":{"id":"e","type":"TypeError","message":"x is undefined"}}
`)
	var leftOut []string
	report, err := Import(context.Background(), pool, []string{file}, Options{
		Mapping: mapping(t, []string{"ts=date"}, nil), OnLeftOut: collect(&leftOut),
	})
	require.NoError(t, err)
	require.EqualValues(t, 6, report.Taken)
	require.Empty(t, leftOut)
	require.Equal(t, []string{
		"view|v1|/cart?step=2#top|1500",
		"action|v1|/cart|120.5|click|CHECKOUT|[\"dead_click\"]",
		"resource|v1|/|30",
		"long_task|v1|/?x=1|77",
		"custom|v1|/app|2.5|checkout",
		"error|v1|/said|TypeError|x is undefined",
	}, texts(t, pool, `
		select concat_ws('|', type, view_id, view_url_path, duration, action_type, action_name, action_target_name,
		                 action_frustration_type, error_type, error_message)
		  from footfall.inbox order by seq::int`))
	require.Equal(t, []string{"ann|a1|s1|shop"}, texts(t, pool,
		`select distinct concat_ws('|', usr_id, usr_anonymous_id, session_id, application_id) from footfall.inbox`))
	require.Equal(t, []string{`pro|B|{"items": 3}|https://shop.example/cart?step=2#top`}, texts(t, pool, `
		select concat_ws('|', a ->> 'usr.plan', a ->> 'context.experiment', a -> 'context.cart', a ->> 'view.url')
		  from (select attributes::jsonb as a from footfall.inbox where type = 'view') i`))
}

// TestViewURL: the path of a URL under any name, unless a path is said.
func TestViewURL(t *testing.T) {
	pool := testdb.New(t)
	file := write(t, "a.csv", "ts,type,address\n1779012303,view,https://shop.example/a/b?c#d\n1779012304,view,\n")
	_, err := Import(context.Background(), pool, []string{file}, Options{Mapping: mapping(t, []string{"view.url=address"}, nil)})
	require.NoError(t, err)
	require.Equal(t, []string{"/a/b?c#d", ""}, texts(t, pool, `select view_url_path from footfall.inbox order by seq`))
}
