package plugin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/footfall-analytics/footfall/pkg/segment"
)

const (
	previewTimeout = 10 * time.Second
	maxPreviews    = 2
)

// previewLimit lets few previews run at once, each for a short time: people make many while they build a segment.
type previewLimit struct {
	slots   chan struct{}
	timeout time.Duration
}

func newPreviewLimit() previewLimit {
	return previewLimit{make(chan struct{}, maxPreviews), previewTimeout}
}

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

func (d *Datasource) readPreview(r *http.Request) (p segment.Preview, err error) {
	raw, err := readBody(r)
	if err != nil {
		return p, err
	}
	definition, err := segment.Decode(raw)
	if err != nil {
		return p, err
	}
	select {
	case d.previews.slots <- struct{}{}:
		defer func() { <-d.previews.slots }()
	default:
		return p, resourceProblem{status: http.StatusTooManyRequests, Message: fmt.Sprintf(
			"%d previews are being computed already, which is the most at once; try again when one has ended", maxPreviews)}
	}
	ctx, cancel := context.WithTimeout(r.Context(), d.previews.timeout)
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

// previewError tells a preview that took too long from other failures.
func (d *Datasource) previewError(ctx context.Context, err error) error {
	var pg *pgconn.PgError
	stopped := errors.As(err, &pg) && pg.Code == "57014"
	if err == nil || !errors.Is(ctx.Err(), context.DeadlineExceeded) && !(stopped && ctx.Err() == nil) {
		return err
	}
	return resourceProblem{status: http.StatusGatewayTimeout, Message: fmt.Sprintf(
		"The preview took longer than %v and was stopped. Make it cheaper, for example with a shorter window; "+
			"the saved segment itself may take longer", d.previews.timeout)}
}
