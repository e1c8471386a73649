package plugin

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
	"github.com/footfall-analytics/footfall/tools/repo"
)

// bundled is a dashboard of the app, of which only what is asked matters.
type bundled struct {
	Templating struct {
		List []struct {
			Name, Type string
			Options    []struct{ Value string }
			Current    struct{ Value any }
		}
	}
	Panels []struct {
		Title   string
		Targets []struct {
			QueryType string
			Options   json.RawMessage
		}
	}
}

func readBundled(t *testing.T) map[string]bundled {
	t.Helper()
	root, err := repo.Root()
	require.NoError(t, err)
	files, err := filepath.Glob(filepath.Join(root, "src", "dashboards", "*.json"))
	require.NoError(t, err)
	all := map[string]bundled{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var d bundled
		require.NoError(t, json.Unmarshal(text, &d), file)
		all[filepath.Base(file)] = d
	}
	require.Len(t, all, 3)
	return all
}

// put replaces variables as the frontend does.
func put(t *testing.T, options string, from time.Time, values map[string]string) string {
	pairs := []string{"$__from", strconv.FormatInt(from.UnixMilli(), 10)}
	for name, value := range values {
		quoted, _ := json.Marshal(value)
		text := strings.Trim(string(quoted), `"`)
		switch { // a condition on nothing is left out
		case value == "":
			pairs = append(pairs, " "+name+":$"+name, "")
		case name == "page" || name == "action":
			pairs = append(pairs, " "+name+":$"+name, " "+name+`:\"`+text+`\"`)
		}
		pairs = append(pairs, `"`+"$"+name+`"`, `"`+text+`"`, "$"+name, text, "${"+name+":raw}", text)
	}
	if values["segment"] == "" { // which is all of them
		pairs = append([]string{`["$segment"]`, "[]"}, pairs...)
	}
	replaced := strings.NewReplacer(pairs...).Replace(options)
	var o map[string]any
	require.NoError(t, json.Unmarshal([]byte(replaced), &o))
	if facets, ok := o["facets"].([]any); ok {
		o["facets"] = slices.DeleteFunc(facets, func(facet any) bool { return facet.(map[string]any)["attribute"] == "none" })
	}
	text, err := json.Marshal(o)
	require.NoError(t, err)
	return string(text)
}

// chosen are values of a dashboard's variables that differ from the usual ones, each set put together of them by itself.
func (d bundled) choices() (usual map[string]string, choices []map[string]string) {
	usual = map[string]string{"application": "* OR -application:*", "segment": "", "filter": "", "page": "", "action": ""}
	choices = []map[string]string{
		{}, {"application": "shop-web"}, {"segment": "carts"}, {"filter": "country:BR OR device:desktop"},
		{"page": "/cart"}, {"action": "click on CHECKOUT"},
	}
	for _, variable := range d.Templating.List {
		if variable.Type == "custom" {
			usual[variable.Name] = variable.Current.Value.(string)
		}
	}
	for _, variable := range d.Templating.List {
		if variable.Type != "custom" {
			continue
		}
		for _, option := range variable.Options {
			chosen := map[string]string{variable.Name: option.Value}
			switch { // users have no one country, and a facet cannot repeat another
			case variable.Name == "over" && option.Value == "users":
				chosen["facet"], chosen["then"] = "last_country", "none"
			case variable.Name == "facet" && option.Value == usual["then"]:
				chosen["then"] = "none"
			case variable.Name == "then" && option.Value == usual["facet"]:
				chosen["facet"] = "device_type"
			}
			choices = append(choices, chosen)
		}
	}
	return usual, choices
}

// Every panel of the dashboards that come with the app is answered with something to see, whatever is chosen.
func TestBundledDashboards(t *testing.T) {
	db := testdb.New(t)
	loadShop(t, db)
	carts, err := segment.Decode([]byte(`{"where": {"did": {"event": "page:/cart"}}}`))
	require.NoError(t, err)
	require.NoError(t, segment.Create(t.Context(), db, segment.Content{ID: "carts", Name: "Carts", Kind: segment.Dynamic, Definition: &carts}, "test"))
	require.NoError(t, segment.Refresh(t.Context(), db, "carts"))
	c := start(t, storedFor(db))
	within := backend.TimeRange{From: time.Now().AddDate(0, 0, -30), To: time.Now().Add(time.Minute)}
	for file, d := range readBundled(t) {
		usual, choices := d.choices()
		for _, chosen := range choices {
			values := maps.Clone(usual)
			maps.Copy(values, chosen)
			for _, panel := range d.Panels {
				for _, target := range panel.Targets {
					options := put(t, string(target.Options), within.From, values)
					what := fmt.Sprintf("%s of %s, of %v: %s", panel.Title, file, chosen, options)
					require.NotContains(t, options, "$", what)
					response := c.queries(t.Context(), t, backend.DataQuery{
						RefID: "A", QueryType: target.QueryType, JSON: json.RawMessage(`{"options":` + options + `}`), TimeRange: within, Interval: time.Hour,
					})["A"]
					require.NoError(t, response.Error, what)
					rows := 0
					for _, frame := range response.Frames {
						rows += frame.Rows()
					}
					require.Positive(t, rows, what)
				}
			}
		}
	}
}
