// Package engine has the three that are compared: Footfall, SQL on a wide table in the same PostgreSQL, DuckDB.
package engine

import (
	"context"
	"errors"
	"time"

	"github.com/footfall-analytics/footfall/bench/question"
)

// ErrStopped is Footfall's answer where a question took longer than it gives itself.
var ErrStopped = errors.New("it was stopped, since it took too long")

// Engine is one of them. All read the same file of rows as the inbox takes them.
type Engine interface {
	Name() string
	// Load stores the rows of a CSV file with the inbox's columns in their order.
	Load(ctx context.Context, file string) error
	// Start makes ready to be asked. Nothing is remembered from before.
	Start(ctx context.Context) error
	Ask(ctx context.Context, q question.Question) (question.Answer, error)
	// Size is what it takes on disk, in bytes, while it can be asked.
	Size(ctx context.Context) (int64, error)
	// Spent is the processor time so far of all that takes part.
	Spent() time.Duration
	Stop() error
}
