package rollup_test

import (
	"context"
	"testing"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Rows of reference tables that are about the user alone are gone with the user.
func TestForgetTakesRowsOfReferenceTables(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	view := func(id, email, attributes string) event.Row {
		return event.Row{TS: "2025-05-17T10:05:03Z", Type: "view", UserID: id, SessionID: id, ViewPath: "/", UserEmail: email, Attributes: attributes}
	}
	insert(t, pool, []event.Row{
		view("ann", "Ann@x.org", `{"usr.account":7.0,"usr.team":{"na\"me":"red"}}`), view("bob", "team@x.org", `{"usr.account":"8","usr.team":{"na\"me":"blue"}}`),
		view("eve", " TEAM@x.org", `{"usr.account":8,"usr.team":{"na\"me":"blue"}}`),
	})
	drain(t, pool, 10)
	if _, err := pool.Exec(ctx, `
		insert into footfall.reference_tables (name, identity, key_column, columns, rows, uploaded_by, report)
		values ('ids', 'user_id', 'k', '[]', 3, 'x', '{}'), ('mails', 'user_email', 'k', '[]', 2, 'x', '{}'),
		       ('names', 'user_name', 'k', '[]', 1, 'x', '{}'), ('accounts', 'usr.account', 'k', '[]', 3, 'x', '{}'),
		       ('teams', 'usr.team.na"me', 'k', '[]', 2, 'x', '{}');
		insert into footfall.reference_rows (table_id, key, value)
		select t.id, k.key, '{}'
		  from footfall.reference_tables t
		  join (values ('ids', 'ann'), ('ids', 'bob'), ('ids', 'ann@x.org'), ('mails', 'ann@x.org'), ('mails', 'team@x.org'),
		        ('names', 'ann'), ('accounts', '7'), ('accounts', '8'), ('accounts', 'ann'), ('teams', 'red'), ('teams', 'blue')) k (name, key) on k.name = t.name`); err != nil {
		t.Fatal(err)
	}
	left := func() (list string) {
		if err := pool.QueryRow(ctx, `
			select string_agg(t.name || '/' || r.key, ' ' order by t.name, r.key collate "C")
			  from footfall.reference_tables t join footfall.reference_rows r on r.table_id = t.id`).Scan(&list); err != nil {
			t.Fatal(err)
		}
		return list
	}
	for _, step := range []struct{ forget, left string }{
		{"ann", "accounts/8 accounts/ann ids/ann@x.org ids/bob mails/team@x.org names/ann teams/blue"},
		{"bob", "accounts/8 accounts/ann ids/ann@x.org mails/team@x.org names/ann teams/blue"}, // eve has these too
		{"eve", "accounts/ann ids/ann@x.org names/ann"},
	} {
		if _, err := rollup.Forget(ctx, pool, rollup.People{Users: []string{step.forget}}, false); err != nil {
			t.Fatal(err)
		}
		if got := left(); got != step.left {
			t.Errorf("after %s: %s, want %s", step.forget, got, step.left)
		}
		if n := count(t, pool, `select count(*) from footfall.reference_tables t
			where t.rows <> (select count(*) from footfall.reference_rows r where r.table_id = t.id)`); n != 0 {
			t.Errorf("after %s: %d tables with a wrong number of rows", step.forget, n)
		}
	}
}
