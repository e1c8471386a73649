package preview

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/grpcplugin"
	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/runner"
	"google.golang.org/grpc"

	"github.com/footfall-analytics/footfall/tools/process"
)

// backendProcess is the plugin's executable, run as Grafana runs it, and asked through the SDK's clients.
type backendProcess struct {
	path string
	log  io.Writer

	mu          sync.RWMutex
	built       time.Time // when the running executable was made
	client      *goplugin.Client
	data        grpcplugin.DataClient
	diagnostics grpcplugin.DiagnosticsClient
	resources   grpcplugin.ResourceClient
}

func startBackend(path string, log io.Writer) (*backendProcess, error) {
	b := &backendProcess{path: path, log: log}
	return b, b.start()
}

// maxAnswer is the size of an answer that Grafana's own client takes.
const maxAnswer = 1 << 30

func (b *backendProcess) start() error {
	info, err := os.Stat(b.path)
	if err != nil {
		return fmt.Errorf("the plugin's backend is not built for this system; run `go tool mage build`: %w", err)
	}
	client := goplugin.NewClient(&goplugin.ClientConfig{
		HandshakeConfig: goplugin.HandshakeConfig{
			ProtocolVersion:  grpcplugin.ProtocolVersion,
			MagicCookieKey:   grpcplugin.MagicCookieKey,
			MagicCookieValue: grpcplugin.MagicCookieValue,
		},
		VersionedPlugins: map[int]goplugin.PluginSet{grpcplugin.ProtocolVersion: {
			"data":        &grpcplugin.DataGRPCPlugin{},
			"diagnostics": &grpcplugin.DiagnosticsGRPCPlugin{},
			"resource":    &grpcplugin.ResourceGRPCPlugin{},
		}},
		RunnerFunc: func(_ hclog.Logger, cmd *exec.Cmd, _ string) (runner.Runner, error) {
			return newChild(b.path, cmd.Env)
		},
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		GRPCDialOptions:  []grpc.DialOption{grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxAnswer))},
		Logger:           hclog.New(&hclog.LoggerOptions{Name: "backend", Level: hclog.Info, Output: b.log}),
	})
	if err := b.connect(client); err != nil {
		client.Kill()
		return fmt.Errorf("start %s: %w", b.path, err)
	}
	b.built = info.ModTime()
	return nil
}

func (b *backendProcess) connect(client *goplugin.Client) error {
	protocol, err := client.Client()
	if err != nil {
		return err
	}
	data, err1 := protocol.Dispense("data")
	diagnostics, err2 := protocol.Dispense("diagnostics")
	resources, err3 := protocol.Dispense("resource")
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	b.client, b.data = client, data.(grpcplugin.DataClient)
	b.diagnostics, b.resources = diagnostics.(grpcplugin.DiagnosticsClient), resources.(grpcplugin.ResourceClient)
	return nil
}

// restartIfRebuilt runs the executable anew if its file has changed. Who is asking meanwhile gets the error of a backend
// that went away.
func (b *backendProcess) restartIfRebuilt() error {
	info, err := os.Stat(b.path)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if info.ModTime().Equal(b.built) {
		return nil
	}
	b.client.Kill()
	return b.start()
}

func (b *backendProcess) stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.client.Kill()
}

func (b *backendProcess) queryData(ctx context.Context, request *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	b.mu.RLock()
	client := b.data
	b.mu.RUnlock()
	answer, err := client.QueryData(ctx, backend.ToProto().QueryDataRequest(request))
	if err != nil {
		return nil, err
	}
	return backend.FromProto().QueryDataResponse(answer)
}

func (b *backendProcess) checkHealth(ctx context.Context, asking backend.PluginContext) (*backend.CheckHealthResult, error) {
	b.mu.RLock()
	client := b.diagnostics
	b.mu.RUnlock()
	answer, err := client.CheckHealth(ctx, &pluginv2.CheckHealthRequest{PluginContext: backend.ToProto().PluginContext(asking)})
	if err != nil {
		return nil, err
	}
	return backend.FromProto().CheckHealthResponse(answer), nil
}

// callResource calls send with each part of the answer as it comes.
func (b *backendProcess) callResource(ctx context.Context, request *backend.CallResourceRequest, send func(*backend.CallResourceResponse) error) error {
	b.mu.RLock()
	client := b.resources
	b.mu.RUnlock()
	stream, err := client.CallResource(ctx, backend.ToProto().CallResourceRequest(request))
	if err != nil {
		return err
	}
	for {
		part, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := send(backend.FromProto().CallResourceResponse(part)); err != nil {
			return err
		}
	}
}

// child runs the executable for go-plugin as our own processes are run, so that it does not outlive this program.
type child struct {
	cmd            *exec.Cmd
	stdout, stderr io.ReadCloser
	process        *process.Process
}

func newChild(path string, env []string) (*child, error) {
	cmd := exec.Command(path)
	cmd.Env = env
	stdout, err1 := cmd.StdoutPipe()
	stderr, err2 := cmd.StderrPipe()
	return &child{cmd: cmd, stdout: stdout, stderr: stderr}, errors.Join(err1, err2)
}

func (c *child) Start(context.Context) (err error) {
	c.process, err = process.Start(c.cmd, process.Options{}) // it ignores the interrupt that a gentle end sends
	return err
}

func (c *child) Wait(ctx context.Context) error {
	select {
	case <-c.process.Done():
		return c.process.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *child) Kill(context.Context) error {
	if err := c.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

func (c *child) Diagnose(context.Context) string { return "" }
func (c *child) Stdout() io.ReadCloser           { return c.stdout }
func (c *child) Stderr() io.ReadCloser           { return c.stderr }
func (c *child) Name() string                    { return c.cmd.Path }
func (c *child) ID() string                      { return strconv.Itoa(c.cmd.Process.Pid) }

func (c *child) PluginToHost(network, address string) (string, string, error) {
	return network, address, nil
}

func (c *child) HostToPlugin(network, address string) (string, string, error) {
	return network, address, nil
}
