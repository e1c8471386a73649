package rollup

import (
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// session is a row of footfall.sessions.
type session struct {
	sessionRef
	ID           string // "" for sessions made of gaps
	Start, End   int64
	LastSeq      *int64
	LastKey      event.Key
	Attrs        attrs
	Events       int32
	Views        int32
	Actions      int32
	Errors       int32
	Frustrations int32
	Reported     bool // some event carries a frustration of the SDK's
	Truncated    bool
	Tokens       []int32
	Offsets      []int64
	Pages        []int32
	details
	packed []byte // as it is stored, nil where it is not
}

// last is the place of the session's last event in event order.
func (s *session) last() event.Order { return event.Order{TS: s.End, Seq: s.LastSeq, Key: s.LastKey} }

// ids resolves what a session's row says in integers.
type ids interface {
	token(event.Token) int32
	tokenOf(id int32) event.Token
	context(id int32) attrs
}

// append adds events that all sort after those in the session; records must be in event order, with final tokens.
// A new session is one appended to nothing, so that appending and rebuilding cannot differ.
func (s *session) append(records []*record, resolve ids, limit int) {
	for _, r := range records {
		if s.Events == 0 {
			s.Start, s.known = r.TS, true
		}
		s.End, s.LastSeq, s.LastKey = r.TS, r.Seq, r.Key
		s.Attrs.fill(resolve.context(r.Context))
		s.count(r)
		// Where the limit was lower, events that did not fit are between those held and this one.
		if s.Truncated || len(s.Tokens) >= limit {
			s.Truncated = true
			continue
		}
		id := resolve.token(r.Token)
		s.describe(len(s.Tokens), r, resolve.tokenOf(id))
		s.Tokens = append(s.Tokens, id)
		s.Offsets = append(s.Offsets, r.TS-s.Start)
		if page := r.Token.Page; r.Token.Type == event.View && page != 0 &&
			(len(s.Pages) == 0 || s.Pages[len(s.Pages)-1] != page) {
			s.Pages = append(s.Pages, page)
		}
	}
}

func (s *session) count(r *record) {
	s.Events++
	switch r.Token.Type {
	case event.View:
		s.Views++
	case event.Action:
		s.Actions++
	case event.Error:
		s.Errors++
	}
	if r.Token.Frustration != 0 {
		s.Frustrations++
	}
	if r.Reported != 0 {
		s.Reported = true
	}
}

// takes tells whether records, in event order, can be appended: they sort after the last event, and nothing that is
// derived from clicks and errors can reach over the seam.
func (s *session) takes(records []*record, rules *frustrationRules) bool {
	if len(records) == 0 || records[0].Compare(s.last()) <= 0 {
		return false
	}
	for _, r := range records {
		if r.Reported != 0 && !s.Reported {
			return false
		}
	}
	if s.Reported {
		return true
	}
	for _, r := range records {
		if r.TS-s.End > rules.reach() {
			break
		}
		if r.Token.Type == event.Error || rules.isClick(r) {
			return false
		}
	}
	return true
}
