package segment_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSentences(t *testing.T) {
	for text, want := range map[string]string{
		`{"where": {"did": {"event": "type:view page:/cart", "window": {"last": "7d"}}}}`: "users who viewed /cart in the last 7 days",
		`{"where": {"did": {"event": "type:view page:*", "window": {"last": "1d"}}}}`:     "users who viewed any page in the last day",
		`{"where": {"did": {"event": "error:* country:BR", "window": {"last": "24h"}}}}`:  "users who ran into an error (country Brazil) in the last 24 hours",
		`{"where": {"did": {"event": "type:*", "window": {"last": "1w"}}}}`:               "users who were active in the last week",
		`{"where": {"did": {"event": "frustration:rage_click", "atMost": 0}}}`:            "users who never had the frustration rage_click",
		`{"where": {"did": {"event": "page:/cart", "window": {"to": "2026-02-01"}}}}`:     "users who were on /cart before 2026-02-01 (dates in UTC)",
		`{"where": {"did": {"event": "action:buy", "firstTime": true, "window": {"last": "30d"}}}}`: "users who did the action buy for the first time " +
			"in the last 30 days",
		`{"where": {"sequence": {"steps": [{"event": "page:/cart type:view country:BR"}, {"not": "action:\"click on CHECKOUT\""}],
		   "within": "30m", "window": {"last": "30d"}}}}`: "users who in the last 30 days viewed /cart (country Brazil) and then never " +
			"clicked on CHECKOUT within 30 minutes in the same session",
		`{"where": {"all": [{"users": "last_country:BR plan:pro"}, {"did": {"event": "action:buy", "atLeast": 3}}]}}`: "users with " +
			"last country Brazil and plan pro who did the action buy at least 3 times",
		`{"where": {"all": [{"did": {"event": "action:buy"}}, {"segment": "cart"}, {"not": {"did": {"event": "page:/a"}}}]}}`: "users who " +
			"did the action buy and of segment cart who never were on /a",
		`{"identity": "usr.email", "where": {"any": [{"table": "vip"}, {"segment": "cart"}]}}`: "users on the list vip or of " +
			"segment cart, and all who share their e-mail",
		`{"where": {"did": {"event": "price:>=100", "exactly": 0, "window": {"from": "2026-01-01"}}}}`: "users who never had an " +
			"event with price >= 100 since 2026-01-01 (dates in UTC)",
		`{"where": {"users": "last_seen:>=now-7d first_seen:<now-1d"}}`: "users with last seen in the last 7 days and first seen more than 1 day ago",
		`{"where": {"users": "last_os_name:iOS"}}`:                      "users with last OS name iOS",
		`{"where": {"did": {"event": "os_name:iOS"}}}`:                  "users who had an event with OS name iOS",
		`{"where": {"users": "usr.Üblich:ja"}}`:                         "users with usr.Üblich ja",
		`{"where": {"all": [{"not": {"users": "plan:pro"}}, {"not": {"users": "plan:pro last_country:BR"}}]}}`: "users without plan pro " +
			"and without (plan pro and last country Brazil)",
		`{"where": {"any": [{"not": {"did": {"event": "action:buy", "window": {"last": "7d"}}}}, {"not": {"segment": "cart"}}]}}`: "users " +
			"who never did the action buy in the last 7 days or not of segment cart",
		`{"where": {"not": {"any": [{"did": {"event": "action:buy"}}, {"table": "vip"}]}}}`: "users who never did the action buy and not on the list vip",
		`{"where": {"all": [{"users": "plan:pro"}, {"not": {"all": [{"did": {"event": "page:/a"}}, {"segment": "cart"}]}}]}}`: "users with " +
			"plan pro and (who never were on /a or not of segment cart)",
		`{"where": {"not": {"did": {"event": "action:\"click on BUY\" price:>9"}}}}`:                        "users who never clicked on BUY (price > 9)",
		`{"where": {"did": {"event": "error:\"click on BUY\""}}}`:                                           "users who ran into the error click on BUY",
		`{"where": {"did": {"event": "action:*", "window": {"last": "7d"}}}}`:                               "users who did anything in the last 7 days",
		`{"where": {"did": {"event": "type:view page:(/cart OR /basket*) price:>9"}}}`:                      "users who viewed /cart or /basket* (price > 9)",
		`{"where": {"not": {"did": {"event": "action:(\"click on BUY\" OR \"tap on BUY\")"}}}}`:             "users who never clicked or tapped on BUY",
		`{"where": {"did": {"event": "action:(\"tap on A\" OR buy OR \"click on B\" OR \"click on A\")"}}}`: "users who clicked on B or A or tapped on A or did the action buy",
		`{"where": {"did": {"event": "error:(a OR >3)"}}}`:                                                  "users who had an event with (error a or error > 3)",
		`{"where": {"did": {"event": "page:/a OR action:b"}}}`:                                              "users who had an event with (page /a or action b)",
		`{"where": {"not": {"not": {"segment": "cart"}}}}`:                                                  "users of segment cart",
		`{"where": {"not": {"did": {"event": "action:buy", "atLeast": 2}}}}`:                                "users who are not among those who did the action buy at least twice",
	} {
		require.Equal(t, want, definition(t, text).Sentence())
	}
}

func TestSentencesHaveBracketsWhereSomethingIsJoined(t *testing.T) {
	paying := `{"users": "plan:pro OR plan:basic"}`
	for where, want := range map[string]string{
		paying:                                           "users with plan pro or plan basic",
		`{"all": [` + paying + `]}`:                      "users with plan pro or plan basic",
		`{"not": {"not": ` + paying + `}}`:               "users with plan pro or plan basic",
		`{"not": ` + paying + `}`:                        "users without (plan pro or plan basic)",
		`{"users": "a:1 (plan:pro OR b:2)"}`:             "users with a 1 and (plan pro or b 2)",
		`{"all": [` + paying + `, {"segment": "cart"}]}`: "users with (plan pro or plan basic) and of segment cart",
	} {
		require.Equal(t, want, definition(t, `{"where": `+where+`}`).Sentence())
	}
}

func TestSentenceOfWhoNeverCameThrough(t *testing.T) {
	began := `{"did": {"event": "page:/cart"}}`
	inWeek := `{"did": {"event": "page:/cart", "window": {"last": "7d"}}}`
	never := `{"not": {"sequence": {"scope": "user", "steps": [{"event": "page:/cart"}, {"event": "action:buy"}]}}}`
	neverInWeek := `{"not": {"sequence": {"steps": [{"event": "page:/cart"}, {"event": "action:buy"}], "within": "1h",
		"window": {"last": "7d"}}}}`
	for where, want := range map[string]string{
		`{"all": [` + began + `, ` + never + `]}`: "users who were on /cart and after none of these times did the action buy in the same or a later session",
		`{"all": [{"users": "last_country:BR"}, ` + inWeek + `, ` + neverInWeek + `]}`: "users with last country Brazil who in the " +
			"last 7 days were on /cart and after none of these times did the action buy within 1 hour in the same session",
		`{"all": [` + inWeek + `, ` + never + `]}`: "users who were on /cart in the last 7 days and who never first were on /cart and " +
			"then did the action buy, in one session or several",
		`{"any": [` + began + `, ` + never + `]}`: "users who were on /cart or who never first were on /cart and then did the action buy, in one " +
			"session or several",
	} {
		require.Equal(t, want, definition(t, `{"where": `+where+`}`).Sentence())
	}
}
