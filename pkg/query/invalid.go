package query

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/pkg/filter"
)

// InvalidError is a mistake in a query.
type InvalidError struct {
	Field   string // such as options.filters[0].values
	Problem string // what is wrong and what would be right
}

func (e InvalidError) Error() string { return e.Field + " " + e.Problem }

// Invalid is a mistake in an option.
func Invalid(field, format string, args ...any) error {
	return InvalidError{Field: "options." + field, Problem: fmt.Sprintf(format, args...)}
}

// InvalidFilter says where a filter is wrong.
func InvalidFilter(field string, err error) error {
	if wrong := (filter.Error{}); errors.As(err, &wrong) {
		return InvalidError{field, "is wrong: " + wrong.Error()}
	}
	return err
}

// CheckText refuses what can be in no store.
func CheckText(field, text string, most int) error {
	switch {
	case len(text) > most:
		return Invalid(field, "is longer than %d bytes", most)
	case strings.ContainsRune(text, 0):
		return Invalid(field, "contains a NUL character")
	}
	return nil
}

// longestRange of a query: further back there are no events.
const longestRange = 50 * 365 * 24 * time.Hour

// CheckRange refuses ranges that can only be mistakes, for questions that obey the dashboard's range.
func (c Context) CheckRange() error {
	switch {
	case !c.From.Before(c.To):
		return InvalidError{"timeRange", fmt.Sprintf("ends (%s) before it begins (%s); exchange the two",
			c.To.UTC().Format(time.RFC3339), c.From.UTC().Format(time.RFC3339))}
	case c.To.Sub(c.From) > longestRange:
		return InvalidError{"timeRange", fmt.Sprintf("is %.0f years long; the longest is 50 years", c.To.Sub(c.From).Hours()/24/365)}
	}
	return nil
}

// RefuseEmails refuses to group by e-mails, or to list them, for somebody who may not see them.
func (c Context) RefuseEmails(a filter.Attribute, field string) error {
	if c.HideEmails && a.ID == "user_email" {
		return Invalid(field, "is %q, which this datasource shows to Editors only; ask by user_id or user_name", a.ID)
	}
	return nil
}

// SeveralValues refuses an attribute where one value is wanted.
func SeveralValues(a filter.Attribute, field string) error {
	return Invalid(field, "is %q, of which a user may have several; use it in a filter, or give segments in includeSegments", a.ID)
}
