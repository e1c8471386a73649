// Package query is what all questions that can be asked of the store share. Each has a folder here: it is decoded from a
// query's options, turned into statements, and answered with data frames. They know nothing of Grafana's requests; the
// plugin alone knows them all.
package query

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Question is what one query type asks; its exported fields are the query's options.
type Question interface {
	// Prepare checks the options, without a database. Its errors are of type InvalidError.
	Prepare(Context) (Answer, error)
}

// Answer runs a prepared question in the transaction it is given. Where a statement fails, the error is a
// *store.StatementError.
type Answer func(ctx context.Context, db store.Querier) (data.Frames, error)

// Context is what a question depends on beside its options.
type Context struct {
	Location   *time.Location     // of dates without a zone, and of calendar buckets
	Now        time.Time          // of relative times
	From, To   time.Time          // the dashboard's range, [From, To)
	Interval   time.Duration      // the dashboard's, between two points of a time series
	MaxRows    int                // an answer has no more rows than this; 0: no limit
	Names      filter.Names       // custom attributes of this store
	Tokens     *columns.Tokens    // of this store; nil: nothing is kept of them
	Conditions []filter.Condition // the dashboard's ad-hoc filters
	Used       func(key int32)    // told which segments the answer depends on; may be nil
	Asked      *filter.Asked      // told what may not be there; may be nil
	Shared     *Shared            // with other questions; may be nil
	HideEmails bool               // who asks may not see e-mails: what would tell them is refused, columns of them are emptied after

	found *found // whom to find before the answer's statements are run; nil: they look themselves
}

// Prepare prepares a question, whose answer first finds those who did what it depends on.
func Prepare(c Context, q Question) (Answer, error) {
	c, find := c.Finding()
	answer, err := q.Prepare(c)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, db store.Querier) (data.Frames, error) {
		executed, err := find(ctx, db)
		if err != nil {
			return nil, err
		}
		frames, err := answer(ctx, db)
		if err == nil && len(executed) > 0 && len(frames) > 0 && frames[0].Meta != nil {
			meta := frames[0].Meta
			meta.ExecutedQueryString = ExecutedText(executed...) + ";\n\n" + meta.ExecutedQueryString
		}
		return frames, err
	}, nil
}

// DecodeOptions reads options over their defaults and refuses unknown ones.
func DecodeOptions(raw []byte, options any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	return decoder.Decode(options)
}

// Compiler starts a statement. has(...) over users looks in the dashboard's range.
func (c Context) Compiler() *filter.Compiler {
	compiler := &filter.Compiler{
		Scope:  filter.Scope{Location: c.Location, Now: c.Now, From: c.From, To: c.To, Names: c.Names, Used: c.Used, Asked: c.Asked},
		Params: &store.Params{},
	}
	if c.found != nil {
		compiler.Did = c.did
	}
	return compiler
}

// JoinConditions makes a node of a list of conditions, which field holds. Each is compiled by itself, so that an error can
// name the one that is wrong.
func (c Context) JoinConditions(field string, list []filter.Condition) (filter.Node, error) {
	n, err := filter.Conditions(list)
	if wrong := (filter.ConditionError{}); errors.As(err, &wrong) {
		return nil, InvalidError{field + wrong.Field, wrong.Problem}
	}
	for i := range list {
		one, err := filter.Conditions(list[i : i+1])
		if err == nil {
			_, err = c.Compiler().Events(one)
		}
		if wrong := (filter.Error{}); errors.As(err, &wrong) {
			return nil, InvalidError{fmt.Sprintf("%s[%d]", field, i), "is wrong: " + wrong.Problem}
		}
	}
	return n, err
}
