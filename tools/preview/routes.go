package preview

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"path/filepath"
	"time"
)

// maxBody is what a request may bring: the largest reference table that the plugin takes, with room to spare.
const maxBody = 64 << 20

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
		{"GET /dashboards", "Viewer", h.servePage},
		{"GET /explore", "Viewer", h.servePage},
		{"GET /connections/datasources", "Admin", h.servePage},
		{"GET /connections/datasources/edit/{uid}", "Admin", h.servePage},

		{"GET /public/preview/{path...}", "Viewer", h.files("/public/preview/", h.options.Page)},
		{"GET /public/fonts/{path...}", "Viewer", h.files("/public/fonts/", filepath.Join(h.options.Page, "fonts"))},
		{"GET /public/build/img/icons/{path...}", "Viewer", h.files("/public/build/img/icons/", filepath.Join(h.options.Page, "icons"))},
		{"GET /public/plugins/{id}/{path...}", "Viewer", h.servePluginFile},
		{"GET /preview/changes", "Viewer", h.streamChanges},

		{"GET /api/health", "Viewer", serveAlive},
		{"GET /api/frontend/settings", "Viewer", h.serveSettings},
		{"POST /api/ds/query", "Viewer", h.serveQuery},
		{"GET /api/datasources", "Admin", h.listDatasources},
		{"POST /api/datasources", "Admin", h.createDatasource},
		{"GET /api/datasources/uid/{uid}", "Admin", h.getDatasource},
		{"PUT /api/datasources/uid/{uid}", "Admin", h.updateDatasource},
		{"DELETE /api/datasources/uid/{uid}", "Admin", h.deleteDatasource},
		{"GET /api/datasources/uid/{uid}/health", "Viewer", h.serveHealth},
		{"/api/datasources/uid/{uid}/resources/{path...}", "Viewer", h.serveResource},
		{"GET /api/search", "Viewer", h.serveDashboards},
		{"GET /api/dashboards/uid/{uid}", "Viewer", h.serveDashboard},
		{"POST /api/dashboards/db", "Editor", h.saveDashboard},
		{"DELETE /api/dashboards/uid/{uid}", "Editor", h.deleteDashboard},
	}
}

func (h *host) handler() http.Handler {
	mux := http.NewServeMux()
	for _, route := range h.routes() {
		mux.Handle(route.pattern, h.guarded(route))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		h.answer(w, r, refuse(http.StatusNotImplemented, "Footfall preview has no %s %s: it is not Grafana", r.Method, r.URL.Path))
	})
	return localOnly(http.NewCrossOriginProtection().Handler(mux))
}

// localOnly refuses what was sent to another name than this machine's, as a page of somebody else's could make a browser
// do.
func localOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			name = r.Host
		}
		if name != "localhost" && name != "127.0.0.1" {
			http.Error(w, "ask http://localhost", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (h *host) guarded(route route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		err := error(refuse(http.StatusForbidden, "You'll need additional permissions to perform this action: %s may, you are %s", route.role, personOf(r).role))
		if personOf(r).may(route.role) {
			err = route.serve(w, r)
		}
		h.answer(w, r, err)
		h.logf("%s %s %s %v", personOf(r).login(), r.Method, r.URL.Path, time.Since(began).Round(time.Millisecond))
	})
}

// answer writes the error of a handler, in the shape of Grafana's.
func (h *host) answer(w http.ResponseWriter, r *http.Request, err error) {
	if err == nil {
		return
	}
	var known *refusal
	if !errors.As(err, &known) {
		known = &refusal{status: http.StatusInternalServerError, message: err.Error()}
	}
	h.logf("%s %s: %d %v", r.Method, r.URL.Path, known.status, err)
	_ = writeJSON(w, known.status, map[string]any{"message": known.message})
}

// refusal is an answer other than 200.
type refusal struct {
	status  int
	message string
	cause   error // for the log
}

func refuse(status int, format string, args ...any) *refusal {
	return &refusal{status: status, message: fmt.Sprintf(format, args...)}
}

func (r *refusal) Error() string { return errors.Join(errors.New(r.message), r.cause).Error() }

func readJSON(r *http.Request, target any) error {
	if err := json.NewDecoder(r.Body).Decode(target); err != nil {
		return &refusal{status: http.StatusBadRequest, message: "bad request data", cause: err}
	}
	return nil
}

func writeJSON(w http.ResponseWriter, status int, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text) // who asked may be gone
	return nil
}

// files serves a folder. Nothing is kept by the browser unasked, so that a new build shows.
func (h *host) files(prefix, dir string) func(http.ResponseWriter, *http.Request) error {
	server := http.StripPrefix(prefix, http.FileServerFS(noFolders{http.Dir(dir)}))
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Cache-Control", "no-cache")
		server.ServeHTTP(w, r)
		return nil
	}
}

func (h *host) servePluginFile(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	plugin, err := h.pluginOf(id)
	if err != nil {
		return refuse(404, "plugin file not found")
	}
	return h.files("/public/plugins/"+id+"/", plugin.dir)(w, r)
}

// noFolders is a folder whose lists of files are not shown, and whose executables are not handed out.
type noFolders struct{ http.Dir }

func (n noFolders) Open(name string) (fs.File, error) {
	file, err := n.Dir.Open("/" + name)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && (info.IsDir() || info.Mode()&0o111 != 0) {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func redirectHome(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, homePage, http.StatusFound)
	return nil
}

func serveAlive(w http.ResponseWriter, _ *http.Request) error {
	return writeJSON(w, http.StatusOK, map[string]any{"product": "Footfall preview", "database": "ok"})
}

func (h *host) streamChanges(w http.ResponseWriter, r *http.Request) error {
	h.serveChanges(w, r)
	return nil
}

func (h *host) listDatasources(w http.ResponseWriter, _ *http.Request) error {
	list := h.datasources.list()
	for i := range list {
		list[i] = list[i].shown()
	}
	return writeJSON(w, http.StatusOK, list)
}

func (h *host) getDatasource(w http.ResponseWriter, r *http.Request) error {
	d, err := h.datasources.get(r.PathValue("uid"))
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, d.shown())
}

func (h *host) createDatasource(w http.ResponseWriter, r *http.Request) error {
	var d datasource
	if err := readJSON(r, &d); err != nil {
		return err
	}
	created, err := h.datasources.create(d)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, changed("Datasource added", created))
}

func (h *host) updateDatasource(w http.ResponseWriter, r *http.Request) error {
	var d datasource
	if err := readJSON(r, &d); err != nil {
		return err
	}
	updated, err := h.datasources.update(r.PathValue("uid"), d)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, changed("Datasource updated", updated))
}

func (h *host) deleteDatasource(w http.ResponseWriter, r *http.Request) error {
	d, err := h.datasources.delete(r.PathValue("uid"))
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, map[string]any{"id": d.ID, "message": "Data source deleted"})
}

func changed(message string, d datasource) map[string]any {
	return map[string]any{"id": d.ID, "name": d.Name, "message": message, "datasource": d.shown()}
}
