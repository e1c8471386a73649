package grafana

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/tools/process"
)

const (
	startTimeout = 2 * time.Minute // the first start migrates its own database
	pullTimeout  = 10 * time.Minute
	stopTimeout  = 20 * time.Second
)

// Server is a running Grafana.
type Server struct {
	options Options
	process *process.Process
	log     string
}

// Start runs a Grafana and returns when it answers.
func (i Install) Start(ctx context.Context, options Options) (*Server, error) {
	s, err := i.start(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("start Grafana (from %s): %w", i.Origin, err)
	}
	return s, nil
}

func (i Install) start(ctx context.Context, options Options) (*Server, error) {
	if err := os.MkdirAll(options.Dir, 0o755); err != nil {
		return nil, err
	}
	config, err := options.writeConfiguration(i.listenAddress())
	if err != nil {
		return nil, err
	}
	s := &Server{options: options, log: filepath.Join(options.Dir, "grafana.log")}
	log, err := os.Create(s.log)
	if err != nil {
		return nil, err
	}
	defer log.Close() //nolint:errcheck // Grafana holds its own handle
	cmd := i.command(config, options)
	cmd.Dir, cmd.Stdout, cmd.Stderr = options.Dir, log, log
	s.process, err = process.Start(cmd, process.Options{Gentle: true})
	if err != nil {
		return nil, err
	}
	timeout := startTimeout
	if i.Image != "" {
		timeout = pullTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := s.waitReady(ctx); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

func (i Install) command(config string, options Options) *exec.Cmd {
	cmd := exec.Command(programIn(i.Home), "server", "--homepath", i.Home, "--config", config)
	if i.Image != "" {
		cmd = exec.Command("docker", dockerArguments(i.Image, config, options)...)
	}
	cmd.Env = environment(os.Environ(), options.Environment)
	return cmd
}

// environment is ours with the given variables, without Grafana's own, which would count more than the configuration.
func environment(ours []string, more map[string]string) []string {
	var result []string
	for _, pair := range ours {
		if !strings.HasPrefix(pair, "GF_") {
			result = append(result, pair)
		}
	}
	for name, value := range more {
		result = append(result, name+"="+value)
	}
	return result
}

// URL is where it answers.
func (s *Server) URL() string { return "http://localhost:" + strconv.Itoa(s.options.Port) }

// Done is closed when it has ended.
func (s *Server) Done() <-chan struct{} { return s.process.Done() }

// Log returns the path of its log.
func (s *Server) Log() string { return s.log }

// Stop ends it.
func (s *Server) Stop() error { return s.process.Stop(stopTimeout) }

func (s *Server) waitReady(ctx context.Context) error {
	for !s.healthy(ctx) {
		select {
		case <-s.process.Done():
			return fmt.Errorf("it ended: %w\n%s", s.process.Err(), s.complaints())
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer: %w\n%s", s.URL(), ctx.Err(), s.complaints())
		case <-time.After(100 * time.Millisecond):
		}
	}
	return nil
}

func (s *Server) healthy(ctx context.Context) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL()+"/api/health", nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	return response.Body.Close() == nil && response.StatusCode == http.StatusOK
}

// complaints returns the last lines of the log, and where the rest is.
func (s *Server) complaints() string {
	text, err := os.ReadFile(s.log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-15):], "\n") + "\n(all of it: " + s.log + ")"
}
