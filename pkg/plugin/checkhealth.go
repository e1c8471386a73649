package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// workerSilence is how long a worker may be quiet before it counts as gone.
const workerSilence = time.Minute

// healthDetails are the JSON details of a health answer.
type healthDetails struct {
	VerboseMessage string        `json:"verboseMessage,omitempty"` // for administrators
	Postgres       string        `json:"postgres,omitempty"`
	Status         *store.Status `json:"status,omitempty"`

	// NoTraceID is the attribute that should hold trace ids where no event has it.
	NoTraceID string `json:"noTraceId,omitempty"`
}

// CheckHealth says what is wrong and what to do, or what there is.
func (d *Datasource) CheckHealth(ctx context.Context, req *backend.CheckHealthRequest) (*backend.CheckHealthResult, error) {
	ctx, cancel := context.WithTimeout(ctx, d.settings.healthDeadline())
	defer cancel()
	details, err := d.inspect(ctx)
	if details.Status != nil {
		*details.Status = visibleTo(req.PluginContext.User, *details.Status)
	}
	switch {
	case err != nil:
		return unhealthy(d.explainHealth(err, req.PluginContext.User), details, err, req.PluginContext.User)
	case d.noWorker(*details.Status):
		return unhealthy(noWorker(*details.Status), details, nil, req.PluginContext.User)
	}
	return healthResult(backend.HealthStatusOk, describe(details), details)
}

// inspect reads what health speaks of.
func (d *Datasource) inspect(ctx context.Context) (healthDetails, error) {
	var details healthDetails
	err := d.read(ctx, func(tx pgx.Tx) error {
		// Up to the first space: packagers put their own version after it.
		if err := tx.QueryRow(ctx, `select split_part(current_setting('server_version'), ' ', 1)`).Scan(&details.Postgres); err != nil {
			return err
		}
		if err := store.CheckVersion(ctx, tx); err != nil {
			return err
		}
		status, err := store.ReadStatus(ctx, tx)
		details.Status = &status
		if err != nil || d.settings.TracingDatasource == "" {
			return err
		}
		details.NoTraceID, err = d.missingTraceID(ctx, tx)
		return err
	})
	return details, err
}

// missingTraceID is the attribute of trace ids, or "" where events have it.
func (d *Datasource) missingTraceID(ctx context.Context, tx pgx.Tx) (string, error) {
	name, has := d.settings.TraceIDAttribute, false
	err := tx.QueryRow(ctx,
		`select exists (select from footfall.attribute_names where level = 'event' and name = $1)`, name).Scan(&has)
	if err != nil || has {
		return "", err
	}
	return name, nil
}

// explainHealth names host, user and database to administrators alone, who can see them in the settings.
func (d *Datasource) explainHealth(err error, user *backend.User) problem {
	if roleOf(user) != Admin {
		if p, known := explain(err, nameless); known && d.invalid == nil {
			return p
		}
		return problem{what: "The datasource does not work", advice: "Administrators see why when they test it"}
	}
	if d.invalid != nil {
		return problem{what: "Setting wrong", advice: upperFirst(err.Error())}
	}
	if p, known := explain(err, d.settings.names()); known {
		return p
	}
	return problem{what: "Unexpected: " + err.Error(), advice: "See Grafana's log for more"}
}

// noWorker is true where events wait and nobody takes them.
func (d *Datasource) noWorker(s store.Status) bool {
	if d.worker != nil && time.Since(d.worker.started) < workerSilence {
		return false
	}
	return s.Inbox > 0 && (s.WorkerHeartbeat == nil || time.Since(*s.WorkerHeartbeat) > workerSilence)
}

func noWorker(s store.Status) problem {
	seen := "ever"
	if s.WorkerHeartbeat != nil {
		seen = "for " + ago(*s.WorkerHeartbeat)
	}
	p := problem{
		what:   fmt.Sprintf("No worker has been seen %s, and %s in the inbox", seen, s.Waiting("event waits", "events wait")),
		advice: "Start one with `footfall work`, or switch on Run worker in the datasource's settings",
	}
	if s.LastError != "" {
		p.what += fmt.Sprintf(" (its last error: %s)", s.LastError)
	}
	return p
}

// describe is the answer when all is well.
func describe(details healthDetails) string {
	s := details.Status
	parts := []string{
		fmt.Sprintf("Connected to PostgreSQL %s, schema version %d", details.Postgres, s.SchemaVersion),
		store.Counted(s.Users, "user", "users") + ", " + store.Counted(s.Sessions, "session", "sessions") + ", " +
			store.Counted(s.Events, "event", "events"),
	}
	if s.LastEvent != nil {
		parts = append(parts, fmt.Sprintf("the newest event is %s old", ago(*s.LastEvent)))
	}
	if s.Inbox > 0 {
		parts = append(parts, s.Waiting("event waits in the inbox", "events wait in the inbox"))
	} else if s.WorkerHeartbeat == nil {
		parts = append(parts, "no worker has been seen yet")
	}
	if s.Rejected+s.Conflicts > 0 {
		parts = append(parts, store.Counted(s.Rejected, "row was rejected", "rows were rejected")+" and "+
			store.Counted(s.Conflicts, "conflicts with another", "conflict with others"))
	}
	if s.LeftOut > 0 {
		parts = append(parts, store.Counted(s.LeftOut, "value was", "values were")+" left out of events or cut ("+
			store.LeftOutFields(s.LeftOutKinds)+")")
	}
	if details.NoTraceID != "" {
		parts = append(parts, fmt.Sprintf("warning: no event has the attribute %q, which is to hold trace ids", details.NoTraceID))
	}
	for _, warning := range s.Warnings() {
		parts = append(parts, "warning: "+warning)
	}
	return strings.Join(parts, "; ") + "."
}

func unhealthy(p problem, details healthDetails, err error, user *backend.User) (*backend.CheckHealthResult, error) {
	if err != nil && roleOf(user) == Admin {
		details.VerboseMessage = err.Error()
	}
	return healthResult(backend.HealthStatusError, p.String(), details)
}

func healthResult(status backend.HealthStatus, text string, details healthDetails) (*backend.CheckHealthResult, error) {
	encoded, err := json.Marshal(details)
	if err != nil {
		return nil, fmt.Errorf("encode the health's details: %w", err)
	}
	return &backend.CheckHealthResult{Status: status, Message: text, JSONDetails: encoded}, nil
}

// ago is the time since, in the largest unit that has at least two.
func ago(then time.Time) string {
	since := max(time.Since(then), 0)
	for _, unit := range []struct {
		name string
		size time.Duration
	}{{"days", 24 * time.Hour}, {"hours", time.Hour}, {"minutes", time.Minute}} {
		if since >= 2*unit.size {
			return fmt.Sprintf("%d %s", since/unit.size, unit.name)
		}
	}
	return fmt.Sprintf("%d seconds", since/time.Second)
}
