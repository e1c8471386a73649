package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/bench/data"
)

// All questions have the same answers in all engines, and can be timed.
func TestAllAgree(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), options{data: data.Options{Events: 20_000, Seed: 1}, rounds: 1, out: &out}))
	t.Log(out.String())
}
