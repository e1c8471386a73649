package counting

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// outsideStatement counts the events that are in no session by token, bucket, duration and attributes where these are asked for, and
// conditions: they have neither places nor users.
func (g *Grouping) outsideStatement() (*store.Statement, error) {
	compiler := g.context.Compiler()
	var conditions []string
	for i := range g.ofToken {
		condition, err := g.ofEvent(compiler, i)
		if err != nil {
			return nil, err
		}
		conditions = append(conditions, "coalesce("+condition+", false)")
	}
	bucket := "0"
	if g.Buckets != nil {
		bucket = fmt.Sprintf("width_bucket(e.ts, %s::timestamptz[]) - 1", compiler.Params.Add(g.Buckets))
	}
	duration := "-1::double precision"
	if g.takes(EventDuration) {
		duration = "coalesce(e.duration, -1)"
	}
	texts := event.SaidSQL("e.attributes", g.said, compiler.Params.Add)
	columns := append([]string{"e.token", bucket, duration, texts, "count(*)"}, conditions...)
	sql := query.OutsideSessions(g.context, compiler, strings.Join(columns, ", "), conditions[0])
	by := []string{"1", "2", "3", "4"}
	for i := range conditions {
		by = append(by, fmt.Sprint(i+6))
	}
	return &store.Statement{SQL: sql + "\n group by " + strings.Join(by, ", "), Args: compiler.Params.Values}, nil
}

// ofEvent is a condition on events e and their tokens k: what it says of tokens needs no look into a set of them.
func (g *Grouping) ofEvent(compiler *filter.Compiler, i int) (string, error) {
	rest := []filter.Node{g.ofSession[i]}
	for _, one := range g.ofSaid {
		if one.condition == i {
			rest = append(rest, one.node)
		}
	}
	ofRest := filter.All(rest...)
	condition, err := compiler.Events(ofRest)
	if err != nil || g.ofToken[i] == nil {
		return condition, err
	}
	ofToken, err := compiler.Token(g.ofToken[i])
	if ofRest == nil {
		return ofToken, err
	}
	return condition + " and " + ofToken, err
}

// eventsOutside are so many events in no session.
type eventsOutside struct {
	token, bucket int32
	duration      float64 // -1 for none
	said          []string
	number        int64
	matches       uint64
}

func (r *run) readOutside(ctx context.Context) ([]eventsOutside, error) {
	if r.outside == nil {
		return nil, nil
	}
	r.did(*r.outside)
	var list []eventsOutside
	var one eventsOutside
	holds := make([]bool, len(r.Conditions))
	targets := []any{&one.token, &one.bucket, &one.duration, &one.said, &one.number}
	for i := range holds {
		targets = append(targets, &holds[i])
	}
	err := r.outside.Each(ctx, r.db, targets, func() error {
		one.matches = matching(holds)
		list = append(list, one)
		list[len(list)-1].said = slices.Clone(one.said)
		return nil
	})
	return list, err
}
