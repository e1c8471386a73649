package rollup

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// gapGroup is whose events without session id are cut into sessions together.
type gapGroup struct {
	UserKey     int32
	Application int32
}

// gapRun is a group's new events and the stored sessions they reach.
type gapRun struct {
	gapGroup
	rule     gapRule
	records  []*record // new, in event order
	sessions map[int64]*session
	from, to int64 // ms: sessions that end after from and start before to are reached
}

// rollGaps computes the sessions of events without session id. New events can extend, start, merge and split them.
func (b *batch) rollGaps(ctx context.Context, groups map[gapGroup][]*record) error {
	var runs []*gapRun
	for group, records := range groups {
		sortRecords(records)
		rule := b.gapRuleFor(group.Application)
		runs = append(runs, &gapRun{
			gapGroup: group, rule: rule, records: records, sessions: map[int64]*session{},
			from: records[0].TS - rule.gap, to: records[len(records)-1].TS + rule.gap,
		})
	}
	if err := b.readReached(ctx, runs); err != nil {
		return err
	}
	if err := b.readDetails(ctx, column(runs, (*gapRun).last)); err != nil {
		return err
	}
	var again []*gapRun
	var rebuild []*session
	for _, run := range runs {
		if !b.continueLast(run) {
			again = append(again, run)
			for _, s := range run.sessions {
				rebuild = append(rebuild, s)
			}
		}
	}
	stored, err := b.storedOf(ctx, rebuild)
	if err != nil {
		return err
	}
	for _, run := range again {
		b.splitAgain(run, stored)
	}
	return nil
}

// gapRuleFor returns the rule of an application, given by its dictionary id, 0 for events without one.
func (b *batch) gapRuleFor(application int32) gapRule {
	rule := gapRule{b.settings.SessionGap, b.settings.SessionMax}
	for id, gap := range b.settings.applicationGaps {
		if known := b.memory.knownText("application", id); known == application && (known != 0 || id == "") {
			rule.gap = gap
		}
	}
	return rule
}

// readReached reads the stored sessions that each run reaches, and those that these reach in turn: a new first event
// moves every later cut as far as no gap ends the run.
func (b *batch) readReached(ctx context.Context, runs []*gapRun) error {
	for open := runs; len(open) > 0; {
		sessions, err := b.reachedSessions(ctx, open)
		if err != nil {
			return err
		}
		var wider []*gapRun
		for i, run := range open {
			to := run.to
			for _, s := range sessions[i] {
				run.sessions[s.Key] = s
				run.to = max(run.to, s.End+run.rule.gap)
			}
			if run.to > to {
				wider = append(wider, run)
			}
		}
		open = wider
	}
	return nil
}

func (b *batch) reachedSessions(ctx context.Context, runs []*gapRun) (map[int][]*session, error) {
	rows, err := b.tx.Query(ctx, `
		select `+sessionColumns+`, asked.run
		  from unnest($1::int[], $2::int[], $3::timestamptz[], $4::timestamptz[])
		       with ordinality asked (user_key, application, from_ts, to_ts, run)
		  join footfall.sessions s
		    on s.user_key = asked.user_key and s.start_ts < asked.to_ts`+tailJoin+`
		 where s.end_ts > asked.from_ts and s.session_id is null and coalesce(s.application, 0) = asked.application`,
		column(runs, func(r *gapRun) int32 { return r.UserKey }),
		column(runs, func(r *gapRun) int32 { return r.Application }),
		column(runs, func(r *gapRun) time.Time { return fromMilli(r.from) }),
		column(runs, func(r *gapRun) time.Time { return fromMilli(r.to) }))
	if err != nil {
		return nil, fmt.Errorf("read neighbouring sessions: %w", err)
	}
	sessions := map[int][]*session{}
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (any, error) {
		var run int
		s, err := scanSession(row, &run)
		sessions[run-1] = append(sessions[run-1], s)
		return nil, err
	})
	if err != nil {
		return nil, fmt.Errorf("read neighbouring sessions: %w", err)
	}
	return sessions, nil
}

// continueLast handles events that only extend the last stored session or come after it; false: the run has to be cut
// again.
func (b *batch) continueLast(run *gapRun) bool {
	records := run.records
	if last := run.last(); last != nil {
		if records[0].Compare(last.last()) <= 0 {
			return false
		}
		n, end := 0, last.End
		for n < len(records) && !run.rule.starts(last.Start, end, records[n].TS) {
			end = records[n].TS
			n++
		}
		if n > 0 {
			if !last.takes(records[:n], &b.rules) || !b.extend(last, records[:n]) {
				return false
			}
		}
		records = records[n:]
	}
	for _, part := range run.rule.split(records) {
		b.build(nil, run.ref(part), part)
	}
	return true
}

func (run *gapRun) last() *session {
	var last *session
	for _, s := range run.sessions {
		if last == nil || s.Start > last.Start {
			last = s
		}
	}
	return last
}

func (run *gapRun) ref(part []*record) sessionRef {
	return sessionRef{run.UserKey, gapSessionKey(run.Application, part[0].TS)}
}

// splitAgain cuts all events of the run anew and replaces the sessions they were in.
func (b *batch) splitAgain(run *gapRun, stored map[sessionRef][]*record) {
	records := slices.Clone(run.records)
	for _, s := range run.sessions {
		records = append(records, stored[s.sessionRef]...)
	}
	sortRecords(records)
	for _, part := range run.rule.split(records) {
		ref := run.ref(part)
		b.build(run.sessions[ref.Key], ref, part)
		delete(run.sessions, ref.Key)
	}
	for _, gone := range run.sessions {
		b.changes = append(b.changes, change{gone, nil})
	}
}
