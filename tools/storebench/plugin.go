package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"
	"github.com/grafana/grafana-plugin-sdk-go/experimental/datasourcetest"
	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/footfall-analytics/footfall/pkg/plugin"
	"github.com/footfall-analytics/footfall/tools/ports"
)

// pluginClient talks to the datasource as Grafana does, by gRPC.
type pluginClient struct {
	*datasourcetest.TestPluginClient
	context backend.PluginContext
	stop    func() error
}

// startPlugin starts the datasource in this process, on a database.
func startPlugin(c *pgx.ConnConfig) (*pluginClient, error) {
	backend.Logger = log.NewNullLogger() // the SDK tells of every request
	log.DefaultLogger = backend.Logger
	prometheus.DefaultRegisterer = prometheus.NewRegistry() // the SDK registers its metrics with every server
	port, err := ports.Free()
	if err != nil {
		return nil, err
	}
	server, err := datasourcetest.Manage(plugin.New, datasourcetest.ManageOpts{Address: fmt.Sprintf("127.0.0.1:%d", port)})
	if err != nil {
		return nil, fmt.Errorf("start the datasource: %w", err)
	}
	mode := "disable"
	if c.TLSConfig != nil {
		mode = "require"
	}
	settings, err := json.Marshal(map[string]any{"database": c.Database, "sslmode": mode})
	if err != nil {
		return nil, err
	}
	return &pluginClient{server.Client, backend.PluginContext{
		PluginID: plugin.ID, User: &backend.User{Login: "admin", Role: "Admin"},
		DataSourceInstanceSettings: &backend.DataSourceInstanceSettings{
			UID: "footfall", Name: "Footfall", Type: plugin.ID, Updated: time.Unix(1, 0),
			URL: net.JoinHostPort(c.Host, fmt.Sprint(c.Port)), User: c.User, JSONData: settings,
			DecryptedSecureJSONData: map[string]string{"password": c.Password},
		},
	}, server.Shutdown}, nil
}

// ask sends all queries of a question in one request, or its export; a query that fails is an error.
func (p *pluginClient) ask(ctx context.Context, q question) error {
	now := time.Now()
	if q.export != nil {
		return p.export(ctx, q.export, now)
	}
	request := &backend.QueryDataRequest{PluginContext: p.context}
	for _, target := range q.targets {
		body, err := json.Marshal(map[string]any{"options": target.options})
		if err != nil {
			return err
		}
		request.Queries = append(request.Queries, backend.DataQuery{
			RefID: target.refID, QueryType: target.queryType, JSON: body,
			TimeRange: backend.TimeRange{From: now.AddDate(0, 0, -30), To: now},
		})
	}
	response, err := p.QueryData(ctx, request)
	if err != nil {
		return err
	}
	for _, target := range q.targets {
		if err := response.Responses[target.refID].Error; err != nil {
			return fmt.Errorf("%s: %w", target.refID, err)
		}
	}
	return nil
}

func (p *pluginClient) export(ctx context.Context, wanted pageOptions, now time.Time) error {
	body, err := json.Marshal(map[string]any{"from": now.AddDate(0, 0, -30), "to": now, "options": wanted})
	if err != nil {
		return err
	}
	status := 0
	err = p.CallResource(ctx, &backend.CallResourceRequest{
		PluginContext: p.context, Method: "POST", Path: "profiles.csv", URL: "profiles.csv", Body: body,
	}, backend.CallResourceResponseSenderFunc(func(r *backend.CallResourceResponse) error {
		status = max(status, r.Status)
		return nil
	}))
	if err == nil && status != 200 {
		err = fmt.Errorf("the export's status is %d", status)
	}
	return err
}
