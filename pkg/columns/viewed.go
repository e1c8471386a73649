package columns

import (
	"slices"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
)

const (
	viewsSQL = "select k.id\n  from footfall.tokens k\n where k.type = 'view' and k.page is not null"
	// ofNoneSQL tells with 0 that a condition holds of no view.
	ofNoneSQL = "select 0\n  from (select) nothing\n  left join footfall.tokens k on false\n where "
)

// FirstOf is the first token of the session, or the last one, that is among some; -1 where none is. Truncated sessions may
// have others.
func (s *Session) FirstOf(are func(token int32) bool, last bool) int32 {
	at := slices.IndexFunc(s.Tokens, are)
	if last {
		for at = len(s.Tokens) - 1; at >= 0 && !are(s.Tokens[at]); at-- {
		}
	}
	if at < 0 {
		return -1
	}
	return s.Tokens[at]
}

func (r *resolver) ofView(t filter.OfView) (Where, error) {
	r.scan.NoEvents = false
	views, err := r.ids(viewsSQL, &store.Params{})
	if err != nil {
		return nil, err
	}
	wanted, err := r.tokens(t.Node)
	if err != nil {
		return nil, err
	}
	compiler := r.compiler()
	where, err := compiler.Token(t.Node)
	if err != nil {
		return nil, err
	}
	ofNone, err := r.ids(ofNoneSQL+where, compiler.Params)
	if err != nil {
		return nil, err
	}
	inSQL, err := r.ofTruncated(t.InSQL)
	return func(s *Session) bool {
		if s.Truncated {
			return inSQL(s)
		}
		view := s.FirstOf(views.Has, t.Last)
		return view >= 0 && wanted.Has(view) || view < 0 && ofNone.Has(0)
	}, err
}

// ofTruncated is ofSession for sessions that are longer than their arrays.
func (r *resolver) ofTruncated(n filter.Node) (Where, error) {
	compiler := r.compiler()
	where, err := compiler.Sessions(n)
	if err != nil {
		return nil, err
	}
	return r.found(compiler, "s.truncated and "+where)
}
