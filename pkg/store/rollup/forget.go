package rollup

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Forgotten tells what Forget removed.
type Forgotten struct {
	Known        bool  `json:"known"` // the store had this user
	Events       int64 `json:"events"`
	Sessions     int64 `json:"sessions"`
	Inbox        int64 `json:"inbox"`
	Rejected     int64 `json:"rejected"`
	Dictionaries int64 `json:"dictionaries"` // values that nobody uses any more
	Blocked      bool  `json:"blocked"`
}

// Forget removes everything the store holds of the user with this usr.id, in one transaction under the worker's lock:
// events, sessions, profile, keys, waiting and rejected rows, conflicts, and texts that nobody else's events use. It reads
// all events once for the latter. With block, events of the user that come later are refused, by a hash that is kept.
func Forget(ctx context.Context, pool *pgxpool.Pool, user string, block bool) (Forgotten, error) {
	f := Forgotten{Blocked: block}
	w := newWorker(pool, Options{})
	err := w.locked(ctx, func(b *batch) error {
		f = Forgotten{Blocked: block}
		return b.forget(ctx, user, &f)
	})
	if err != nil {
		return Forgotten{}, fmt.Errorf("forget user: %w", err)
	}
	return f, nil
}

func (b *batch) forget(ctx context.Context, user string, f *Forgotten) error {
	if f.Blocked {
		hash := sha256.Sum256([]byte(user))
		if _, err := b.tx.Exec(ctx, `insert into footfall.blocked (hash) values ($1) on conflict do nothing`, hash[:]); err != nil {
			return err
		}
	}
	// The user's sessions tell which events without usr.id are the user's, in the inbox and among the rejected.
	err := b.run(ctx,
		statement{`create temp table gone_user on commit drop as
			select key from footfall.user_keys where id = $1 and kind = 'usr'`, []any{user}, nil},
		statement{`create temp table gone_sessions on commit drop as
			select session_id as id from footfall.sessions where user_key in (select key from gone_user) and session_id is not null`, nil, nil},
		statement{`delete from footfall.inbox
			where usr_id = $1 or coalesce(usr_id, '') = '' and session_id in (select id from gone_sessions)`, []any{user}, &f.Inbox},
		statement{`delete from footfall.rejected
			where usr_id = $1 or usr_id is null and row ->> 'session.id' in (select id from gone_sessions)`, []any{user}, &f.Rejected},
	)
	if err != nil {
		return err
	}
	if err := b.run(ctx, forgetElsewhere(user)...); err != nil {
		return err
	}
	if err := b.tx.QueryRow(ctx, `select exists (select from gone_user)`).Scan(&f.Known); err != nil || !f.Known {
		return err
	}
	if err := b.forgetStored(ctx, f); err != nil {
		return err
	}
	b.totals.Sessions = -f.Sessions
	return nil
}

// forgetElsewhere removes what tables beside the store itself say of the user: whoever adds a table that names users
// adds a statement here. gone_user has the user's key, if there is one, gone_sessions the ids of its sessions. Names and
// e-mails that another user has too stay.
func forgetElsewhere(user string) []statement {
	return []statement{
		{`delete from footfall.conflicts
			where usr_id = $1 or usr_id is null and row ->> 'session.id' in (select id from gone_sessions)`, []any{user}, nil},
		// Rows of reference tables and lists that are about nobody else.
		{`create temp table gone_names on commit drop as
			with own as (select id, name, lower(btrim(email)) as email from footfall.users where key in (select key from gone_user)),
			others as (select * from footfall.users where key not in (select key from gone_user))
			select 'user_id' as identity, 'usr.id' as field, $1::text as key
			 union all
			select 'user_email', 'usr.email', own.email from own
			 where own.email is not null and not exists (select from others o where lower(btrim(o.email)) = own.email)
			 union all
			select 'user_name', 'usr.name', own.name from own
			 where own.name is not null and not exists (select from others o where o.name = own.name)`, []any{user}, nil},
		{`with gone as (
			  delete from footfall.reference_rows r
			   using footfall.reference_tables t, gone_names n
			   where r.table_id = t.id and t.identity = n.identity and r.key = n.key
			  returning r.table_id
			)
			update footfall.reference_tables t
			   set rows = t.rows - g.rows
			  from (select table_id, count(*) as rows from gone group by table_id) g
			 where t.id = g.table_id`, nil, nil},
		{`with members as (
			  delete from footfall.segment_members where user_key in (select key from gone_user) returning segment_key
			), listed as (
			  delete from footfall.segment_lists l
			   using footfall.segments s, gone_names n
			   where l.segment_key = s.key and s.identity = n.field and l.value = n.key and not l.anonymous
			  returning l.segment_key
			)
			update footfall.segments
			   set stale = true, marks = marks + 1
			 where key in (select segment_key from members union select segment_key from listed)`, nil, nil},
	}
}

// forgetStored removes what is stored of the user in gone_user.
func (b *batch) forgetStored(ctx context.Context, f *Forgotten) error {
	var profiles int64
	if err := b.run(ctx,
		statement{`delete from footfall.events where user_key in (select key from gone_user)`, nil, &f.Events},
		statement{`delete from footfall.sessions where user_key in (select key from gone_user)`, nil, &f.Sessions},
		statement{`delete from footfall.profiles where user_key in (select key from gone_user)`, nil, &profiles},
		statement{`delete from footfall.user_keys where key in (select key from gone_user)`, nil, nil},
		statement{`delete from footfall.users where key in (select key from gone_user)`, nil, nil},
	); err != nil {
		return err
	}
	if err := b.forgetTexts(ctx, f); err != nil {
		return err
	}
	_, err := b.tx.Exec(ctx, `update footfall.worker set epoch = epoch + 1, events = events - $1, users = users - $2`,
		f.Events, profiles)
	return err
}

// forgetTexts removes the dictionaries' rows that nobody uses any more: the user's, and those of events that counted as
// duplicates and said something else. Events, sessions and profiles are read once.
func (b *batch) forgetTexts(ctx context.Context, f *Forgotten) error {
	var traits, contexts, tokens, texts int64
	err := b.run(ctx,
		// The worker's plans for few rows by key do not fit here.
		statement{`set local enable_hashjoin = on`, nil, nil},
		statement{`create temp table used on commit drop as
			select distinct e.token, e.context, e.traits, e.view_name, e.action_type, e.action_name, e.action_target, e.error_type
			  from footfall.events e`, nil, nil},
		statement{`delete from footfall.traits t
			where not exists (select from used where traits = t.id)`, nil, &traits},
		statement{`delete from footfall.contexts c
			where not exists (select from used where context = c.id)`, nil, &contexts},
		// A token may stand in sessions without standing in events, since events can be retired first.
		statement{`delete from footfall.tokens t
			where not exists (select from used where token = t.id)
			  and not exists (select from footfall.sessions s where s.tokens @> array[t.id])`, nil, &tokens},
		statement{`create temp table used_texts on commit drop as
			select x.id from used e
			 cross join lateral (values (e.view_name), (e.action_type), (e.action_name), (e.action_target), (e.error_type)) x (id)
			 union
			select x.id from footfall.tokens t cross join lateral (values (t.page), (t.name)) x (id)
			 union
			select g.page from footfall.page_groups g
			 union
			select x.id from footfall.contexts c cross join lateral (values ` + attrValues("c.") + `) x (id)
			 union
			select x.id from footfall.sessions s cross join lateral (values ` + attrValues("s.") + `) x (id)
			 union
			select x.id from footfall.profiles p
			 cross join lateral (values ` + attrValues("p.first_") + `, ` + attrValues("p.last_") + `) x (id)`, nil, nil},
		statement{`delete from footfall.dictionary d
			where not exists (select from used_texts where id = d.id)`, nil, &texts},
	)
	f.Dictionaries = traits + contexts + tokens + texts
	return err
}

// attrValues lists the columns of a row's attributes, each in parentheses.
func attrValues(prefix string) string {
	return "(" + prefix + strings.Join(attrKinds[:], "), ("+prefix) + ")"
}

// statement is a statement to run and where to put the number of rows it touched.
type statement struct {
	sql  string
	args []any
	rows *int64
}

func (b *batch) run(ctx context.Context, statements ...statement) error {
	for _, s := range statements {
		tag, err := b.tx.Exec(ctx, s.sql, s.args...)
		if err != nil {
			return err
		}
		if s.rows != nil {
			*s.rows = tag.RowsAffected()
		}
	}
	return nil
}
