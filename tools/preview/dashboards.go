package preview

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// dashboard is its JSON.
type dashboard map[string]any

func (d dashboard) text(name string) string {
	text, _ := d[name].(string)
	return text
}

// dashboards are the app's own and those that were saved since the start, by uid.
type dashboards struct {
	mu    sync.Mutex
	byUID map[string]dashboard
}

func readDashboards(dist string, app plugin) (*dashboards, error) {
	s := &dashboards{byUID: map[string]dashboard{}}
	return s, s.read(dist, app)
}

// read brings the app's dashboards in as they are built now.
func (s *dashboards) read(dist string, app plugin) error {
	includes, _ := app.meta["includes"].([]any)
	for _, include := range includes {
		entry, _ := include.(map[string]any)
		path, _ := entry["path"].(string)
		if entry["type"] != "dashboard" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dist, filepath.FromSlash(path)))
		if err != nil {
			return fmt.Errorf("read a dashboard of the app: %w", err)
		}
		var d dashboard
		if err := json.Unmarshal(text, &d); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		s.mu.Lock()
		s.byUID[d.text("uid")] = d
		s.mu.Unlock()
	}
	return nil
}

func (s *dashboards) get(uid string) (dashboard, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.byUID[uid]
	if !ok {
		return nil, refuse(404, "Dashboard not found")
	}
	return d, nil
}

// list returns uid and title of each, by title.
func (s *dashboards) list() []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.SortedFunc(maps.Values(s.byUID), func(a, b dashboard) int { return cmp.Compare(a.text("title"), b.text("title")) })
	list := make([]map[string]any, len(all))
	for i, d := range all {
		list[i] = map[string]any{"uid": d.text("uid"), "title": d.text("title"), "url": "/d/" + d.text("uid"), "type": "dash-db"}
	}
	return list
}

func (h *host) serveDashboards(w http.ResponseWriter, _ *http.Request) error {
	return writeJSON(w, http.StatusOK, h.dashboards.list())
}

func (h *host) serveDashboard(w http.ResponseWriter, r *http.Request) error {
	d, err := h.dashboards.get(r.PathValue("uid"))
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, map[string]any{"dashboard": d, "meta": map[string]any{"url": "/d/" + d.text("uid")}})
}

func (h *host) saveDashboard(w http.ResponseWriter, r *http.Request) error {
	var body struct {
		Dashboard dashboard
		Overwrite bool
	}
	if err := readJSON(r, &body); err != nil {
		return err
	}
	uid, title := body.Dashboard.text("uid"), body.Dashboard.text("title")
	if uid == "" || title == "" {
		return refuse(400, "a dashboard needs a title, and here a uid too")
	}
	h.dashboards.mu.Lock()
	defer h.dashboards.mu.Unlock()
	if _, ok := h.dashboards.byUID[uid]; ok && !body.Overwrite {
		return refuse(412, "The dashboard has been changed by someone else")
	}
	h.dashboards.byUID[uid] = body.Dashboard
	return writeJSON(w, http.StatusOK, map[string]any{"uid": uid, "url": "/d/" + uid, "status": "success"})
}

func (h *host) deleteDashboard(w http.ResponseWriter, r *http.Request) error {
	d, err := h.dashboards.get(r.PathValue("uid"))
	if err != nil {
		return err
	}
	h.dashboards.mu.Lock()
	defer h.dashboards.mu.Unlock()
	delete(h.dashboards.byUID, r.PathValue("uid"))
	return writeJSON(w, http.StatusOK, map[string]any{"title": d.text("title"), "message": "Dashboard " + d.text("title") + " deleted"})
}
