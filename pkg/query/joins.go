package query

import (
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// Joins to a table with alias s or e. What belongs to nobody has neither a user nor a profile.
const (
	userOfSession    = "\n  left join footfall.users u on u.key = s.user_key and u.kind <> 'none'"
	profileOfSession = "\n  left join footfall.profiles p on p.user_key = s.user_key"
)

// JoinsOfSession joins what conditions on sessions s speak of.
func JoinsOfSession(needs filter.Needs) string {
	joins := ""
	if needs.Users {
		joins += userOfSession
	}
	if needs.Profiles {
		joins += profileOfSession
	}
	return joins
}

// NoJoins gives aliases to tables that have nothing to say of events in no session.
func NoJoins(needs filter.Needs) string {
	joins := ""
	if needs.Users {
		joins += "\n  left join footfall.users u on false"
	}
	if needs.Profiles {
		joins += "\n  left join footfall.profiles p on false"
	}
	return joins
}

// OutsideKeys selects the keys under which events that have neither user nor session are kept.
func OutsideKeys(params *store.Params) string {
	ids := make([]string, event.NobodyKeys)
	for i := range ids {
		ids[i] = event.NobodyID(i)
	}
	return "array(select k.key from footfall.user_keys k where k.id = any (" + params.Add(ids) + "::text[]) and k.kind = 'none')"
}
