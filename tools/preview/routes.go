package preview

import "net/http"

// route is one that the host answers; role is the lowest that may ask.
type route struct {
	pattern string
	role    string
	serve   func(http.ResponseWriter, *http.Request) error
}

// routes is the whole list: what the plugin's pages and the tests ask of Grafana. Everything else is answered by 501.
func (h *host) routes() []route {
	return []route{
		{"GET /{$}", "Viewer", redirectHome},
		{"GET /a/{app}", "Viewer", h.servePage},
		{"GET /a/{app}/{path...}", "Viewer", h.servePage},
		{"GET /d/{uid}", "Viewer", h.servePage},
		{"GET /d/{uid}/{slug}", "Viewer", h.servePage},
		{"GET /explore", "Viewer", h.servePage},
		{"GET /connections/datasources", "Admin", h.servePage},
		{"GET /connections/datasources/edit/{uid}", "Admin", h.servePage},

		{"GET /public/preview/{path...}", "Viewer", files("/public/preview/", h.options.Page)},
		{"GET /public/fonts/{path...}", "Viewer", files("/public/fonts/", h.pagePart("fonts"))},
		{"GET /public/build/img/icons/{path...}", "Viewer", files("/public/build/img/icons/", h.pagePart("icons"))},
		{"GET /public/plugins/{id}/{path...}", "Viewer", h.servePluginFile},

		{"GET /api/preview/build", "Viewer", answer(h.serveBuild)},
		{"GET /api/health", "Viewer", answer(serveAlive)},
		{"GET /api/frontend/settings", "Viewer", answer(h.frontendSettings)},
		{"POST /api/ds/query", "Viewer", h.serveQuery},
		{"GET /api/datasources", "Admin", answer(h.listDatasources)},
		{"POST /api/datasources", "Admin", answer(h.createDatasource)},
		{"GET /api/datasources/uid/{uid}", "Admin", answer(h.getDatasource)},
		{"PUT /api/datasources/uid/{uid}", "Admin", answer(h.updateDatasource)},
		{"DELETE /api/datasources/uid/{uid}", "Admin", answer(h.deleteDatasource)},
		{"GET /api/datasources/uid/{uid}/health", "Viewer", h.serveHealth},
		{"/api/datasources/uid/{uid}/resources/{path...}", "Viewer", h.serveResource},
		{"GET /api/dashboards/uid/{uid}", "Viewer", answer(h.getDashboard)},
		{"POST /api/dashboards/db", "Editor", answer(h.saveDashboard)},
		{"DELETE /api/dashboards/uid/{uid}", "Editor", answer(h.deleteDashboard)},
	}
}

// answer is a handler that gives JSON.
func answer(get func(*http.Request) (any, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		value, err := get(r)
		if err != nil {
			return err
		}
		return writeJSON(w, http.StatusOK, value)
	}
}

func (h *host) listDatasources(*http.Request) (any, error) {
	list := h.datasources.list()
	for i := range list {
		list[i] = list[i].shown()
	}
	return list, nil
}

func (h *host) getDatasource(r *http.Request) (any, error) {
	d, err := h.datasources.get(r.PathValue("uid"))
	return d.shown(), err
}

func (h *host) createDatasource(r *http.Request) (any, error) {
	var d datasource
	err := readJSON(r, &d)
	if err == nil {
		d, err = h.datasources.create(d)
	}
	return changed("Datasource added", d), err
}

func (h *host) updateDatasource(r *http.Request) (any, error) {
	var d datasource
	err := readJSON(r, &d)
	if err == nil {
		d, err = h.datasources.update(r.PathValue("uid"), d)
	}
	return changed("Datasource updated", d), err
}

func (h *host) deleteDatasource(r *http.Request) (any, error) {
	d, err := h.datasources.delete(r.PathValue("uid"))
	return map[string]any{"id": d.ID, "message": "Data source deleted"}, err
}

func changed(message string, d datasource) map[string]any {
	return map[string]any{"id": d.ID, "name": d.Name, "message": message, "datasource": d.shown()}
}
