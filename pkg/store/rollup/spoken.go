package rollup

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/blocks"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// spoken is from where it is known what a session's events say of packed attributes: the first ones from what is stored beside the
// session, those after them from their attributes. A visit that goes on is in many batches, and none reads what others have written.
type spoken struct {
	said  *string  // footfall.tail.said as it is stored, nil where it is not
	kept  int      // events that it is of
	texts []string // the attributes of those after them, "" for none
}

// Sessions of more events have nothing kept of what they say, nor have those that say it in more bytes. Questions ask their events.
const (
	mostSpeaking = 1000
	mostSaid     = 16 << 10
)

// saidHead is the first line of footfall.tail.said; "" where nothing is packed.
func (s *settings) saidHead() string {
	if len(s.packedNames) == 0 {
		return ""
	}
	return packed.SaidHead(s.packedNames)
}

// saidBy is footfall.tail.said of sessions: nil where nothing is packed.
func (b *batch) saidBy(ctx context.Context, sessions []*session) ([]*string, error) {
	names, head := b.settings.packedNames, b.settings.saidHead()
	if len(names) == 0 {
		return make([]*string, len(sessions)), nil
	}
	list := make([]saying, len(sessions))
	var texts []string
	var places []saidAt // of each text
	var asked []int     // sessions of which it is not in hand
	for i, s := range sessions {
		lines, inHand := s.linesKept(head, len(s.Tokens))
		list[i].lines = []byte(lines)
		switch {
		case s.Truncated || len(s.Tokens) > mostSpeaking || s.keptUnknown():
			list[i].unknown = true
		case !inHand:
			asked = append(asked, i)
		default:
			for n, text := range s.texts {
				if text != "" {
					texts, places = append(texts, text), append(places, saidAt{i, s.kept + n})
				}
			}
		}
	}
	err := valuesOfTexts(ctx, b.tx, texts, names, func(text int, values []string) {
		list[places[text].session].add(places[text].event, values)
	})
	if err == nil {
		extents := column(asked, func(i int) extent { return extent{sessions[i].sessionRef, sessions[i].Start, sessions[i].End} })
		err = valuesBySession(ctx, b.tx, extents, names, func(session, event int, values []string) { list[asked[session]].add(event, values) })
	}
	if err != nil {
		return nil, fmt.Errorf("read what events say: %w", err)
	}
	return column(list, func(s saying) *string { return s.text(head) }), nil
}

// saidAt is one of a session's events.
type saidAt struct{ session, event int }

// keptUnknown tells whether it was not kept of the first events, and so cannot be of more.
func (s *spoken) keptUnknown() bool {
	return s.kept > 0 && s.said != nil && *s.said == packed.SaidUnknown
}

// linesKept are the lines of the first events, if those and the ones in hand are all events of a session.
func (s *spoken) linesKept(head string, events int) (lines string, all bool) {
	if s.kept+len(s.texts) != events {
		return "", false
	}
	if s.kept == 0 {
		return "", true
	}
	if s.said == nil {
		return "", false
	}
	return strings.CutPrefix(*s.said, head)
}

// saying is what the events of a session say.
type saying struct {
	lines   []byte
	unknown bool // it is too much
}

func (s *saying) add(event int, values []string) {
	for attribute, value := range values {
		if value != "" {
			s.lines = packed.AppendSaid(s.lines, attribute, event, value)
			s.unknown = s.unknown || len(value) > blocks.MaxValue || len(s.lines) > mostSaid
		}
	}
}

func (s *saying) text(head string) *string {
	text := head + string(s.lines)
	if s.unknown {
		text = packed.SaidUnknown
	}
	return &text
}

// textValuesSQL reads what objects of attributes say, as PostgreSQL writes it.
const textValuesSQL = `
select t.number::int - 1, v.said
  from (select number, attributes::jsonb as attributes
          from unnest($1::text[]) with ordinality given (attributes, number)
        offset 0) t
 cross join lateral (select %[1]s as said offset 0) v
 where v.said <> %[2]s::text[]`

// valuesOfTexts reads the values of attributes in some objects: of which object, and what they are, "" for none.
func valuesOfTexts(ctx context.Context, tx pgx.Tx, texts, names []string, take func(text int, values []string)) error {
	if len(texts) == 0 {
		return nil
	}
	params := &store.Params{Values: []any{texts}}
	sql := fmt.Sprintf(textValuesSQL, event.SaidSQL("t.attributes", names, params.Add), params.Add(make([]string, len(names))))
	var text int
	var values []string
	return store.Statement{SQL: sql, Args: params.Values}.Each(ctx, tx, []any{&text, &values}, func() error {
		take(text, values)
		return nil
	})
}
