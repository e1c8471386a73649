// Package columns reads sessions by the million, packed as footfall.tail and footfall.blocks have them, and hands them over to
// several goroutines: what questions over many are answered from.
package columns

import (
	"context"
	"encoding/binary"
	"fmt"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/blocks"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// Ref is the key of a session.
type Ref struct {
	User    int32
	Session int64
}

// Session is one that a scan hands over.
type Session struct {
	Ref
	Start int64 // milliseconds since 1970
	end   int64 // likewise, of scans that reach into a range
	packed.Session
	Said [][]int32 // by attribute of Scan.Said: the number of each event's value
}

// Scan is what is to be read.
type Scan struct {
	From, To time.Time // sessions that start in [From, To)
	Reaching bool      // instead those that reach into it
	Users    []int32   // of these users alone; nil: of all
	Sessions []Ref     // of these alone, each of which is looked up; nil: all
	ByUser   bool      // each user's come one after another, by start, then key
	Where    Where     // nil: all
	// Durations has sessions come with those of their events, where they are built: IsBuilt. With Sessions they may be missing.
	Durations bool
	// Said has events come with what they say of some attributes; not with ByUser, Users and Sessions.
	Said *Said
	// NoEvents leaves out tokens and offsets where that saves something, unless conditions need them.
	NoEvents bool
	// NoPlaces leaves out the sessions' attributes, likewise.
	NoPlaces bool
	// NoTimesInside leaves out offsets of sessions in blocks that lie within the range, likewise: all their events are in it.
	NoTimesInside bool
	Room          *Room // for what conditions on sessions keep; nil: it is not counted

	around func(worker int, over func() error) error  // runs over some sessions; nil: nothing is to be done beside
	batch  func(worker int, sessions []Session) error // takes sessions of a block, some at a time; nil: each is taken by itself
}

// maxWorkers is among how many goroutines a scan's sessions are shared out at most.
const maxWorkers = 4

// Workers is how many goroutines a scan hands sessions over to.
func Workers() int { return min(runtime.GOMAXPROCS(0), maxWorkers) }

const (
	tailSQL = `select t.user_key, t.session_key, t.start_ts, t.end_ts, t.steps
  from footfall.tail t
 where `
	ofTail = "\n   and (t.bucket, t.user_key) in (" +
		"\n       select w.user_key % (select buckets from footfall.columns), w.user_key from unnest($3::integer[]) w (user_key))"
	amongTail = "\n   and (t.bucket, t.user_key, t.session_key) in (" +
		"\n       select w.user_key % (select buckets from footfall.columns), w.user_key, w.session_key" +
		"\n         from unnest($3::integer[], $4::bigint[]) w (user_key, session_key))"
)

// statement reads packed sessions.
func (s Scan) statement(in buckets) store.Statement {
	statement := store.Statement{SQL: tailSQL + s.times("t"), Args: []any{s.From, s.To}, Binary: true}
	switch {
	case s.Users != nil:
		statement.SQL, statement.Args = statement.SQL+ofTail, append(statement.Args, s.Users)
	case s.Sessions != nil:
		statement.SQL, statement.Args = statement.SQL+amongTail, append(statement.Args, s.keys()...)
	}
	if in != allBuckets { // they are sorted when they have come
		return in.narrow(statement, "t")
	}
	statement.SQL += s.order("t")
	return statement
}

// keys are those of Sessions: of their users, and their own.
func (s Scan) keys() []any {
	users, sessions := make([]int32, len(s.Sessions)), make([]int64, len(s.Sessions))
	for i, ref := range s.Sessions {
		users[i], sessions[i] = ref.User, ref.Session
	}
	return []any{users, sessions}
}

// times is a condition on a table of sessions, over $1 and $2.
func (s Scan) times(table string) string {
	if s.Reaching {
		return table + ".start_ts < $2 and " + table + ".end_ts >= $1"
	}
	return table + ".start_ts >= $1 and " + table + ".start_ts < $2"
}

// order sorts with + 0, since in the order of an index sessions would be read from all over the table.
func (s Scan) order(table string) string {
	if !s.ByUser {
		return ""
	}
	return fmt.Sprintf("\n order by %[1]s.user_key + 0, %[1]s.start_ts, %[1]s.session_key", table)
}

// Read hands over the sessions as they are in the transaction db, of which one snapshot is wanted, and which has changed nothing, each
// to one of Workers() goroutines, which take knows by their number; all of a user to the same. A session is good until take returns. It
// waits until Default has room for one more scan, and returns the statements that were run: of several questions that want the same
// range at the same time, one's snapshot is read for all. Its errors are those of take, after which the transaction can go on, or of type
// *store.StatementError.
func (s Scan) Read(ctx context.Context, db store.Querier, take func(worker int, session *Session) error) ([]store.Statement, error) {
	kept, err := s.layout(ctx, db)
	if err != nil {
		return nil, err
	}
	way := s.way(kept)
	if s.canShare(way) && !isAlone(ctx) {
		return s.readShared(ctx, db, kept, way, take)
	}
	return s.readAlone(ctx, db, kept, way, take)
}

// readAlone waits until there is room, and reads.
func (s Scan) readAlone(ctx context.Context, db store.Querier, kept layout, way way, take func(int, *Session) error) ([]store.Statement, error) {
	end, err := Default.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	return s.read(ctx, db, kept, way, take)
}

func (s Scan) read(ctx context.Context, db store.Querier, kept layout, way way, take func(int, *Session) error) ([]store.Statement, error) {
	part, err := db.Begin(ctx) // a statement that is cancelled aborts this alone
	if err != nil {
		return nil, &store.StatementError{Executed: "savepoint", Err: err}
	}
	group, together := errgroup.WithContext(ctx)
	r := reading{Scan: s, db: part, out: newOutlet(together, kept.buckets)}
	for worker, chunks := range r.out.workers {
		group.Go(func() error { return s.work(together, way, worker, chunks, take) })
	}
	group.Go(func() error {
		defer r.out.close()
		return r.all(ctx, way)
	})
	if err = group.Wait(); err != nil {
		_ = part.Rollback(ctx) // err tells more than that this cannot be done either
		return r.executed, err
	}
	if err := part.Commit(ctx); err != nil {
		return r.executed, &store.StatementError{Executed: "release savepoint", Err: err}
	}
	return r.executed, nil
}

// reading is a scan on its way.
type reading struct {
	Scan
	db       pgx.Tx
	out      *outlet
	deaths   map[int16][]blocks.Death
	executed []store.Statement
}

// did notes a statement, of those that differ in the buckets alone the first one.
func (r *reading) did(s store.Statement, in buckets) {
	if in.from == 0 {
		r.executed = append(r.executed, s)
	}
}

func (r *reading) all(ctx context.Context, way way) (err error) {
	switch way {
	case fromRows:
		err = r.readRows(ctx)
	case fromTail:
		err = r.readTail(ctx, allBuckets)
	case fromBlocks:
		if err = r.readTail(ctx, allBuckets); err == nil {
			err = r.readBlocks(ctx, allBuckets)
		}
	case fromBuckets:
		return r.readBuckets(ctx)
	}
	if err != nil {
		return err
	}
	return r.out.flush()
}

// ended cancels the statement whose rows are read, since nobody wants the rest, and returns why. The context that it was
// asked with goes on: when that ends, some connections are closed.
func ended(ctx context.Context, db pgx.Tx, why error) error {
	_ = db.Conn().PgConn().CancelRequest(ctx) // else the rest is read in vain
	return why
}

// readTail takes the rows as they come over the wire: to scan them into variables takes longer than to unpack them.
func (r *reading) readTail(ctx context.Context, in buckets) error {
	statement := r.statement(in)
	r.did(statement, in)
	rows, err := statement.Query(ctx, r.db)
	if err != nil {
		return &store.StatementError{Executed: statement.String(), Err: err}
	}
	defer rows.Close()
	for rows.Next() {
		row := rows.RawValues()
		ref := Ref{
			int32(binary.BigEndian.Uint32(row[0])), //nolint:gosec // PostgreSQL's integer
			int64(binary.BigEndian.Uint64(row[1])), //nolint:gosec // PostgreSQL's bigint
		}
		c, err := r.out.chunk(ref.User)
		if err != nil {
			return ended(ctx, r.db, err)
		}
		c.packed = append(c.packed, row[4]...)
		c.heads = append(c.heads, head{ref, millisecondsOf(row[2]), millisecondsOf(row[3]), len(c.packed)})
	}
	if err := rows.Err(); err != nil {
		return &store.StatementError{Executed: statement.String(), Err: err}
	}
	return nil
}

// millisecondsOf reads a binary timestamptz: microseconds since 2000.
func millisecondsOf(binaryTime []byte) int64 {
	const since1970 = 946_684_800_000
	return int64(binary.BigEndian.Uint64(binaryTime))/1000 + since1970 //nolint:gosec // PostgreSQL's bigint
}

// Milliseconds is the first whole millisecond since 1970 that is not before a time, which counts in microseconds.
func Milliseconds(t time.Time) int64 {
	ms := t.UnixMilli()
	if time.UnixMilli(ms).UnixMicro() < t.UnixMicro() {
		ms++
	}
	return ms
}
