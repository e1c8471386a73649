package preview

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/gtime"
)

// asking is the context that goes with every call of the plugin's backend.
func (h *host) asking(r *http.Request, d datasource) backend.PluginContext {
	person := personOf(r)
	return backend.PluginContext{
		Namespace:                  "default",
		PluginID:                   d.Type,
		User:                       &backend.User{Login: person.login(), Name: string(person), Email: person.email(), Role: string(person)},
		DataSourceInstanceSettings: d.settings(),
	}
}

// queryRequest is the body of POST /api/ds/query. Times are milliseconds or such as now-30d.
type queryRequest struct {
	From, To string
	Queries  []json.RawMessage
}

// questionHead is what the host itself reads of a query.
type questionHead struct {
	RefID         string
	QueryType     string
	IntervalMs    float64
	MaxDataPoints int64
	Datasource    struct{ UID string }
}

// serveQuery answers as Grafana does: 400, with the answers of all, where one query has failed.
func (h *host) serveQuery(w http.ResponseWriter, r *http.Request) error {
	var body queryRequest
	if err := readJSON(r, &body); err != nil {
		return err
	}
	if len(body.Queries) == 0 {
		return refuse(400, "no queries found")
	}
	asked, order, err := group(body)
	if err != nil {
		return err
	}
	answer := backend.NewQueryDataResponse()
	for _, uid := range order {
		d, err := h.datasources.get(uid)
		if err != nil {
			return err
		}
		part, err := h.backend.QueryData(r.Context(), &backend.QueryDataRequest{
			PluginContext: h.asking(r, d), Queries: asked[uid], Headers: map[string]string{"FromAlert": "false"},
		})
		if err != nil {
			return h.backendFailed(r, err)
		}
		for ref, response := range part.Responses {
			answer.Responses[ref] = response
		}
	}
	status := http.StatusOK
	for _, response := range answer.Responses {
		if response.Error != nil {
			status = http.StatusBadRequest
		}
	}
	return writeJSON(w, status, answer)
}

// group returns the queries by the uid of their data source, and the uids in the order of their first query.
func group(body queryRequest) (map[string][]backend.DataQuery, []string, error) {
	times := gtime.NewTimeRange(body.From, body.To)
	from, err1 := times.ParseFrom()
	to, err2 := times.ParseTo()
	if err1 != nil || err2 != nil {
		return nil, nil, refuse(400, "bad request data")
	}
	asked, order := map[string][]backend.DataQuery{}, []string(nil)
	for _, raw := range body.Queries {
		var head questionHead
		if err := json.Unmarshal(raw, &head); err != nil {
			return nil, nil, refuse(400, "bad request data")
		}
		uid := head.Datasource.UID
		if uid == "" {
			return nil, nil, refuse(400, "Query does not contain a valid data source identifier")
		}
		if asked[uid] == nil {
			order = append(order, uid)
		}
		asked[uid] = append(asked[uid], backend.DataQuery{
			RefID: head.RefID, QueryType: head.QueryType, MaxDataPoints: max(head.MaxDataPoints, 100),
			Interval:  max(time.Duration(head.IntervalMs*float64(time.Millisecond)), time.Second),
			TimeRange: backend.TimeRange{From: from, To: to}, JSON: raw,
		})
	}
	return asked, order, nil
}

// addressed is the data source in the path. An unknown one is answered as Grafana does, other than for queries.
func (h *host) addressed(r *http.Request) (datasource, error) {
	d, err := h.datasources.get(r.PathValue("uid"))
	if err != nil {
		return d, refuse(http.StatusInternalServerError, "Unable to load datasource meta data")
	}
	return d, nil
}

// serveHealth answers 400 where the plugin is not well, as Grafana does.
func (h *host) serveHealth(w http.ResponseWriter, r *http.Request) error {
	d, err := h.addressed(r)
	if err != nil {
		return err
	}
	health, err := h.backend.CheckHealth(r.Context(), h.asking(r, d))
	if err != nil {
		return h.backendFailed(r, err)
	}
	answer := map[string]any{"status": health.Status.String(), "message": health.Message}
	if len(health.JSONDetails) > 0 {
		answer["details"] = json.RawMessage(health.JSONDetails)
	}
	status := http.StatusOK
	if health.Status != backend.HealthStatusOk {
		status = http.StatusBadRequest
	}
	return writeJSON(w, status, answer)
}

// serveResource hands a request on to the plugin and its answer back, part by part.
func (h *host) serveResource(w http.ResponseWriter, r *http.Request) error {
	d, err := h.addressed(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return refuse(400, "the body cannot be read: %v", err)
	}
	// As it came: what is escaped in the path stays escaped.
	_, path, _ := strings.Cut(r.URL.EscapedPath(), "/resources/")
	address := path
	if r.URL.RawQuery != "" {
		address += "?" + r.URL.RawQuery
	}
	headers := r.Header.Clone()
	headers.Del("Cookie")
	request := &backend.CallResourceRequest{
		PluginContext: h.asking(r, d), Path: r.PathValue("path"), Method: r.Method, URL: address, Headers: headers, Body: body,
	}
	started := false
	err = h.backend.CallResource(r.Context(), request, func(part *backend.CallResourceResponse) error {
		if !started {
			started = true
			for name, values := range part.Headers {
				w.Header()[http.CanonicalHeaderKey(name)] = values
			}
			w.WriteHeader(part.Status)
		}
		if _, err := w.Write(part.Body); err != nil {
			return err
		}
		return http.NewResponseController(w).Flush()
	})
	if err != nil && started {
		h.log.Printf("%s %s broke off: %v", r.Method, r.URL.Path, err)
		return nil
	}
	if err != nil {
		return h.backendFailed(r, err)
	}
	return nil
}

// backendFailed is the answer when the plugin's backend gave none.
func (h *host) backendFailed(r *http.Request, err error) error {
	h.log.Printf("%s %s: the backend failed: %v", r.Method, r.URL.Path, err)
	if r.Context().Err() != nil {
		return refuse(499, "Client disconnected")
	}
	return &refusal{status: http.StatusInternalServerError, message: "An error occurred within the plugin", cause: fmt.Errorf("call the backend: %w", err)}
}
