package counting

import (
	"slices"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// entry is what becomes of an event, or of a session: the groups that it counts in, some of them several times, and the places
// of the tracks.
type entry struct {
	groups, tracks   []int32
	rest, restTracks []int32 // likewise, of groupCounter.rest
}

// sessionsAreAlike tells whether all sessions mean the same.
func (p *pass) sessionsAreAlike() bool {
	return p.Over != Users && len(p.users.list) == 1 &&
		!slices.ContainsFunc(p.sources, func(s source) bool { return s == ofPlace || s == ofView }) &&
		!slices.ContainsFunc(p.wheres, func(w columns.Where) bool { return w != nil })
}

// sessionClass is the class of a session; false where it does not count.
func (k *groupCounter) sessionClass(s *columns.Session) (class int32, is bool) {
	if k.one && len(k.facts) > 0 {
		return 0, true
	}
	of, is := k.factOf(s)
	if !is {
		return 0, false
	}
	return k.classOf(of), true
}

// factOf is what a session means; false where it does not count.
func (k *groupCounter) factOf(s *columns.Session) (of fact, is bool) {
	of = k.users.list[0]
	switch {
	case s.Kind != packed.None:
		of = k.users.list[k.users.class(s.User)]
		if k.Over == Users && s.Kind == packed.Anonymous && !k.IncludeAnonymous {
			return of, false
		}
	case k.Over == Users:
		return of, false
	}
	for i, source := range k.sources {
		switch source {
		case ofPlace:
			of.values[i] = s.Attributes[k.places[i]]
		case ofView:
			of.values[i] = k.viewedPage(s, k.places[i] == 1)
		}
	}
	for i, where := range k.wheres {
		if where != nil && !where(s) {
			of.matches &^= 1 << i
		}
	}
	return of, of.matches&1 != 0
}

func (k *groupCounter) classOf(of fact) int32 {
	if of == k.before && len(k.facts) > 0 {
		return k.class
	}
	class, known := k.sessions[of]
	if !known {
		class = int32(len(k.facts)) //nolint:gosec // no more than sessions
		k.sessions[of], k.facts = class, append(k.facts, of)
	}
	k.before, k.class = of, class
	return class
}

func (k *groupCounter) entry(session, token int32) *entry {
	number := k.memo.get(session, token)
	if number < 0 {
		number = int32(len(k.entries)) //nolint:gosec // bounded by memory
		k.memo.set(session, token, number)
		k.entries = append(k.entries, k.entryOf(k.facts[session], k.meant[token]))
	}
	return &k.entries[number]
}

func (k *groupCounter) entryOf(session, token fact) entry {
	matches := session.matches & token.matches
	if matches&1 == 0 {
		return entry{}
	}
	for i, source := range k.sources {
		if source == ofToken || source == ofSaid {
			session.values[i] = token.values[i]
		}
	}
	e := entry{tracks: k.holding(k.tracks, matches), restTracks: k.holding(k.RankedBy, matches)}
	k.groupsOf(&e, session.values, 0, 0)
	return e
}

// holding are the places of tracks whose condition holds.
func (k *groupCounter) holding(tracks []int, matches uint64) []int32 {
	var list []int32
	for place, track := range tracks {
		if matches&(1<<k.Tracks[track].Condition) != 0 {
			list = append(list, int32(place))
		}
	}
	return list
}

// groupsOf gives an entry the groups that values lead to from a group of the first so many facets.
func (k *groupCounter) groupsOf(e *entry, values [MaxFacets]int32, facet int, group int32) {
	if facet == len(k.levels) && facet != k.ranked {
		e.groups = append(e.groups, k.sheet.group(key(group, 0)))
		return
	}
	one := [1]int32{values[facet]}
	several := one[:]
	if lists := k.codes[facet].lists; lists != nil {
		several = lists[values[facet]]
	}
	for _, value := range several {
		if facet == k.ranked {
			k.put(e, key(group, value))
		} else if next := k.levels[facet].after(group, value); next >= 0 {
			k.groupsOf(e, values, facet+1, next)
		}
	}
}

// put gives an entry one of the groups that are ranked.
func (k *groupCounter) put(e *entry, key uint64) {
	if k.rest != nil && !k.sheet.has(key) {
		e.rest = append(e.rest, k.rest.group(key))
	} else {
		e.groups = append(e.groups, k.sheet.group(key))
	}
}
