package rollup

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

var profilesTable = table{
	name: "profiles",
	keys: []string{"user_key"},
	columns: []string{
		"user_key", "anonymous", "first_seen", "last_seen",
		"sessions", "views", "actions", "errors", "frustrations", "events",
		"first_session", "first_application", "first_country", "first_region", "first_city", "first_device_type",
		"first_os_name", "first_os_version", "first_browser_name", "first_browser_version",
		"last_session", "last_session_start", "last_application", "last_country", "last_region", "last_city",
		"last_device_type", "last_os_name", "last_os_version", "last_browser_name", "last_browser_version",
		"attributes", "attribute_events",
	},
}

func (p *profile) row() []any {
	row := []any{
		p.UserKey, p.Anonymous, fromMilli(p.First.Start), fromMilli(p.LastSeen),
		p.Sessions, p.Views, p.Actions, p.Errors, p.Frustrations, p.Events, p.First.Session,
	}
	for _, id := range p.First.Attrs {
		row = append(row, null(id))
	}
	row = append(row, p.Last.Session, fromMilli(p.Last.Start))
	for _, id := range p.Last.Attrs {
		row = append(row, null(id))
	}
	return append(row, p.values(), p.sources())
}

// readProfiles reads the stored profiles of the records' users, those not read before.
func (b *batch) readProfiles(ctx context.Context, records []*record) error {
	wanted := map[int32]bool{}
	for _, r := range records {
		if _, read := b.profiles[r.UserKey]; !read && !b.users.fresh[r.UserKey] {
			wanted[r.UserKey] = true
		}
	}
	return b.readProfilesOf(ctx, slices.Collect(maps.Keys(wanted)))
}

func (b *batch) readProfilesOf(ctx context.Context, keys []int32) error {
	if len(keys) == 0 {
		return nil
	}
	rows, err := b.tx.Query(ctx, `
		select p.user_key, p.anonymous, p.first_seen, p.last_seen,
		       p.sessions, p.views, p.actions, p.errors, p.frustrations, p.events,
		       p.first_session,
		       coalesce(p.first_application, 0), coalesce(p.first_country, 0), coalesce(p.first_region, 0),
		       coalesce(p.first_city, 0), coalesce(p.first_device_type, 0), coalesce(p.first_os_name, 0),
		       coalesce(p.first_os_version, 0), coalesce(p.first_browser_name, 0), coalesce(p.first_browser_version, 0),
		       p.last_session, p.last_session_start,
		       coalesce(p.last_application, 0), coalesce(p.last_country, 0), coalesce(p.last_region, 0),
		       coalesce(p.last_city, 0), coalesce(p.last_device_type, 0), coalesce(p.last_os_name, 0),
		       coalesce(p.last_os_version, 0), coalesce(p.last_browser_name, 0), coalesce(p.last_browser_version, 0),
		       p.attributes, p.attribute_events, u.name, u.email
		  from footfall.profiles p
		  join footfall.users u on u.key = p.user_key
		 where p.user_key = any ($1)`, keys)
	if err != nil {
		return fmt.Errorf("read profiles: %w", err)
	}
	profiles, err := pgx.CollectRows(rows, scanProfile)
	if err != nil {
		return fmt.Errorf("read profiles: %w", err)
	}
	for _, p := range profiles {
		b.profiles[p.UserKey] = p
	}
	return nil
}

func scanProfile(row pgx.CollectableRow) (*profile, error) {
	var p profile
	var firstSeen, lastSeen, lastStart time.Time
	var values map[string]json.RawMessage
	var sources map[string]event.Order
	var name, email *string
	targets := []any{
		&p.UserKey, &p.Anonymous, &firstSeen, &lastSeen,
		&p.Sessions, &p.Views, &p.Actions, &p.Errors, &p.Frustrations, &p.Events, &p.First.Session,
	}
	for i := range p.First.Attrs {
		targets = append(targets, &p.First.Attrs[i])
	}
	targets = append(targets, &p.Last.Session, &lastStart)
	for i := range p.Last.Attrs {
		targets = append(targets, &p.Last.Attrs[i])
	}
	if err := row.Scan(append(targets, &values, &sources, &name, &email)...); err != nil {
		return nil, err
	}
	p.First.Start, p.LastSeen, p.Last.Start = firstSeen.UnixMilli(), lastSeen.UnixMilli(), lastStart.UnixMilli()
	p.stored = p.userTotals()
	return &p, p.restore(values, name, email, sources)
}

// profileOf is the profile to change for a user: the stored one or a new one; nil for nobody.
func (b *batch) profileOf(key int32) *profile {
	if p := b.profiles[key]; p != nil {
		return p
	}
	kind := b.users.ids[key].Kind
	if kind == kindNone {
		return nil
	}
	p := &profile{UserKey: key, Anonymous: kind == kindAnonymous, Attributes: map[string]attribute{}}
	b.profiles[key] = p
	b.newProfiles[key] = true
	return p
}

// writeProfiles brings the profiles up to date with the changed sessions and the new events. It runs after the
// sessions and events are written, since some profiles must be looked up in them.
func (b *batch) writeProfiles(ctx context.Context) error {
	touched := map[int32]*profile{}
	b.changeProfiles(touched)
	return b.finishProfiles(ctx, touched)
}

// changeProfiles brings the profiles' totals and edges up to date with the changed sessions, and adds them to touched.
func (b *batch) changeProfiles(touched map[int32]*profile) {
	for _, c := range b.changes {
		key := c.ref().UserKey
		p := b.profileOf(key)
		switch {
		case p == nil:
			continue
		case !b.scratch:
			p.change(c.from, c.to)
		case c.to != nil:
			p.change(nil, c.to)
		}
		touched[key] = p
	}
}

// finishProfiles completes the profiles by what sessions and events in the tables tell, and stores them.
func (b *batch) finishProfiles(ctx context.Context, touched map[int32]*profile) error {
	if err := b.learn(ctx, touched); err != nil {
		return err
	}
	gone, err := b.lookUp(ctx, touched)
	if err != nil {
		return err
	}
	return b.storeProfiles(ctx, touched, gone)
}

// learn takes the users' attributes from new events and, for users that lost some, from all that are left.
func (b *batch) learn(ctx context.Context, touched map[int32]*profile) error {
	if b.scratch {
		return b.relearn(ctx, touched, slices.Collect(maps.Keys(touched)))
	}
	for key, lost := range b.losers {
		if p := touched[key]; p != nil {
			p.unlearn(lost)
		}
	}
	latest := b.latestTraits()
	moved := map[int32]string{}
	for _, r := range latest {
		if r.Sent == nil && r.Traits > 0 {
			moved[r.Traits] = ""
		}
	}
	if err := b.readTraits(ctx, moved); err != nil {
		return err
	}
	for _, r := range latest {
		p := touched[r.UserKey]
		if p == nil {
			continue
		}
		traits := r.traits(moved)
		if err := p.learn(traits, r.Order); err != nil {
			return fmt.Errorf("read the traits of an event: %w", err)
		}
	}
	return b.relearn(ctx, touched, slices.Collect(maps.Keys(b.losers)))
}

// told is something that events say of a user.
type told struct {
	user, traits int32
	own          string
}

// latestTraits returns the last new event that says each thing of each user: those before it teach nothing.
func (b *batch) latestTraits() map[told]*record {
	latest := map[told]*record{}
	for _, r := range b.written {
		if r.Stored || r.Traits == 0 {
			continue
		}
		key := told{r.UserKey, r.Traits, r.Own}
		if last := latest[key]; last == nil || r.Compare(last.Order) > 0 {
			latest[key] = r
		}
	}
	return latest
}

func (b *batch) readTraits(ctx context.Context, values map[int32]string) error {
	if len(values) == 0 {
		return nil
	}
	rows, err := b.tx.Query(ctx, `select id, value::text from footfall.traits where id = any ($1)`,
		slices.Collect(maps.Keys(values)))
	if err != nil {
		return fmt.Errorf("read traits: %w", err)
	}
	var id int32
	var value string
	_, err = pgx.ForEachRow(rows, []any{&id, &value}, func() error {
		values[id] = value
		return nil
	})
	return err
}

// relearn takes users' attributes from all their events.
func (b *batch) relearn(ctx context.Context, touched map[int32]*profile, keys []int32) error {
	if len(keys) == 0 {
		return nil
	}
	rows, err := b.tx.Query(ctx, `
		select e.user_key, t.value::text, e.ts, e.seq, e.event_key
		  from (select distinct on (user_key, traits) user_key, traits, ts, seq, event_key
		          from footfall.events
		         where user_key = any ($1) and traits > 0
		         order by user_key, traits, ts desc, seq desc nulls last, event_key desc) e
		  join footfall.traits t on t.id = e.traits
		 union all
		select user_key, (select jsonb_object_agg(key, value) from jsonb_each(attributes) where key like 'usr.%')::text,
		       ts, seq, event_key
		  from footfall.events
		 where user_key = any ($1) and traits = $2`, keys, ownTraits)
	if err != nil {
		return fmt.Errorf("read the users' traits: %w", err)
	}
	var key int32
	var traits string
	var ts time.Time
	var from event.Order
	_, err = pgx.ForEachRow(rows, []any{&key, &traits, &ts, &from.Seq, (*[16]byte)(&from.Key)}, func() error {
		from.TS = ts.UnixMilli()
		if p := touched[key]; p != nil {
			return p.learn(traits, from)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the users' traits: %w", err)
	}
	return nil
}

// lookUp finds first and last session where the changes alone do not tell, and returns the users without any session.
// Without offset 0 the latest end was looked for among everybody's sessions, by the index sessions_end.
func (b *batch) lookUp(ctx context.Context, touched map[int32]*profile) ([]int32, error) {
	var keys, gone []int32
	for key, p := range touched {
		switch {
		case p.Sessions == 0:
			gone = append(gone, key)
			delete(touched, key)
		case p.unsure || b.losers[key] != nil:
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return gone, nil
	}
	rows, err := b.tx.Query(ctx, `
		select `+edgeColumns("f")+`,`+edgeColumns("l")+`, asked.key, s.end_ts
		  from unnest($1::int[]) asked (key)
		 cross join lateral (
		       select s.* from footfall.sessions s left join footfall.dictionary a on a.id = s.application
		        where s.user_key = asked.key
		        order by s.start_ts, s.session_id collate "C" nulls first, a.value collate "C" nulls first limit 1) f
		 cross join lateral (
		       select s.* from footfall.sessions s left join footfall.dictionary a on a.id = s.application
		        where s.user_key = asked.key
		        order by s.start_ts desc, s.session_id collate "C" desc nulls last, a.value collate "C" desc nulls last
		        limit 1) l
		 cross join lateral (
		       select max(end_ts) as end_ts
		         from (select end_ts from footfall.sessions where user_key = asked.key offset 0) own) s`, keys)
	if err != nil {
		return nil, fmt.Errorf("look up first and last sessions: %w", err)
	}
	var first, last edge
	var firstStart, lastStart, end time.Time
	var key int32
	targets := slices.Concat(edgeTargets(&first, &firstStart), edgeTargets(&last, &lastStart), []any{&key, &end})
	_, err = pgx.ForEachRow(rows, targets, func() error {
		first.Start, last.Start = firstStart.UnixMilli(), lastStart.UnixMilli()
		p := touched[key]
		if !b.keepsFirst(p, first) {
			p.First = first
		}
		if !b.keepsLast(p, last) {
			p.Last = last
		}
		p.LastSeen = end.UnixMilli()
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look up first and last sessions: %w", err)
	}
	return gone, nil
}

// keepsFirst tells whether a user's first session is one that retention has removed or cut, and not the first one left.
func (b *batch) keepsFirst(p *profile, left edge) bool {
	from := b.settings.SessionsFrom
	return from != nil && p.First.Session != 0 && p.First.Start < from.UnixMilli() && p.First.Start <= left.Start &&
		(b.cutting || !p.firstGone)
}

// keepsLast tells whether a user's last session is one that retention has removed: it may have started after one that is
// left and ended before.
func (b *batch) keepsLast(p *profile, left edge) bool {
	from := b.settings.SessionsFrom
	return from != nil && p.Last.Session != 0 && p.Last.Start < from.UnixMilli() && p.Last.Start >= left.Start && !p.lastGone
}

func edgeColumns(s string) string {
	return fmt.Sprintf(`
		       %[1]s.session_key, %[1]s.start_ts,
		       coalesce(%[1]s.application, 0), coalesce(%[1]s.country, 0), coalesce(%[1]s.region, 0),
		       coalesce(%[1]s.city, 0), coalesce(%[1]s.device_type, 0), coalesce(%[1]s.os_name, 0),
		       coalesce(%[1]s.os_version, 0), coalesce(%[1]s.browser_name, 0), coalesce(%[1]s.browser_version, 0)`, s)
}

func edgeTargets(e *edge, start *time.Time) []any {
	targets := []any{&e.Session, start}
	for i := range e.Attrs {
		targets = append(targets, &e.Attrs[i])
	}
	return targets
}

func (b *batch) storeProfiles(ctx context.Context, touched map[int32]*profile, gone []int32) error {
	var fresh, changed [][]any
	var named []*profile
	totals := spread{}
	sorted := slices.SortedFunc(maps.Values(touched), func(x, y *profile) int { return cmp.Compare(x.UserKey, y.UserKey) })
	for _, p := range sorted {
		if b.newProfiles[p.UserKey] {
			fresh = append(fresh, p.row())
			b.countUser(p, 1)
		} else {
			changed = append(changed, p.row())
			totals.add(p, p.stored, -1)
		}
		p.stored = p.userTotals()
		totals.add(p, p.stored, 1)
		if p.named {
			named = append(named, p)
		}
	}
	if err := b.removeUsers(ctx, gone, totals); err != nil {
		return err
	}
	if err := profilesTable.insert(ctx, b.tx, fresh); err != nil {
		return err
	}
	if err := profilesTable.update(ctx, b.tx, changed); err != nil {
		return err
	}
	if err := totals.write(ctx, b.tx); err != nil {
		return err
	}
	return b.nameUsers(ctx, named)
}

func (b *batch) countUser(p *profile, n int64) {
	if p.Anonymous {
		b.totals.Anonymous += n
	} else {
		b.totals.Users += n
	}
}

// removeUsers forgets anonymous users and nobodies all of whose events turned out to be somebody's, and takes them out of totals.
func (b *batch) removeUsers(ctx context.Context, keys []int32, totals spread) error {
	nobodies, err := b.goneNobodies(ctx)
	if err != nil {
		return err
	}
	keys = append(keys, nobodies...)
	for _, key := range keys {
		if p := b.profiles[key]; p != nil && !b.newProfiles[key] {
			b.countUser(p, -1)
			totals.add(p, p.stored, -1)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	for _, statement := range []string{
		`delete from footfall.profiles where user_key = any ($1)`,
		`delete from footfall.segment_members where user_key = any ($1)`,
		`delete from footfall.user_keys k using footfall.users u where u.key = any ($1) and k.id = u.id and k.kind = u.kind`,
		`delete from footfall.users where key = any ($1)`,
	} {
		if _, err := b.tx.Exec(ctx, statement, keys); err != nil {
			return fmt.Errorf("remove users without events: %w", err)
		}
	}
	return nil
}

func (b *batch) nameUsers(ctx context.Context, profiles []*profile) error {
	if len(profiles) == 0 {
		return nil
	}
	_, err := b.tx.Exec(ctx, `
		update footfall.users u
		   set name = new.name, email = new.email
		  from unnest($1::int[], $2::text[], $3::text[]) new (key, name, email)
		 where u.key = new.key and (u.name, u.email) is distinct from (new.name, new.email)`,
		column(profiles, func(p *profile) int32 { return p.UserKey }),
		column(profiles, func(p *profile) any { return p.text(traitName) }),
		column(profiles, func(p *profile) any { return p.text(traitEmail) }))
	if err != nil {
		return fmt.Errorf("write names: %w", err)
	}
	return nil
}
