package query

import (
	"fmt"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// outsideSessionsSQL reads the events that are in no session.
const outsideSessionsSQL = `select %s
  from footfall.events e
  join footfall.tokens k on k.id = e.token
  left join footfall.sessions s on false%s
 where e.user_key = any (%s) and e.session_key = 0
   and e.ts >= %s and e.ts < %s and %s`

// OutsideSessions reads columns of the events of the range that are in no session and meet a condition, with their tokens k.
func OutsideSessions(c Context, compiler *filter.Compiler, columns, condition string) string {
	return fmt.Sprintf(outsideSessionsSQL, columns, compiler.Needs.JoinsOfNobody(), OutsideKeys(compiler.Params),
		compiler.Params.Add(c.From), compiler.Params.Add(c.To), condition)
}

// OutsideKeys selects the keys under which events that have neither user nor session are kept.
func OutsideKeys(params *store.Params) string {
	ids := make([]string, event.NobodyKeys)
	for i := range ids {
		ids[i] = event.NobodyID(i)
	}
	return "array(select k.key from footfall.user_keys k where k.id = any (" + params.Add(ids) + "::text[]) and k.kind = 'none')"
}
