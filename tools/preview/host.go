package preview

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/footfall-analytics/footfall/tools/executable"
	"github.com/footfall-analytics/footfall/tools/manifest"
)

// host is what the handlers share.
type host struct {
	options     Options
	log         *log.Logger
	plugins     []plugin // of the build that is shown, the app first
	datasources *datasources
	dashboards  *dashboards
	backend     *executable.Process
	build       string // tells one start from another
	handler     http.Handler
	asked       sync.WaitGroup // requests that are answered
}

// newHost reads what is built and starts the backend. datasources are those of the host before it, nil for those that are
// provisioned.
func newHost(options Options, log *log.Logger, datasources *datasources) (*host, error) {
	h := &host{options: options, log: log, build: time.Now().Format(time.RFC3339Nano), datasources: datasources}
	var err error
	if h.plugins, err = readPlugins(options.Plugin); err != nil {
		return nil, err
	}
	if h.datasources == nil {
		if h.datasources, err = readDatasources(options.Provisioning, options.Environment); err != nil {
			return nil, err
		}
	}
	if h.dashboards, err = readDashboards(options.Plugin, h.plugins[0]); err != nil {
		return nil, err
	}
	datasource, err := h.pluginOf(datasourceType)
	if err != nil {
		return nil, err
	}
	h.handler = h.routed()
	h.backend, err = executable.Start(datasource.executable(), log.Writer())
	return h, err
}

// end ends the backend once all are answered who asked for it, or have waited long enough.
func (h *host) end() {
	answered := make(chan struct{})
	go func() {
		h.asked.Wait()
		close(answered)
	}()
	select {
	case <-answered:
	case <-time.After(stopTimeout):
	}
	h.backend.Stop()
}

// maxBody is what a request may bring: the largest reference table that the plugin takes, with room to spare.
const maxBody = 64 << 20

func (h *host) routed() http.Handler {
	mux := http.NewServeMux()
	for _, route := range h.routes() {
		mux.Handle(route.pattern, h.guarded(route))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		h.refused(w, r, refuse(http.StatusNotImplemented, "Footfall preview has no %s %s: it is not Grafana", r.Method, r.URL.Path))
	})
	return localOnly(http.NewCrossOriginProtection().Handler(mux))
}

// localOnly refuses what was sent to another name than this machine's, as a page of somebody else's could make a browser
// do.
func localOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, _, err := net.SplitHostPort(r.Host)
		if err != nil || (name != "localhost" && name != "127.0.0.1") {
			http.Error(w, "ask http://localhost", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (h *host) guarded(route route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began, person := time.Now(), personOf(r)
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		err := error(refuse(http.StatusForbidden, "You'll need additional permissions to perform this action: %s may, you are %s", route.role, string(person)))
		if person.may(route.role) {
			err = route.serve(w, r)
		}
		if err != nil {
			h.refused(w, r, err)
		}
		h.log.Printf("%s %s %s %v", person.login(), r.Method, r.URL.Path, time.Since(began).Round(time.Millisecond))
	})
}

// refused writes the error of a handler, in the shape of Grafana's.
func (h *host) refused(w http.ResponseWriter, r *http.Request, err error) {
	known := &refusal{status: http.StatusInternalServerError, message: err.Error()}
	errors.As(err, &known)
	h.log.Printf("%s %s: %d %v", r.Method, r.URL.Path, known.status, err)
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

// files serves a folder. The browser asks each time whether it is still the same, so that a new build shows.
func files(prefix, dir string) func(http.ResponseWriter, *http.Request) error {
	server := http.StripPrefix(prefix, http.FileServer(http.Dir(dir)))
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
		return refuse(http.StatusNotFound, "plugin file not found")
	}
	return files("/public/plugins/"+id+"/", plugin.dir)(w, r)
}

func (h *host) pagePart(name string) string { return filepath.Join(h.options.Page, name) }

// serveBuild tells pages that are open when to load again.
func (h *host) serveBuild(*http.Request) (any, error) { return h.build, nil }

func redirectHome(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, manifest.HomePage, http.StatusFound)
	return nil
}

func serveAlive(*http.Request) (any, error) {
	return map[string]any{"product": "Footfall preview", "database": "ok"}, nil
}
