package schema_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/schema"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func connect(t *testing.T, pool *pgxpool.Pool) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), pool.Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func TestSchemaVersionIsTheNumberOfMigrations(t *testing.T) {
	files, err := os.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != store.SchemaVersion {
		t.Fatalf("store.SchemaVersion is %d, but there are %d migrations", store.SchemaVersion, len(files))
	}
	for i, file := range files {
		if number := fmt.Sprintf("%03d_", i+1); !strings.HasPrefix(file.Name(), number) {
			t.Errorf("the name of migration %s has to begin with %s", file.Name(), number)
		}
	}
}

func TestMigrateAtOnceAndAgain(t *testing.T) {
	ctx := context.Background()
	pool := testdb.Empty(t)
	if err := store.CheckVersion(ctx, pool); !errors.Is(err, store.ErrNoSchema) {
		t.Fatalf("an empty database: got %v, want ErrNoSchema", err)
	}
	var group errgroup.Group
	var found [4]int
	for i := range found {
		conn := connect(t, pool)
		group.Go(func() error {
			from, to, err := schema.Migrate(ctx, conn)
			if err == nil && to != store.SchemaVersion {
				t.Errorf("migrated to %d, want %d", to, store.SchemaVersion)
			}
			found[i] = from
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(found[:])
	if want := [4]int{0, store.SchemaVersion, store.SchemaVersion, store.SchemaVersion}; found != want {
		t.Errorf("they found versions %v; want %v: one makes the change, the others find it made", found, want)
	}
	from, to, err := schema.Migrate(ctx, connect(t, pool))
	if err != nil || from != store.SchemaVersion || to != store.SchemaVersion {
		t.Fatalf("migrating again: from %d to %d, %v", from, to, err)
	}
	if err := store.CheckVersion(ctx, pool); err != nil {
		t.Fatal(err)
	}
}

func TestNewerSchemaIsLeftAlone(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	if _, err := pool.Exec(ctx, `update footfall.schema_version set version = 1000`); err != nil {
		t.Fatal(err)
	}
	from, to, err := schema.Migrate(ctx, connect(t, pool))
	if !errors.Is(err, store.ErrTooNew) || from != 1000 || to != 1000 {
		t.Fatalf("got from %d to %d, %v; want ErrTooNew", from, to, err)
	}
}

func TestReaderReadsAndEditsSegmentsAndNothingElse(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	owner := connect(t, pool)
	role := `re"ader_` + owner.Config().Database
	name := pgx.Identifier{role}.Sanitize()
	if _, err := owner.Exec(ctx, `create role `+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := owner.Exec(ctx, `reset role; drop owned by `+name+`; drop role `+name); err != nil {
			t.Error(err)
		}
	})
	for range 2 {
		if err := schema.GrantReader(ctx, owner, role); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := owner.Exec(ctx, `create table footfall.later (); set role `+name); err != nil {
		t.Fatal(err)
	}
	for _, read := range []string{
		`select count(*) from footfall.events`, `select count(*) from footfall.profiles`, `select count(*) from footfall.later`,
		`select name from footfall.attribute_names where level = 'event' and not numeric`,
	} {
		if _, err := owner.Exec(ctx, read); err != nil {
			t.Errorf("%s: %v", read, err)
		}
	}
	if _, err := store.ReadStatus(ctx, owner); err != nil {
		t.Error(err)
	}
	for _, write := range []string{
		`delete from footfall.events`, `insert into footfall.inbox (ts) values ('x')`, `update footfall.worker set events = 0`,
		`create table footfall.mine ()`,
	} {
		var refused *pgconn.PgError
		if _, err := owner.Exec(ctx, write); !errors.As(err, &refused) || refused.Code != "42501" {
			t.Errorf("%s: got %v, want insufficient privilege", write, err)
		}
	}
	checkEdited(t, owner, role)
}

// checkEdited wants the role to change EditedTables and no other table.
func checkEdited(t *testing.T, conn *pgx.Conn, role string) {
	t.Helper()
	rows, err := conn.Query(context.Background(), `
		select c.relname
		  from pg_class c
		 where c.relnamespace = 'footfall'::regnamespace and c.relkind in ('r', 'p')
		   and has_table_privilege($1, c.oid, 'insert')
		   and has_table_privilege($1, c.oid, 'update')
		   and has_table_privilege($1, c.oid, 'delete')
		   and not has_table_privilege($1, c.oid, 'truncate')`, role)
	if err != nil {
		t.Fatal(err)
	}
	edited, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Sorted(slices.Values(schema.EditedTables))
	if slices.Sort(edited); !slices.Equal(edited, want) {
		t.Errorf("the reader may change %v, want %v", edited, want)
	}
}

// Citus distributes these tables by user, the last three by bucket: each of their unique keys has to hold that.
func TestUniqueKeysHoldWhatDistributes(t *testing.T) {
	pool := testdb.New(t)
	rows, err := pool.Query(context.Background(), `
		select case when i.indrelid in ('footfall.tail'::regclass, 'footfall.blocks'::regclass, 'footfall.block_attributes'::regclass, 'footfall.dead'::regclass) then 'bucket' else 'user_key' end,
		       i.indrelid::regclass::text || ' (' || string_agg(a.attname, ', ' order by a.attnum) || ')'
		  from pg_index i
		  join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
		 where i.indisunique
		   and i.indrelid in ('footfall.events'::regclass, 'footfall.sessions'::regclass, 'footfall.profiles'::regclass, 'footfall.tail'::regclass,
		                      'footfall.blocks'::regclass, 'footfall.block_attributes'::regclass, 'footfall.dead'::regclass)
		 group by i.indexrelid, i.indrelid`)
	if err != nil {
		t.Fatal(err)
	}
	var by, key string
	keys := 0
	if _, err := pgx.ForEachRow(rows, []any{&by, &key}, func() error {
		if keys++; !strings.Contains(key, by) {
			t.Errorf("%s lacks %s", key, by)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if keys < 6 {
		t.Fatalf("found only %d unique keys", keys)
	}
}
