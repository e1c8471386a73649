package preview

import (
	"bytes"
	"html/template"
	"net/http"
)

// page is the one document for all pages; what it shows depends on its address.
var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Footfall preview</title>
<link rel="icon" href="/public/plugins/footfall-analytics-app/img/logo.svg">
<link rel="stylesheet" href="/public/preview/main.css">
<script>
window.__grafana_public_path__ = '/public/';
window.grafanaBootData = {{.}};
</script>
</head>
<body class="theme-{{.user.theme}}">
<div id="root"></div>
<script type="module" src="/public/preview/main.js"></script>
</body>
</html>
`))

func (h *host) servePage(w http.ResponseWriter, r *http.Request) error {
	settings, err := h.frontendSettings(r)
	if err != nil {
		return err
	}
	person, theme := personOf(r), cookie(r, themeCookie)
	if theme != "light" {
		theme = "dark"
	}
	boot := map[string]any{
		"settings": settings,
		"user": map[string]any{
			"id": 1, "uid": person.login(), "isSignedIn": true, "login": person.login(), "name": string(person), "email": person.email(),
			"orgId": 1, "orgName": "Footfall preview", "orgRole": string(person), "isGrafanaAdmin": person.may("Admin"),
			"theme": theme, "lightTheme": theme == "light", "timezone": "browser", "weekStart": "", "locale": "en-US", "language": "en-US",
			"orgCount": 1, "helpFlags1": 0,
		},
		"navTree": []any{},
		"preview": map[string]any{
			"roles": roles, "roleCookie": roleCookie, "themeCookie": themeCookie, "datasourceCookie": datasourceCookie,
			"app": h.plugins[0].boot(), "watch": h.options.Watch, "build": h.build,
		},
	}
	var text bytes.Buffer
	if err := page.Execute(&text, boot); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = text.WriteTo(w) // who asked may be gone
	return nil
}

// frontendSettings are Grafana's, as far as its published packages and the plugin read them. The data source that was
// chosen in the bar is the default one.
func (h *host) frontendSettings(r *http.Request) (any, error) {
	byName, defaultName := map[string]any{}, ""
	chosen := cookie(r, datasourceCookie)
	list := h.datasources.list()
	if _, err := h.datasources.get(chosen); err != nil {
		chosen = ""
	}
	for _, d := range list {
		meta, known := h.metaOf(d.Type)
		if !known {
			continue // made through the API, of a type that is not there
		}
		if chosen != "" {
			d.IsDefault = d.UID == chosen
		}
		if d.IsDefault || defaultName == "" {
			defaultName = d.Name
		}
		byName[d.Name] = d.boot(meta)
	}
	panels := map[string]any{}
	for _, p := range h.plugins {
		if p.text("type") == "panel" {
			panels[p.ID()] = p.boot()
		}
	}
	return map[string]any{
		"appSubUrl": "", "appUrl": "http://" + r.Host + "/",
		"buildInfo":   map[string]any{"version": grafanaPackages, "edition": "Footfall preview", "env": "production", "commit": "", "hasUpdate": false},
		"datasources": byName, "defaultDatasource": defaultName, "panels": panels, "featureToggles": map[string]any{},
		"apps":           map[string]any{h.plugins[0].ID(): h.plugins[0].boot()},
		"exploreEnabled": true,
	}, nil
}

// grafanaPackages is the version of Grafana's packages that the page is made of; web/package.json says the same.
const grafanaPackages = "13.2.2"
