package check

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/blocks"
	events "github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// Attributes of events that are packed beside blocks, and beside sessions of the tail, are compared with the events.

const blocksWithValuesSQL = `select distinct bucket, block from footfall.block_attributes order by bucket, block`

func (r *Report) checkValues(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, blocksWithValuesSQL)
	if err != nil {
		return err
	}
	heads, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (h blocks.Head, err error) {
		err = row.Scan(&h.Bucket, &h.ID)
		return h, err
	})
	if err != nil {
		return err
	}
	for _, head := range heads {
		if err := snapshot(ctx, pool, store.PlansByKey, func(tx pgx.Tx) error { return r.checkValuesOf(ctx, tx, head) }); err != nil {
			return fmt.Errorf("compare attributes of block %d of bucket %d: %w", head.ID, head.Bucket, err)
		}
	}
	return nil
}

// said is what an event's attributes are, by name.
type said map[string]json.RawMessage

// of is the value of an attribute: of the first of its paths where there is one that is not null.
func (s said) of(name string) string {
	for _, path := range events.AttributePaths(name) {
		value, there := json.RawMessage(nil), true
		for at := s; there && len(path) > 0; path = path[1:] {
			if value, there = at[path[0]]; there && len(path) > 1 {
				at = nil
				there = json.Unmarshal(value, &at) == nil
			}
		}
		if there && string(value) != "null" {
			return string(value)
		}
	}
	return ""
}

const saidSQL = `
select e.attributes::text
  from footfall.events e
 where e.user_key = $1 and e.session_key = $2 and e.ts >= $3 and e.ts <= $4
 order by e.ts, e.seq nulls first, e.event_key
 limit $5`

// checkValuesOf compares what is packed of a block's copies that count.
func (r *Report) checkValuesOf(ctx context.Context, tx pgx.Tx, head blocks.Head) error {
	packed, err := blocks.ReadValues(ctx, tx, "v.bucket = $1 and v.block = $2", head.Bucket, head.ID)
	if err != nil {
		return err
	}
	deaths, err := blocks.ReadDeaths(ctx, tx, "d.bucket = $1", head.Bucket)
	if err != nil {
		return err
	}
	var reader blocks.Reader
	there, readable := false, false
	err = blocks.Each(ctx, tx, blocks.Statement(blocks.All, "b.bucket = $1 and b.id = $2", head.Bucket, head.ID), func(row *blocks.Row) error {
		head = blocks.Head{Bucket: row.Bucket, ID: row.ID, Sessions: row.Sessions, Events: row.Events, Extent: row.Extent()}
		there, readable = true, reader.Decode(&row.Block, blocks.All) == nil
		if readable {
			reader.Bury(head.Deaths(deaths[head.Bucket]))
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !there && len(packed) > 0 {
		r.add(Difference{Problem: fmt.Sprintf("attributes of block %d of bucket %d are packed, which is gone", head.ID, head.Bucket)})
	}
	if !readable {
		return nil // that was told
	}
	return r.compareValues(ctx, tx, &reader, head, packed)
}

// compareValues tells of each attribute where it first differs from the events.
func (r *Report) compareValues(ctx context.Context, tx pgx.Tx, reader *blocks.Reader, head blocks.Head, packed []blocks.NamedValues) error {
	differs := func(v blocks.NamedValues, problem string) {
		r.add(Difference{Problem: fmt.Sprintf("block %d of bucket %d has the attribute %s packed, which %s", head.ID, head.Bucket, v.Name, problem)})
	}
	values := map[string]*blocks.EventValues{} // those that are compared still
	for _, v := range packed {
		if !v.Packed {
			continue // events are read
		}
		one := &blocks.EventValues{}
		if err := one.Decode(&v.Values, int(head.Events)); err != nil {
			differs(v, "is not readable: "+err.Error())
			continue
		}
		values[v.Name] = one
	}
	for i, s := range reader.All {
		if len(values) == 0 {
			return nil
		}
		list, err := saidBy(ctx, tx, s)
		if err != nil {
			return err
		}
		if len(list) < len(s.Tokens) {
			return nil // the session differs, which was told
		}
		for _, v := range packed {
			if problem := difference(values[v.Name], reader.EventsBefore(i), s, v.Name, list); problem != "" {
				differs(v, problem)
				delete(values, v.Name)
			}
		}
	}
	return nil
}

// difference says where the values of a session's events, which begin at a place in a block, are others than the events say, "" where
// they are not.
func difference(values *blocks.EventValues, from int, s *blocks.Session, name string, list []said) string {
	if values == nil {
		return ""
	}
	for at := range s.Tokens {
		got := ""
		if of := values.Of[from+at]; of > 0 {
			got = values.Texts[of-1]
		}
		if want := list[at].of(name); got != want {
			return fmt.Sprintf("has %q where event %d of session %d of user %d has %q", got, at, s.Key, s.User, want)
		}
	}
	return ""
}

// tailValuesProblem says where what stands beside a session of the tail is not what its events say, "" where it is.
func (s *session) tailValuesProblem(ctx context.Context, tx pgx.Tx) (string, error) {
	if s.said == nil || *s.said == packed.SaidUnknown || s.steps == nil || len(s.events) < len(s.tokens) {
		return "", nil // questions ask the events, or that was told
	}
	head, lines, _ := strings.Cut(*s.said, "\n")
	var names []string
	if err := json.Unmarshal([]byte(head), &names); err != nil {
		return "has attributes of events beside it whose names are not readable", nil
	}
	type place struct{ attribute, event int }
	got := map[place]string{}
	err := packed.EachSaid(lines, len(names), len(s.tokens), func(attribute, event int, value string) { got[place{attribute, event}] = value })
	if err != nil {
		return "has attributes of events beside it that are not readable: " + err.Error(), nil
	}
	list, err := saidBy(ctx, tx, &blocks.Session{
		User: s.user, Key: s.key, Start: s.start.UnixMilli(), End: s.end.UnixMilli(), Session: packed.Session{Tokens: s.tokens},
	})
	if err != nil {
		return "", err
	}
	for event, one := range list {
		for attribute, name := range names {
			if have, want := got[place{attribute, event}], one.of(name); have != want {
				return fmt.Sprintf("has the attribute %s beside it, with %q where event %d has %q", name, have, event, want), nil
			}
		}
	}
	return "", nil
}

func saidBy(ctx context.Context, tx pgx.Tx, s *blocks.Session) ([]said, error) {
	rows, err := tx.Query(ctx, saidSQL, s.User, s.Key, time.UnixMilli(s.Start), time.UnixMilli(s.End), len(s.Tokens))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (of said, err error) {
		var text *string
		if err := row.Scan(&text); err != nil || text == nil {
			return nil, err
		}
		return of, json.Unmarshal([]byte(*text), &of)
	})
}
