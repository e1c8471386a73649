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
