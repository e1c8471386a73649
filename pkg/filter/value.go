package filter

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// numbers compiles a match of an attribute whose values are numbers.
func (c *Compiler) numbers(value string, a Attribute, m Match) (string, error) {
	parse := func(text string) (string, error) { return parseNumber(a, text) }
	switch m := m.(type) {
	case Pattern:
		if len(m) > 1 {
			return "", problem("%s is a %s; a wildcard has no meaning for it", a.ID, a.Type)
		}
		return c.equals(value, "double precision", m, parse)
	case anyOf:
		return c.equals(value, "double precision", m, parse)
	case Contains:
		return "", problem("%s is a %s; ~ searches texts", a.ID, a.Type)
	}
	return c.compare(value, "double precision", m, parse)
}

func (c *Compiler) equals(value, sqlType string, texts []string, parse func(string) (string, error)) (string, error) {
	parsed := make([]string, len(texts))
	for i, text := range texts {
		var err error
		if parsed[i], err = parse(text); err != nil {
			return "", err
		}
	}
	if c.Params.Literals {
		return value + " in (" + strings.Join(parsed, ", ") + ")", nil
	}
	return fmt.Sprintf("%s = any (%s::text[]::%s[])", value, c.Params.Add(parsed), sqlType), nil
}

var durationPattern = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)$`)

var durationUnits = map[string]float64{"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}

func parseNumber(a Attribute, text string) (string, error) {
	if parts := durationPattern.FindStringSubmatch(text); parts != nil && a.Type == Duration {
		number, err := strconv.ParseFloat(parts[1], 64)
		return strconv.FormatFloat(number*durationUnits[parts[2]], 'g', -1, 64), err
	}
	number, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(number) || math.IsInf(number, 0) {
		if a.Type == Duration {
			return "", problem("%s must be a duration such as 500ms, 2.5s or 10m, or milliseconds, not `%s`", a.ID, text)
		}
		return "", problem("%s must be a number such as 10 or 2.5, not `%s`", a.ID, text)
	}
	return strconv.FormatFloat(number, 'g', -1, 64), nil
}

// times compiles a match of an attribute whose values are times. A date stands for the whole day.
func (c *Compiler) times(value string, a Attribute, m Match) (string, error) {
	day := func(text string) (string, error) {
		from, to, err := c.parseTime(a, text)
		return fmt.Sprintf("(%[1]s >= %[2]s and %[1]s < %[3]s)", value, c.Params.Add(from), c.Params.Add(to)), err
	}
	one := func(operator, text string) (string, error) {
		from, to, err := c.parseTime(a, text)
		// After a day and up to a day both mean its end.
		switch operator {
		case ">":
			return fmt.Sprintf("%s >= %s", value, c.Params.Add(to)), err
		case "<=":
			return fmt.Sprintf("%s < %s", value, c.Params.Add(to)), err
		}
		return fmt.Sprintf("%s %s %s", value, operator, c.Params.Add(from)), err
	}
	switch m := m.(type) {
	case Compare:
		return one(m.Operator, m.Value)
	case Range:
		return c.bounds(value, m, one)
	case Contains:
		return "", problem("%s is a time; ~ searches texts", a.ID)
	}
	if p, ok := m.(Pattern); ok && len(p) > 1 {
		return "", problem("%s is a time; a wildcard has no meaning for it", a.ID)
	}
	var parts []string
	for _, text := range textsOf(m) {
		part, err := day(text)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	return "(" + strings.Join(parts, " or ") + ")", nil
}

var relativePattern = regexp.MustCompile(`^now(?:([-+])([0-9]{1,6})([smhdw]))?$`)

var relativeUnits = map[string]time.Duration{
	"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour,
}

// parseTime returns the first moment that a text means and the first one after: stored times are whole milliseconds.
// It takes RFC 3339, a date with or without time in the scope's zone, milliseconds since 1970 as dashboard variables
// such as ${__from} have them, and now-30d.
func (c *Compiler) parseTime(a Attribute, text string) (from, to time.Time, err error) {
	moment := func(at time.Time) (time.Time, time.Time, error) {
		at = at.UTC()
		return at, at.Truncate(time.Millisecond).Add(time.Millisecond), nil
	}
	if parts := relativePattern.FindStringSubmatch(text); parts != nil {
		at := c.Now
		if parts[1] != "" {
			n, _ := strconv.Atoi(parts[2])
			step := time.Duration(n) * relativeUnits[parts[3]]
			if parts[1] == "-" {
				step = -step
			}
			at = at.Add(step)
		}
		return moment(at.Truncate(time.Millisecond))
	}
	if ms, err := strconv.ParseInt(text, 10, 64); err == nil && ms >= 0 && ms <= 1e14 {
		return moment(time.UnixMilli(ms))
	}
	if at, err := time.ParseInLocation(time.DateOnly, text, c.Location); err == nil && at.Year() > 0 {
		return at.UTC(), at.AddDate(0, 0, 1).UTC(), nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateTime, "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04"} {
		if at, err := time.ParseInLocation(layout, text, c.Location); err == nil && at.Year() > 0 {
			return moment(at)
		}
	}
	return from, to, problem("%s must be a time such as 2026-01-31T12:00:00Z, a date, now-30d or milliseconds since 1970, not `%s`",
		a.ID, text)
}
