package testdb

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store/schema"
)

// AsReader is a pool on the same database of a role that may do what a reader may, and that sends statements as psql does.
func AsReader(t testing.TB, pool *pgxpool.Pool) *pgxpool.Pool {
	t.Helper()
	ctx := context.Background()
	role := fmt.Sprintf("footfall_reader_%d_%d", os.Getpid(), databases.Add(1))
	as := func(do func(*pgx.Conn) error) {
		conn, err := pgx.Connect(ctx, pool.Config().ConnString())
		if err == nil {
			err = do(conn)
			_ = conn.Close(ctx)
		}
		if err != nil {
			t.Errorf("testdb: a role that reads: %v", err)
		}
	}
	as(func(conn *pgx.Conn) error {
		if _, err := conn.Exec(ctx, "create role "+role); err != nil {
			return err
		}
		return schema.GrantReader(ctx, conn, role)
	})
	t.Cleanup(func() {
		as(func(conn *pgx.Conn) error {
			_, err := conn.Exec(ctx, "drop owned by "+role+"; drop role "+role)
			return err
		})
	})
	return Connect(t, pool.Config().ConnString()+"&default_query_exec_mode=simple_protocol&options=-c%20role%3D"+role)
}
