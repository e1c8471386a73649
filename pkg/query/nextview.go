package query

// NextView selects the time of the view that follows event e in its session, if there is one. A condition on it, n.ts, may
// tell from what time on nobody need look.
func NextView(condition string) string {
	return `(select n.ts
          from footfall.events n
         where n.user_key = e.user_key and n.session_key = e.session_key and n.ts >= e.ts` + condition + `
           and (n.ts, n.seq is not null, coalesce(n.seq, 0), n.event_key) > (e.ts, e.seq is not null, coalesce(e.seq, 0), e.event_key)
           and n.token in (select v.id from footfall.tokens v where v.type = 'view')
         order by n.ts, n.seq nulls first, n.event_key
         limit 1)`
}
