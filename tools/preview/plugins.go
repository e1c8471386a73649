package preview

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/footfall-analytics/footfall/tools/manifest"
)

const datasourceType = "footfall-analytics-datasource"

// plugin is a plugin.json as built, with where it stands.
type plugin struct {
	dir  string // its folder
	meta map[string]any
}

func (p plugin) ID() string { return p.text("id") }

func (p plugin) text(name string) string {
	text, _ := p.meta[name].(string)
	return text
}

// base is where its files are served.
func (p plugin) base() string { return "public/plugins/" + p.ID() }

func (p plugin) executable() string {
	name := fmt.Sprintf("%s_%s_%s", p.text("executable"), runtime.GOOS, runtime.GOARCH)
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(p.dir, name)
}

// boot is the plugin as Grafana tells it to its frontend.
func (p plugin) boot() map[string]any {
	meta := map[string]any{"module": p.base() + "/module.js", "baseUrl": p.base(), "signature": "unsigned", "enabled": true}
	for name, value := range p.meta {
		meta[name] = value
	}
	return meta
}

// readPlugins returns the app in dir and the plugins nested in it, the app first.
func readPlugins(dir string) ([]plugin, error) {
	var plugins []plugin
	err := manifest.Each(dir, func(path string, text []byte) error {
		p := plugin{dir: filepath.Dir(path)}
		if err := json.Unmarshal(text, &p.meta); err != nil {
			return err
		}
		// Paths of pictures, as Grafana tells them to its frontend.
		text = bytes.ReplaceAll(text, []byte(`"img/`), []byte(`"`+p.base()+`/img/`))
		plugins = append(plugins, p)
		return json.Unmarshal(text, &p.meta)
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(plugins, func(a, b plugin) int { return len(a.dir) - len(b.dir) })
	if len(plugins) == 0 || plugins[0].text("type") != "app" {
		return nil, fmt.Errorf("there is no built app in %s; run `go tool mage build`", dir)
	}
	return plugins, nil
}

// metaOf returns what the frontend is told of a data source's plugin. Of Grafana's own there is one, to be chosen and linked
// to: it answers nothing here.
func (h *host) metaOf(id string) (meta map[string]any, known bool) {
	if id == "tempo" {
		logos := map[string]any{"small": ""}
		return map[string]any{"id": id, "type": "datasource", "name": "Tempo", "tracing": true, "info": map[string]any{"logos": logos}}, true
	}
	p, err := h.pluginOf(id)
	if err != nil {
		return nil, false
	}
	return p.boot(), true
}

func (h *host) pluginOf(id string) (plugin, error) {
	at := slices.IndexFunc(h.plugins, func(p plugin) bool { return p.ID() == id })
	if at < 0 {
		return plugin{}, fmt.Errorf("the built plugin in %s holds no %s", h.options.Plugin, id)
	}
	return h.plugins[at], nil
}
