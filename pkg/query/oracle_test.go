package query

import (
	"cmp"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The naive answer: every definition once more, over a list of people in memory.

func oracle(q *Profiles, people []person) (page []person, total int) {
	var found []person
	for _, p := range people {
		if (q.IncludeAnonymous || !p.anonymous) && matchesSearch(p, q.Search) && matchesAll(p, q.Filters) {
			found = append(found, p)
		}
	}
	sort := q.Sort
	if sort.Column == "" {
		sort = Sort{Column: "last_seen", Descending: true}
	}
	slices.SortStableFunc(found, func(a, b person) int { return compareBy(sort, a, b) })
	total = len(found)
	start := min(q.Offset, total)
	return found[start:min(start+q.Limit, total)], total
}

func matchesSearch(p person, search string) bool {
	for _, id := range []string{"user_id", "user_name", "user_email"} {
		if text, ok := p.text(id); ok && containsFold(text, search) {
			return true
		}
	}
	return search == ""
}

func containsFold(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

func matchesAll(p person, filters []Filter) bool {
	for _, f := range filters {
		if !matches(p, f) {
			return false
		}
	}
	return true
}

func matches(p person, f Filter) bool {
	_, builtIn := p.values[f.Attribute]
	_, custom := p.text(f.Attribute)
	exists := builtIn || custom
	switch f.Operator {
	case "exists":
		return exists
	case "not exists":
		return !exists
	case "!=":
		return !matches(p, Filter{f.Attribute, "=", f.Values})
	}
	return exists && slices.ContainsFunc(f.Values, func(value string) bool {
		if f.Operator == "contains" {
			text, _ := p.text(f.Attribute)
			return containsFold(text, value)
		}
		return holds(compareValue(p, f.Attribute, value), f.Operator)
	})
}

func holds(order int, operator string) bool {
	switch operator {
	case "=":
		return order == 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

// compareValue compares a person's attribute with a filter's value.
func compareValue(p person, id, value string) int {
	switch own := p.values[id].(type) {
	case int64:
		number, _ := strconv.ParseFloat(value, 64)
		return cmp.Compare(float64(own), number)
	case time.Time:
		at, err := time.Parse(time.RFC3339, value)
		if err != nil {
			at, _ = time.Parse(time.DateOnly, value)
		}
		return own.Compare(at)
	}
	text, _ := p.text(id)
	a, b := number(text), number(value)
	if _, custom := p.custom[id]; custom && a != nil && b != nil {
		return a.Cmp(b)
	}
	return cmp.Compare(text, value)
}

func number(text string) *big.Rat {
	if n, ok := new(big.Rat).SetString(text); ok && !strings.ContainsAny(text, "/_x") {
		return n
	}
	return nil
}

// compareBy orders two people: those without the attribute last in both directions.
func compareBy(sort Sort, a, b person) int {
	direction := 1
	if sort.Descending {
		direction = -1
	}
	switch of := a.values[sort.Column].(type) {
	case int64:
		return direction * cmp.Compare(of, b.values[sort.Column].(int64))
	case time.Time:
		return direction * of.Compare(b.values[sort.Column].(time.Time))
	}
	textA, okA := a.text(sort.Column)
	textB, okB := b.text(sort.Column)
	if !okA || !okB {
		return -compareBool(okA, okB)
	}
	if strings.HasPrefix(sort.Column, customPrefix) {
		return compareCustom(textA, textB, direction)
	}
	if strings.HasSuffix(sort.Column, "_country") {
		nameA, nameB := countryName(textA), countryName(textB)
		unnamed := compareBool(nameA == "", nameB == "")
		return direction * cmp.Or(unnamed, cmp.Compare(nameA, nameB), cmp.Compare(textA, textB))
	}
	return direction * cmp.Compare(textA, textB)
}

// compareCustom has numbers before texts in both directions.
func compareCustom(a, b string, direction int) int {
	numberA, numberB := number(a), number(b)
	if numberA == nil || numberB == nil {
		return cmp.Or(compareBool(numberA == nil, numberB == nil), direction*cmp.Compare(a, b))
	}
	return direction * cmp.Or(numberA.Cmp(numberB), cmp.Compare(a, b))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
