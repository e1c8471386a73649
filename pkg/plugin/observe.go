package plugin

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/querycapture"
	"github.com/grafana/grafana-plugin-sdk-go/backend/tracing"
	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// queryDuration is part of the plugin's metrics, which Grafana serves at /metrics/plugins/<id>.
var queryDuration = promauto.NewHistogramVec(prometheus.HistogramOpts{
	Namespace: "footfall",
	Name:      "query_duration_seconds",
	Help:      "Time to answer a query, by query type and outcome (ok, downstream or plugin error).",
	Buckets:   []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
}, []string{"query_type", "outcome"})

// queryTracer makes a span of each statement, and shows those of queries to Grafana's diagnostics where these ask.
type queryTracer struct{}

var _ pgx.QueryTracer = queryTracer{}

type statementKey struct{}

type statement struct {
	span  trace.Span
	start time.Time
	sql   string
	args  []any
}

// TraceQueryStart implements pgx.QueryTracer.
func (queryTracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	ctx, span := tracing.DefaultTracer().Start(ctx, "footfall.sql", trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String("db.system.name", "postgresql"), attribute.String("db.query.text", data.SQL)))
	return context.WithValue(ctx, statementKey{}, &statement{span: span, start: time.Now(), sql: data.SQL, args: arguments(data.Args)})
}

// arguments are those of the statement, without what tells pgx how to send it.
func arguments(args []any) []any {
	for len(args) > 0 {
		switch args[0].(type) {
		case pgx.QueryExecMode, pgx.QueryResultFormats, pgx.QueryResultFormatsByOID:
			args = args[1:]
		default:
			return args
		}
	}
	return args
}

// TraceQueryEnd implements pgx.QueryTracer; rows have been read by then.
func (queryTracer) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryEndData) {
	s, ok := ctx.Value(statementKey{}).(*statement)
	if !ok {
		return
	}
	s.span.SetAttributes(attribute.Int64("db.response.returned_rows", data.CommandTag.RowsAffected()))
	if data.Err != nil && !errors.Is(data.Err, pgx.ErrNoRows) {
		_ = tracing.Error(s.span, data.Err)
	}
	s.span.End()
	s.capture(ctx, data)
}

type refIDKey struct{}

// withRefID says whose statements run under a context.
func withRefID(ctx context.Context, refID string) context.Context {
	return context.WithValue(ctx, refIDKey{}, refID)
}

// capture records the statement of a query for Grafana's diagnostics.
func (s *statement) capture(ctx context.Context, end pgx.TraceQueryEndData) {
	recorder, on := querycapture.RecorderFromContext(ctx)
	refID, ofQuery := ctx.Value(refIDKey{}).(string)
	if !on || !ofQuery {
		return
	}
	interaction := querycapture.Interaction{
		Kind:      querycapture.KindSQLQuery,
		StartedAt: s.start,
		Duration:  time.Since(s.start),
		RefID:     refID,
		RowCount:  int(end.CommandTag.RowsAffected()),
	}
	interaction.Statement, interaction.StatementTruncated = cut(s.sql, querycapture.MaxStatementBytes)
	room := querycapture.MaxArgsBytes
	for i, arg := range s.args {
		text, truncated := cut(fmt.Sprintf("$%d=%v", i+1, arg), room)
		interaction.Args = append(interaction.Args, text)
		if interaction.ArgsTruncated = truncated; truncated {
			break
		}
		room -= len(text)
	}
	if settings := backend.PluginConfigFromContext(ctx).DataSourceInstanceSettings; settings != nil {
		interaction.DatasourceUID, interaction.DatasourceType, interaction.DatasourceName = settings.UID, settings.Type, settings.Name
	}
	if end.Err != nil {
		interaction.Err, interaction.RowCount = end.Err.Error(), -1
	}
	recorder.Record(interaction)
}

func cut(text string, size int) (string, bool) {
	if len(text) <= size {
		return text, false
	}
	return text[:size], true
}
