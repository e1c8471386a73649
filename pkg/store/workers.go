package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// WorkerLock is the key of the advisory lock that whoever changes events, sessions or profiles holds for a transaction.
const WorkerLock = 0x666f6f74 // "foot"

// What a worker does.
const (
	DoingNothing = "idle"    // the inbox is empty
	DoingBatch   = "batch"   // it has the lock
	DoingWait    = "waiting" // somebody else has it
	DoingEnded   = "ended"
)

// WorkerFresh is how old a worker's sign of life may be for it to count as running: three times its interval.
const WorkerFresh = 15 * time.Second

// Worker is what one worker last said of itself.
type Worker struct {
	Host      string    `json:"host"`
	Heartbeat time.Time `json:"heartbeat"`
	Doing     string    `json:"doing"`
	Since     time.Time `json:"since"`         // when it began to
	PID       int32     `json:"pid,omitempty"` // of the server's process that its batch runs in
}

// Runs tells whether the worker was seen lately.
func (w Worker) Runs(now time.Time) bool {
	return w.Doing != DoingEnded && now.Sub(w.Heartbeat) < WorkerFresh
}

// LockHolder is who has the worker's lock.
type LockHolder struct {
	PID         int32      `json:"pid"`               // of the server's process
	Since       *time.Time `json:"since,omitempty"`   // when its transaction began; nil where the role may not see it
	Address     string     `json:"address,omitempty"` // of the client, "local" on a Unix socket, "" where the role may not see it
	Application string     `json:"application,omitempty"`
}

func (h LockHolder) String() string {
	text := fmt.Sprintf("pid %d", h.PID)
	if h.Application != "" {
		text += " (" + h.Application
		if h.Address != "" {
			text += ", " + h.Address
		}
		text += ")"
	}
	if h.Since != nil {
		text += " since " + h.Since.UTC().Format("2006-01-02 15:04:05 UTC")
	}
	return text
}

// ReadLockHolder tells who has the worker's lock; nil when nobody has. A role sees time and address of its own processes
// alone, unless it may read all statistics.
func ReadLockHolder(ctx context.Context, db Querier) (*LockHolder, error) {
	rows, err := db.Query(ctx, `
		select l.pid, a.xact_start,
		       case when a.xact_start is null then '' else coalesce(host(a.client_addr), 'local') end,
		       coalesce(a.application_name, '')
		  from pg_locks l
		  left join pg_stat_activity a on a.pid = l.pid
		 where l.locktype = 'advisory' and l.granted
		   and l.database = (select oid from pg_database where datname = current_database())
		   and l.classid = 0 and l.objid = $1::bigint::oid and l.objsubid = 1`, WorkerLock)
	if err != nil {
		return nil, fmt.Errorf("read who has the worker's lock: %w", err)
	}
	holders, err := pgx.CollectRows(rows, pgx.RowToAddrOfStructByPos[LockHolder])
	if err != nil {
		return nil, fmt.Errorf("read who has the worker's lock: %w", err)
	}
	if len(holders) == 0 {
		return nil, nil
	}
	return holders[0], nil
}

// readWorkers reads the workers that have not ended, seen last first, and of the others the last one.
func (s *Status) readWorkers(ctx context.Context, db Querier) error {
	rows, err := db.Query(ctx, `
		select host, heartbeat, doing, since, coalesce(pid, 0) from footfall.workers order by heartbeat desc`)
	if err != nil {
		return fmt.Errorf("read the workers: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Worker])
	if err != nil {
		return fmt.Errorf("read the workers: %w", err)
	}
	s.Workers = []Worker{}
	for i, w := range all {
		if i == 0 {
			s.WorkerHost, s.WorkerHeartbeat = w.Host, &w.Heartbeat
		}
		if w.Doing != DoingEnded {
			s.Workers = append(s.Workers, w)
		}
	}
	s.Lock, err = ReadLockHolder(ctx, db)
	return err
}

// Running returns the workers seen lately, those with a batch first, then those that wait for it.
func (s Status) Running(now time.Time) []Worker {
	var running []Worker
	for _, doing := range []string{DoingBatch, DoingWait, DoingNothing} {
		for _, w := range s.Workers {
			if w.Doing == doing && w.Runs(now) {
				running = append(running, w)
			}
		}
	}
	return running
}

// silentHolder returns who has the lock where no worker that was seen lately says that it does: a worker whose machine is
// gone, or another command that works long, such as forget.
func (s Status) silentHolder(now time.Time) *LockHolder {
	for _, w := range s.Workers {
		if s.Lock == nil || w.Runs(now) && w.PID == s.Lock.PID {
			return nil
		}
	}
	return s.Lock
}
