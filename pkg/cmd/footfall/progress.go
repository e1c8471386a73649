package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// plainInterval is how often progress is told where it cannot be drawn.
const plainInterval = 5 * time.Second

// progress shows how far a command is: a bar on a terminal, else a line every few seconds.
type progress struct {
	out   io.Writer
	what  string
	total int64 // 0: not known
	bar   *progressbar.ProgressBar
	start time.Time
	last  time.Time
}

// newProgress starts a progress that is measured in a unit ("bytes", "rows", ...) up to total.
func newProgress(out io.Writer, what, unit string, total int64) *progress {
	p := &progress{out: out, what: what, total: total, start: time.Now(), last: time.Now()}
	file, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return p
	}
	limit := total
	if limit == 0 {
		limit = -1 // a spinner
	}
	rate := progressbar.OptionShowBytes(true)
	if unit != "bytes" {
		rate = progressbar.OptionShowIts()
	}
	p.bar = progressbar.NewOptions64(limit,
		rate,
		progressbar.OptionSetItsString(unit),
		progressbar.OptionSetWriter(out),
		progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(),
		progressbar.OptionSetWidth(20),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
	)
	return p
}

// set tells how far the work is, in the progress's unit and in rows.
func (p *progress) set(done, rows int64) {
	elapsed := time.Since(p.start)
	rate := float64(rows) / max(elapsed.Seconds(), 0.001)
	if p.bar != nil {
		p.bar.Describe(english.Sprintf("%s: %d rows, %.0f/s", p.what, rows, rate))
		if p.total > 0 {
			done = min(done, p.total-1) // finish ends it
		}
		_ = p.bar.Set64(done)
		return
	}
	if time.Since(p.last) < plainInterval {
		return
	}
	p.last = time.Now()
	fmt.Fprintf(p.out, "%s: %s%s\n", p.what, english.Sprintf("%d rows, %.0f rows/s", rows, rate), p.left(done, elapsed))
}

// left says how much is done and how long the rest takes, where the total is known.
func (p *progress) left(done int64, elapsed time.Duration) string {
	if p.total == 0 || done == 0 {
		return ""
	}
	share := min(float64(done)/float64(p.total), 1)
	rest := time.Duration(float64(elapsed) * (1 - share) / share)
	return fmt.Sprintf(", %.0f %%, %v left", 100*share, rest.Round(time.Second))
}

func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
