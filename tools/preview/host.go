package preview

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// host is what the handlers share.
type host struct {
	options     Options
	log         io.Writer
	logging     sync.Mutex
	plugins     []plugin // of the build that is shown
	datasources *datasources
	dashboards  *dashboards
	backend     *backendProcess
	changes     *changes
}

func newHost(options Options, log io.Writer) (*host, error) {
	h := &host{options: options, log: log, changes: newChanges()}
	var err error
	if h.plugins, err = readPlugins(options.Plugin); err != nil {
		return nil, err
	}
	if err := checkEnabled(options.Provisioning, h.plugins[0].ID()); err != nil {
		return nil, err
	}
	if h.datasources, err = readDatasources(options.Provisioning, options.Environment); err != nil {
		return nil, err
	}
	if h.dashboards, err = readDashboards(options.Plugin, h.plugins[0]); err != nil {
		return nil, err
	}
	datasource, err := h.pluginOf(datasourceType)
	if err != nil {
		return nil, err
	}
	h.backend, err = startBackend(datasource.executable(), log)
	return h, err
}

// reload reads the plugin again. What people made, data sources and dashboards, stays.
func (h *host) reload() error {
	plugins, err := readPlugins(h.options.Plugin)
	if err != nil {
		return err
	}
	h.plugins = plugins
	if err := h.dashboards.read(h.options.Plugin, plugins[0]); err != nil {
		return err
	}
	if err := h.backend.restartIfRebuilt(); err != nil {
		return err
	}
	h.changes.announce()
	return nil
}

func (h *host) close() { h.backend.stop() }

func (h *host) endStreams() { h.changes.end() }

func (h *host) logf(format string, args ...any) {
	h.logging.Lock()
	defer h.logging.Unlock()
	_, _ = fmt.Fprintf(h.log, time.Now().Format(time.RFC3339Nano)+" "+format+"\n", args...)
}

// changes tells pages that are open when to load again.
type changes struct {
	mu      sync.Mutex
	version chan struct{} // closed by the next change
	ended   chan struct{}
	once    sync.Once
}

func newChanges() *changes { return &changes{version: make(chan struct{}), ended: make(chan struct{})} }

func (c *changes) announce() {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.version)
	c.version = make(chan struct{})
}

func (c *changes) end() { c.once.Do(func() { close(c.ended) }) }

func (c *changes) next() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.version
}

// serveChanges holds a stream of events open and sends one at each change.
func (h *host) serveChanges(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	flush := http.NewResponseController(w).Flush
	for _ = flush(); ; _ = flush() {
		select {
		case <-h.changes.next():
			_, _ = io.WriteString(w, "data: changed\n\n")
		case <-h.changes.ended:
			return
		case <-r.Context().Done():
			return
		}
	}
}
