package testdb

import (
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/footfall-analytics/footfall/tools/repo"
)

// untested counts tests that were skipped for want of the sample data, unequipped those for want of PostgreSQL's programs.
var untested, unequipped atomic.Int64

// Sample returns the path of a file of the sample data. Where there is none at all the test is skipped, and Main says so
// at the end; where only the file is missing the test fails.
func Sample(t testing.TB, name string) string {
	t.Helper()
	dir, err := repo.SampleDir()
	if err != nil {
		t.Fatal(err)
	}
	if dir == "" {
		untested.Add(1)
		t.Skip("NOT TESTED: the sample data is missing")
	}
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func tellUntested() {
	if n := untested.Load(); n > 0 {
		fmt.Fprintf(os.Stderr, "NOT TESTED: %d tests were skipped, since the sample data (../shared/data) is missing\n", n)
	}
	if n := unequipped.Load(); n > 0 {
		fmt.Fprintf(os.Stderr, "NOT TESTED: %d tests were skipped, since no PostgreSQL here brings pg_dump; Debian's package postgresql does\n", n)
	}
}
