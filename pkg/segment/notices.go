package segment

import (
	"context"
	"fmt"
	"time"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// grace is how late a computation may be before answers say so: it takes its time, and turns.
const grace = 2 * time.Minute

// Notices says which of the segments an answer used are not as fresh as they should be.
func Notices(ctx context.Context, db store.Querier, keys []int32, now time.Time) ([]string, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	used, err := list(ctx, db, "s.key = any ($1::int[])", keys)
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, s := range used {
		if text := s.notice(now); text != "" {
			texts = append(texts, text)
		}
	}
	return texts, nil
}

// notice is "" where the members are as fresh as they should be.
func (s Segment) notice(now time.Time) string {
	switch {
	case s.ComputedAt == nil && s.Error != "":
		return fmt.Sprintf("Segment %s has no members yet: %s", s.Name, s.Error)
	case s.ComputedAt == nil:
		return fmt.Sprintf("Segment %s has not been computed yet", s.Name)
	case s.Error != "":
		return fmt.Sprintf("Segment %s is of %s; computing it failed: %s", s.Name, s.ComputedAt.UTC().Format(time.RFC3339), s.Error)
	case s.ComputedVersion != nil && *s.ComputedVersion != s.Version:
		return fmt.Sprintf("Segment %s has been changed; its members are still those of the definition before", s.Name)
	case s.NextAt != nil && now.After(s.NextAt.Add(grace)):
		return fmt.Sprintf("Segment %s is of %s, older than its schedule; does a worker run?", s.Name, s.ComputedAt.UTC().Format(time.RFC3339))
	}
	return ""
}
