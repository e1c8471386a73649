package plugin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/query/users"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/segment/deleted"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// CallResource serves HTTP under /api/datasources/uid/<uid>/resources.
func (d *Datasource) CallResource(ctx context.Context, req *backend.CallResourceRequest, sender backend.CallResourceResponseSender) error {
	return d.resources.CallResource(ctx, req, sender)
}

func (d *Datasource) handleResources(mux *http.ServeMux) {
	mux.HandleFunc("GET /status", requires(Viewer, respond(d, readStatus)))
	mux.HandleFunc("GET /attributes", requires(Viewer, respond(d, listAttributes)))
	mux.HandleFunc("GET /values", requires(Viewer, d.listValues))
	mux.HandleFunc("POST /profiles.csv", d.requiresExport(d.exportProfiles))
	d.handleSegments(mux)
	d.handleTables(mux)
}

// withBody gives every handler a body to read: the SDK leaves it out where a request brings none.
func withBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body == nil {
			r.Body = http.NoBody
		}
		next.ServeHTTP(w, r)
	})
}

// maxBody is the longest body of a request.
const maxBody = 4 << 20

func limited(r *http.Request) io.Reader { return http.MaxBytesReader(nil, r.Body, maxBody) }

// readBody returns the JSON that a request must bring.
func readBody(r *http.Request) ([]byte, error) {
	raw, err := io.ReadAll(limited(r))
	if err != nil {
		return nil, bodyError(err)
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, segment.Error{Path: "body", Problem: "is empty; it must be a JSON object, as docs/api.md shows"}
	}
	return raw, nil
}

func readStatus(r *http.Request, db store.Querier) (store.Status, error) {
	status, err := store.ReadStatus(r.Context(), db)
	return visibleTo(backend.UserFromContext(r.Context()), status), err
}

// visibleTo leaves out, but for administrators, the samples, which quote what was sent, and where the worker's lock is and
// the text of the worker's last error, which may name hosts and users of the database.
func visibleTo(user *backend.User, status store.Status) store.Status {
	if roleOf(user) != Admin {
		status.RejectedKinds, status.RejectedSamples = []store.RejectedKind{}, []store.Rejected{}
		status.ConflictSamples = []store.Conflict{}
		status.LeftOutKinds = slices.Clone(status.LeftOutKinds)
		for i := range status.LeftOutKinds {
			status.LeftOutKinds[i].Sample, status.LeftOutKinds[i].Source = "", ""
		}
		if status.Lock != nil {
			status.Lock = &store.LockHolder{PID: status.Lock.PID, Since: status.Lock.Since}
		}
		if status.LastError != "" {
			status.LastError = "administrators see it"
		}
	}
	return status
}

// respond answers with what f reads, as JSON.
func respond[T any](d *Datasource, f func(*http.Request, store.Querier) (T, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var answer T
		err := d.read(r.Context(), func(tx pgx.Tx) (err error) {
			answer, err = f(r, tx)
			return err
		})
		if err != nil {
			writeError(w, r, d.explainSchema(r.Context(), err))
			return
		}
		writeJSON(w, http.StatusOK, answer)
	}
}

// listValues lists values of ?attribute= that begin with &search=, at most &limit= of them, as the query type values does.
func (d *Datasource) listValues(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	q := users.NewValues()
	q.Attribute, q.Search = asked.Get("attribute"), asked.Get("search")
	if limit := asked.Get("limit"); limit != "" {
		n, err := strconv.Atoi(limit)
		if err != nil {
			writeProblem(w, http.StatusBadRequest, fmt.Sprintf("limit must be a number, not %q", limit))
			return
		}
		q.Limit = n
	}
	respond(d, func(r *http.Request, db store.Querier) ([]users.Suggestion, error) {
		names, err := d.names.read(r.Context(), db)
		if err != nil {
			return nil, err
		}
		list, err := q.Suggest(r.Context(), db, query.Context{
			Location: d.settings.Location, Now: time.Now(), Names: names,
			HideEmails: d.hidesEmails(r.Context()),
		})
		if errors.As(err, new(query.InvalidError)) {
			err = badQuery{err}
		}
		return list, err
	})(w, r)
}

// writeError answers with the status that an error stands for.
func writeError(w http.ResponseWriter, r *http.Request, err error) {
	if p, known := aboutSegment(err); known {
		writeJSON(w, p.status, p)
		return
	}
	response := errorResponse(err)
	if response.ErrorSource == backend.ErrorSourcePlugin {
		backend.Logger.FromContext(r.Context()).Error("Resource failed", "path", r.URL.Path, "error", err)
	}
	writeProblem(w, int(response.Status), response.Error.Error())
}

// resourceProblem is the body of an answer that is no success, in the form that Grafana's frontend shows.
type resourceProblem struct {
	status  int
	Message string `json:"message"`
	Path    string `json:"path,omitempty"` // of what is wrong in the request's body

	UsedBy []deleted.Keeper `json:"usedBy,omitempty"` // what keeps it from being deleted
}

func writeProblem(w http.ResponseWriter, status int, text string) {
	writeJSON(w, status, resourceProblem{Message: text})
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(value); err != nil {
		backend.Logger.Debug("Nobody reads the answer", "error", err)
	}
}
