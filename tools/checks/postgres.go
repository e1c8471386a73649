package checks

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/magefile/mage/sh"

	"github.com/footfall-analytics/footfall/tools/postgres"
	"github.com/footfall-analytics/footfall/tools/process"
)

const testdbPackage = "github.com/footfall-analytics/footfall/pkg/testing/testdb"

// testOtherPostgres runs the database's tests once more on each other PostgreSQL of this machine. The race detector, a
// hundred cases of each property and hundreds of crashes have seen them already: what is left is what a version does otherwise.
func testOtherPostgres(ctx context.Context) error {
	installs, err := postgres.All()
	if err != nil {
		return err
	}
	majors := otherMajors(installs)
	if len(majors) == 0 {
		fmt.Println("NOT RUN: only one version of PostgreSQL is installed; Debian's package postgresql brings another")
		return nil
	}
	tested, err := databasePackages()
	if err != nil {
		return err
	}
	for _, major := range majors {
		fmt.Println("PostgreSQL", major)
		env := []string{"FOOTFALL_TEST_POSTGRES=" + strconv.Itoa(major), "FOOTFALL_TEST_CRASHES=20", "FOOTFALL_TEST_CHECKS=30"}
		if err := process.Show(ctx, env, "go", append([]string{"test", "-timeout", "40m"}, tested...)...); err != nil {
			return fmt.Errorf("on PostgreSQL %d: %w", major, err)
		}
	}
	return nil
}

// otherMajors lists the versions that the first run, on the preferred one, has not covered.
func otherMajors(installs []postgres.Install) []int {
	var majors []int
	for _, install := range installs {
		if install.Major != installs[0].Major && !slices.Contains(majors, install.Major) {
			majors = append(majors, install.Major)
		}
	}
	return majors
}

// databasePackages lists the packages whose tests use testdb, but for the tools, which have no SQL of their own.
func databasePackages() ([]string, error) {
	ours := slices.DeleteFunc(slices.Clone(packages), func(p string) bool { return strings.HasPrefix(p, "./tools") })
	out, err := sh.Output("go", append([]string{"list", "-f", `{{.ImportPath}} {{join .TestImports " "}} {{join .XTestImports " "}}`}, ours...)...)
	if err != nil {
		return nil, fmt.Errorf("list the packages with a database: %w", err)
	}
	var found []string
	for line := range strings.Lines(out) {
		fields := strings.Fields(line)
		if slices.Contains(fields[1:], testdbPackage) || fields[0] == testdbPackage {
			found = append(found, fields[0])
		}
	}
	return found, nil
}
