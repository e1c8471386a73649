package filter_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// usersWith are the ids of users, named by what they have, that a filter selects.
func usersWith(t *testing.T, attributes map[string]string, filters map[string]string) {
	t.Helper()
	db := testdb.New(t)
	var rows []event.Row
	for id, object := range attributes {
		rows = append(rows, event.Row{TS: "2026-11-20T10:00:00Z", Type: "custom", UserID: id, SessionID: id, Attributes: object})
	}
	history.Load(t, db, rows)
	names, err := filter.ReadNames(t.Context(), db)
	require.NoError(t, err)
	for text, want := range filters {
		n, err := filter.Parse(text)
		require.NoError(t, err, text)
		m := matcher(false)
		m.Names = names
		c := newCompiler(m)
		condition, err := c.Users(n)
		require.NoError(t, err, text)
		require.Equal(t, want, strings.Join(lines(t, testdb.AsDatasource(t, db), `select u.id`+usersFrom+condition, c.Params), " "), text)
	}
}

func TestTextsEqualExactly(t *testing.T) {
	usersWith(t, map[string]string{
		"code": `{"account": "007"}`, "digit": `{"account": "7"}`, "signed": `{"account": "+7"}`, "dotted": `{"account": "7.0"}`,
		"number": `{"account": 7}`, "fraction": `{"account": 7.50}`, "word": `{"account": "true"}`, "truth": `{"account": true}`,
	}, map[string]string{
		"attributes.account:7":             "digit number",
		"attributes.account:007":           "code",
		`attributes.account:"7.0"`:         "dotted number",
		"attributes.account:(+7 OR 7)":     "digit number signed",
		"attributes.account:7.5":           "fraction",
		"attributes.account:true":          "truth word",
		"attributes.account:>=7":           "digit dotted fraction number signed",
		"attributes.account:[7.1 TO *]":    "fraction",
		"-attributes.account:>=7":          "code truth word",
		"attributes.account:7*":            "digit dotted fraction number",
		"attributes.account:~5":            "fraction",
		"attributes.account:>s":            "word",
		"attributes.account:* account:~RU": "truth word",
	})
}

func TestWhatIsNoNumberComparesWithNone(t *testing.T) {
	usersWith(t, map[string]string{
		"five": `{"price": 5}`, "twelve": `{"price": 12}`, "text": `{"price": "12.5"}`, "free": `{"price": "free"}`, "true": `{"price": true}`,
		"list": `{"price": [10, 20]}`, "object": `{"price": {"amount": 10}}`, "comma": `{"price": "1,000"}`, "huge": `{"price": 1e200}`,
	}, map[string]string{
		"attributes.price:>=10":                     "text twelve",
		"attributes.price:<10":                      "five",
		"attributes.price:[10 TO *]":                "text twelve",
		"attributes.price:[* TO *] -price:[0 TO *]": "comma free huge list object true",
		"attributes.price:10":                       "list",
		"attributes.price:1e200":                    "",
		"attributes.price.amount:10.0":              "object",
		"price.amount:>9":                           "object",
	})
}

func TestVersionsCompareByPart(t *testing.T) {
	usersWith(t, map[string]string{
		"a": `{"usr.app_version": "1.9"}`, "b": `{"usr.app_version": "1.10"}`, "c": `{"usr.app_version": "1.10-beta.2"}`,
		"d": `{"usr.app_version": "1.10-beta.10"}`, "e": `{"usr.app_version": "v2"}`, "f": `{"usr.app_version": "unknown"}`,
		"g": `{"usr.app_version": "1.10.0+7"}`, "h": `{"usr.app_version": "1.10.1 (4561)"}`, "i": `{"usr.app_version": 3.10}`, "j": `{}`,
	}, map[string]string{
		"app_version:1.1":              "",
		"app_version:1.10":             "b",
		"app_version:>1.9":             "b c d e g h i",
		"app_version:>=1.10":           "b e g h i",
		"app_version:<1.10":            "a c d",
		"app_version:<1.10-beta.3":     "a c",
		"app_version:[1.10 TO 1.10.0]": "b g",
		"app_version:>=2.0.0":          "e i",
		"-app_version:>=0":             "f j",
		`app_version:"3.10"`:           "i",
		"app_version:3.1":              "",
		"app_version:>3.9":             "i",
	})
}

func TestOneElementOfAListIsEnough(t *testing.T) {
	usersWith(t, map[string]string{
		"two": `{"usr.tags": ["new", "sale"]}`, "one": `{"usr.tags": ["sale"]}`, "plain": `{"usr.tags": "sale"}`, "none": `{"usr.tags": []}`,
		"mixed": `{"usr.tags": [7.0, true, null, {"a": 1}, ["sale"]]}`,
	}, map[string]string{
		"usr.tags:sale":             "one plain two",
		"tags:(new OR 7)":           "mixed two",
		"tags:~SAL":                 "mixed one plain two",
		"tags:ne*":                  "two",
		"-tags:new":                 "mixed none one plain",
		"tags:*":                    "mixed one plain two",
		"tags:true":                 "mixed",
		`tags:"{\"a\":1}"`:          "mixed",
		`tags:"[\"sale\"]"`:         "mixed",
		`tags:~"\"new\", \"sale\""`: "",
	})
}

func TestNestedValuesAreFoundByTheirPath(t *testing.T) {
	usersWith(t, map[string]string{
		"inner": `{"usr.address": {"city": "Rome", "geo": {"lat": 1}}, "cart": {"total": 12}}`,
		"flat":  `{"usr.address.city": "Rome", "cart.total": "12", "usr.address.geo.lat": 1}`,
		"mixed": `{"usr.address": {"city": null, "geo.lat": 1}, "cart": {"total": 30}}`,
	}, map[string]string{
		"usr.address.city:Rome":       "flat inner",
		"address.city:Rome":           "flat inner",
		"address.geo.lat:1":           "flat inner mixed",
		"attributes.cart.total:12":    "flat inner",
		"cart.total:>=12":             "flat inner mixed",
		"-usr.address.city:*":         "mixed",
		"attributes.cart.currency:*":  "",
		"attributes.cart:~total":      "inner mixed",
		"usr.address:* -cart.total:9": "inner mixed",
	})
}

func TestSearchHeedsNoAccents(t *testing.T) {
	usersWith(t, map[string]string{
		"a0": `{"usr.name": "José García", "usr.email": "ZOË@example.org", "usr.town": "Łódź"}`,
		"a1": `{"usr.name": "Jose\u0301 Pérez", "usr.towns": ["Großau"]}`, "a2": `{"usr.name": "Joseph"}`, "a3": `{"usr.name": "JOŠE"}`,
	}, map[string]string{
		"jose": "a0 a1 a2 a3", "JOSÉ": "a0 a1 a2 a3", "garcia": "a0", "zoe@": "a0", "josé%": "", "user_name:~PEREZ": "a1",
		"usr.town:~lodz": "a0", "usr.towns:~grossau": "a1", `user_name:"José García"`: "a0", `user_name:"Jose Garcia"`: "",
	})
}
