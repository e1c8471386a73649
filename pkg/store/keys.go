package store

import (
	"encoding/json"
	"fmt"
)

// fewKeys is how many keys of users are a list at most. PostgreSQL looks at each element of a list to guess how many rows match,
// before it reads the first one: 0.4 s for 200,000.
const fewKeys = 5000

// late is a value of a statement that is known when the statement is run.
type late interface{ value() any }

// listed is a list of keys, empty where they are many.
type listed struct{ keys *[]int32 }

func (l listed) value() any {
	if *l.keys == nil || len(*l.keys) > fewKeys {
		return []int32{} // null would be neither true nor false
	}
	return *l.keys
}

func (l listed) MarshalJSON() ([]byte, error) { return json.Marshal(firstOf(l.value())) }

// bits are keys as a bytea with a bit for each, null where they are few.
type bits struct{ keys *[]int32 }

func (b bits) value() any {
	if len(*b.keys) <= fewKeys {
		return []byte(nil)
	}
	var bits []byte
	for _, key := range *b.keys {
		if at := int(key >> 3); at >= len(bits) {
			bits = append(bits, make([]byte, at+1-len(bits))...)
		}
		bits[key>>3] |= 1 << (key & 7)
	}
	return bits
}

func (b bits) MarshalJSON() ([]byte, error) {
	if len(*b.keys) <= fewKeys {
		return []byte("null"), nil
	}
	return json.Marshal(fmt.Sprintf("a bit for each of %d users", len(*b.keys)))
}

// Among is the condition that an expression is one of the keys of users, which are found before the statement is run. It is no
// join: of a list PostgreSQL expects 200 different values, and would look each of 200,000 users up.
func (p *Params) Among(expression string, keys *[]int32) string {
	list, bits := p.Add(listed{keys}), p.Add(bits{keys})
	return fmt.Sprintf("(%[1]s = any (%[2]s::integer[]) or "+
		"case when %[1]s < 8 * octet_length(%[3]s::bytea) then get_bit(%[3]s::bytea, %[1]s) = 1 else false end)", expression, list, bits)
}
