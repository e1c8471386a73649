package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store"
)

type statusCommand struct {
	JSON bool `help:"Print the status as JSON."`
}

func (statusCommand) Help() string {
	return `Examples:
  footfall status
  footfall status --json | jq .inbox`
}

func (c *statusCommand) Run(a *app, pool *pgxpool.Pool) error {
	status, err := store.ReadStatus(a.ctx, pool)
	if err != nil {
		return err
	}
	if c.JSON {
		return a.printJSON(status)
	}
	return a.printStatus(status)
}

func (a *app) printStatus(s store.Status) error {
	now := time.Now()
	facts := a.columns()
	facts.fact("events", "%d", s.Events)
	facts.fact("sessions", "%d", s.Sessions)
	facts.fact("users", "%d, and %d anonymous", s.Users, s.Anonymous)
	facts.fact("newest event", "%s", ago(s.LastEvent, now))
	if s.Inbox == 0 {
		facts.fact("inbox", "empty")
	} else {
		facts.fact("inbox", "%s waiting, the oldest for %s", s.Waiting("row", "rows"), rough(seconds(s.InboxAgeSeconds)))
	}
	facts.fact("duplicates", "%d", s.Duplicates)
	facts.fact("conflicts", "%d", s.Conflicts)
	facts.fact("rejected", "%d", s.Rejected)
	facts.fact("left out", "%d values", s.LeftOut)
	facts.fact("worker", "%s", workerLine(s, now))
	if s.LastBatch != nil {
		facts.fact("last batch", "%s: %d rows in %v", ago(s.LastBatch, now), s.LastBatchRows, seconds(s.LastBatchMs/1000))
	}
	if s.LastError != "" {
		facts.fact("last error", "%s: %s", ago(s.LastErrorAt, now), s.LastError)
	}
	facts.fact("tokens", "%d%s", s.TokensUsed, tokenTypes(s.TokenUse))
	facts.fact("packed", "%s", packedLine(s))
	facts.fact("database", "%.1f MB", float64(s.DatabaseBytes)/1e6)
	facts.fact("schema version", "%d", s.SchemaVersion)
	if err := facts.end(); err != nil {
		return err
	}
	a.printSamples(s, now)
	for _, warning := range s.Warnings() {
		fmt.Fprintf(a.stdout, "Warning: %s.\n", warning)
	}
	return nil
}

// packedLine says which sessions stand in footfall.tail.
func packedLine(s store.Status) string {
	const time = "2006-01-02 15:04 UTC"
	first := "the first"
	if s.FirstSession != nil {
		first = s.FirstSession.UTC().Format(time)
	}
	switch {
	case !s.Unpacked:
		return "all sessions"
	case s.PackedFrom == nil:
		return "no older sessions yet; a worker packs them, from the newest back to " + first
	}
	return fmt.Sprintf("sessions since %s; a worker packs those before, back to %s", s.PackedFrom.UTC().Format(time), first)
}

// tokenTypes says how far each type's cap is used.
func tokenTypes(uses []store.TokenUse) string {
	var types []string
	for _, use := range uses {
		types = append(types, english.Sprintf("%s %d of %d", use.Type, use.Used, use.Cap))
	}
	if types == nil {
		return ""
	}
	return " (" + strings.Join(types, ", ") + ")"
}

// printSamples shows the latest rejected rows and conflicts.
func (a *app) printSamples(s store.Status, now time.Time) {
	for i, k := range s.RejectedKinds {
		if i == 0 {
			fmt.Fprintln(a.stdout, "Rejected rows by reason:")
		}
		english.Fprintf(a.stdout, "  %d of %s: %s; the latest %s\n", k.Rows, k.Field, k.Reason, ago(&k.At, now))
	}
	for i, r := range s.RejectedSamples {
		if i == 0 {
			fmt.Fprintln(a.stdout, "Latest rejected rows (all are in footfall.rejected):")
		}
		fmt.Fprintf(a.stdout, "  %s%s: %s %s\n", ago(&r.At, now), from(r.Source), r.Field, quoted(r.Value, r.Reason))
	}
	for i, l := range s.LeftOutKinds {
		if i == 0 {
			fmt.Fprintln(a.stdout, "Left out of events that were kept, or cut (footfall.left_out):")
		}
		english.Fprintf(a.stdout, "  %d of %s: %s; the latest %s%s\n",
			l.Values, l.Field, quoted(l.Sample, l.Reason), ago(&l.At, now), from(l.Source))
	}
	for i, c := range s.ConflictSamples {
		if i == 0 {
			fmt.Fprintln(a.stdout, "Latest conflicts (footfall.conflicts has the rows):")
		}
		fmt.Fprintf(a.stdout, "  %s%s: differs from an earlier event with the same id in %s%s\n",
			ago(&c.At, now), from(c.Source), strings.Join(c.Fields, ", "), correction(c))
	}
}

// quoted puts a value before what is said of it.
func quoted(value, reason string) string {
	if value == "" {
		return reason
	}
	return fmt.Sprintf("%q %s", value, reason)
}

// correction says how an import's event makes way for one that another import, or a writer, sent later.
func correction(c store.Conflict) string {
	if c.First == 0 || c.First == c.Import {
		return ""
	}
	return fmt.Sprintf("; `footfall imports undo %d` makes this one count", c.First)
}

func from(source string) string {
	if source == "" {
		return ""
	}
	return " from " + source
}

// workerLine tells of all workers seen lately, or of the last one.
func workerLine(s store.Status, now time.Time) string {
	var lines []string
	for _, w := range s.Running(now) {
		lines = append(lines, doingLine(w, s.Lock, now))
	}
	holder := ""
	if s.Lock != nil {
		holder = fmt.Sprintf("; the worker's lock has %s", s.Lock)
	}
	switch {
	case lines != nil:
		return strings.Join(lines, "; ")
	case s.WorkerHeartbeat == nil:
		return "never seen; start it with `footfall work`" + holder
	}
	return fmt.Sprintf("not running, last seen on %s %s; start one with `footfall work`", s.WorkerHost, ago(s.WorkerHeartbeat, now)) + holder
}

func doingLine(w store.Worker, lock *store.LockHolder, now time.Time) string {
	seen := fmt.Sprintf("seen on %s %s", w.Host, ago(&w.Heartbeat, now))
	switch {
	case w.Doing == store.DoingBatch:
		return fmt.Sprintf("%s, in a batch for %s", seen, rough(now.Sub(w.Since)))
	case w.Doing == store.DoingWait && lock != nil:
		return fmt.Sprintf("%s, waiting for %s for the worker's lock, which %s has", seen, rough(now.Sub(w.Since)), lock)
	}
	return seen
}

func ago(t *time.Time, now time.Time) string {
	if t == nil {
		return "none"
	}
	return fmt.Sprintf("%s (%s ago)", t.UTC().Format("2006-01-02 15:04:05 UTC"), rough(now.Sub(*t)))
}

// rough shows days where hours say little.
func rough(d time.Duration) string {
	if d >= 48*time.Hour {
		return english.Sprintf("%d days", int(d.Hours()/24))
	}
	return d.Round(time.Second).String()
}

func seconds(s float64) time.Duration {
	return time.Duration(s * float64(time.Second)).Round(time.Millisecond)
}
