// Package counting counts what happened in sessions by its name, for all questions that are answered so.
package counting

import (
	"fmt"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Named are the events that are counted by a name, and what is wanted to be known of them.
type Named struct {
	EventType  string // "": all
	Token      string // what names an event, over its token k
	SinceStart bool   // times are those since the session's start, else those that views take
	Untimed    bool   // nobody asks for times
	Userless   bool   // nobody asks for users
}

// ofType is a condition on tokens k.
func (w Named) ofType() string {
	if w.EventType == "" {
		return ""
	}
	return " and k.type = '" + w.EventType + "'"
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
	tokens    store.Statement  // token, name, whether the filter wants it and whether it is a view's
	Outside   *store.Statement // events in no session; nil where they are not asked for
}

const tokensSQL = `select k.id, %s, coalesce(%s, false), k.type = 'view' from footfall.tokens k where true%s` //nolint:gosec // these tokens are no secrets

// Prepare makes the statements for the events that n selects. It returns nil where more than an event's session and token
// decide.
func (q Names) Prepare(c query.Context, n filter.Node) (*Counting, error) {
	compiler := c.Compiler()
	ofSession, ofToken, rest := compiler.Parts(n)
	if rest != nil {
		return nil, nil
	}
	t := &Counting{Names: q, context: c, ofSession: ofSession}
	wanted, err := compiler.Token(ofToken)
	if err != nil {
		return nil, err
	}
	t.tokens = store.Statement{SQL: fmt.Sprintf(tokensSQL, q.Token, wanted, q.ofType()), Args: compiler.Params.Values}
	if q.User != "" {
		t.tokens.SQL += "\n   and k.id = any (array(select unnest(s.tokens) from footfall.sessions s where s.user_key = " + q.Key(compiler.Params) + "))"
		t.tokens.Args = compiler.Params.Values
		return t, nil
	}
	compiler = c.Compiler()
	condition, err := compiler.Events(n)
	if err != nil {
		return nil, err
	}
	sql := q.OutsideSessions(c, compiler, q.Token+", count(*)", condition)
	t.Outside = &store.Statement{SQL: sql + "\n group by " + q.Token, Args: compiler.Params.Values}
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
	return fmt.Sprintf(outsideSessionsSQL, columns, w.ofType(), compiler.Needs.JoinsOfNobody(), query.OutsideKeys(compiler.Params), w.Token,
		compiler.Params.Add(c.From), compiler.Params.Add(c.To), condition)
}
