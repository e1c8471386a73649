package segment

import (
	"fmt"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Plain is SQL that lists the members of a definition and that people can read and take elsewhere: over the views of plain_events,
// plain_sessions and plain_users, with all values in it, one step after the other. It is made for being understood, not for speed;
// what Footfall runs itself gives the same members. Its errors are of type Error.
func (d Definition) Plain(env Env) (string, error) {
	if _, err := d.Compile(env, &store.Params{}); err != nil {
		return "", err // says where it is wrong
	}
	zone, err := d.location()
	if err != nil {
		return "", err
	}
	env.Used, env.Asked = nil, nil
	p := &plainly{of: d, env: env, zone: zone, tables: map[string]int{}}
	where, err := p.condition(d.Where)
	if err != nil {
		return "", err
	}
	return p.statement(where)
}

// plainly writes one statement.
type plainly struct {
	of     Definition
	env    Env
	zone   *time.Location
	with   []string
	tables map[string]int // how many of a name there are so far
}

func (p *plainly) filters() *filter.Plain {
	return filter.NewPlain(filter.Scope{Location: p.zone, Now: p.env.Now, Names: p.env.Names, SegmentsByID: true})
}

// table adds a table of the statement under a name that it returns.
func (p *plainly) table(name, comment, sql string) string {
	p.tables[name]++
	name = fmt.Sprintf("%s_%d", name, p.tables[name])
	p.with = append(p.with, name+" as (\n"+store.Comment(comment)+"\n"+sql+"\n)")
	return name
}

const plainMembersSQL = `select u.user_key, u.user_id
  from footfall.plain_users u
 where %s`

// plainSharedSQL adds whoever shares a value with those who match.
const plainSharedSQL = `select u.user_key, u.user_id
  from footfall.plain_users u
 where %[1]s(u.user_key in (select user_key from matched) or %[2]s in (select shared from matched))`

func (p *plainly) statement(where string) (string, error) {
	universe := "not u.anonymous\n   and "
	if p.of.IncludeAnonymous {
		universe = ""
	}
	shared := ""
	if p.of.Identity != "" {
		a, err := p.env.Names.Find(p.of.Identity)
		if err != nil {
			return "", invalid("identity", "is wrong: %s", err)
		}
		shared = p.filters().Shared(a)
	}
	where = universe + where
	sql := fmt.Sprintf(plainMembersSQL, where)
	if shared != "" {
		p.with = append(p.with, "matched as (\nselect u.user_key, "+shared+" as shared\n  from footfall.plain_users u\n where "+where+"\n)")
		sql = fmt.Sprintf(plainSharedSQL, universe, shared)
	}
	if len(p.with) == 0 {
		return sql, nil
	}
	return "with " + strings.Join(p.with, ", ") + "\n" + sql, nil
}

// condition is over users u.
func (p *plainly) condition(of Condition) (string, error) {
	switch {
	case len(of.All) > 0:
		return p.join(of.All, "\n   and ")
	case len(of.Any) > 0:
		return p.join(of.Any, "\n    or ")
	case of.Not != nil:
		inner, err := p.condition(*of.Not)
		return "(" + inner + ") is not true", err
	case of.Users != "":
		n, err := filter.Parse(of.Users)
		if err != nil {
			return "", err
		}
		where, err := p.filters().Users(n)
		return "(" + where + ")", err
	case of.Did != nil:
		return p.did(*of.Did)
	case of.Sequence != nil:
		return p.sequence(*of.Sequence)
	case of.Segment != "":
		return p.filters().InSegment(p.env.Names.Segments[of.Segment]), nil
	}
	return p.filters().InTable(p.env.Names.Tables[of.Table]), nil
}

func (p *plainly) join(parts []Condition, with string) (string, error) {
	list := make([]string, len(parts))
	for i, part := range parts {
		var err error
		if list[i], err = p.condition(part); err != nil {
			return "", err
		}
	}
	return "(" + strings.Join(list, with) + ")", nil
}

// events are those that there are for a condition: of the users to choose from, in its window.
func (p *plainly) events(w *Window) (string, error) {
	whose := "not e.anonymous"
	if p.of.IncludeAnonymous {
		whose = "e.user_id is not null"
	}
	if w == nil {
		return whose, nil
	}
	during, err := p.during("e.ts", w)
	return whose + "\n   and " + during, err
}

func (p *plainly) during(at string, w *Window) (string, error) {
	from, to, err := w.bounds(p.env.Now, p.zone, "window")
	var parts []string
	if !from.Equal(longAgo) {
		parts = append(parts, at+" >= "+store.Literal(from))
	}
	if !to.Equal(farOff) {
		parts = append(parts, at+" < "+store.Literal(to))
	}
	return strings.Join(parts, " and "), err
}

const plainDidSQL = `select e.user_key
  from footfall.plain_events e%s
 where %s
   and (%s)
 group by e.user_key%s`

// did groups the events that match by user. Who has none is in no group, so that few are said as not many.
func (p *plainly) did(d Did) (string, error) {
	window := d.Window
	if d.FirstTime {
		window = nil
	}
	where, err := p.events(window)
	if err != nil {
		return "", err
	}
	filters := p.filters()
	matches, err := p.event(filters, d.Event)
	if err != nil {
		return "", err
	}
	is, having := " in ", ""
	switch {
	case d.FirstTime:
		earliest, err := p.during("min(e.ts)", d.Window)
		if err != nil {
			return "", err
		}
		having = earliest
	case d.AtMost != nil:
		is, having = " not in ", fmt.Sprintf("count(*) > %d", *d.AtMost)
	case d.Exactly != nil && *d.Exactly == 0:
		is = " not in "
	case d.Exactly != nil:
		having = fmt.Sprintf("count(*) = %d", *d.Exactly)
	case d.AtLeast != nil && *d.AtLeast > 1:
		having = fmt.Sprintf("count(*) >= %d", *d.AtLeast)
	}
	if having != "" {
		having = "\nhaving " + having
	}
	name := p.table("did", d.Event, fmt.Sprintf(plainDidSQL, filters.Joins("e"), where, matches, having))
	return "u.user_key" + is + "(select user_key from " + name + ")", nil
}

func (p *plainly) event(filters *filter.Plain, text string) (string, error) {
	n, err := filter.Parse(text)
	if err != nil {
		return "", err
	}
	return filters.Events(n)
}
