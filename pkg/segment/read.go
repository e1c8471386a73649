package segment

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// ReadList adds to a static segment its list as it is stored: sorted, normalised, without repeats.
func (s *Segment) ReadList(ctx context.Context, db store.Querier) error {
	rows, err := db.Query(ctx, `
		select value, anonymous
		  from footfall.segment_lists
		 where segment_key = $1
		 order by value collate "C"`, s.Key)
	if err != nil {
		return fmt.Errorf("read list: %w", err)
	}
	s.List, s.AnonymousIDs = []string{}, []string{} // both said: what is not said would stay where this is applied
	var value string
	var anonymous bool
	_, err = pgx.ForEachRow(rows, []any{&value, &anonymous}, func() error {
		list := &s.List
		if anonymous {
			list = &s.AnonymousIDs
		}
		*list = append(*list, value)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read list: %w", err)
	}
	return nil
}

// MemberPage says which members to read. Limit 0 means all.
type MemberPage struct {
	Search string // substring of user id, name or e-mail, in any case
	Limit  int
	Offset int
}

// memberConditionSQL finds the members that a search matches.
const memberConditionSQL = `
  from footfall.segment_members m
  join footfall.profiles p using (user_key)
  join footfall.users u on u.key = m.user_key
 where m.segment_key = $1
   and ($2 = '' or footfall.folded(u.id) like footfall.folded($2) or footfall.folded(u.name) like footfall.folded($2)
        or footfall.folded(u.email) like footfall.folded($2))`

func (page MemberPage) pattern() string {
	if page.Search == "" {
		return ""
	}
	return "%" + store.EscapeLike(page.Search) + "%"
}

// CountMembers counts the members that the page's search matches.
func CountMembers(ctx context.Context, db store.Querier, key int32, page MemberPage) (int64, error) {
	var n int64
	err := db.QueryRow(ctx, "select count(*)"+memberConditionSQL, key, page.pattern()).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count members: %w", err)
	}
	return n, nil
}

// EachMember hands over the stored members one by one, those seen last first.
func EachMember(ctx context.Context, db store.Querier, key int32, page MemberPage, each func(Member) error) error {
	limit := any(nil)
	if page.Limit > 0 {
		limit = page.Limit
	}
	rows, err := db.Query(ctx, "select u.id, u.name, u.email, p.last_seen"+memberConditionSQL+`
 order by p.last_seen desc, p.user_key
 limit $3 offset $4`, key, page.pattern(), limit, page.Offset)
	if err != nil {
		return fmt.Errorf("read members: %w", err)
	}
	var m Member
	_, err = pgx.ForEachRow(rows, []any{&m.UserID, &m.Name, &m.Email, &m.LastSeen}, func() error {
		err := each(m)
		m = Member{}
		return err
	})
	if err != nil {
		return fmt.Errorf("read members: %w", err)
	}
	return nil
}
