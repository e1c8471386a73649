package ingest

import (
	"fmt"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/csvfile"
)

// translation says what the values of a field become.
type translation struct {
	values map[string]string
	others *string // what all other values become; nil leaves them
}

// translateTypeHint is what helps where files have names of their own for events.
const translateTypeHint = "; say which of them it is with --value type:page_view=view, and with --value 'type:*=action' for all others"

// otherValues stands for all values of a field that have no translation of their own.
const otherValues = "*"

// ParseTranslations reads the command line's spelling, "field:from=to", where to may be empty and the last = counts.
func (m *Mapping) ParseTranslations(texts []string) error {
	m.Values = map[string]map[string]string{}
	for _, text := range texts {
		field, rest, named := strings.Cut(text, ":")
		equals := strings.LastIndex(rest, "=")
		if !named || field == "" || equals <= 0 {
			return fmt.Errorf("--value %s: write field:from=to, for example --value type:page_view=view, or --value 'type:*=action' for all other values", text)
		}
		from, to := rest[:equals], rest[equals+1:]
		if reason := csvfile.Unreadable(text); reason != "" {
			return fmt.Errorf("--value %s:%q: the text %s", field, from, reason)
		}
		if _, constant := m.Constants[field]; constant {
			return fmt.Errorf("--value %s: field %s has one value for all rows (--set %s=%s): set it to the right one", text, field, field, m.Constants[field])
		}
		if m.Values[field] == nil {
			m.Values[field] = map[string]string{}
		}
		if before, twice := m.Values[field][from]; twice {
			return fmt.Errorf("--value %s: %q of field %s is translated already, to %q", text, from, field, before)
		}
		m.Values[field][from] = to
	}
	return nil
}

func newTranslation(values map[string]string) translation {
	t := translation{values: values}
	if others, given := values[otherValues]; given {
		t.others = &others
	}
	return t
}

// of translates a value that is said; one that is not stays so.
func (t translation) of(v value) value {
	if v.text == "" {
		return v
	}
	to, found := t.values[v.text]
	switch {
	case found:
	case t.others != nil:
		to = *t.others
	default:
		return v
	}
	return value{name: v.name, text: to}
}

// translateColumn translates the value of a column that is named in --value itself and gives something of another name.
func (p plan) translateColumn(v value) value {
	to := targetOf(v.name)
	if t, ok := p.values[to]; ok && to.isAttribute() {
		return t.of(v)
	}
	return v
}
