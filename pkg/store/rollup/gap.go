package rollup

import (
	"strconv"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// gapRule cuts the events of a source without session ids: per user and application, a new session starts after gap ms
// without an event, or max ms after the session's first event.
type gapRule struct {
	gap, max int64
}

// starts tells whether an event at ts starts a new session, after one that began at start and had its last event at end.
func (g gapRule) starts(start, end, ts int64) bool {
	return ts-end >= g.gap || ts-start >= g.max
}

// split cuts records of one user and application, in event order, into sessions.
func (g gapRule) split(records []*record) [][]*record {
	var parts [][]*record
	for i, r := range records {
		if i == 0 || g.starts(parts[len(parts)-1][0].TS, records[i-1].TS, r.TS) {
			parts = append(parts, nil)
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], r)
	}
	return parts
}

// givenSession is the bit of a session key that tells a session with an id of its own from one made of gaps.
const givenSession = 1

// givenSessionKey names a session by its session.id.
func givenSessionKey(id string) int64 { return event.SessionKey(id) }

// gapSessionKey names a session made of gaps by its application (a dictionary id) and its start.
func gapSessionKey(application int32, start int64) int64 {
	return event.HashInt("gap", strconv.Itoa(int(application)), strconv.FormatInt(start, 10)) &^ givenSession
}
