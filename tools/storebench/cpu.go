package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/tools/machine"
)

// cpu is the processor time spent so far: on a machine that others use as well it says more than the clock does.
type cpu struct {
	own, server time.Duration
}

// readCPU has zero for a server that runs elsewhere.
func readCPU(ctx context.Context, conn *pgx.Conn) (cpu, error) {
	var backend int
	if err := conn.QueryRow(ctx, `select pg_backend_pid()`).Scan(&backend); err != nil {
		return cpu{}, fmt.Errorf("find the server's process: %w", err)
	}
	return cpu{own: machine.Spent(os.Getpid()), server: machine.SpentByServer(backend)}, nil
}
