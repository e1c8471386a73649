package question

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Answer has a line for each row, in the order of the texts, so that two are the same if their lines are.
type Answer []string

// Answer of rows of any values, as far as they are to be compared.
func (q Question) Answer(rows [][]any) Answer {
	lines := make(Answer, len(rows))
	for i, row := range rows {
		if q.Compared > 0 {
			row = row[:q.Compared]
		}
		texts := make([]string, len(row))
		for at, value := range row {
			texts[at] = text(value)
		}
		lines[i] = strings.Join(texts, " | ")
	}
	slices.Sort(lines)
	return lines
}

// text is what a value means, whatever its type: engines differ in these.
func text(value any) string {
	switch v := value.(type) {
	case nil:
		return "-"
	case time.Time:
		return v.UTC().Format("2006-01-02T15:04:05.000")
	case float64:
		return number(v)
	case float32:
		return number(float64(v))
	case *big.Int:
		return v.String()
	case interface{ Float64() float64 }: // DuckDB's decimals
		return number(v.Float64())
	case []byte:
		return string(v)
	}
	return fmt.Sprint(value)
}

// number keeps ten digits: sums of the same fractions differ after some fifteen, by the order in which they were added.
func number(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.FormatInt(int64(v), 10)
	}
	return strconv.FormatFloat(v, 'g', 10, 64)
}

// IsEmpty tells whether the answer compares nothing: no rows, or a count of 0 alone.
func (a Answer) IsEmpty() bool { return len(a) == 0 || len(a) == 1 && a[0] == "0" }

// Difference describes how two answers differ; empty if they are the same.
func Difference(a, b string, first, second Answer) string {
	if slices.Equal(first, second) {
		return ""
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%s has %d rows, %s %d", a, len(first), b, len(second))
	for _, side := range []struct {
		name       string
		own, other Answer
	}{{a, first, second}, {b, second, first}} {
		fmt.Fprintf(&out, "\nonly in %s:", side.name)
		shown := 0
		for _, line := range side.own {
			if _, found := slices.BinarySearch(side.other, line); !found {
				if shown++; shown <= 20 {
					out.WriteString("\n  " + line)
				}
			}
		}
		if shown > 20 {
			fmt.Fprintf(&out, "\n  and %d more", shown-20)
		}
	}
	return out.String()
}
