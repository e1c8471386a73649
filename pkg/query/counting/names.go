// Package counting counts what sessions' arrays hold, for all questions that are answered from them.
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

// Arrays counts what sessions' arrays hold. PostgreSQL hands over the arrays and counting is done here: taking them
// apart, finding each view's next one and sorting all of it for the counts takes PostgreSQL many times longer.
type Arrays struct {
	what      Named
	from, to  int64           // [from, to), in milliseconds since 1970
	tokens    store.Statement // token, name, whether the filter wants it and whether it is a view's
	Sessions  store.Statement
	outsiders *store.Statement // the users who do not count as users; nil where nobody or everybody asked for is one
	isUser    bool             // without outsiders: whether who is asked for counts as a user
	Outside   *store.Statement // events in no session; nil where they are not asked for
}

const tokensSQL = `select k.id, %s, coalesce(%s, false), k.type = 'view' from footfall.tokens k where true%s` //nolint:gosec // these tokens are no secrets

// arraysSQL sends arrays as bytes, which takes the least time and can be shared among processes.
const arraysSQL = `select s.user_key, s.start_ts, array_send(s.tokens), array_send(s.offsets), %[1]s
  from footfall.sessions s%[2]s
 where %[3]s`

// maskSQL tells of each event whether the filter wants it, where neither its session nor its token alone decide.
const maskSQL = `array_send(array(
       select coalesce(%s, false)
         from unnest(s.tokens, s.offsets) with ordinality a (token, "offset", n)
        cross join lateral (select s.user_key, s.session_key, s.start_ts + a."offset" * interval '1 ms' as ts, a.token) e
        order by a.n))`

const outsidersSQL = `select array_send(array_agg(u.key order by u.key)) from footfall.users u where u.kind %s`

// Arrays makes the statements for the events that n selects, of which sessions' arrays know enough.
func (q Names) Arrays(c query.Context, n filter.Node) (*Arrays, error) {
	t := &Arrays{what: q.Named, from: c.From.UnixMilli(), to: c.To.UnixMilli()}
	compiler := c.Compiler()
	ofSession, ofToken, rest := compiler.Parts(n)
	wanted, err := compiler.Token(ofToken)
	if err != nil {
		return nil, err
	}
	t.tokens = store.Statement{
		SQL: fmt.Sprintf(tokensSQL, q.Token, wanted, q.ofType()), Args: compiler.Params.Values,
	}
	if t.Sessions, err = q.sessions(c, ofSession, ofToken, rest); err != nil {
		return nil, err
	}
	if q.User != "" {
		t.isUser = !q.Anonymous || q.IncludeAnonymous
		t.tokens.SQL += "\n   and k.id = any (array(select unnest(s.tokens) from footfall.sessions s where s.user_key = " + q.Key(compiler.Params) + "))"
		t.tokens.Args = compiler.Params.Values
		return t, nil
	}
	kind := "<> 'usr'"
	if q.IncludeAnonymous {
		kind = "= 'none'"
	}
	t.outsiders = &store.Statement{SQL: fmt.Sprintf(outsidersSQL, kind)}
	compiler = c.Compiler()
	condition, err := compiler.Events(n)
	if err != nil {
		return nil, err
	}
	sql := q.Outside(c, compiler, q.Token+", count(*)", condition)
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

// Outside reads columns of the events that are in no session and that meet a condition.
func (w Named) Outside(c query.Context, compiler *filter.Compiler, columns, condition string) string {
	return fmt.Sprintf(outsideSessionsSQL, columns, w.ofType(), compiler.Needs.JoinsOfNobody(), query.OutsideKeys(compiler.Params), w.Token,
		compiler.Params.Add(c.From), compiler.Params.Add(c.To), condition)
}

func (q Names) sessions(c query.Context, ofSession, ofToken, rest filter.Node) (store.Statement, error) {
	compiler := c.Compiler()
	where := filter.Overlap(compiler.Params.Add(c.From), compiler.Params.Add(c.To))
	if q.User != "" {
		where += "\n   and s.user_key = " + q.Key(compiler.Params)
	}
	condition, err := compiler.Sessions(ofSession)
	if err != nil {
		return store.Statement{}, err
	}
	where += "\n   and " + condition
	if ofToken != nil && !compiler.OnlyTypes(ofToken) {
		tokens, err := compiler.WantedTokens(ofToken)
		if err != nil {
			return store.Statement{}, err
		}
		where += "\n   and s.tokens && " + tokens
	}
	mask := "null::bytea"
	if rest != nil {
		single, err := compiler.Events(rest)
		if err != nil {
			return store.Statement{}, err
		}
		mask = fmt.Sprintf(maskSQL, single)
	}
	sql := fmt.Sprintf(arraysSQL, mask, compiler.Needs.Joins("s"), where)
	return store.Statement{SQL: sql, Args: compiler.Params.Values, Binary: true}, nil
}

// Statements are all that is executed.
func (t *Arrays) Statements() []store.Statement {
	list := []store.Statement{t.tokens, t.Sessions}
	for _, more := range []*store.Statement{t.outsiders, t.Outside} {
		if more != nil {
			list = append(list, *more)
		}
	}
	return list
}
