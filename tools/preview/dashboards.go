package preview

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
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

// readDashboards returns the app's own, as they are built.
func readDashboards(dist string, app plugin) (*dashboards, error) {
	s := &dashboards{byUID: map[string]dashboard{}}
	includes, _ := app.meta["includes"].([]any)
	for _, include := range includes {
		entry, _ := include.(map[string]any)
		path, _ := entry["path"].(string)
		if entry["type"] != "dashboard" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dist, filepath.FromSlash(path)))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("plugin.json names a dashboard that is not built: there is no %s in %s", path, dist)
		}
		if err != nil {
			return nil, fmt.Errorf("read a dashboard of the app: %w", err)
		}
		var d dashboard
		if err := json.Unmarshal(text, &d); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		s.byUID[d.text("uid")] = d
	}
	return s, nil
}

func (h *host) getDashboard(r *http.Request) (any, error) {
	h.dashboards.mu.Lock()
	defer h.dashboards.mu.Unlock()
	d, ok := h.dashboards.byUID[r.PathValue("uid")]
	if !ok {
		return nil, refuse(http.StatusNotFound, "Dashboard not found")
	}
	return map[string]any{"dashboard": d, "meta": map[string]any{"url": "/d/" + d.text("uid")}}, nil
}

func (h *host) saveDashboard(r *http.Request) (any, error) {
	var body struct {
		Dashboard dashboard
		Overwrite bool
	}
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	uid := body.Dashboard.text("uid")
	if uid == "" || body.Dashboard.text("title") == "" {
		return nil, refuse(http.StatusBadRequest, "a dashboard needs a title, and here a uid too")
	}
	h.dashboards.mu.Lock()
	defer h.dashboards.mu.Unlock()
	if _, ok := h.dashboards.byUID[uid]; ok && !body.Overwrite {
		return nil, refuse(http.StatusPreconditionFailed, "A dashboard with the same uid already exists")
	}
	h.dashboards.byUID[uid] = body.Dashboard
	return map[string]any{"uid": uid, "url": "/d/" + uid, "status": "success"}, nil
}

func (h *host) deleteDashboard(r *http.Request) (any, error) {
	h.dashboards.mu.Lock()
	defer h.dashboards.mu.Unlock()
	d, ok := h.dashboards.byUID[r.PathValue("uid")]
	if !ok {
		return nil, refuse(http.StatusNotFound, "Dashboard not found")
	}
	delete(h.dashboards.byUID, r.PathValue("uid"))
	return map[string]any{"title": d.text("title"), "message": "Dashboard " + d.text("title") + " deleted"}, nil
}
