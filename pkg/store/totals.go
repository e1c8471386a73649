package store

// CountTotals is a statement that counts profiles by what they have of each total: rows of total, value and users, as in
// footfall.profile_totals. from is what follows from: profiles, and which of them.
func CountTotals(from string) string {
	return `
select case when sessions is not null then 'sessions' when views is not null then 'views' when actions is not null then 'actions'
            when errors is not null then 'errors' when frustrations is not null then 'frustrations' else 'events' end as total,
       coalesce(sessions, views, actions, errors, frustrations, events) as value,
       count(*) as users
  from ` + from + `
 group by grouping sets ((sessions), (views), (actions), (errors), (frustrations), (events))`
}
