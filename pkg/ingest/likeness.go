package ingest

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// likeness looks some rows of each chunk up in the store: rows that are like stored events, and are others by their ids,
// may well be events that were imported before. It is a hint and no more, so whatever fails ends the looking up, never the
// import.
type likeness struct {
	rows   []lookedUp // of the chunk, evenly taken
	seen   int        // rows of the chunk that could be looked up
	stride int        // one in so many is taken

	failed            bool
	asked, resembling int64 // of all chunks so far
}

// lookedUp is what of an event is compared: the user as sent, and what the event is about.
type lookedUp struct {
	kind, user string // of footfall.user_keys
	ts         time.Time
	key        event.Key
	about      string
	path       string
}

const (
	maxLookedUp   = 1000             // of a chunk
	lookUpTimeout = 10 * time.Second // lost at most, once
)

// offer takes the event of a row that is taken, if it is its turn. Events of nobody are not looked up.
func (l *likeness) offer(e *event.Event) {
	row := lookedUp{kind: "usr", user: e.UserID, ts: time.UnixMilli(e.TS), key: e.Key, about: string(e.Type)}
	if row.user == "" {
		row.kind, row.user = "anonymous", e.AnonymousID
	}
	if l.failed || row.user == "" {
		return
	}
	if len(l.rows) == maxLookedUp {
		l.thin()
	}
	l.stride = max(l.stride, 1)
	if l.seen%l.stride == 0 {
		// Clones, as each is part of a row of whatever length.
		row.user, row.about, row.path = strings.Clone(row.user), strings.Clone(row.about), strings.Clone(e.RawPath())
		l.rows = append(l.rows, row)
	}
	l.seen++
}

// thin leaves out every other row of those taken, and from now on.
func (l *likeness) thin() {
	kept := l.rows[:0]
	for i := 0; i < len(l.rows); i += 2 {
		kept = append(kept, l.rows[i])
	}
	l.rows, l.stride = kept, 2*l.stride
}

// The stored events of the user at that time are found by the primary key of events. One of them with the row's own key is
// the row, imported before, and no other event; and what this import itself has brought says nothing.
const resemblingSQL = `
select count(*)
  from unnest($1::text[], $2::text[], $3::timestamptz[], $4::uuid[], $5::text[], $6::text[])
       row (kind, user_id, ts, event_key, type, path)
 cross join lateral (
       select bool_or(e.event_key = row.event_key) as known,
              bool_or(t.type = row.type::footfall.event_type and coalesce(e.path, page.value, '') = row.path
                      and e.import_id is distinct from $7) as alike
         from footfall.user_keys k
         join footfall.events e on e.user_key = k.key and e.ts = row.ts
         join footfall.tokens t on t.id = e.token
         left join footfall.dictionary page on page.id = t.page
        where k.id = row.user_id and k.kind = row.kind::footfall.user_kind) stored
 where stored.alike and not stored.known`

// lookUp counts the taken rows that are like stored events, and begins a new chunk.
func (l *likeness) lookUp(ctx context.Context, pool *pgxpool.Pool, imported int32) {
	rows := l.rows
	l.rows, l.seen, l.stride = l.rows[:0], 0, 1
	if len(rows) == 0 || l.failed {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookUpTimeout)
	defer cancel()
	resembling, err := countResembling(ctx, pool, rows, imported)
	if err != nil {
		l.failed = true // for want of rights, mostly
		return
	}
	l.asked += int64(len(rows))
	l.resembling += resembling
}

func countResembling(ctx context.Context, pool *pgxpool.Pool, rows []lookedUp, imported int32) (n int64, err error) {
	column := func(of func(lookedUp) string) []string {
		var texts []string
		for _, row := range rows {
			texts = append(texts, of(row))
		}
		return texts
	}
	var times []time.Time
	for _, row := range rows {
		times = append(times, row.ts)
	}
	err = pgx.BeginTxFunc(ctx, pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, store.PlansByKey); err != nil {
			return err
		}
		return tx.QueryRow(ctx, resemblingSQL,
			column(func(r lookedUp) string { return r.kind }), column(func(r lookedUp) string { return r.user }), times,
			column(func(r lookedUp) string { return r.key.String() }), column(func(r lookedUp) string { return r.about }),
			column(func(r lookedUp) string { return r.path }), idOrNull(imported)).Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("look rows up: %w", err)
	}
	return n, nil
}

// report tells what was found, nothing where nothing could be looked up.
func (l *likeness) report(to *Report) {
	if l.asked == 0 {
		return
	}
	to.LookedUp, to.Resembling = &l.asked, &l.resembling
	if l.resembling*10 > l.asked {
		to.Warnings = append(to.Warnings, fmt.Sprintf("of %s looked up, %s the user, time, type and page of a stored event, and another id: "+
			"perhaps these events were imported before, with other ids, columns or --set; `footfall imports list` shows what was imported, "+
			"and `footfall imports undo` takes an import back", store.Counted(l.asked, "row", "rows"), store.Counted(l.resembling, "has", "have")))
	}
}
