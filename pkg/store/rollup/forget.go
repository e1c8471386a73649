package rollup

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// People are users, by usr.id, and visitors who never said one, by usr.anonymous_id.
type People struct {
	Users     []string `json:"users,omitempty"`
	Anonymous []string `json:"anonymous,omitempty"`
}

// Len is how many they are.
func (p People) Len() int { return len(p.Users) + len(p.Anonymous) }

// Forgotten tells what Forget removed.
type Forgotten struct {
	Known        bool   `json:"known"` // the store had some of them
	People       int64  `json:"people"`
	NotFound     People `json:"not_found"` // nothing at all was kept of these
	Events       int64  `json:"events"`
	Sessions     int64  `json:"sessions"`
	Inbox        int64  `json:"inbox"`
	Rejected     int64  `json:"rejected"`
	Dictionaries int64  `json:"dictionaries"` // values that nobody uses any more
	Blocked      bool   `json:"blocked"`
}

// Forget removes everything the store holds of people, in one transaction under the worker's lock: events, sessions,
// profiles, keys, waiting and rejected rows, conflicts, and texts that nobody else's events use. However many they are,
// it reads all events once for the latter. With block, events of theirs that come later are refused, by hashes that are
// kept.
func Forget(ctx context.Context, pool *pgxpool.Pool, people People, block bool) (Forgotten, error) {
	var f Forgotten
	err := exclusive(ctx, pool, func(tx pgx.Tx) error {
		f = Forgotten{Blocked: block}
		return forget(ctx, tx, people, &f)
	})
	if err != nil {
		return Forgotten{}, fmt.Errorf("forget users: %w", err)
	}
	return f, nil
}

func forget(ctx context.Context, tx pgx.Tx, people People, f *Forgotten) error {
	if f.Blocked {
		if err := block(ctx, tx, people); err != nil {
			return err
		}
	}
	if err := findPeople(ctx, tx, people, f); err != nil {
		return err
	}
	if err := run(ctx, tx, forgetElsewhere(f)...); err != nil || !f.Known {
		return err
	}
	return forgetStored(ctx, tx, f)
}

// blockedHash is what footfall.blocked keeps of an id. Ids hold no NUL, so the two kinds cannot be mistaken.
func blockedHash(kind, id string) [32]byte {
	if kind == kindAnonymous {
		id = "\x00" + id
	}
	return sha256.Sum256([]byte(id))
}

func block(ctx context.Context, tx pgx.Tx, people People) error {
	var hashes [][]byte
	for kind, ids := range map[string][]string{kindUser: people.Users, kindAnonymous: people.Anonymous} {
		for _, id := range ids {
			hash := blockedHash(kind, id)
			hashes = append(hashes, hash[:])
		}
	}
	_, err := tx.Exec(ctx, `insert into footfall.blocked (hash) select unnest($1::bytea[]) on conflict do nothing`, hashes)
	return err
}

// Segments and reference tables with those that were deleted and are kept to be brought back: their lists and rows stand
// under the same keys.
const (
	segmentsWithKept = `(select key, identity from footfall.segments
                          union all
                         select (kept ->> 'key')::integer, kept ->> 'identity'
                           from footfall.segment_changes where kept is not null and kind = 'segment')`
	tablesWithKept = `(select id, identity from footfall.reference_tables
                        union all
                       select (kept ->> 'id')::integer, kept ->> 'identity'
                         from footfall.segment_changes where kept is not null and kind = 'table')`
)

// Temporary tables tell the statements after them whom and what to forget:
//   - gone: who was asked for, with the key of those who are known;
//   - gone_names: what tables beside the store know them by; names, e-mails and attributes that another user has too left out;
//   - gone_rows: rows that wait, were rejected or conflicted, or had a value left out. A row is its usr.id's; without one, its session's user's,
//     or else its usr.anonymous_id's.
const (
	goneSQL = `
create temp table gone on commit drop as
select asked.kind::footfall.user_kind as kind, asked.id, k.key
  from (select 'usr' as kind, unnest($1::text[]) as id union select 'anonymous', unnest($2::text[])) asked
  left join footfall.user_keys k on k.id = asked.id and k.kind = asked.kind::footfall.user_kind`

	goneNamesSQL = `
create temp table gone_names on commit drop as
with own as (
  select u.name, lower(btrim(u.email)) as email from footfall.users u join gone g on g.key = u.key
)
select 'user_id' as identity, 'usr.id' as field, id as key, kind = 'anonymous' as anonymous from gone
 union
select 'user_email', 'usr.email', own.email, false
  from own
 where own.email is not null
   and not exists (select from footfall.users o
                    where lower(btrim(o.email)) = own.email and not exists (select from gone g where g.key = o.key))
 union
select 'user_name', 'usr.name', own.name, false
  from own
 where own.name is not null
   and not exists (select from footfall.users o where o.name = own.name and not exists (select from gone g where g.key = o.key))`

	// Of what a table's key is compared with: attributes, each with where its values may be. One that no other user has is
	// told by reading all profiles once.
	goneAttributesSQL = `
insert into gone_names
with path as (
  select of.identity, of.path::text[] as path from unnest($1::text[], $2::text[]) of (identity, path)
), said as (
  select of.identity, text.value, g.key is not null as gone
    from footfall.profiles p
    left join gone g on g.key = p.user_key
   cross join path of
   cross join lateral (select p.attributes #> of.path as json) found
   cross join lateral (
         select found.json #>> '{}' as value
          union
         select trim_scale((found.json #>> '{}')::numeric)::text where jsonb_typeof(found.json) = 'number') text
   where text.value is not null
)
select s.identity, s.identity, s.value, false
  from said s
 group by s.identity, s.value
having bool_and(s.gone)`

	goneRowsSQL = `
create temp table gone_rows on commit drop as
with known as (
  select kind::text, id from gone
   union
  select 'session', s.session_id from footfall.sessions s join gone g on g.key = s.user_key
   where g.kind = 'usr' and s.session_id is not null
), said as (
  select 'inbox' as source, ctid as place, usr_id as usr, usr_anonymous_id as anonymous, session_id as session
    from footfall.inbox
   union all
  select 'rejected', ctid, usr_id, row ->> 'usr.anonymous_id', row ->> 'session.id' from footfall.rejected
   union all
  select 'conflicts', ctid, usr_id, row ->> 'usr.anonymous_id', row ->> 'session.id' from footfall.conflicts
   union all
  select 'left_out', ctid, usr_id, usr_anonymous_id, session_id from footfall.left_out
   union all
  select 'import_duplicates', ctid, usr_id, usr_anonymous_id, session_id from footfall.import_duplicates
)
select distinct said.source, said.place, known.kind, known.id
  from said
 cross join lateral (values ('usr', said.usr),
                            ('anonymous', case when coalesce(said.usr, '') = '' then said.anonymous end),
                            ('session', case when coalesce(said.usr, '') = '' then said.session end)) of (kind, id)
  join known on known.kind = of.kind and known.id = of.id`

	notFoundSQL = `
select count(distinct g.key),
       coalesce(array_agg(g.id order by g.id) filter (where g.kind = 'usr' and g.key is null and seen.id is null), '{}'),
       coalesce(array_agg(g.id order by g.id) filter (where g.kind = 'anonymous' and g.key is null and seen.id is null), '{}')
  from gone g
  left join (select kind, id from gone_rows where source <> 'left_out'
              union
             select 'usr', n.key
               from gone_names n
               join ` + tablesWithKept + ` t on t.identity = n.identity
               join footfall.reference_rows r on r.table_id = t.id and r.key = n.key
              where n.identity = 'user_id' and not n.anonymous
              union
             select case when n.anonymous then 'anonymous' else 'usr' end, n.key
               from gone_names n
               join ` + segmentsWithKept + ` s on s.identity = n.field
               join footfall.segment_lists l on l.segment_key = s.key and l.value = n.key and l.anonymous = n.anonymous
              where n.field = 'usr.id') seen on seen.kind = g.kind::text and seen.id = g.id`
)

// findPeople makes the temporary tables and tells who is not found.
func findPeople(ctx context.Context, tx pgx.Tx, people People, f *Forgotten) error {
	if err := run(ctx, tx,
		statement{goneSQL, []any{people.Users, people.Anonymous}, nil},
		statement{`create index on gone (key)`, nil, nil}, statement{`analyze gone`, nil, nil},
		statement{goneNamesSQL, nil, nil},
	); err != nil {
		return err
	}
	if err := findAttributes(ctx, tx); err != nil {
		return err
	}
	if err := run(ctx, tx,
		statement{`analyze gone_names`, nil, nil},
		statement{goneRowsSQL, nil, nil}, statement{`analyze gone_rows`, nil, nil},
	); err != nil {
		return err
	}
	err := tx.QueryRow(ctx, notFoundSQL).Scan(&f.People, &f.NotFound.Users, &f.NotFound.Anonymous)
	f.Known = f.People > 0
	return err
}

// findAttributes adds to gone_names what reference tables know the people by beside ids, names and e-mails.
func findAttributes(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `select distinct t.identity from `+tablesWithKept+` t where t.identity like 'usr.%'`)
	if err != nil {
		return err
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(found) == 0 {
		return err
	}
	var identities, paths []string
	for _, identity := range found {
		for _, path := range event.AttributePaths(identity) {
			identities, paths = append(identities, identity), append(paths, arrayText(path))
		}
	}
	return run(ctx, tx, statement{goneAttributesSQL, []any{identities, paths}, nil})
}

// arrayText writes an array as PostgreSQL reads it.
func arrayText(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
	}
	return "{" + strings.Join(quoted, ",") + "}"
}

// forgetElsewhere removes what tables beside the store itself say of people: whoever adds a table that names users adds a
// statement here.
func forgetElsewhere(f *Forgotten) []statement {
	rowsOf := func(table string, removed *int64) statement {
		return statement{`delete from footfall.` + table + `
			where ctid = any (array(select place from gone_rows where source = '` + table + `'))`, nil, removed}
	}
	return []statement{
		rowsOf("inbox", &f.Inbox), rowsOf("rejected", &f.Rejected), rowsOf("conflicts", nil), rowsOf("import_duplicates", nil),
		// Its counts say nothing of anybody.
		{`update footfall.left_out
			   set sample = null, source = null, usr_id = null, usr_anonymous_id = null, session_id = null
			 where ctid = any (array(select place from gone_rows where source = 'left_out'))`, nil, nil},
		// Events of a session's user that would be the visitor's without an import.
		{`update footfall.events e set anonymous_id = null from gone g where g.kind = 'anonymous' and e.anonymous_id = g.id`, nil, nil},
		// Rows of reference tables and lists that are about nobody else.
		{`with gone as (
			  delete from footfall.reference_rows r
			   using ` + tablesWithKept + ` t, gone_names n
			   where r.table_id = t.id and t.identity = n.identity and r.key = n.key and not n.anonymous
			  returning r.table_id
			)
			update footfall.reference_tables t
			   set rows = t.rows - g.rows
			  from (select table_id, count(*) as rows from gone group by table_id) g
			 where t.id = g.table_id`, nil, nil},
		{`with members as (
			  delete from footfall.segment_members m using gone g where m.user_key = g.key returning m.segment_key
			), listed as (
			  delete from footfall.segment_lists l
			   using ` + segmentsWithKept + ` s, gone_names n
			   where l.segment_key = s.key and s.identity = n.field and l.value = n.key and l.anonymous = n.anonymous
			  returning l.segment_key
			)
			update footfall.segments s
			   set stale = true, marks = marks + 1, listed = s.listed - g.entries, matched = greatest(s.matched - g.entries, 0)
			  from (select segment_key, sum(entries) as entries
			          from (select segment_key, 0 as entries from members union all select segment_key, 1 from listed) gone
			         group by segment_key) g
			 where s.key = g.segment_key`, nil, nil},
	}
}

// forgetStored removes what is stored of the people in gone.
func forgetStored(ctx context.Context, tx pgx.Tx, f *Forgotten) error {
	var users, anonymous int64
	sealed, err := readSealedOf(ctx, tx)
	if err != nil {
		return err
	}
	if err := run(ctx, tx, forgetTotals...); err != nil {
		return err
	}
	if err := run(ctx, tx,
		statement{`delete from footfall.events e using gone g where e.user_key = g.key`, nil, &f.Events},
		statement{`delete from footfall.sessions s using gone g where s.user_key = g.key`, nil, &f.Sessions},
		statement{`delete from footfall.tail t using gone g
			where t.bucket = g.key % (select buckets from footfall.columns) and t.user_key = g.key`, nil, nil},
		statement{`delete from footfall.profiles p using gone g where p.user_key = g.key and not p.anonymous`, nil, &users},
		statement{`delete from footfall.profiles p using gone g where p.user_key = g.key`, nil, &anonymous},
		statement{`delete from footfall.user_keys k using gone g where k.id = g.id and k.kind = g.kind`, nil, nil},
		statement{`delete from footfall.users u using gone g where u.key = g.key`, nil, nil},
	); err != nil {
		return err
	}
	if err := sealed.forget(ctx, tx); err != nil {
		return err
	}
	if err := forgetTexts(ctx, tx, f); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		update footfall.worker
		   set epoch = epoch + 1, events = events - $1, sessions = sessions - $2, users = users - $3, anonymous = anonymous - $4`,
		f.Events, f.Sessions, users, anonymous)
	return err
}

// forgetTexts removes the dictionaries' rows that nobody uses any more: the user's, and those of events that counted as
// duplicates and said something else. Events, sessions and profiles are read once.
func forgetTexts(ctx context.Context, tx pgx.Tx, f *Forgotten) error {
	var traits, contexts, tokens, texts int64
	err := run(ctx, tx,
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
