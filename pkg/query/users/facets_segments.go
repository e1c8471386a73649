package users

import (
	"fmt"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
)

const segmentFacet = "segment"

// segmentFacetSQL knows the segments without users as well, and what each says.
const segmentFacetSQL = `select %[2]d as facet, s.id as value, s.name as text, coalesce(counted.users, 0) as users, s.definition, s.listed
  from footfall.segments s
  left join (%[1]s) counted on counted.segment_key = s.key
 where %[3]s
 order by s.id = any (%[4]s::text[]) desc, users desc, s.id collate "C"
 limit %[5]s`

// membersSQL counts a user once in each of its segments. Each process that helps with the members would select the users again.
const membersSQL = `
       with selected as materialized (
       select p.user_key
         from footfall.profiles p%[1]s
        where %[2]s
       )
       select m.segment_key, count(*) as users
         from selected
         join footfall.segment_members m using (user_key)
        group by m.segment_key`

// Where nothing narrows the users, all members count, which takes a tenth of looking each up among the users.
const (
	allMembersSQL = `
       select m.segment_key, count(*) as users
         from footfall.segment_members m
        group by m.segment_key`
	// identifiedMembersSQL takes the anonymous ones away again, who can be in few segments: in those that were changed, too,
	// since their members are of before.
	identifiedMembersSQL = `
       select segment_key, sum(users)::bigint as users
         from (select m.segment_key, count(*) as users
                 from footfall.segment_members m
                group by m.segment_key
                union all
               select m.segment_key, -count(*)
                 from footfall.segments s
                 join footfall.segment_members m on m.segment_key = s.key
                 join footfall.profiles p using (user_key)
                where p.anonymous
                  and (s.stale or s.definition -> 'includeAnonymous' = 'true'
                       or exists (select from footfall.segment_lists l where l.segment_key = s.key and l.anonymous))
                group by m.segment_key) parts
        group by segment_key`
)

// members counts those of each segment among the users that a condition selects, or among all.
func (q *Facets) members(compiler *filter.Compiler, where string, all bool) string {
	switch {
	case !all:
		return fmt.Sprintf(membersSQL, compiler.Needs.JoinUser(), where)
	case q.IncludeAnonymous:
		return allMembersSQL
	}
	return identifiedMembersSQL
}

func (q *Facets) countSegments(c query.Context, compiler *filter.Compiler, f facetCount, members string) string {
	search := matches(compiler.Params, f.asked.Search, "s.id", "s.name")
	return fmt.Sprintf(segmentFacetSQL, members, f.place, search, f.wanted(compiler.Params), compiler.Params.Add(q.rows(c, f)))
}
