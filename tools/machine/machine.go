// Package machine reads what processes cost, from Linux's /proc; zero where there is none.
package machine

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// ticks of /proc a second, on every Linux.
const ticks = 100

// Spent is the processor time of a process so far.
func Spent(pid int) time.Duration {
	one, _ := readStat(pid)
	return one.spent
}

// SpentByServer is that of a PostgreSQL, with all its backends: one of them is given by its number. On a machine that others
// use as well it says more than the clock does.
func SpentByServer(backend int) time.Duration {
	one, err := readStat(backend)
	if err != nil {
		return 0
	}
	// The server's own time holds that of the backends that have ended.
	server, err := readStat(one.parent)
	if err != nil {
		return 0
	}
	sum := server.spent + server.children
	folders, _ := filepath.Glob("/proc/[0-9]*")
	for _, folder := range folders {
		pid, _ := strconv.Atoi(filepath.Base(folder))
		if child, err := readStat(pid); err == nil && child.parent == one.parent {
			sum += child.spent
		}
	}
	return sum
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

// PeakMemory is the most memory that a process had since ForgetPeak, in bytes.
func PeakMemory(pid int) int64 {
	content, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(content)) {
		if text, found := strings.CutPrefix(line, "VmHWM:"); found {
			n, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "kB")), 10, 64)
			return n << 10
		}
	}
	return 0
}

// ForgetPeak makes PeakMemory begin anew.
func ForgetPeak(pid int) {
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0o200) // without it the peak is that of all questions
}

// Load is the machine's load average over the last minute, as it is written there.
func Load() string {
	content, _ := os.ReadFile("/proc/loadavg")
	load, _, _ := strings.Cut(string(content), " ")
	return load
}
