package testdb

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

// BoundTail has workers put into blocks what the tail holds beyond so many sessions; a negative number: nothing.
func BoundTail(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, pool *pgxpool.Pool, sessions int) {
	t.Helper()
	_, err := pool.Exec(context.Background(), `update footfall.settings set tail_sessions = nullif(greatest($1::integer, -1), -1)`, sessions)
	if err != nil {
		t.Fatalf("bound the tail: %v", err)
	}
}

// PackAttributes has workers pack these attributes of events beside blocks, and no others.
func PackAttributes(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, pool *pgxpool.Pool, names ...string) {
	t.Helper()
	_, err := pool.Exec(context.Background(), `
		with gone as (delete from footfall.packed_attributes where name <> all ($1)),
		     gone_too as (delete from footfall.block_attributes where name <> all ($1))
		insert into footfall.packed_attributes (name) select unnest($1) on conflict do nothing`, append([]string{}, names...))
	if err != nil {
		t.Fatalf("choose attributes to be packed: %v", err)
	}
}
