package query

import (
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// OutsideKeys selects the keys under which events that have neither user nor session are kept.
func OutsideKeys(params *store.Params) string {
	ids := make([]string, event.NobodyKeys)
	for i := range ids {
		ids[i] = event.NobodyID(i)
	}
	return "array(select k.key from footfall.user_keys k where k.id = any (" + params.Add(ids) + "::text[]) and k.kind = 'none')"
}
