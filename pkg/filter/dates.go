package filter

import "time"

// elsewhere is a zone in which no date begins when it does in UTC.
var elsewhere = time.FixedZone("elsewhere", 3600)

// HasDates tells whether a filter compares times with a date or a time of day that says no zone, so that its meaning
// depends on the Location it is compiled in.
func HasDates(n Node) bool {
	found := false
	Walk(n, func(n Node) {
		t, isTerm := n.(Term)
		if !isTerm {
			return
		}
		a, err := Names{}.Find(t.Name) // of the attributes of a store of its own none is a time
		if err != nil || a.Type != Time {
			return
		}
		for _, text := range textsOf(t.Match) {
			here := Compiler{Scope: Scope{Location: time.UTC}}
			there := Compiler{Scope: Scope{Location: elsewhere}}
			at, _, err := here.parseTime(a, text)
			other, _, _ := there.parseTime(a, text)
			found = found || err == nil && !at.Equal(other)
		}
	})
	return found
}
