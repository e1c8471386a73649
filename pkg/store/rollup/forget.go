package rollup

import (
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Forgotten tells what Forget removed.
type Forgotten struct {
	Known        bool  `json:"known"` // the store had this user
	Events       int64 `json:"events"`
	Sessions     int64 `json:"sessions"`
	Inbox        int64 `json:"inbox"`
	Rejected     int64 `json:"rejected"`
	Dictionaries int64 `json:"dictionaries"` // texts that nobody else uses
	Blocked      bool  `json:"blocked"`
}

// Forget removes everything the store holds of the user with this usr.id, in one transaction under the worker's lock:
// events, sessions, profile, keys, waiting and rejected rows, and texts that only this user's events used. It reads all
// events once for the latter. With block, events of the user that come later are refused, by a hash that is kept.
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
	if err := b.tx.QueryRow(ctx, `select exists (select from gone_user)`).Scan(&f.Known); err != nil || !f.Known {
		return err
	}
	if err := b.forgetStored(ctx, f); err != nil {
		return err
	}
	b.totals.Sessions = -f.Sessions
	return nil
}

// forgetStored removes what is stored of the user in gone_user.
func (b *batch) forgetStored(ctx context.Context, f *Forgotten) error {
	var profiles int64
	if err := b.run(ctx,
		statement{`create temp table gone_events on commit drop as
			select e.token, e.context, e.traits, e.view_name, e.action_type, e.action_name, e.action_target, e.error_type
			  from footfall.events e where e.user_key in (select key from gone_user)`, nil, nil},
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

// forgetTexts removes dictionary rows that the removed events used and nobody else does. Events are read once; what
// they use is weighed against what is gone.
func (b *batch) forgetTexts(ctx context.Context, f *Forgotten) error {
	var traits, contexts, tokens, texts int64
	err := b.run(ctx,
		// The worker's plans for few rows by key do not fit here.
		statement{`set local enable_hashjoin = on`, nil, nil},
		statement{`create temp table used on commit drop as
			select distinct e.token, e.context, e.traits, e.view_name, e.action_type, e.action_name, e.action_target, e.error_type
			  from footfall.events e`, nil, nil},
		statement{`delete from footfall.traits t
			where t.id in (select traits from gone_events) and not exists (select from used where traits = t.id)`, nil, &traits},
		statement{`create temp table gone_texts (id integer) on commit drop`, nil, nil},
		statement{`insert into gone_texts
			select x.id from gone_events e
			 cross join lateral (values (e.view_name), (e.action_type), (e.action_name), (e.action_target), (e.error_type)) x (id)
			 union
			select x.id from footfall.tokens t cross join lateral (values (t.page), (t.name)) x (id)
			 where t.id in (select token from gone_events)
			 union
			select x.id from footfall.contexts c
			 cross join lateral (values (c.application), (c.country), (c.region), (c.city), (c.device_type), (c.os_name),
			                            (c.os_version), (c.browser_name), (c.browser_version)) x (id)
			 where c.id in (select context from gone_events)`, nil, nil},
		statement{`delete from footfall.contexts c
			where c.id in (select context from gone_events) and not exists (select from used where context = c.id)`, nil, &contexts},
		// A token may stand in sessions without standing in events, since events can be retired first.
		statement{`delete from footfall.tokens t
			where t.id in (select token from gone_events) and not exists (select from used where token = t.id)
			  and not exists (select from footfall.sessions s where s.tokens @> array[t.id])`, nil, &tokens},
		statement{`delete from footfall.dictionary d
			where d.id in (select id from gone_texts)
			  and not exists (select from used u where d.id in (u.view_name, u.action_type, u.action_name, u.action_target, u.error_type))
			  and not exists (select from footfall.tokens t where d.id in (t.page, t.name))
			  and not exists (select from footfall.contexts c
			       where d.id in (c.application, c.country, c.region, c.city, c.device_type, c.os_name, c.os_version,
			                      c.browser_name, c.browser_version))
			  and not exists (select from footfall.profiles p
			       where d.id in (p.first_application, p.first_country, p.first_region, p.first_city, p.first_device_type,
			                      p.first_os_name, p.first_os_version, p.first_browser_name, p.first_browser_version,
			                      p.last_application, p.last_country, p.last_region, p.last_city, p.last_device_type,
			                      p.last_os_name, p.last_os_version, p.last_browser_name, p.last_browser_version))
			  and not exists (select from footfall.sessions s
			       where d.id in (s.application, s.country, s.region, s.city, s.device_type, s.os_name, s.os_version,
			                      s.browser_name, s.browser_version))`, nil, &texts},
	)
	f.Dictionaries = traits + contexts + tokens + texts
	return err
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
