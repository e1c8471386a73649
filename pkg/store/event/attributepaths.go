package event

import "strings"

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
