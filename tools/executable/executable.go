// Package executable runs the plugin's executable as Grafana does, and asks it.
package executable

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/grpcplugin"
	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/footfall-analytics/footfall/tools/process"
)

// Process is the plugin's executable, run as Grafana runs it, and asked through the SDK's clients.
type Process struct {
	client      *goplugin.Client
	data        grpcplugin.DataClient
	diagnostics grpcplugin.DiagnosticsClient
	resources   grpcplugin.ResourceClient
}

// maxAnswer is the size of an answer that Grafana's own client takes.
const maxAnswer = 1 << 30

// Start starts the executable, which writes its log there. It does not outlive this program.
func Start(path string, log io.Writer) (*Process, error) {
	cmd := exec.Command(path)
	process.Prepare(cmd, process.Options{}) // it would ignore the interrupt of a gentle end
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
		Cmd:              cmd,
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		GRPCDialOptions:  []grpc.DialOption{grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxAnswer))},
		Logger:           hclog.New(&hclog.LoggerOptions{Name: "backend", Level: hclog.Info, Output: log}),
	})
	b := &Process{client: client}
	if err := process.OnLastingThread(b.connect); err != nil {
		client.Kill()
		return nil, fmt.Errorf("start the plugin's backend (is it built for this system? `go tool mage build`): %w", err)
	}
	return b, nil
}

func (b *Process) connect() error {
	protocol, err := b.client.Client()
	if err != nil {
		return err
	}
	data, err1 := protocol.Dispense("data")
	diagnostics, err2 := protocol.Dispense("diagnostics")
	resources, err3 := protocol.Dispense("resource")
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	b.data, b.diagnostics, b.resources = data.(grpcplugin.DataClient), diagnostics.(grpcplugin.DiagnosticsClient), resources.(grpcplugin.ResourceClient)
	return nil
}

// QueryData answers queries.
func (b *Process) QueryData(ctx context.Context, request *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	answer, err := b.data.QueryData(ctx, backend.ToProto().QueryDataRequest(request))
	if err != nil {
		return nil, err
	}
	return backend.FromProto().QueryDataResponse(answer)
}

// CheckHealth tells whether the data source works.
func (b *Process) CheckHealth(ctx context.Context, asking backend.PluginContext) (*backend.CheckHealthResult, error) {
	answer, err := b.diagnostics.CheckHealth(ctx, &pluginv2.CheckHealthRequest{PluginContext: backend.ToProto().PluginContext(asking)})
	if err != nil {
		return nil, err
	}
	return backend.FromProto().CheckHealthResponse(answer), nil
}

// CallResource calls send with each part of the answer as it comes.
func (b *Process) CallResource(ctx context.Context, request *backend.CallResourceRequest, send func(*backend.CallResourceResponse) error) error {
	stream, err := b.resources.CallResource(ctx, backend.ToProto().CallResourceRequest(request))
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

// Stop ends the executable.
func (b *Process) Stop() { b.client.Kill() }

// ID is the number of the process, as a text.
func (b *Process) ID() string { return b.client.ID() }
