package demo

import (
	"fmt"
	"strings"
)

// Customers is a CSV file, and the reference table of those with a plan that costs: by user_id, with company, tier and seats.
func Customers(o Options) string {
	var file strings.Builder
	file.WriteString("user_id,company,tier,seats\n")
	for i := range o.Users {
		v := newVisitor(o.Seed, i, true, newCalendar(o))
		if v.plan == "free" {
			continue
		}
		random := v.story.random
		tier, seats := "silver", 1+random.IntN(9)
		switch {
		case v.plan == "enterprise":
			tier, seats = "gold", 20+random.IntN(180)
		case random.Float64() < 0.4:
			tier = "bronze"
		}
		name := v.place.names.last[random.IntN(len(v.place.names.last))]
		_, _ = fmt.Fprintf(&file, "%s,%s %s,%s,%d\n", v.id, name, oneOf(random, companyKinds), tier, seats)
	}
	return file.String()
}

var companyKinds = []string{"Interiors", "Hotels", "Architects", "Design", "Offices", "Cafés", "Homes", "Studios"}
