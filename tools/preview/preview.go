// Package preview is the host "Footfall preview": the built plugin's pages, editors, panels and dashboards in a browser,
// on a machine where no Grafana can be had. The plugin's own executable answers, its own modules draw, and Grafana's
// published components do the rest; its own page is in web/. It is not Grafana: it answers the routes of one list
// (routes.go) and says 501 to all others. docs/development.md tells where it differs.
//
// It has no log-ins and trusts whoever can open a connection to 127.0.0.1.
package preview

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// Options say what the host shows. It listens on 127.0.0.1 only and calls nobody.
type Options struct {
	Dir          string            // holds its log; made if missing
	Port         int               // on 127.0.0.1
	Plugin       string            // the built app plugin, the project's dist folder
	Provisioning string            // the project's provisioning folder
	Page         string            // the host's own built page, see web/build.mjs
	Environment  map[string]string // the variables of the provisioning files
	Watch        bool              // pages that are open load again after Reload
}

const stopTimeout = 10 * time.Second

// Server is a running host.
type Server struct {
	options Options
	http    *http.Server
	log     *os.File
	done    chan struct{}

	life  sync.Mutex // held by Reload and Stop
	ended bool

	mu   sync.RWMutex
	host *host // that answers
}

// Start runs a host and returns when it answers.
func Start(ctx context.Context, options Options) (_ *Server, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("start the preview: %w", err)
		}
	}()
	if err := os.MkdirAll(options.Dir, 0o755); err != nil {
		return nil, err
	}
	s := &Server{options: options, done: make(chan struct{})}
	if s.log, err = os.Create(filepath.Join(options.Dir, "preview.log")); err != nil {
		return nil, err
	}
	if s.host, err = newHost(options, s.logger(), nil); err != nil {
		return nil, errors.Join(err, s.log.Close())
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(options.Port)))
	if err != nil {
		s.host.backend.Stop()
		return nil, errors.Join(err, s.log.Close())
	}
	s.http = &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		defer close(s.done)
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.logger().Printf("the server ended: %v", err)
		}
	}()
	return s, nil
}

// URL is where it answers.
func (s *Server) URL() string { return "http://localhost:" + strconv.Itoa(s.options.Port) }

// Done is closed when it has ended.
func (s *Server) Done() <-chan struct{} { return s.done }

// Log returns the path of its log, which has the backend's lines too.
func (s *Server) Log() string { return s.log.Name() }

func (s *Server) logger() *log.Logger { return log.New(s.log, "", log.LstdFlags|log.Lmicroseconds) }

// serve lets the host that is there now answer.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.RLock()
	h := s.host
	h.asked.Add(1)
	s.mu.RUnlock()
	defer h.asked.Done()
	h.handler.ServeHTTP(w, r)
}

// Reload shows the plugin as it is built now, with the data sources that people made. Where that is not complete, the
// error says what is missing, and what was shown before stays.
func (s *Server) Reload() error {
	s.life.Lock()
	defer s.life.Unlock()
	if s.ended {
		return errors.New("the preview has ended")
	}
	next, err := newHost(s.options, s.logger(), s.host.datasources)
	if err != nil {
		return err
	}
	s.mu.Lock()
	before := s.host
	s.host = next
	s.mu.Unlock()
	before.end()
	return nil
}

// Stop ends it and the plugin's backend.
func (s *Server) Stop() error {
	s.life.Lock()
	defer s.life.Unlock()
	if s.ended {
		return nil
	}
	s.ended = true
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	err := s.http.Shutdown(ctx)
	<-s.done
	s.host.backend.Stop()
	return errors.Join(err, s.log.Close())
}
