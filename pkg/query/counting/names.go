// Package counting counts what happened in sessions by its name, for all questions that are answered so.
package counting

import (
	"fmt"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// Named are the events that are counted by a name, and what is wanted to be known of them.
type Named struct {
	EventType  event.Type       // "": all
	By         filter.Attribute // whose text names an event: its token tells it
	Nameless   bool             // events without a text are counted as well, named 0
	SinceStart bool             // times are those since the session's start, else those that views take
	Untimed    bool             // nobody asks for times
	Userless   bool             // nobody asks for users
}

// ofType is a condition on tokens k.
func (w Named) ofType() string {
	if w.EventType == "" {
		return ""
	}
	return " and k.type = '" + string(w.EventType) + "'"
}

// sql is what names an event, over its token k.
func (w Named) sql() string {
	if w.Nameless {
		return "coalesce(" + w.By.TokenValue() + ", 0)"
	}
	return w.By.TokenValue()
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
	sql := q.OutsideSessions(c, compiler, q.sql()+", count(*)", condition)
	t.Outside = &store.Statement{SQL: sql + "\n group by " + q.sql(), Args: compiler.Params.Values}
	return t, nil
}

// outsideSessionsSQL reads the events that are in no session.
const outsideSessionsSQL = `select %[1]s
  from footfall.events e
  join footfall.tokens k on k.id = e.token%[2]s
  left join footfall.sessions s on false%[3]s
 where e.user_key = any (%[4]s) and e.session_key = 0
   and %[5]s is not null and e.ts >= %[6]s and e.ts < %[7]s and %[8]s`

// OutsideSessions reads columns of the events that are in no session and that meet a condition.
func (w Named) OutsideSessions(c query.Context, compiler *filter.Compiler, columns, condition string) string {
	return fmt.Sprintf(outsideSessionsSQL, columns, w.ofType(), compiler.Needs.JoinsOfNobody(), query.OutsideKeys(compiler.Params), w.sql(),
		compiler.Params.Add(c.From), compiler.Params.Add(c.To), condition)
}
