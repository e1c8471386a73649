package rollup

import (
	"encoding/json"
	"strings"
)

// traits is what an event says of its user; stored are the texts of those in the table, by id.
func (r *record) traits(stored map[int32]string) string {
	switch {
	case r.Sent != nil:
		return r.Sent.Traits
	case r.Traits == ownTraits:
		return r.Own
	}
	return stored[r.Traits]
}

// splitTraits takes what an event says of its user out of its attributes; the names of it all start with usr., and no
// others do.
func splitTraits(attributes string) (rest, own string, err error) {
	var all map[string]json.RawMessage
	if attributes != "" {
		if err := json.Unmarshal([]byte(attributes), &all); err != nil {
			return "", "", err
		}
	}
	traits := map[string]json.RawMessage{}
	for name, value := range all {
		if strings.HasPrefix(name, "usr.") {
			traits[name] = value
			delete(all, name)
		}
	}
	return encodeObject(all), encodeObject(traits), nil
}

// encodeObject is an object as JSON, "" without names.
func encodeObject(object map[string]json.RawMessage) string {
	if len(object) == 0 {
		return ""
	}
	text, err := json.Marshal(object)
	if err != nil {
		panic("rollup: decoded JSON must encode: " + err.Error())
	}
	return string(text)
}

// joinObjects makes one JSON object of two without common names, "" for an empty one.
func joinObjects(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a[:len(a)-1] + "," + b[1:]
}
