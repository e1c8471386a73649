package plugin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/datasource"
	"github.com/grafana/grafana-plugin-sdk-go/backend/tracing"
	"github.com/grafana/grafana-plugin-sdk-go/config"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/grafana/grafana-plugin-sdk-go/experimental/concurrent"
	"github.com/jackc/pgx/v5"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// maxConcurrentQueries of one request.
const maxConcurrentQueries = 5

// QueryData answers the queries of a request, each by its type and in its turn, all within one deadline.
func (d *Datasource) QueryData(ctx context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, d.settings.answerDeadline())
	defer cancel()
	r := answering.begin(d)
	defer r.end()
	return d.queries.QueryData(context.WithValue(ctx, requestKey{}, r), req)
}

func (d *Datasource) newQueryMux() backend.QueryDataHandler {
	mux := datasource.NewQueryTypeMux()
	for queryType, newQuestion := range Questions {
		mux.HandleFunc(queryType, d.handler(func(ctx context.Context, q backend.DataQuery) (data.Frames, error) {
			return d.answer(ctx, q, newQuestion())
		}))
	}
	mux.HandleFunc("", d.handler(func(_ context.Context, q backend.DataQuery) (data.Frames, error) {
		return nil, badQuery{fmt.Errorf("queryType %q is not known", q.QueryType)}
	}))
	return mux
}

type answerFunc func(context.Context, backend.DataQuery) (data.Frames, error)

// handler runs the queries of one type side by side, each observed and with its own outcome.
func (d *Datasource) handler(answer answerFunc) backend.QueryDataHandlerFunc {
	one := func(ctx context.Context, q concurrent.Query) backend.DataResponse {
		return observe(ctx, q.DataQuery, func(ctx context.Context) backend.DataResponse {
			frames, err := answer(ctx, q.DataQuery)
			if err != nil {
				return errorResponse(err)
			}
			return backend.DataResponse{Frames: frames, Status: backend.StatusOK}
		})
	}
	return func(ctx context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
		return concurrent.QueryData(ctx, req, one, maxConcurrentQueries)
	}
}

// observe wraps a query in a span and measures it.
func observe(ctx context.Context, q backend.DataQuery, run func(context.Context) backend.DataResponse) backend.DataResponse {
	queryType := q.QueryType
	if Questions[queryType] == nil {
		queryType = "unknown" // a metric's label must not be anything a user types
	}
	ctx, span := tracing.DefaultTracer().Start(ctx, "footfall.query", trace.WithAttributes(
		attribute.String("query_type", queryType), attribute.String("ref_id", q.RefID)))
	defer span.End()
	start := time.Now()
	response := run(ctx)
	outcome := "ok"
	if response.Error != nil {
		outcome = response.ErrorSource.String()
		_ = tracing.Error(span, response.Error)
	}
	queryDuration.WithLabelValues(queryType, outcome).Observe(time.Since(start).Seconds())
	return response
}

// answer decodes a query and answers it in its turn, unless the same is being answered already.
func (d *Datasource) answer(ctx context.Context, q backend.DataQuery, question query.Question) (data.Frames, error) {
	if d.invalid != nil {
		return nil, d.invalid
	}
	asked, err := decodeQuery(q.JSON, question)
	if err != nil {
		return nil, badQuery{err}
	}
	asked.From, asked.To = q.TimeRange.From, q.TimeRange.To
	asked.Interval, asked.Now, asked.MaxRows = q.Interval, time.Now(), rowLimit(ctx)
	asked.HideEmails, asked.Tokens = d.hidesEmails(ctx), d.tokens
	asked.Shared = &requestOf(ctx).shared
	if asked.Location == nil {
		asked.Location = d.settings.Location
	}
	return d.flights.share(ctx, d.key(ctx, q, question, asked), func(ctx context.Context) (data.Frames, error) {
		return inTurn(ctx, overMany[q.QueryType], func() (data.Frames, error) { return d.run(ctx, q.RefID, question, asked) })
	})
}

// run checks a question against the attributes there are, and asks it.
func (d *Datasource) run(ctx context.Context, refID string, question query.Question, asked query.Context) (data.Frames, error) {
	var used []int32 // segments
	asked.Used = func(key int32) { used = append(used, key) }
	var frames data.Frames
	err := d.read(ctx, func(tx pgx.Tx) (err error) {
		if asked.Names, err = d.names.read(ctx, tx); err != nil {
			return err
		}
		ask := func(ctx context.Context) error {
			used, asked.Asked = nil, &filter.Asked{}
			answer, err := query.Prepare(asked, question)
			if err != nil {
				return badQuery{err}
			}
			frames, err = answer(withRefID(ctx, refID), tx)
			return err
		}
		if err = ask(ctx); errors.Is(err, columns.ErrTooMuch) { // there may be enough while no other question is read
			err = columns.Default.Alone(ctx, ask)
		}
		if err != nil {
			return err
		}
		if err := noteAsked(ctx, tx, frames, asked); err != nil {
			return err
		}
		return noteSegments(ctx, tx, frames, used, asked.Now)
	})
	if asked.HideEmails {
		hideEmails(frames)
	}
	nameInLinks(frames, backend.PluginConfigFromContext(ctx).DataSourceInstanceSettings)
	return frames, d.explainSchema(ctx, err)
}

// nameInLinks makes links to the app's pages open them on this datasource, not on the default one.
func nameInLinks(frames data.Frames, here *backend.DataSourceInstanceSettings) {
	if here == nil {
		return
	}
	named := query.UserPage + "?ds=" + url.QueryEscape(here.UID) + "&"
	for _, frame := range frames {
		for _, field := range frame.Fields {
			if field.Config == nil || len(field.Config.Links) == 0 {
				continue
			}
			links := slices.Clone(field.Config.Links) // those of other answers are the same ones
			for i, link := range links {
				if rest, ours := strings.CutPrefix(link.URL, query.UserPage+"?"); ours {
					links[i].URL = named + rest
				}
			}
			field.Config.Links = links
		}
	}
}

// hideEmails empties the columns that hold e-mails.
func hideEmails(frames data.Frames) {
	for _, frame := range frames {
		for _, field := range frame.Fields {
			if field.Name == "user_email" && field.Type() == data.FieldTypeNullableString {
				for i := range field.Len() {
					field.Set(i, (*string)(nil))
				}
			}
		}
	}
}

// noteSegments warns on the first frame of segments whose members are not as fresh as they should be.
func noteSegments(ctx context.Context, db store.Querier, frames data.Frames, used []int32, now time.Time) error {
	if len(frames) == 0 {
		return nil
	}
	texts, err := segment.Notices(ctx, db, used, now)
	for _, text := range texts {
		frames[0].AppendNotices(data.Notice{Severity: data.NoticeSeverityWarning, Text: text})
	}
	return err
}

// noteAsked tells on the first frame what filters name that is not there.
func noteAsked(ctx context.Context, db store.Querier, frames data.Frames, asked query.Context) error {
	if len(frames) == 0 {
		return nil
	}
	texts, err := asked.Asked.Notices(ctx, db, asked.Names)
	for _, text := range texts {
		frames[0].AppendNotices(data.Notice{Severity: data.NoticeSeverityWarning, Text: text})
	}
	return err
}

// explainSchema looks for the reason of a failed query in the schema's version, which says more than a missing column.
func (d *Datasource) explainSchema(ctx context.Context, err error) error {
	if !aboutSchema(err) {
		return err
	}
	found := d.read(ctx, func(tx pgx.Tx) error { return store.CheckVersion(ctx, tx) })
	if _, known := explainSchemaVersion(found, nameless); known {
		return found
	}
	return err
}

// rowLimit is Grafana's own for SQL datasources, 0 where it does not say.
func rowLimit(ctx context.Context) int {
	grafana, err := config.GrafanaConfigFromContext(ctx).SQL()
	if err != nil {
		return 0
	}
	return int(grafana.RowLimit)
}

// queryBody is what is ours of a query, beside its type.
type queryBody struct {
	TimeZone     string             `json:"timeZone,omitempty"`     // an IANA name such as Europe/Berlin; the datasource's by default
	AdHocFilters []filter.Condition `json:"adHocFilters,omitempty"` // the dashboard's, joined by AND
	Options      json.RawMessage    `json:"options,omitempty"`      // of its type; what they leave out has a default
}

// decodeQuery reads the body of a query.
func decodeQuery(raw json.RawMessage, options any) (query.Context, error) {
	var q queryBody
	if err := json.Unmarshal(raw, &q); err != nil {
		return query.Context{}, fmt.Errorf("the query cannot be read: %s", describeJSON(err))
	}
	if len(q.Options) > 0 {
		if err := query.DecodeOptions(q.Options, options); err != nil {
			return query.Context{}, fmt.Errorf("options cannot be read: %s", describeJSON(err))
		}
	}
	asked := query.Context{Conditions: q.AdHocFilters}
	if q.TimeZone == "" {
		return asked, nil
	}
	location, err := time.LoadLocation(q.TimeZone)
	if err != nil || q.TimeZone == "Local" {
		return asked, fmt.Errorf("timeZone is not known: %q; give a name such as Europe/Berlin", q.TimeZone)
	}
	asked.Location = location
	return asked, nil
}

// describeJSON says it without the words of Go.
func describeJSON(err error) string {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		return fmt.Sprintf("%s must be %s, not %s", withDefault(wrongType.Field, "this"), withArticle(jsonType(wrongType)), withArticle(wrongType.Value))
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

func withArticle(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

func jsonType(err *json.UnmarshalTypeError) string {
	switch kind := err.Type.Kind().String(); {
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "float"):
		return "number"
	case kind == "slice":
		return "list"
	case kind == "struct":
		return "object"
	case kind == "bool":
		return "boolean"
	default:
		return kind
	}
}
