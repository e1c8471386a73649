package preview

import (
	"bytes"
	"encoding/json"
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
<script src="/public/preview/main.js"></script>
</body>
</html>
`))

func (h *host) servePage(w http.ResponseWriter, r *http.Request) error {
	settings := h.frontendSettings(r)
	person, theme := personOf(r), cookie(r, themeCookie)
	if theme != "light" {
		theme = "dark"
	}
	boot := map[string]any{
		"settings": settings,
		"user": map[string]any{
			"id": 1, "uid": person.login(), "isSignedIn": true, "login": person.login(), "name": person.role, "email": person.email(),
			"orgId": 1, "orgName": "Footfall preview", "orgRole": person.role, "isGrafanaAdmin": person.role == "Admin",
			"theme": theme, "lightTheme": theme == "light", "timezone": "browser", "weekStart": "", "locale": "en-US", "language": "en-US",
			"orgCount": 1, "helpFlags1": 0, "permissions": permissions(person),
		},
		"navTree": []any{},
		"preview": map[string]any{
			"roles": roles, "roleCookie": roleCookie, "themeCookie": themeCookie, "datasourceCookie": datasourceCookie,
			"app": h.plugins[0].boot(), "dashboards": h.dashboards.list(),
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

// permissions are those that the plugin's pages ask for.
func permissions(p person) map[string]bool {
	granted := map[string]bool{"datasources:query": true, "datasources:read": true, "datasources:explore": p.may("Editor")}
	for _, change := range []string{"create", "write", "delete"} {
		granted["datasources:"+change] = p.may("Admin")
		granted["dashboards:"+change] = p.may("Editor")
	}
	return granted
}

func (h *host) serveSettings(w http.ResponseWriter, r *http.Request) error {
	return writeJSON(w, http.StatusOK, h.frontendSettings(r))
}

// frontendSettings are Grafana's, as far as its published packages and the plugin read them. The data source that was
// chosen in the bar is the default one.
func (h *host) frontendSettings(r *http.Request) map[string]any {
	byName, defaultName := map[string]any{}, ""
	chosen := cookie(r, datasourceCookie)
	list := h.datasources.list()
	if _, err := h.datasources.get(chosen); err != nil {
		chosen = ""
	}
	for _, d := range list {
		plugin, err := h.pluginOf(d.Type)
		if err != nil {
			continue // made through the API, of a type that is not there
		}
		if chosen != "" {
			d.IsDefault = d.UID == chosen
		}
		if d.IsDefault || defaultName == "" {
			defaultName = d.Name
		}
		byName[d.Name] = d.boot(plugin.boot())
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
		"apps":             map[string]any{h.plugins[0].ID(): h.plugins[0].boot()},
		"anonymousEnabled": false, "viewersCanEdit": false, "exploreEnabled": true, "disableSanitizeHtml": false,
		"trustedTypesDefaultPolicyEnabled": false, "cspReportOnlyEnabled": false, "autoAssignOrg": true, "dateFormats": dateFormats,
	}
}

// grafanaPackages is the version of Grafana's packages that the page is made of; web/package.json says the same.
const grafanaPackages = "13.2.2"

var dateFormats = json.RawMessage(`{
  "fullDate": "YYYY-MM-DD HH:mm:ss", "useBrowserLocale": false, "defaultTimezone": "browser",
  "interval": {
    "millisecond": "HH:mm:ss.SSS", "second": "HH:mm:ss", "minute": "HH:mm", "hour": "MM/DD HH:mm", "day": "MM/DD",
    "month": "YYYY-MM", "year": "YYYY"
  }
}`)
