package columns

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestScansWaitForEachOther(t *testing.T) {
	budget := NewBudget(2, 0)
	endFirst, err := budget.begin(t.Context())
	require.NoError(t, err)
	endSecond, err := budget.begin(t.Context())
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err = budget.begin(ctx)
	require.ErrorIs(t, err, ErrBusy, "two at once")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	endFirst()
	endThird, err := budget.begin(t.Context())
	require.NoError(t, err)
	endSecond()
	endThird()
}

func TestQuestionsShareMemory(t *testing.T) {
	const step = keptAtOnce
	budget := NewBudget(2, 4*step)
	one, other := budget.Room(), budget.Room()
	first, second, third := one.Keeper(), one.Keeper(), other.Keeper()
	require.NoError(t, first.Keeps(1))
	require.NoError(t, first.Keeps(step), "which is what was taken")
	require.NoError(t, second.Keeps(2*step-1))
	require.EqualValues(t, 3*step, budget.Kept())
	require.ErrorIs(t, third.Keeps(step+1), ErrTooMuch)
	require.EqualValues(t, 3*step, budget.Kept(), "what is refused is not taken")
	require.NoError(t, second.Keeps(0))
	require.NoError(t, third.Keeps(3*step))
	one.Clear()
	require.EqualValues(t, 3*step, budget.Kept())
	other.Clear()
	require.Zero(t, budget.Kept(), "everything was given back")
}

func TestWhoIsAloneWaitsForAllAndIsWaitedFor(t *testing.T) {
	budget := NewBudget(2, 0)
	end, err := budget.begin(t.Context())
	require.NoError(t, err)
	soon, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	require.ErrorIs(t, budget.Alone(soon, func(context.Context) error { return nil }), ErrBusy, "one is read")
	end()
	require.NoError(t, budget.Alone(t.Context(), func(ctx context.Context) error {
		soon, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		_, err := budget.begin(soon)
		require.ErrorIs(t, err, ErrBusy, "others wait")
		for range 3 {
			end, err := budget.begin(ctx)
			require.NoError(t, err)
			end()
		}
		return nil
	}))
	end, err = budget.begin(t.Context())
	require.NoError(t, err)
	end()
}
