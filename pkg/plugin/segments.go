package plugin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/segment/deleted"
	"github.com/footfall-analytics/footfall/pkg/segment/table"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// handleSegments serves segments; docs/api.md describes it.
func (d *Datasource) handleSegments(mux *http.ServeMux) {
	mux.HandleFunc("GET /segments", requires(Viewer, respond(d, listSegments)))
	mux.HandleFunc("GET /segments/{id}", requires(Viewer, respond(d, showSegment)))
	mux.HandleFunc("GET /segments/{id}/history", requires(Viewer, respond(d, readHistory)))
	mux.HandleFunc("GET /segments/{id}/sizes", requires(Viewer, respond(d, readSizes)))
	mux.HandleFunc("GET /segments/{id}/members", d.requiresExport(respond(d, readMembers)))
	mux.HandleFunc("GET /segments/{id}/members.csv", d.requiresExport(d.exportMembers))
	mux.HandleFunc("POST /segments/preview", requires(Viewer, d.preview))
	mux.HandleFunc("POST /segments/sql", requires(Viewer, respond(d, d.writeSQL)))

	mux.HandleFunc("POST /segments", requires(Editor, change(d, http.StatusCreated, createSegment)))
	mux.HandleFunc("PUT /segments/{id}", requires(Editor, change(d, http.StatusOK, updateSegment)))
	mux.HandleFunc("DELETE /segments/{id}", requires(Editor, change(d, http.StatusOK, deleteSegment)))
	mux.HandleFunc("POST /segments/{id}/restore", requires(Editor, change(d, http.StatusOK, restoreSegment)))
	mux.HandleFunc("POST /segments/{id}/refresh", requires(Editor, change(d, http.StatusOK, refreshSegment)))
	mux.HandleFunc("POST /segments/{id}/freeze", requires(Editor, change(d, http.StatusCreated, freezeSegment)))
	mux.HandleFunc("POST /segments/{id}/list", requires(Editor, change(d, http.StatusOK, replaceList)))
}

// requiresExport lets in whom the settings allow to see e-mails in lists and export.
func (d *Datasource) requiresExport(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		requires(d.exporter(), next)(w, r)
	}
}

// hidesEmails tells whether who asks may not see e-mails in lists.
func (d *Datasource) hidesEmails(ctx context.Context) bool {
	return roleOf(backend.UserFromContext(ctx)) < d.exporter()
}

func (d *Datasource) exporter() Role {
	if d.settings.RestrictExport {
		return Editor
	}
	return Viewer
}

// listSegments adds the sizes of the time that ?sizes= says, such as 90d.
func listSegments(r *http.Request, db store.Querier) ([]segment.Segment, error) {
	var span time.Duration
	text, err := r.URL.Query().Get("sizes"), error(nil)
	if text != "" {
		if span, err = segment.ParseSizesSpan(text); err != nil {
			return nil, err
		}
	}
	list, err := segment.List(r.Context(), db)
	if err == nil {
		err = segment.AddComputing(r.Context(), db, list)
	}
	if err == nil && text != "" {
		err = segment.AddSizes(r.Context(), db, list, span, time.Now())
	}
	return list, err
}

// showSegment is readSegment with what a page shows beside.
func showSegment(r *http.Request, db store.Querier) (segment.Segment, error) {
	s, err := readSegment(r, db)
	if err != nil {
		return s, err
	}
	list := []segment.Segment{s}
	err = segment.AddComputing(r.Context(), db, list)
	return list[0], err
}

// segmentSQL is the SQL that a definition is, for people.
type segmentSQL struct {
	SQL string `json:"sql"`
}

// writeSQL takes a definition as the body. Nothing of it is run.
func (d *Datasource) writeSQL(r *http.Request, db store.Querier) (answer segmentSQL, err error) {
	raw, err := readBody(r)
	if err != nil {
		return answer, err
	}
	definition, err := segment.Decode(raw)
	if err != nil {
		return answer, err
	}
	names, err := d.names.read(r.Context(), db)
	if err != nil {
		return answer, err
	}
	sql, err := definition.Plain(segment.Env{Now: time.Now(), Names: names})
	return segmentSQL{store.Comment("Members: "+definition.Sentence()) + "\n" + sql + "\n order by u.user_id;\n"}, err
}

func readSegment(r *http.Request, db store.Querier) (segment.Segment, error) {
	return segment.Get(r.Context(), db, r.PathValue("id"))
}

// readHistory answers for deleted segments too.
func readHistory(r *http.Request, db store.Querier) ([]segment.Change, error) {
	list, err := segment.History(r.Context(), db, r.PathValue("id"))
	if err == nil && len(list) == 0 {
		_, err = readSegment(r, db)
	}
	return list, err
}

// readSizes lists the sizes of ?from= to ?to=, RFC 3339; of the last 90 days where they are missing.
func readSizes(r *http.Request, db store.Querier) ([]segment.Size, error) {
	to := time.Now().Add(time.Minute)
	from := to.AddDate(0, 0, -90)
	for name, target := range map[string]*time.Time{"from": &from, "to": &to} {
		text := r.URL.Query().Get(name)
		if text == "" {
			continue
		}
		var err error
		if *target, err = time.Parse(time.RFC3339, text); err != nil {
			return nil, segment.Error{Path: name, Problem: fmt.Sprintf("is %q; it must be a time such as 2026-01-31T12:00:00Z", text)}
		}
	}
	s, err := readSegment(r, db)
	if err != nil {
		return nil, err
	}
	return segment.ReadSizes(r.Context(), db, s.Key, from, to)
}

// changeFunc changes something in the name of a user and returns the answer.
type changeFunc[T any] func(r *http.Request, pool *pgxpool.Pool, by string) (T, error)

// change answers with what f returns once it has changed it.
func change[T any](d *Datasource, status int, f changeFunc[T]) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var answer T
		by := backend.UserFromContext(r.Context())
		err := d.write(r.Context(), func(pool *pgxpool.Pool) (err error) {
			answer, err = f(r, pool, withDefault(by.Login, by.Name))
			return err
		})
		if err != nil {
			writeError(w, r, withGrants(d.explainSchema(r.Context(), err)))
			return
		}
		writeJSON(w, status, answer)
	}
}

func createSegment(r *http.Request, pool *pgxpool.Pool, by string) (segment.Segment, error) {
	c, _, err := readContent(r, segment.DecodeContent)
	if err == nil {
		err = segment.Create(r.Context(), pool, c, by)
	}
	if err != nil {
		return segment.Segment{}, err
	}
	return segment.Get(r.Context(), pool, c.ID)
}

func updateSegment(r *http.Request, pool *pgxpool.Pool, by string) (segment.Segment, error) {
	c, version, err := readContent(r, segment.DecodeEdited)
	id := r.PathValue("id")
	switch {
	case err != nil:
		return segment.Segment{}, err
	case c.ID != "" && c.ID != id:
		return segment.Segment{}, segment.Error{Path: "id", Problem: fmt.Sprintf("is %q; the id %q cannot be changed", c.ID, id)}
	case version == 0:
		return segment.Segment{}, segment.Error{Path: "version", Problem: "is missing; give the version that the change is based on"}
	}
	c.ID = id
	if err := segment.Update(r.Context(), pool, version, c, by); err != nil {
		return segment.Segment{}, err
	}
	return readSegment(r, pool)
}

func deleteSegment(r *http.Request, pool *pgxpool.Pool, by string) (struct{}, error) {
	return struct{}{}, segment.Delete(r.Context(), pool, r.PathValue("id"), by)
}

func restoreSegment(r *http.Request, pool *pgxpool.Pool, by string) (segment.Segment, error) {
	if err := segment.Restore(r.Context(), pool, r.PathValue("id"), by); err != nil {
		return segment.Segment{}, err
	}
	return readSegment(r, pool)
}

func refreshSegment(r *http.Request, pool *pgxpool.Pool, _ string) (segment.Segment, error) {
	if err := segment.Refresh(r.Context(), pool, r.PathValue("id")); err != nil {
		return segment.Segment{}, err
	}
	return readSegment(r, pool)
}

// freezeSegment takes {"id", "name", "description"} of the static segment to make.
func freezeSegment(r *http.Request, pool *pgxpool.Pool, by string) (segment.Segment, error) {
	c, _, err := readContent(r, segment.DecodeContent)
	if err == nil {
		_, err = readSegment(r, pool)
	}
	if err == nil {
		err = segment.Freeze(r.Context(), pool, r.PathValue("id"), c, by)
	}
	if err != nil {
		return segment.Segment{}, err
	}
	return segment.Get(r.Context(), pool, c.ID)
}

// replaceList takes a file as the body and ?version= where the change is based on one.
func replaceList(r *http.Request, pool *pgxpool.Pool, by string) (segment.Segment, error) {
	s, err := readSegment(r, pool)
	if err != nil {
		return s, err
	}
	if s.Kind != segment.Static {
		return s, segment.Error{Path: "kind", Problem: "is dynamic; only static segments have a list"}
	}
	version := s.Version
	if text := r.URL.Query().Get("version"); text != "" {
		if version, err = strconv.Atoi(text); err != nil {
			return s, segment.Error{Path: "version", Problem: fmt.Sprintf("is %q; it must be a number", text)}
		}
	}
	c := s.Content
	if c.List, err = segment.ReadListFile(limited(r), c.Identity); err != nil {
		return s, bodyError(err)
	}
	if err := segment.Update(r.Context(), pool, version, c, by); err != nil {
		return s, err
	}
	return readSegment(r, pool)
}

func readContent(r *http.Request, decode func([]byte) (segment.Content, int, error)) (segment.Content, int, error) {
	raw, err := readBody(r)
	if err != nil {
		return segment.Content{}, 0, err
	}
	return decode(raw)
}

// bodyError says it where a body is too long.
func bodyError(err error) error {
	if errors.As(err, new(*http.MaxBytesError)) {
		return resourceProblem{
			status:  http.StatusRequestEntityTooLarge,
			Message: "this is longer than 4 MB; the command line takes longer ones (footfall segments apply, footfall tables upload)",
		}
	}
	return err
}

func (p resourceProblem) Error() string { return p.Message }

// aboutSegment finds the status for errors of segments and tables.
func aboutSegment(err error) (resourceProblem, bool) {
	var (
		wrong segment.Error
		own   resourceProblem

		refused table.Error
		inUse   deleted.InUse
		back    deleted.Refused
	)
	switch {
	case errors.As(err, &own):
		return own, true
	case errors.As(err, &wrong):
		return resourceProblem{status: http.StatusBadRequest, Message: wrong.Error(), Path: wrong.Path}, true
	case errors.As(err, &refused):
		return resourceProblem{status: http.StatusBadRequest, Message: err.Error(), Path: refused.Column}, true
	case errors.Is(err, segment.ErrNotFound), errors.Is(err, table.ErrUnknown):
		return resourceProblem{status: http.StatusNotFound, Message: err.Error()}, true
	case errors.As(err, &back) && back.Gone:
		return resourceProblem{status: http.StatusGone, Message: back.Error()}, true
	case errors.As(err, &back):
		return resourceProblem{status: http.StatusConflict, Message: back.Error()}, true
	case errors.As(err, &inUse):
		return resourceProblem{status: http.StatusConflict, Message: inUse.Error(), UsedBy: inUse.By}, true
	}
	for _, conflict := range []error{segment.ErrExists, segment.ErrConflict, segment.ErrBusy, errReplaced} {
		if errors.Is(err, conflict) {
			return resourceProblem{status: http.StatusConflict, Message: conflict.Error()}, true
		}
	}
	return resourceProblem{}, false
}

// withGrants says which rights the datasource's role lacks for a change.
func withGrants(err error) error {
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &pg) && pg.Code == "42501":
		return resourceProblem{status: http.StatusForbidden, Message: "The datasource's user may not change segments and tables (PostgreSQL says: " +
			pg.Message + "). Let the owner of the schema run `footfall migrate --reader <user>`, which grants it (docs/operations.md)."}
	case errors.As(err, &pg) && pg.Code == "25006":
		return resourceProblem{status: http.StatusBadGateway, Message: "This PostgreSQL only reads: " + pg.Message +
			". Segments are changed where the worker writes; give the datasource the primary server."}
	}
	return err
}
