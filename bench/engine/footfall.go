package engine

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/bench/data"
	"github.com/footfall-analytics/footfall/bench/question"
	"github.com/footfall-analytics/footfall/pkg/plugin"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/store/schema"
	"github.com/footfall-analytics/footfall/tools/executable"
	"github.com/footfall-analytics/footfall/tools/machine"
	"github.com/footfall-analytics/footfall/tools/postgres"
)

// Footfall is the plugin's executable, asked as Grafana asks it: in a process of its own, whose memory can be told, and with
// all that an answer costs until it is here.
type Footfall struct {
	Store      *Store
	Executable string
	Log        *os.File         // what the executable tells
	Until      func() time.Time // where ranges of time end, while events come in; nil: with the data
	Tail       int              // how many sessions stay in the tail; 0: as many as usual

	process *executable.Process
	conn    *pgx.Conn // tells what the server spends
	pid     int
}

// Name of the engine.
func (f *Footfall) Name() string { return "footfall" }

// Load appends the rows to the inbox, and rolls them up as the worker does.
func (f *Footfall) Load(ctx context.Context, file string) error {
	pool, err := pgxpool.New(ctx, f.Store.dsn())
	if err != nil {
		return err
	}
	defer pool.Close()
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	_, _, err = schema.Migrate(ctx, conn.Conn())
	conn.Release()
	if err != nil {
		return fmt.Errorf("make the store: %w", err)
	}
	// 20 million events have more pages and actions together than the usual 200,000, and the others read (other) then.
	if _, err := pool.Exec(ctx, `
		update footfall.settings set token_cap = 5000000, tail_sessions = coalesce(nullif($1::integer, 0), tail_sessions)`, f.Tail); err != nil {
		return err
	}
	// As `footfall attributes pack` does for those that questions ask.
	if _, err := pool.Exec(ctx, `insert into footfall.packed_attributes (name) values ('price'), ('release')`); err != nil {
		return err
	}
	if err := f.Store.copyFile(ctx, pool, file, "footfall.inbox ("+data.ColumnNames()+")"); err != nil {
		return err
	}
	report, err := rollup.Drain(ctx, pool, rollup.Options{})
	if err != nil {
		return fmt.Errorf("roll up: %w", err)
	}
	if report.Rejected > 0 {
		return fmt.Errorf("%d rows were rejected", report.Rejected)
	}
	if _, err = pool.Exec(ctx, `vacuum analyze`); err != nil {
		return err
	}
	return f.makeSegment(ctx)
}

//go:embed segment.json
var segment []byte

const refreshPath = "segments/dropouts/refresh"

// makeSegment stores the segment that some questions are about, and computes it.
func (f *Footfall) makeSegment(ctx context.Context) (err error) {
	if err := f.Start(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Stop()) }()
	if _, err := f.post(ctx, "segments", segment); err != nil {
		return fmt.Errorf("make the segment: %w", err)
	}
	if _, err = f.post(ctx, refreshPath, nil); err != nil {
		return fmt.Errorf("compute the segment: %w", err)
	}
	return nil
}

// Start starts the executable.
func (f *Footfall) Start(ctx context.Context) (err error) {
	if f.conn, f.pid, err = f.Store.connect(ctx); err != nil {
		return err
	}
	f.process, err = executable.Start(f.Executable, f.Log)
	return err
}

// Stop ends it.
func (f *Footfall) Stop() error {
	if f.process != nil {
		f.process.Stop()
	}
	var err error
	if f.conn != nil {
		err = f.conn.Close(context.Background())
	}
	f.process, f.conn = nil, nil
	return err
}

// Process is the number of the executable's process.
func (f *Footfall) Process() int {
	pid, _ := strconv.Atoi(f.process.ID())
	return pid
}

// Size with indexes.
func (f *Footfall) Size(ctx context.Context) (int64, error) { return size(ctx, f.conn, "footfall") }

// Spent is the server's and the executable's.
func (f *Footfall) Spent() time.Duration {
	return machine.SpentByServer(f.pid) + machine.Spent(f.Process())
}

// Ask sends a query, previews a definition, or computes the segment again.
func (f *Footfall) Ask(ctx context.Context, q question.Question) (question.Answer, error) {
	switch {
	case q.Preview != nil:
		return f.askSize(ctx, "segments/preview", q)
	case q.Refresh:
		return f.askSize(ctx, refreshPath, q)
	}
	body, err := json.Marshal(map[string]any{"options": q.Options, "timeZone": "UTC"})
	if err != nil {
		return nil, err
	}
	from, to := data.From, data.To
	if f.Until != nil {
		to = f.Until()
	}
	if q.Days > 0 {
		from = to.AddDate(0, 0, -q.Days)
	}
	response, err := f.process.QueryData(ctx, &backend.QueryDataRequest{PluginContext: f.context(), Queries: []backend.DataQuery{{
		RefID: "A", QueryType: q.QueryType, JSON: body, TimeRange: backend.TimeRange{From: from, To: to},
		MaxDataPoints: 1000, Interval: time.Minute,
	}}})
	if err != nil {
		return nil, err
	}
	answer := response.Responses["A"]
	if answer.Error != nil {
		return nil, answer.Error
	}
	rows, err := rowsOf(answer.Frames, q)
	if err != nil {
		return nil, err
	}
	return q.Answer(rows), nil
}

// askSize asks for a segment's size: a preview computes with it who is left after each condition, and a sample.
func (f *Footfall) askSize(ctx context.Context, path string, q question.Question) (question.Answer, error) {
	body, err := f.post(ctx, path, q.Preview)
	if err != nil {
		return nil, err
	}
	var answer struct{ Size int64 }
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, err
	}
	return q.Answer([][]any{{answer.Size}}), nil
}

// post sends a request to a resource, and returns what it answers.
func (f *Footfall) post(ctx context.Context, path string, body []byte) ([]byte, error) {
	var answer []byte
	status := 0
	err := f.process.CallResource(ctx, &backend.CallResourceRequest{
		PluginContext: f.context(), Method: "POST", Path: path, URL: path, Body: body,
	}, func(part *backend.CallResourceResponse) error {
		status = max(status, part.Status)
		answer = append(answer, part.Body...)
		return nil
	})
	if err == nil && status == http.StatusGatewayTimeout {
		err = ErrStopped
	}
	if err == nil && status >= 300 {
		err = errors.New(string(answer))
	}
	return answer, err
}

func (f *Footfall) context() backend.PluginContext {
	settings := fmt.Sprintf(`{"database": "postgres", "sslmode": "disable", "statementTimeout": %d}`, int(time.Hour.Seconds()))
	return backend.PluginContext{
		PluginID: plugin.ID, User: &backend.User{Login: "admin", Role: "Admin"},
		DataSourceInstanceSettings: &backend.DataSourceInstanceSettings{
			UID: "footfall", Name: "Footfall", Type: plugin.ID, Updated: time.Unix(1, 0), User: postgres.Superuser,
			URL: net.JoinHostPort("127.0.0.1", strconv.Itoa(f.Store.Port())), JSONData: []byte(settings),
			DecryptedSecureJSONData: map[string]string{"password": f.Store.Password()},
		},
	}
}
