package segment

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// onList joins users u to the entries l of a list that they match.
func onList(identity string) string {
	value := map[string]string{"usr.id": "u.id", "usr.name": "u.name", "usr.email": "lower(btrim(u.email))"}[identity]
	return value + " = l.value and (u.kind = 'anonymous') = l.anonymous and u.kind <> 'none'"
}

// listMembersSQL is a SELECT of the user_key of all users on a static segment's list.
func listMembersSQL(key int32, identity string) string {
	return fmt.Sprintf(`
select u.key as user_key
  from footfall.segment_lists l
  join footfall.users u on %s
 where l.segment_key = %d`, onList(identity), key)
}

// countList stores how long the list of a static segment is, and how many of its entries a user has now.
func countList(ctx context.Context, tx pgx.Tx, key int32, identity string) error {
	_, err := tx.Exec(ctx, `
		update footfall.segments s
		   set listed = (select count(*) from footfall.segment_lists l where l.segment_key = s.key),
		       matched = (select count(*)
		                    from (select distinct l.value, l.anonymous
		                            from footfall.segment_lists l
		                            join footfall.users u on `+onList(identity)+`
		                           where l.segment_key = $1) known)
		 where s.key = $1`, key)
	if err != nil {
		return fmt.Errorf("count the list: %w", err)
	}
	return nil
}

// storeList replaces what is given of a static segment's list, and counts it. What is not given stays: who uploads users
// has not asked for the anonymous ones to go. A dynamic segment has no list.
func (c *Content) storeList(ctx context.Context, tx pgx.Tx, key int32) error {
	for _, part := range []struct {
		values    []string
		anonymous bool
	}{{normalised(c.List, c.Identity), false}, {normalised(c.AnonymousIDs, "usr.id"), true}} {
		if c.Kind == Static && part.values == nil {
			continue
		}
		if _, err := tx.Exec(ctx, `
			delete from footfall.segment_lists where segment_key = $1 and anonymous = $2`, key, part.anonymous); err != nil {
			return fmt.Errorf("store list: %w", err)
		}
		if _, err := tx.Exec(ctx, `
			insert into footfall.segment_lists (segment_key, value, anonymous)
			select $1::int, value, $2::boolean from unnest($3::text[]) value`, key, part.anonymous, part.values); err != nil {
			return fmt.Errorf("store list: %w", err)
		}
	}
	return countList(ctx, tx, key, withDefault(c.Identity, "usr.id"))
}

// checkListStays refuses another identity for values that were stored under the old one.
func (c *Content) checkListStays(ctx context.Context, tx pgx.Tx, old Segment) error {
	if c.Kind != Static || old.Listed == 0 || c.Identity == old.Identity {
		return nil
	}
	var values, anonymous bool
	if err := tx.QueryRow(ctx, `
		select coalesce(bool_or(not anonymous), false), coalesce(bool_or(anonymous), false)
		  from footfall.segment_lists
		 where segment_key = $1`, old.Key).Scan(&values, &anonymous); err != nil {
		return fmt.Errorf("look into the list: %w", err)
	}
	switch {
	case values && c.List == nil:
		return invalid("identity", "is %q, but the list holds %s; give the list too", c.Identity, old.Identity)
	case anonymous && c.AnonymousIDs == nil:
		return invalid("identity", "is %q, but anonymous users are on the list; give \"anonymousIds\": [] to take them off", c.Identity)
	}
	return nil
}
