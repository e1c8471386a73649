package plugin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/footfall-analytics/footfall/pkg/segment"
)

// maxView is how long the name of a view may be, in bytes.
const maxView = 100

// preview answers what the definition in the body would yield.
func (d *Datasource) preview(w http.ResponseWriter, r *http.Request) {
	p, err := d.readPreview(r)
	if err != nil {
		writeError(w, r, d.explainSchema(r.Context(), err))
		return
	}
	if d.hidesEmails(r.Context()) {
		for i := range p.Sample {
			p.Sample[i].Name, p.Sample[i].Email = nil, nil
		}
	}
	writeJSON(w, http.StatusOK, p)
}

// readPreview takes a definition as the body, and ?view=, which tells one page of a person from another.
func (d *Datasource) readPreview(r *http.Request) (p segment.Preview, err error) {
	view := r.URL.Query().Get("view")
	if len(view) > maxView {
		return p, segment.Error{Path: "view", Problem: fmt.Sprintf("is longer than %d bytes", maxView)}
	}
	raw, err := readBody(r)
	if err != nil {
		return p, err
	}
	definition, err := segment.Decode(raw)
	if err != nil {
		return p, err
	}
	ctx, end, err := d.previews.begin(r.Context(), previewer{backend.UserFromContext(r.Context()).Login, view})
	if err != nil {
		return p, err
	}
	defer end()
	ctx, cancel := context.WithTimeout(ctx, d.previews.timeout)
	defer cancel()
	err = d.readWithin(ctx, d.previews.timeout, func(tx pgx.Tx) error {
		names, err := d.names.read(ctx, tx)
		if err != nil {
			return err
		}
		p, err = segment.ReadPreview(ctx, tx, definition, segment.Env{Now: time.Now(), Names: names})
		return err
	})
	return p, d.previewError(ctx, err)
}

// previewError tells a preview that was replaced, or took too long, from other failures.
func (d *Datasource) previewError(ctx context.Context, err error) error {
	var pg *pgconn.PgError
	stopped := errors.As(err, &pg) && pg.Code == "57014"
	switch {
	case err == nil:
		return nil
	case errors.Is(context.Cause(ctx), errReplaced):
		return errReplaced
	case !errors.Is(ctx.Err(), context.DeadlineExceeded) && !(stopped && ctx.Err() == nil):
		return err
	}
	return resourceProblem{status: http.StatusGatewayTimeout, Message: fmt.Sprintf(
		"The preview took longer than %v and was stopped. Make it cheaper, for example with a shorter window; "+
			"the saved segment itself may take longer", d.previews.timeout)}
}
