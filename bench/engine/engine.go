// Package engine has the three that are compared: Footfall, SQL on a wide table in the same PostgreSQL, DuckDB.
package engine

import (
	"context"
	"time"

	"github.com/footfall-analytics/footfall/bench/question"
)

// Engine is one of them. All read the same file of rows as the inbox takes them.
type Engine interface {
	Name() string
	// Load stores the rows of a CSV file with the inbox's columns in their order.
	Load(ctx context.Context, file string) error
	// Start makes ready to be asked. Nothing is remembered from before.
	Start(ctx context.Context) error
	Ask(ctx context.Context, q question.Question) (question.Answer, error)
	// Spent is the processor time so far of all that takes part.
	Spent() time.Duration
	Stop() error
}
