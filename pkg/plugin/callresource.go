package plugin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// CallResource serves HTTP under /api/datasources/uid/<uid>/resources.
func (d *Datasource) CallResource(ctx context.Context, req *backend.CallResourceRequest, sender backend.CallResourceResponseSender) error {
	return d.resources.CallResource(ctx, req, sender)
}

func (d *Datasource) handleResources(mux *http.ServeMux) {
	mux.HandleFunc("GET /status", respond(d, readStatus))
	mux.HandleFunc("GET /attributes", respond(d, listAttributes))
	mux.HandleFunc("GET /values", d.listValues)
}

func readStatus(ctx context.Context, db store.Querier) (store.Status, error) {
	status, err := store.ReadStatus(ctx, db)
	return withoutSamples(status, backend.UserFromContext(ctx)), err
}

// withoutSamples leaves out the samples, which quote what was sent, but for administrators.
func withoutSamples(status store.Status, user *backend.User) store.Status {
	if roleOf(user) != Admin {
		status.RejectedSamples, status.ConflictSamples = nil, nil
	}
	return status
}

// respond answers with what f reads, as JSON.
func respond[T any](d *Datasource, f func(context.Context, store.Querier) (T, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var answer T
		err := d.read(r.Context(), func(tx pgx.Tx) (err error) {
			answer, err = f(r.Context(), tx)
			return err
		})
		if err != nil {
			response := errorResponse(err)
			if response.ErrorSource == backend.ErrorSourcePlugin {
				backend.Logger.FromContext(r.Context()).Error("Resource failed", "path", r.URL.Path, "error", err)
			}
			writeProblem(w, int(response.Status), response.Error.Error())
			return
		}
		writeJSON(w, http.StatusOK, answer)
	}
}

// listValues lists values of ?attribute= that begin with &search=, at most &limit= of them, as the query type values does.
func (d *Datasource) listValues(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	q := query.NewValues()
	q.Attribute, q.Search = asked.Get("attribute"), asked.Get("search")
	if limit := asked.Get("limit"); limit != "" {
		n, err := strconv.Atoi(limit)
		if err != nil {
			writeProblem(w, http.StatusBadRequest, fmt.Sprintf("limit must be a number, not %q", limit))
			return
		}
		q.Limit = n
	}
	respond(d, func(ctx context.Context, db store.Querier) ([]query.Suggestion, error) {
		names, err := d.names.read(ctx, db)
		if err != nil {
			return nil, err
		}
		list, err := q.Suggest(ctx, db, query.Context{Location: d.settings.Location, Now: time.Now(), Names: names})
		if errors.As(err, new(query.InvalidError)) {
			err = badQuery{err}
		}
		return list, err
	})(w, r)
}

// writeProblem answers in the form that Grafana's frontend shows.
func writeProblem(w http.ResponseWriter, status int, text string) {
	writeJSON(w, status, map[string]string{"message": text})
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(value); err != nil {
		backend.Logger.Debug("Nobody reads the answer", "error", err)
	}
}
