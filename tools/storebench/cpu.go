package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// cpu is the processor time spent so far: on a machine that others use as well it says more than the clock does.
type cpu struct {
	own, server time.Duration
}

// ticks of /proc a second, on every Linux.
const ticks = 100

// readCPU reads it from /proc; zero where there is none, or where the server runs elsewhere.
func readCPU(ctx context.Context, conn *pgx.Conn) (cpu, error) {
	var backend int
	if err := conn.QueryRow(ctx, `select pg_backend_pid()`).Scan(&backend); err != nil {
		return cpu{}, fmt.Errorf("find the server's process: %w", err)
	}
	var c cpu
	if self, err := readStat(os.Getpid()); err == nil {
		c.own = self.spent
	}
	one, err := readStat(backend)
	if err != nil {
		return c, nil
	}
	// The server's own time holds that of the backends that have ended.
	if server, err := readStat(one.parent); err == nil {
		c.server = server.spent + server.children
	}
	folders, _ := filepath.Glob("/proc/[0-9]*")
	for _, folder := range folders {
		pid, _ := strconv.Atoi(filepath.Base(folder))
		if child, err := readStat(pid); err == nil && child.parent == one.parent {
			c.server += child.spent
		}
	}
	return c, nil
}

// loadAverage is how many processes wanted the processor in the last minute, empty where nobody tells.
func loadAverage() string {
	content, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	return strings.Fields(string(content))[0]
}

type stat struct {
	parent          int
	spent, children time.Duration
}

// readStat reads what proc(5) says of a process.
func readStat(pid int) (stat, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return stat{}, err
	}
	// The name, in parentheses, may hold anything; what follows it starts with field 3.
	fields := strings.Fields(string(content[strings.LastIndexByte(string(content), ')')+1:]))
	if len(fields) < 15 {
		return stat{}, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	number := func(field int) time.Duration {
		n, _ := strconv.Atoi(fields[field-3])
		return time.Duration(n) * time.Second / ticks
	}
	parent, err := strconv.Atoi(fields[1])
	return stat{parent: parent, spent: number(14) + number(15), children: number(16) + number(17)}, err
}
