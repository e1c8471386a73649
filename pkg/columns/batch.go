package columns

import (
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// Batch is some sessions of one bucket, column by column. What stands at i in columns of sessions is the i-th session's, and
// its events are from First[i] to First[i+1] in those of events.
type Batch struct {
	Bucket int

	Users      []int32                    // user keys
	Keys       []int64                    // session keys
	Starts     []int64                    // ms since 1970
	Ends       []int64                    // ms since 1970
	Kinds      []packed.Kind              // whose they are
	Truncated  []bool                     // there are more events than here
	Counts     []packed.Counts            // of all events where truncated, else zero
	Attributes [packed.Attributes][]int32 // dictionary ids, 0 for none
	First      []int32                    // one more than there are sessions

	Tokens  []int32 // ids
	Offsets []int64 // ms since the session's start

	Durations packed.Durations
	Fields    [packed.Fields]packed.IDs // At counts the batch's events
}

// A batch ends with the session that reaches one of these.
const (
	batchSessions = 1024
	batchEvents   = 8 << 10
)

// Len is how many sessions there are.
func (b *Batch) Len() int { return len(b.Users) }

func (b *Batch) full() bool { return len(b.Users) >= batchSessions || len(b.Tokens) >= batchEvents }

// reset empties a batch and keeps its room.
func (b *Batch) reset() {
	b.Users, b.Keys, b.Starts, b.Ends = b.Users[:0], b.Keys[:0], b.Starts[:0], b.Ends[:0]
	b.Kinds, b.Truncated, b.Counts = b.Kinds[:0], b.Truncated[:0], b.Counts[:0]
	for i := range b.Attributes {
		b.Attributes[i] = b.Attributes[i][:0]
	}
	b.First = append(b.First[:0], 0)
	b.Tokens, b.Offsets = b.Tokens[:0], b.Offsets[:0]
	b.Durations.At, b.Durations.MS = b.Durations.At[:0], b.Durations.MS[:0]
	for i := range b.Fields {
		b.Fields[i].At, b.Fields[i].ID = b.Fields[i].At[:0], b.Fields[i].ID[:0]
	}
}

// add appends a session.
func (b *Batch) add(user int32, key, start, end int64, s *packed.Session) {
	first := len(b.Tokens)
	b.Users, b.Keys = append(b.Users, user), append(b.Keys, key)
	b.Starts, b.Ends = append(b.Starts, start), append(b.Ends, end)
	b.Kinds, b.Truncated, b.Counts = append(b.Kinds, s.Kind), append(b.Truncated, s.Truncated), append(b.Counts, s.Counts)
	for i, id := range s.Attributes {
		b.Attributes[i] = append(b.Attributes[i], id)
	}
	b.Tokens, b.Offsets = append(b.Tokens, s.Tokens...), append(b.Offsets, s.Offsets...)
	b.First = append(b.First, int32(len(b.Tokens))) //nolint:gosec // a batch is small
	for i, at := range s.Durations.At {
		b.Durations.Add(first+int(at), s.Durations.MS[i])
	}
	for f := range s.Fields {
		for i, at := range s.Fields[f].At {
			b.Fields[f].Add(first+int(at), s.Fields[f].ID[i])
		}
	}
}
