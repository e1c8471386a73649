package demo

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// tally is what one session, or one user, did.
type tally struct {
	paying, paid, carts, views int
	hasError, isMobile, isSale bool
	version, user              string
}

func tallies(rows []event.Row, key func(event.Row) string) map[string]*tally {
	all := map[string]*tally{}
	for _, row := range rows {
		if all[key(row)] == nil {
			all[key(row)] = &tally{isMobile: row.DeviceType == "mobile", version: textAfter(row.Attributes, `"app_version":"`)}
		}
		t := all[key(row)]
		t.user = max(t.user, row.UserID)
		t.hasError = t.hasError || row.ErrorType == "PaymentFormError"
		t.isSale = t.isSale || strings.Contains(row.Attributes, `"utm_campaign":"summer-sale"`)
		if row.Type == "view" {
			t.views++
			t.paying += btoi(row.ViewPath == "/payment")
			t.paid += btoi(row.ViewPath == "/order/confirmation")
			t.carts += btoi(row.ViewPath == "/cart")
		}
	}
	return all
}

func btoi(is bool) int {
	if is {
		return 1
	}
	return 0
}

func textAfter(text, before string) string {
	_, rest, _ := strings.Cut(text, before)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

func TestPhonesCannotPayWithTheBrokenRelease(t *testing.T) {
	rows := all(Options{Users: 1000, Days: 60, Seed: 1, Until: until})
	came, paid := map[string]int{}, map[string]int{}
	for _, s := range tallies(rows, func(r event.Row) string { return r.SessionID }) {
		of := s.version
		if s.isMobile {
			of += " mobile"
		}
		if s.paying > 0 {
			came[of]++
			paid[of] += min(s.paid, 1)
		}
		require.False(t, s.hasError && of != "4.2.0 mobile", of)
	}
	t.Log(came, paid)
	require.Greater(t, came["4.2.0 mobile"], 30)
	require.Zero(t, paid["4.2.0 mobile"])
	for _, of := range []string{"4.2.0", "4.1.0 mobile", "4.2.1 mobile", "4.0.3"} {
		require.Greater(t, paid[of]*2, came[of], of)
	}
}

func TestTheCampaignBringsNobodyWhoBuys(t *testing.T) {
	rows := all(Options{Users: 1000, Days: 60, Seed: 1, Until: until})
	brought, carts := 0, 0
	users := tallies(rows, func(r event.Row) string { return r.AnonymousID })
	for _, u := range users {
		if u.isSale {
			brought, carts = brought+1, carts+min(u.carts, 1)
			require.Zero(t, u.paid, u.user)
		}
	}
	t.Log(brought, carts)
	require.Greater(t, brought, 40)
	require.Greater(t, carts, brought/3)
}

func TestSomeUsersAndSomePagesAreFarAhead(t *testing.T) {
	rows := all(Options{Users: 1000, Days: 60, Seed: 1, Until: until})
	pages, most, read := map[string]int{}, 0, 0
	for _, row := range rows {
		if row.Type == "view" && row.ViewName == "Guide" {
			pages[row.ViewPath]++
			most, read = max(most, pages[row.ViewPath]), read+1
		}
	}
	require.Greater(t, len(pages), 200)
	require.Greater(t, most, 8*read/len(pages), "a few are read often")
	power := 0
	for _, u := range tallies(rows, func(r event.Row) string { return r.UserID }) {
		power += btoi(u.user != "" && u.views > 200)
	}
	t.Log(len(pages), most, power)
	require.InDelta(t, 6, power, 5)
}

func TestCustomersAreThoseWhoPay(t *testing.T) {
	o := Options{Users: 200, Days: 30, Seed: 1, Until: until}
	plans := map[string]string{}
	for _, row := range all(o) {
		plans[row.UserID] = textAfter(row.Attributes, `"usr.plan":"`)
	}
	lines := strings.Split(strings.TrimSpace(Customers(o)), "\n")
	require.Equal(t, "user_id,company,tier,seats", lines[0])
	for _, line := range lines[1:] {
		id, rest, _ := strings.Cut(line, ",")
		require.NotEqual(t, "free", plans[id], id)
		require.Equal(t, plans[id] == "enterprise", strings.Contains(rest, ",gold,"), line)
	}
	require.Greater(t, len(lines), 40)
	require.Equal(t, Customers(o), Customers(o))
}
