package grafana

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/footfall-analytics/footfall/tools/manifest"
)

// Options say what a Grafana shows and to whom. It listens on 127.0.0.1 only and calls nobody.
type Options struct {
	Dir          string            // its state, configuration and log; made if missing
	Port         int               // on 127.0.0.1
	Plugin       string            // the built app plugin, the project's dist folder
	Provisioning string            // the project's provisioning folder
	Environment  map[string]string // the variables of the provisioning files
	Anonymous    bool              // whoever comes is an Admin; else admin logs in with the password admin
}

var configuration = template.Must(template.New("ini").Parse(`app_mode = production
[paths]
data = {{.Dir}}
logs = {{.Dir}}/log
plugins = {{.Dir}}/plugins
provisioning = {{.Provisioning}}
[server]
http_addr = {{.Address}}
http_port = {{.Port}}
[plugins]
allow_loading_unsigned_plugins = {{.Unsigned}}
plugin_admin_enabled = false
preinstall_disabled = true
{{- if .Anonymous}}
[auth.anonymous]
enabled = true
org_role = Admin
{{- end}}
[users]
default_theme = system
home_page = {{.HomePage}}
[analytics]
reporting_enabled = false
check_for_updates = false
check_for_plugin_updates = false
feedback_links_enabled = false
[news]
news_feed_enabled = false
[security]
disable_gravatar = true
[log]
mode = console
level = info
`))

// writeConfiguration writes grafana.ini and returns its path. address is the one to listen on.
func (o Options) writeConfiguration(address string) (string, error) {
	ids, err := pluginIDs(o.Plugin)
	if err != nil {
		return "", err
	}
	var text bytes.Buffer
	err = configuration.Execute(&text, struct {
		Options
		Address, Unsigned, HomePage string
	}{o, address, strings.Join(ids, ","), manifest.HomePage})
	if err != nil {
		return "", err
	}
	if err := o.linkPlugin(); err != nil {
		return "", err
	}
	path := filepath.Join(o.Dir, "grafana.ini")
	return path, os.WriteFile(path, text.Bytes(), 0o644)
}

// linkPlugin puts the built plugin into a plugins folder of its own.
func (o Options) linkPlugin() error {
	plugins := filepath.Join(o.Dir, "plugins")
	if err := os.MkdirAll(plugins, 0o755); err != nil {
		return err
	}
	link := filepath.Join(plugins, "footfall-analytics-app")
	if err := os.Remove(link); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Symlink(o.Plugin, link)
}

// pluginIDs returns the ids of the app in dir and of all plugins nested in it. Grafana skips an unsigned plugin whose id
// it was not told, and then ends because the app it is to enable is missing.
func pluginIDs(dir string) ([]string, error) {
	var ids []string
	err := manifest.Each(dir, func(_ string, text []byte) error {
		var plugin struct{ ID string }
		err := json.Unmarshal(text, &plugin)
		ids = append(ids, plugin.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, fmt.Errorf("there is no built plugin in %s; run `go tool mage build`", dir)
	}
	return ids, nil
}
