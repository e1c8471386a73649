// Package counting counts what happened in sessions, by name or by any groups and time, for all questions that are answered so.
package counting

import (
	"fmt"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// Named are the events that are counted by a name.
type Named struct {
	EventType  event.Type       // "": all
	By         filter.Attribute // whose text names an event: its token tells it
	SinceStart bool             // times are those since the session's start, else those that views take
}

// ofType is a condition on tokens k.
func (w Named) ofType() string {
	if w.EventType == "" {
		return ""
	}
	return " and k.type = '" + string(w.EventType) + "'"
}

// Names asks how many events have each name, in how many sessions and of how many users. Events and sessions are counted
// whosesoever they are; users are those with a usr.id, and the anonymous ones if wanted.
type Names struct {
	Named
	query.Person
	IncludeAnonymous bool
}

// Counting is a prepared question of Names. Events are counted here and not in PostgreSQL: taking arrays apart, finding each
// view's next one and sorting all of it for the counts takes that many times longer.
type Counting struct {
	Names
	context   query.Context
	ofSession filter.Node      // what must hold of a session
	ofToken   filter.Node      // and of an event's token
	Outside   *store.Statement // events in no session; nil where they are not asked for
}

// Prepare makes the statements for the events that n selects. It returns nil where more than an event's session and token
// decide.
func (q Names) Prepare(c query.Context, n filter.Node) (*Counting, error) {
	compiler := c.Compiler()
	ofSession, ofToken, rest := compiler.Parts(n)
	if rest != nil {
		return nil, nil
	}
	t := &Counting{Names: q, context: c, ofSession: ofSession, ofToken: ofToken}
	if q.User != "" {
		return t, nil
	}
	compiler = c.Compiler()
	condition, err := compiler.Events(n)
	if err != nil {
		return nil, err
	}
	sql := q.OutsideSessions(c, compiler, q.By.TokenValue()+", count(*)", condition)
	t.Outside = &store.Statement{SQL: sql + "\n group by " + q.By.TokenValue(), Args: compiler.Params.Values}
	return t, nil
}

// OutsideSessions reads columns of the events that are in no session, have a name and meet a condition.
func (w Named) OutsideSessions(c query.Context, compiler *filter.Compiler, columns, condition string) string {
	return outsideSessions(c, compiler, columns, w.By.TokenValue()+" is not null"+w.ofType()+" and "+condition)
}

// outsideSessionsSQL reads the events that are in no session.
const outsideSessionsSQL = `select %s
  from footfall.events e
  join footfall.tokens k on k.id = e.token
  left join footfall.sessions s on false%s
 where e.user_key = any (%s) and e.session_key = 0
   and e.ts >= %s and e.ts < %s and %s`

// outsideSessions reads columns of the events that are in no session and that meet a condition.
func outsideSessions(c query.Context, compiler *filter.Compiler, columns, condition string) string {
	return fmt.Sprintf(outsideSessionsSQL, columns, compiler.Needs.JoinsOfNobody(), query.OutsideKeys(compiler.Params),
		compiler.Params.Add(c.From), compiler.Params.Add(c.To), condition)
}
