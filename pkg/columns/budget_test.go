package columns_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/columns"
)

func TestBudgets(t *testing.T) {
	budget := columns.NewBudget(2, 20<<20)
	first, err := budget.Begin(t.Context())
	require.NoError(t, err)
	second, err := budget.Begin(t.Context())
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err = budget.Begin(ctx)
	require.ErrorIs(t, err, context.DeadlineExceeded, "two at once")
	require.NoError(t, first.Take(3<<20))
	require.ErrorIs(t, second.Take(3<<20), columns.ErrTooMuch)
	first.End()
	require.NoError(t, second.Take(3<<20))
	third, err := budget.Begin(t.Context())
	require.NoError(t, err)
	second.End()
	third.End()
	all, err := budget.Begin(t.Context())
	require.NoError(t, err)
	require.NoError(t, all.Take(12<<20), "everything was given back")
	all.End()
}
