package event

import (
	"fmt"
	"strings"
)

// userPrefix begins the names of attributes of users.
const userPrefix = "usr."

// maxSplits is how many dots of a name may each part an object from what is in it.
const maxSplits = 3

// AttributePaths are where a value of this name may be in JSON, those that count first first: a.b.c is the name a.b.c, or
// b.c in the object a, or ... An import of nested objects takes them for the same too.
func AttributePaths(name string) [][]string {
	prefix := ""
	if strings.HasPrefix(name, userPrefix) {
		prefix = userPrefix
	}
	parts := strings.Split(strings.TrimPrefix(name, prefix), ".")
	if len(parts) > maxSplits+1 {
		parts[0] = prefix + parts[0]
		return [][]string{{name}, parts}
	}
	list := [][]string{{prefix + parts[0]}}
	for _, part := range parts[1:] {
		var longer [][]string
		for _, path := range list {
			last := len(path) - 1
			longer = append(longer, append(path[:last:last], path[last]+"."+part), append(path[:last+1:last+1], part))
		}
		list = longer
	}
	return list
}

// AttributeSQL is an attribute's value in an object of attributes, in SQL: as JSON, of which null is no value, and as the text that
// PostgreSQL makes of it. add adds a parameter, and returns its placeholder.
func AttributeSQL(of, name string, add func(any) string) (value, text string) {
	var values, texts []string
	for _, path := range AttributePaths(name) {
		key, asValue, asText := any(path), " #> %s::text[]", " #>> %s::text[]"
		if len(path) == 1 {
			key, asValue, asText = path[0], " -> %s", " ->> %s"
		}
		placeholder := add(key)
		values, texts = append(values, of+fmt.Sprintf(asValue, placeholder)), append(texts, of+fmt.Sprintf(asText, placeholder))
	}
	if len(values) == 1 {
		return "(" + values[0] + ")", "(" + texts[0] + ")"
	}
	for i := range values[1:] {
		values[i] = "nullif(" + values[i] + ", 'null')"
	}
	return "coalesce(" + strings.Join(values, ", ") + ")", "coalesce(" + strings.Join(texts, ", ") + ")"
}

// SaidSQL is what an object of attributes says of some of them, in SQL: an array of their values' JSON, as texts; "" for none.
func SaidSQL(of string, names []string, add func(any) string) string {
	list := make([]string, len(names))
	for i, name := range names {
		value, _ := AttributeSQL(of, name, add)
		list[i] = "coalesce(nullif(" + value + ", 'null')::text, '')"
	}
	return "array[" + strings.Join(list, ", ") + "]::text[]"
}

// SaidInSessionSQL is a lateral table of the events of a session, which stands beside it with its keys and times, that say some of the
// attributes: the number of each in event order, from 0 on, and SaidSQL. Packed sessions have their events in this order.
func SaidInSessionSQL(session string, names []string, add func(any) string) string {
	return fmt.Sprintf(`(
       select n.number::integer, n.said
         from (select row_number() over (order by e.ts, e.seq nulls first, e.event_key) - 1 as number, %[2]s as said
                 from footfall.events e
                where e.user_key = %[1]s.user_key and e.session_key = %[1]s.session_key
                  and e.ts >= %[1]s.start_ts and e.ts <= %[1]s.end_ts) n
        where n.said <> %[3]s::text[])`, session, SaidSQL("e.attributes", names, add), add(make([]string, len(names))))
}
