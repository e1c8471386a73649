package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// DictionaryUse tells how many distinct values a dictionary has. Those beyond the cap give way.
type DictionaryUse struct {
	Kind string `json:"kind"` // of text, as page; or place, or usr.*
	Used int64  `json:"used"` // up to the cap, for places and usr.*
	Cap  int64  `json:"cap"`
}

// Full is true where further values give way.
func (u DictionaryUse) Full() bool { return u.Used >= u.Cap }

// The kinds of DictionaryUse that are no texts.
const (
	placeKind = "place"
	usrKind   = "usr.*"
)

func (u DictionaryUse) warning() string {
	switch u.Kind {
	case placeKind:
		return fmt.Sprintf("all %d combinations of application, place, device, system and browser are used, so region, city and versions of further ones read (other); raise context_cap in footfall.settings", u.Cap)
	case usrKind:
		return fmt.Sprintf("events have said %d different things of their users (usr.*), so further ones are stored with each event, which takes space but loses nothing; do not send what changes with every event, such as the time, or raise traits_cap in footfall.settings", u.Cap)
	}
	return fmt.Sprintf("all %d texts of kind %s are used, so further ones read (other); raise token_cap in footfall.settings", u.Cap, u.Kind)
}

func (s *Status) readDictionaryUse(ctx context.Context, db Querier) error {
	rows, err := db.Query(ctx, `
		select d.kind::text, d.used, s.token_cap
		  from (select kind, count(*) as used from footfall.dictionary group by kind) d, footfall.settings s
		 union all
		select $1, (select count(*) from (select from footfall.contexts limit (select context_cap from footfall.settings)) c), context_cap
		  from footfall.settings
		 union all
		select $2, (select count(*) from (select from footfall.traits limit (select traits_cap from footfall.settings)) t), traits_cap
		  from footfall.settings
		 order by 1`, placeKind, usrKind)
	if err != nil {
		return fmt.Errorf("read the use of dictionaries: %w", err)
	}
	if s.DictionaryUse, err = pgx.CollectRows(rows, pgx.RowToStructByPos[DictionaryUse]); err != nil {
		return fmt.Errorf("read the use of dictionaries: %w", err)
	}
	return nil
}
