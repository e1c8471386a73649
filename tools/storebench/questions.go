package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// question is what the page asks in one request, an export, or suggestions. naive is the SQL somebody would write for it at first,
// nil where there is none to compare with.
type question struct {
	name    string
	targets []queryTarget
	export  pageOptions
	naive   []string
}

type queryTarget struct {
	refID, queryType string
	options          pageOptions
}

// pageOptions are those of a query, as JSON.
type pageOptions map[string]any

// pageRows is how many users the page shows at once.
const pageRows = 50

var (
	pageColumns = []string{
		"user_id", "user_name", "user_email", "last_seen", "last_country", "last_device_type", "sessions", "frustrations",
		"first_seen",
	}
	pageFacets = []string{
		"segment", "last_country", "last_device_type", "last_os_name", "last_browser_name", "last_application",
	}
)

// pageState is what a person has chosen on the page; see targetsOf in src/views/users/questions.ts.
type pageState struct {
	filter, search, segment string
	sort                    string // "-" in front: descending
	page                    int    // from 1
	chosen                  map[string][]string
	facetSearch             map[string]string
	facetLimit              map[string]int
	where                   string // of the naive SQL
}

// questionsOf are all kinds of questions the page asks, with values that the store has.
func questionsOf(store storeFacts) []question {
	country, device := store.country, "mobile"
	byCountry := map[string][]string{"last_country": {country}}
	last := max(1, int((store.users+pageRows-1)/pageRows))
	list := []question{
		ask("open", pageState{where: "true"}),
		ask("page 2", pageState{page: 2, where: "true"}),
		ask("page 1000", pageState{page: 1000, where: "true"}),
		ask("last page", pageState{page: last, where: "true"}),
	}
	for _, sort := range []string{
		"last_seen", "user_name", "-user_name", "last_country", "last_device_type", "-sessions", "-frustrations", "first_seen",
		"-first_seen", "usr.plan",
	} {
		list = append(list, ask("sort by "+sort, pageState{sort: sort, where: "true"}))
	}
	list = append(list,
		ask("sort by -sessions, last page", pageState{sort: "-sessions", page: last, where: "true"}),
		ask("country", pageState{filter: "last_country:" + country, chosen: byCountry, where: "country.value = '" + country + "'"}),
		ask("country and device", pageState{
			filter: fmt.Sprintf("last_country:%s last_device_type:%s", country, device),
			chosen: map[string][]string{"last_country": {country}, "last_device_type": {device}},
			where:  fmt.Sprintf("country.value = '%s' and device.value = '%s'", country, device),
		}),
		ask("not a country", pageState{
			filter: "-last_country:" + country, chosen: byCountry, where: "country.value is distinct from '" + country + "'",
		}),
		ask("search in a facet", pageState{facetSearch: map[string]string{"last_country": "an"}}),
		ask("facet of 50", pageState{facetLimit: map[string]int{"last_country": 50}}))
	for _, id := range store.segments {
		list = append(list, ask("segment "+id, pageState{segment: id, chosen: map[string][]string{"segment": {id}}}))
	}
	for _, letters := range []int{2, 3, 8} {
		part := string([]rune(store.name)[:letters])
		list = append(list, ask(fmt.Sprintf("search %q", part), pageState{search: part, where: fmt.Sprintf(
			"u.id ilike '%%%[1]s%%' or u.name ilike '%%%[1]s%%' or u.email ilike '%%%[1]s%%'", part)}))
	}
	for _, attribute := range []string{"page", "action", "country", "last_country", "usr.plan", "user_name"} {
		list = append(list, question{name: "suggest " + attribute, naive: naiveCounts[attribute], targets: []queryTarget{
			{"A", "values", pageOptions{"attribute": attribute, "limit": 13}},
		}})
	}
	return append(list,
		question{name: "export", export: pageOptions{"columns": pageColumns, "sort": sorting("")}},
		ask("page:/cart", pageState{filter: "page:/cart"}),
		ask("has(page:/cart device:mobile)", pageState{filter: "has(page:/cart device:mobile)"}))
}

// ask makes the queries of a state as the page does.
func ask(name string, state pageState) question {
	who := pageOptions{}
	if state.segment != "" {
		who["includeSegments"] = []string{state.segment}
	}
	if state.filter != "" {
		who["filter"] = state.filter
	}
	if state.search != "" {
		who["search"] = state.search
	}
	total := pageOptions{"columns": []string{"user_id"}, "limit": 1, "includeTotal": true}
	page := pageOptions{
		"columns": pageColumns, "sort": sorting(state.sort), "limit": pageRows, "offset": (max(state.page, 1) - 1) * pageRows,
	}
	targets := []queryTarget{
		{"rows", "profiles", with(who, page)}, {"total", "profiles", with(who, total)}, {"universe", "profiles", total},
		{"applications", "values", pageOptions{"attribute": "last_application", "limit": 100}},
	}
	byLimit := map[int][]pageOptions{}
	for _, attribute := range pageFacets {
		asked := pageOptions{"attribute": attribute}
		if values := state.chosen[attribute]; len(values) > 0 {
			asked["values"] = values
		}
		if search := state.facetSearch[attribute]; search != "" {
			asked["search"] = search
		}
		limit := max(5, state.facetLimit[attribute])
		byLimit[limit] = append(byLimit[limit], asked)
	}
	for _, limit := range slices.Sorted(maps.Keys(byLimit)) {
		targets = append(targets, queryTarget{
			fmt.Sprintf("facets%d", limit), "facets", with(who, pageOptions{"attributes": byLimit[limit], "limit": limit}),
		})
	}
	return question{name: name, targets: targets, naive: naive(state)}
}

func with(options, more pageOptions) pageOptions {
	both := maps.Clone(options)
	maps.Copy(both, more)
	return both
}

func sorting(by string) pageOptions {
	if by == "" {
		by = "-last_seen"
	}
	column, descending := strings.CutPrefix(by, "-")
	return pageOptions{"column": column, "descending": descending}
}

// naive is a join of everything, once for each number on the page.
func naive(state pageState) []string {
	if state.where == "" {
		return nil
	}
	const from = `
  from footfall.profiles p
  join footfall.users u on u.key = p.user_key
  left join footfall.dictionary country on country.id = p.last_country
  left join footfall.dictionary device on device.id = p.last_device_type
 where not p.anonymous`
	column, descending := strings.CutPrefix(state.sort, "-")
	order := map[string]string{
		"": "last_seen desc", "user_name": "u.name", "last_country": "country.value", "last_device_type": "device.value",
		"usr.plan": "p.attributes ->> 'usr.plan'",
	}[column]
	if order == "" {
		order = column
	}
	if descending {
		order += " desc nulls last"
	}
	where := " and (" + state.where + ")"
	statements := []string{
		fmt.Sprintf(`select u.id, u.name, u.email, last_seen, country.value, device.value, sessions, frustrations, first_seen%s%s
 order by %s, p.user_key limit %d offset %d`, from, where, order, pageRows, (max(state.page, 1)-1)*pageRows),
		"select count(*)" + from + where,
		"select count(*)" + from,
		`select s.id, count(p.user_key) from footfall.segments s
  left join footfall.segment_members m on m.segment_key = s.key
  left join (select p.user_key` + from + where + `) p using (user_key)
 group by s.id order by 2 desc limit 5`,
	}
	for _, attribute := range pageFacets[1:] {
		statements = append(statements, fmt.Sprintf(`select p.%s, count(*)%s%s group by 1 order by 2 desc limit 5`, attribute, from, where))
	}
	return statements
}

// naiveCounts count all sessions or users by the values of an attribute.
var naiveCounts = map[string][]string{
	"page": {`
		select d.value, count(distinct s.session_key)
		  from footfall.sessions s
		 cross join unnest(s.tokens) token
		  join footfall.tokens k on k.id = token
		  join footfall.dictionary d on d.id = k.page
		 group by d.value order by 2 desc limit 13`},
	"country": {`
		select d.value, count(*)
		  from footfall.sessions s
		  join footfall.dictionary d on d.id = s.country
		 group by d.value order by 2 desc limit 13`},
	"usr.plan": {`
		select p.attributes ->> 'usr.plan', count(*)
		  from footfall.profiles p
		 where not p.anonymous
		 group by 1 order by 2 desc limit 13`},
}

// storeFacts are what questions are made of.
type storeFacts struct {
	version       string
	users         int64    // those the page lists
	country, name string   // the most frequent country, the name of the user seen last
	segments      []string // ids, the largest first, at most two
}

func describe(ctx context.Context, conn *pgx.Conn) (storeFacts, error) {
	var s storeFacts
	err := conn.QueryRow(ctx, `
		select current_setting('server_version'), (select count(*) from footfall.profiles where not anonymous),
		       coalesce((select d.value from footfall.profiles p join footfall.dictionary d on d.id = p.last_country
		                  group by d.value order by count(*) desc limit 1), 'BR'),
		       coalesce((select u.name from footfall.profiles p join footfall.users u on u.key = p.user_key
		                  where length(u.name) >= 8 order by p.last_seen desc limit 1), 'somebody'),
		       array(select id from footfall.segments order by size desc nulls last limit 2)`).
		Scan(&s.version, &s.users, &s.country, &s.name, &s.segments)
	if err != nil {
		return s, fmt.Errorf("read the store: %w", err)
	}
	return s, nil
}
