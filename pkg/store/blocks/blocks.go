// Package blocks is the format in which many sessions that have gone quiet stand together, each of their columns in one value:
// a question over many sessions reads the columns it needs, and nothing else. docs/data-model.md says what every byte means.
// It holds what package packed holds of one session. The format knows no database; table.go puts blocks into one and reads them.
package blocks

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// Session is one of a block.
type Session struct {
	User  int32
	Key   int64
	Start int64 // milliseconds since 1970
	End   int64 // likewise: of the last event, also where that is not held
	packed.Session
}

// Column is one of a block's columns, in the order of their use.
type Column int

// The columns. Those of fields come in the order of packed.Field.
const (
	Users Column = iota
	Keys
	Starts
	Ends
	Flags
	Counts
	Totals
	Attributes
	List
	Tokens
	Offsets
	Durations
	ViewNames
	ActionTypes
	ActionTargets
	ErrorTypes
	Columns // how many there are
)

var names = [Columns]string{
	"users", "keys", "starts", "ends", "flags", "counts", "totals", "attributes", "list", "tokens", "offsets", "durations",
	"view_names", "action_types", "action_targets", "error_types",
}

// String is the column's name in the store.
func (c Column) String() string { return names[c] }

// Block is one as it is stored. A column without any value is nil.
type Block struct {
	Format           int16
	Sessions, Events int32 // how many it holds
	MinStart         int64 // milliseconds since 1970
	MaxStart, MaxEnd int64
	Columns          [Columns][]byte
}

// Format is the number of the format that Encode writes.
const Format = 1

// A block ends before it has more sessions than MaxSessions, or more events than MaxEvents, unless one session has them.
const (
	MaxSessions = 2048
	MaxEvents   = 16 * 1024
)

// longSession is how long a session lasts that stands apart from shorter ones: by its end a block would reach into ranges of
// time that none of its other sessions reach into.
const longSession = 24 * 60 * 60 * 1000

// Compare orders sessions as blocks hold them: by start, then user, then key.
func Compare(a, b Session) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.User, b.User), cmp.Compare(a.Key, b.Key))
}

// Split sorts sessions and shares them out among blocks: those that last more than a day have blocks of their own.
func Split(sessions []Session) [][]Session {
	slices.SortFunc(sessions, Compare)
	var blocks [][]Session
	for _, long := range []bool{false, true} {
		var open []Session
		events := 0
		for _, s := range sessions {
			if s.End-s.Start > longSession != long {
				continue
			}
			if len(open) == MaxSessions || len(open) > 0 && events+len(s.Tokens) > MaxEvents {
				blocks, open, events = append(blocks, open), nil, 0
			}
			open, events = append(open, s), events+len(s.Tokens)
		}
		if len(open) > 0 {
			blocks = append(blocks, open)
		}
	}
	return blocks
}

// Error says what is wrong with a block.
type Error string

func (e Error) Error() string { return "a block of sessions " + string(e) }

func errorf(format string, args ...any) error { return Error(fmt.Sprintf(format, args...)) }
