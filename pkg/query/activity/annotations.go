package activity

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/country"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Annotations marks moments of the dashboard's range, the latest first. The filter selects the events to mark, or for
// firstSeen the users.
type Annotations struct {
	query.Selection
	Kind  AnnotationKind `json:"kind"`
	Limit int            `json:"limit"`
}

// AnnotationKind is what is marked.
type AnnotationKind string

const (
	markFrustrations AnnotationKind = "frustrations"
	markFirstSeen    AnnotationKind = "firstSeen" // the first event of users
	markEvents       AnnotationKind = "events"
)

const maxAnnotations = 1000

// NewAnnotations has the options' defaults: the 200 latest frustrations.
func NewAnnotations() *Annotations { return &Annotations{Kind: markFrustrations, Limit: 200} }

// Prepare makes the statements.
func (q *Annotations) Prepare(c query.Context) (query.Answer, error) {
	if err := query.CheckPage(q.Limit, maxAnnotations, 0); err != nil {
		return nil, err
	}
	if err := c.CheckRange(); err != nil {
		return nil, err
	}
	n, err := q.Node(c)
	if err != nil {
		return nil, err
	}
	switch q.Kind {
	case markFrustrations:
		return q.events(c, filter.All(filter.Term{Name: "frustration", Match: filter.Exists}, n))
	case markEvents:
		return q.events(c, n)
	case markFirstSeen:
		return q.firstSeen(c, n)
	}
	return nil, query.Invalid("kind", "is %q; it must be one of frustrations, firstSeen, events", q.Kind)
}

// mark is an annotation in the making: values of a row by column.
type mark map[string]string

func (q *Annotations) events(c query.Context, n filter.Node) (query.Answer, error) {
	list, err := newEventList(c, eventColumns, n, q.Limit, 0, true)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, db store.Querier) (data.Frames, error) {
		frame, err := list.frame(ctx, db, string(q.Kind))
		if err != nil {
			return nil, err
		}
		return data.Frames{annotationFrame(frame, eventTitle, eventText, eventTags)}, nil
	}, nil
}

// eventTitle is the frustration, or else what the event is.
func eventTitle(m mark) string {
	if m["frustration"] != "" {
		return inWords(m["frustration"])
	}
	if m["name"] != "" {
		return inWords(m["type"]) + ": " + m["name"]
	}
	return inWords(m["type"])
}

// eventText says where, and by whom.
func eventText(m mark) string {
	parts := []string{m["page"], m["user_id"]}
	switch {
	case m["error_message"] != "":
		parts = append(parts, m["error_message"])
	case m["frustration"] != "":
		parts = append(parts, m["name"])
	}
	return joinTexts(" · ", parts...)
}

func eventTags(m mark) string {
	return joinTexts(",", m["type"], m["frustration"], m["application"], m["device_type"], country.Name(m["country"]))
}

// inWords writes rage_click,dead_click as Rage click, dead click.
func inWords(names string) string {
	text := strings.NewReplacer("_", " ", ",", ", ").Replace(names)
	return strings.ToUpper(text[:1]) + text[1:]
}

// joinTexts joins those that are not empty.
func joinTexts(separator string, texts ...string) string {
	var list []string
	for _, text := range texts {
		if text != "" {
			list = append(list, text)
		}
	}
	return strings.Join(list, separator)
}

// annotationFrame makes annotations of rows that have a time.
func annotationFrame(rows *data.Frame, title, text, tags func(mark) string) *data.Frame {
	at := make([]*time.Time, rows.Rows())
	titles, texts, tagLists := make([]string, rows.Rows()), make([]string, rows.Rows()), make([]string, rows.Rows())
	for i := range at {
		m := mark{}
		for _, field := range rows.Fields {
			switch value := field.At(i).(type) {
			case *time.Time:
				at[i] = value
			case *string:
				if value != nil {
					m[field.Name] = *value
				}
			}
		}
		titles[i], texts[i], tagLists[i] = title(m), text(m), tags(m)
	}
	frame := data.NewFrame("annotations", data.NewField("time", nil, at), data.NewField("title", nil, titles),
		data.NewField("text", nil, texts), data.NewField("tags", nil, tagLists))
	for i, name := range []string{"Time", "Title", "Text", "Tags"} {
		frame.Fields[i].Config = &data.FieldConfig{DisplayNameFromDS: name}
	}
	frame.Meta = rows.Meta
	return frame
}

const firstSeenSQL = `select p.first_seen, u.id, u.name, p.first_application, p.first_device_type, p.first_country
  from footfall.profiles p
  join footfall.users u on u.key = p.user_key
 where not p.anonymous and p.first_seen >= %[1]s and p.first_seen < %[2]s
   and %[3]s
 order by p.first_seen desc, p.user_key desc
 limit %[4]s`

func (q *Annotations) firstSeen(c query.Context, n filter.Node) (query.Answer, error) {
	compiler := c.Compiler()
	condition, err := compiler.Users(n)
	if err != nil {
		return nil, query.InvalidFilter("options.filter", err)
	}
	limit := c.AtMost(q.Limit)
	sql := fmt.Sprintf(firstSeenSQL, compiler.Params.Add(c.From), compiler.Params.Add(c.To), condition, compiler.Params.Add(limit+1))
	statement := store.Statement{SQL: sql, Args: compiler.Params.Values}
	var truncated *store.Statement
	if compiler.Needs.Arrays {
		truncated = c.TruncatedIn(query.Person{})
	}
	return func(ctx context.Context, db store.Querier) (data.Frames, error) {
		table := query.NewTable([]query.Column{
			{ID: "time", Kind: query.Moment}, {ID: "user_id"}, {ID: "user_name"},
			{ID: "application", Kind: query.TextID}, {ID: "device_type", Kind: query.TextID}, {ID: "country", Kind: query.TextID},
		})
		rows, more, err := table.Read(ctx, db, statement, limit)
		if err != nil {
			return nil, err
		}
		users, err := table.Frame(ctx, db, string(q.Kind))
		if err != nil {
			return nil, err
		}
		users.Meta = query.TableMeta(statement)
		if more {
			query.NoteMore(users, rows, "users")
		}
		frame := annotationFrame(users,
			func(mark) string { return "First seen" },
			func(m mark) string { return joinTexts(" · ", m["user_name"], m["user_id"]) },
			func(m mark) string {
				return joinTexts(",", m["application"], m["device_type"], country.Name(m["country"]))
			})
		return data.Frames{frame}, query.NoteTruncated(ctx, db, frame, truncated)
	}, nil
}
