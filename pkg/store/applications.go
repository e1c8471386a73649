package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Application is what an application says for itself; nil is as in footfall.settings.
type Application struct {
	ID          *string  `json:"id"` // nil for the settings of all, "" for events without application
	SessionGap  *int64   `json:"session_gap_ms"`
	HashRoutes  *bool    `json:"hash_routes"`
	FoldSlash   *bool    `json:"fold_slash"`
	FoldCase    *bool    `json:"fold_case"`
	Decode      *bool    `json:"decode"`
	KeepNumbers *[]int16 `json:"keep_numbers"` // places of parts, from 1
}

// ReadApplications lists the settings of all, then those of applications by id.
func ReadApplications(ctx context.Context, db Querier) ([]Application, error) {
	rows, err := db.Query(ctx, `
		select null as id, session_gap_ms, page_hash_routes, page_fold_slash, page_fold_case, page_decode, page_keep_numbers
		  from footfall.settings
		 union all
		select id, session_gap_ms, page_hash_routes, page_fold_slash, page_fold_case, page_decode, page_keep_numbers
		  from footfall.applications
		 order by 1 nulls first`)
	if err != nil {
		return nil, fmt.Errorf("read applications: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Application])
	if err != nil {
		return nil, fmt.Errorf("read applications: %w", err)
	}
	return list, nil
}

// SetApplication stores what is not nil of an application, or of the settings of all.
func SetApplication(ctx context.Context, db Querier, a Application) error {
	values := []any{a.SessionGap, a.HashRoutes, a.FoldSlash, a.FoldCase, a.Decode, a.KeepNumbers}
	sql := `
		update footfall.settings
		   set session_gap_ms = coalesce($1, session_gap_ms), page_hash_routes = coalesce($2, page_hash_routes),
		       page_fold_slash = coalesce($3, page_fold_slash), page_fold_case = coalesce($4, page_fold_case),
		       page_decode = coalesce($5, page_decode), page_keep_numbers = coalesce($6, page_keep_numbers)`
	if a.ID != nil {
		values = append(values, *a.ID)
		sql = `
		insert into footfall.applications as a
		       (session_gap_ms, page_hash_routes, page_fold_slash, page_fold_case, page_decode, page_keep_numbers, id)
		values ($1, $2, $3, $4, $5, $6, $7)
		    on conflict (id) do update
		   set session_gap_ms = coalesce(excluded.session_gap_ms, a.session_gap_ms),
		       page_hash_routes = coalesce(excluded.page_hash_routes, a.page_hash_routes),
		       page_fold_slash = coalesce(excluded.page_fold_slash, a.page_fold_slash),
		       page_fold_case = coalesce(excluded.page_fold_case, a.page_fold_case),
		       page_decode = coalesce(excluded.page_decode, a.page_decode),
		       page_keep_numbers = coalesce(excluded.page_keep_numbers, a.page_keep_numbers)`
	}
	if _, err := db.Exec(ctx, sql, values...); err != nil {
		return fmt.Errorf("store the settings of an application: %w", err)
	}
	return nil
}

// ResetApplication takes back what an application says for itself; false: it said nothing.
func ResetApplication(ctx context.Context, db Querier, id string) (bool, error) {
	tag, err := db.Exec(ctx, `delete from footfall.applications where id = $1`, id)
	if err != nil {
		return false, fmt.Errorf("reset an application: %w", err)
	}
	return tag.RowsAffected() > 0, nil
}
