package rollup

import (
	"encoding/json"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// profile is a row of footfall.profiles with the name and e-mail of footfall.users.
type profile struct {
	UserKey      int32
	Anonymous    bool
	Sessions     int32
	Views        int64
	Actions      int64
	Errors       int64
	Frustrations int64
	Events       int64
	LastSeen     int64
	First, Last  edge
	Attributes   map[string]attribute // by name: usr.name, usr.email, usr.*

	stored userTotals // as they stand in footfall.profiles

	// unsure: the first or last session can only be told by looking at all of them.
	unsure bool
	// firstGone, lastGone: the first or last session went.
	firstGone, lastGone bool
	// named: name or e-mail changed.
	named bool
}

// edge is a user's first or last session.
type edge struct {
	Session int64 // key
	Start   int64 // ms
	Attrs   attrs
}

// attribute is the value of the last event in event order that has one.
type attribute struct {
	Value json.RawMessage
	From  event.Order
}

func edgeOf(s *session) edge { return edge{s.Key, s.Start, s.Attrs} }

// change brings totals and edges up to date with a session that came (from nil), went (to nil) or changed.
func (p *profile) change(from, to *session) {
	if from != nil {
		p.count(from, -1)
	}
	if to == nil {
		p.unsure = true
		p.firstGone = p.firstGone || from.Key == p.First.Session
		p.lastGone = p.lastGone || from.Key == p.Last.Session
		return
	}
	p.count(to, 1)
	p.LastSeen = max(p.LastSeen, to.End)
	p.changeFirst(to)
	p.changeLast(to)
}

func (p *profile) count(s *session, sign int64) {
	p.Sessions += int32(sign) //nolint:gosec // 1 or -1
	p.Views += sign * int64(s.Views)
	p.Actions += sign * int64(s.Actions)
	p.Errors += sign * int64(s.Errors)
	p.Frustrations += sign * int64(s.Frustrations)
	p.Events += sign * int64(s.Events)
}

func (p *profile) changeFirst(to *session) {
	switch {
	case p.First.Session == to.Key:
		// Within one session id a start can only move back in time, but for what retention has cut off; a session of gaps
		// has its start in its key.
		if to.Start <= p.First.Start {
			p.First = edgeOf(to)
		}
	case p.First.Session == 0 || to.Start < p.First.Start:
		p.First = edgeOf(to)
	case to.Start == p.First.Start:
		p.unsure = true
	}
}

func (p *profile) changeLast(to *session) {
	switch {
	case p.Last.Session == to.Key:
		if to.Start < p.Last.Start {
			p.unsure = true
		}
		p.Last = edgeOf(to)
	case p.Last.Session == 0 || to.Start > p.Last.Start:
		p.Last = edgeOf(to)
	case to.Start == p.Last.Start:
		p.unsure = true
	}
}

// learn takes over what an event says of the user where no later event says something else.
func (p *profile) learn(traits string, from event.Order) error {
	if traits == "" {
		return nil
	}
	var values map[string]json.RawMessage
	if err := json.Unmarshal([]byte(traits), &values); err != nil {
		return err
	}
	for name, value := range values {
		old, known := p.Attributes[name]
		if known && old.From.Compare(from) >= 0 {
			continue
		}
		if name == traitName || name == traitEmail {
			p.named = p.named || string(old.Value) != string(value)
		}
		p.Attributes[name] = attribute{value, from}
	}
	return nil
}

// unlearn drops the attributes that come from events which are gone; what earlier events said has to be learned again.
func (p *profile) unlearn(gone []event.Order) {
	for name, a := range p.Attributes {
		for _, order := range gone {
			if a.From.Compare(order) == 0 {
				delete(p.Attributes, name)
				p.named = true
				break
			}
		}
	}
}

// The traits that footfall.users holds.
const (
	traitName  = "usr.name"
	traitEmail = "usr.email"
)

// text is the value of an attribute as text, nil without one.
func (p *profile) text(name string) any {
	a, known := p.Attributes[name]
	if !known {
		return nil
	}
	var text string
	if json.Unmarshal(a.Value, &text) != nil {
		text = string(a.Value)
	}
	return text
}

// values are the attributes that footfall.profiles holds.
func (p *profile) values() map[string]json.RawMessage {
	values := map[string]json.RawMessage{}
	for name, a := range p.Attributes {
		if name != traitName && name != traitEmail {
			values[name] = a.Value
		}
	}
	return values
}

// latest is the key under which sources names the event that all other attributes come from.
const latest = "*"

// sources says which event each attribute comes from. Nearly always it is one event for all.
func (p *profile) sources() map[string]event.Order {
	sources := map[string]event.Order{}
	for _, a := range p.Attributes {
		if newest, known := sources[latest]; !known || a.From.Compare(newest) > 0 {
			sources[latest] = a.From
		}
	}
	for name, a := range p.Attributes {
		if a.From.Compare(sources[latest]) != 0 {
			sources[name] = a.From
		}
	}
	return sources
}

// restore is the opposite of values and sources.
func (p *profile) restore(values map[string]json.RawMessage, name, email *string, sources map[string]event.Order) error {
	p.Attributes = make(map[string]attribute, len(values)+2)
	for trait, text := range map[string]*string{traitName: name, traitEmail: email} {
		if text != nil {
			value, err := json.Marshal(*text)
			if err != nil {
				return err
			}
			values[trait] = value
		}
	}
	for name, value := range values {
		from, own := sources[name]
		if !own {
			from = sources[latest]
		}
		p.Attributes[name] = attribute{value, from}
	}
	return nil
}
