// Package table keeps reference tables: uploaded rows about users, such as the list of premium customers, whose columns
// are attributes of those users. docs/reference-tables.md describes them for people.
package table

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/segment/deleted"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Limits. A longer key or value is a reject; what breaks another one refuses the file.
const (
	MaxFile    = 200 << 20 // bytes, by command line
	MaxUpload  = 4 << 20   // bytes, through the datasource
	MaxColumns = 50
	MaxName    = 56      // bytes, of tables and columns
	MaxID      = 512     // bytes, of a key that is a usr.id
	MaxKey     = 1 << 10 // bytes, of any other key
	MaxValue   = 8 << 10 // bytes
	maxRow     = 1 << 20 // bytes, so that a quote that is never closed does not take the file into memory
)

// Table is a reference table without its rows.
type Table struct {
	Name       string    `json:"name"`
	Identity   Identity  `json:"identity"`
	Key        string    `json:"key"` // the column
	Columns    []Column  `json:"columns"`
	Rows       int64     `json:"rows"`
	Version    int       `json:"version"` // of its content, from 1; goes on where a deleted table's stopped
	File       string    `json:"file"`
	UploadedAt time.Time `json:"uploadedAt"`
	UploadedBy string    `json:"uploadedBy"`
	Report     Report    `json:"report"` // of the upload: users that came later are not in its counts

	UsedBy []deleted.Keeper `json:"usedBy"` // segments whose definition speaks of it
}

// Column is a column of a table; Type is filter.Text or filter.Number.
type Column struct {
	Name string      `json:"name"`
	Type filter.Type `json:"type"`
}

// Identity is what a key is compared with: usr.id, usr.email, usr.name, or another attribute of users such as usr.plan.
type Identity string

// The identities that every store has. E-mails are compared without case and surrounding spaces; the others exactly, an
// attribute by the text that it is shown as. They have no type, since they are not all that an Identity can be.
const (
	ID    = "usr.id"
	Email = "usr.email"
	Name  = "usr.name"
)

// identity says how an Identity is stored and compared.
type identity struct {
	attribute string // in filters and in reference_tables.identity
	key       string // SQL of a key as the file has it
	maxKey    int
}

var identities = map[Identity]identity{
	ID:    {"user_id", "raw", MaxID},
	Email: {"user_email", "lower(btrim(raw))", MaxKey},
	Name:  {"user_name", "raw", MaxKey},
}

func (of Identity) compared() identity {
	if known, ok := identities[of]; ok {
		return known
	}
	return identity{string(of), "raw", MaxKey}
}

// ParseIdentity reads usr.id, usr.email or usr.name, also as user_id, user_email and user_name, or another attribute of
// users, which none of them needs to have yet.
func ParseIdentity(text string) (Identity, error) {
	for name, of := range identities {
		if text == string(name) || text == of.attribute {
			return name, nil
		}
	}
	if a, err := (filter.Names{}).Find(text); err == nil && a.ID == text && a.IsCustom() && a.Level == filter.Profile {
		return Identity(text), nil
	}
	return "", Error{Problem: fmt.Sprintf(
		"the identity must be usr.id, usr.email, usr.name or another attribute of users such as usr.plan, not %q", text)}
}

// keyNames are the columns that tell by their name what they are compared with.
var keyNames = map[string]Identity{
	"id": ID, "usr_id": ID, "user_id": ID, "userid": ID,
	"email": Email, "e_mail": Email, "mail": Email, "email_address": Email, "usr_email": Email, "user_email": Email,
	"name": Name, "usr_name": Name, "user_name": Name,
}

// Error is why an upload was refused, for people. Nothing has changed then.
type Error struct {
	Line    int    `json:"line,omitempty"`   // of the file, from 1; 0 where it is not about one line
	Column  string `json:"column,omitempty"` // "" where it is not about one column
	Problem string `json:"problem"`
}

func (e Error) Error() string {
	var place strings.Builder
	if e.Line > 0 {
		fmt.Fprintf(&place, "line %d: ", e.Line)
	}
	if e.Column != "" {
		fmt.Fprintf(&place, "column %q: ", e.Column)
	}
	return place.String() + e.Problem
}

func refuse(format string, args ...any) error { return Error{Problem: fmt.Sprintf(format, args...)} }

// ErrUnknown is that there is no table of this name.
var ErrUnknown = errors.New("no such reference table")

const tablesSQL = `
select t.name, t.identity, t.key_column, t.columns, t.rows, t.version, t.file, t.uploaded_at, t.uploaded_by, t.report,
       (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name) order by s.name collate "C", s.id), '[]')
          from footfall.segment_uses u
          join footfall.segments s on s.key = u.segment_key
         where u.kind = 'table' and u.id = t.name)
  from footfall.reference_tables t
 where $1 = '' or t.name = $1
 order by t.name collate "C"`

// List returns all tables by name.
func List(ctx context.Context, db store.Querier) ([]Table, error) { return read(ctx, db, "") }

// Get returns a table, or ErrUnknown.
func Get(ctx context.Context, db store.Querier, name string) (Table, error) {
	if name == "" {
		return Table{}, ErrUnknown
	}
	list, err := read(ctx, db, name)
	switch {
	case err != nil:
		return Table{}, err
	case len(list) == 0:
		return Table{}, fmt.Errorf("%w: %s", ErrUnknown, name)
	}
	return list[0], nil
}

func read(ctx context.Context, db store.Querier, name string) ([]Table, error) {
	list := []Table{}
	var t Table
	var attribute string
	targets := []any{
		&t.Name, &attribute, &t.Key, &t.Columns, &t.Rows, &t.Version, &t.File, &t.UploadedAt, &t.UploadedBy, &t.Report, &t.UsedBy,
	}
	err := store.Statement{SQL: tablesSQL, Args: []any{name}}.Each(ctx, db, targets, func() error {
		var err error
		t.Identity, err = ParseIdentity(attribute)
		list = append(list, t)
		t = Table{}
		return err
	})
	return list, err
}

// Beginner starts transactions: a pool, a connection, or a transaction to be part of.
type Beginner interface {
	Begin(ctx context.Context) (pgx.Tx, error)
}

// lockSQL keeps changes of one table apart until the end of the transaction. Readers do not wait for it.
const lockSQL = `select pg_advisory_xact_lock(hashtext('footfall reference table'), hashtext($1))`

// LockDefinitions keeps changes of segments and deletions of tables apart until the end of the transaction, so that what a
// definition names is there when it is stored, and stays while it is.
func LockDefinitions(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('footfall segments'))`); err != nil {
		return fmt.Errorf("wait for other changes of segments: %w", err)
	}
	return nil
}

// lock keeps other changes of the table, and of what may speak of it, away until the end of the transaction.
func lock(ctx context.Context, tx pgx.Tx, name string) error {
	if _, err := tx.Exec(ctx, lockSQL, name); err != nil {
		return fmt.Errorf("lock the table: %w", err)
	}
	return LockDefinitions(ctx, tx)
}

// Delete deletes a table, or returns ErrUnknown, or deleted.InUse where segments speak of it. by is recorded. Restore
// undoes it.
func Delete(ctx context.Context, db Beginner, name, by string) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if err := lock(ctx, tx, name); err != nil {
			return err
		}
		t, err := Get(ctx, tx, name)
		if err != nil {
			return err
		}
		if err := deleted.CheckUnused(ctx, tx, deleted.Table, name); err != nil {
			return err
		}
		if err := recordChange(ctx, tx, "deleted", by, t); err != nil {
			return err
		}
		return deleted.Remove(ctx, tx, deleted.Table, name)
	})
}

const changeSQL = `
insert into footfall.segment_changes (kind, id, version, change, changed_by, content)
values ('table', $1, $2, $3, $4, jsonb_build_object(
         'file', $5::text, 'identity', $6::text, 'key', $7::text, 'columns', $8::jsonb, 'rows', $9::bigint))`

// recordChange writes who did what, without the rows themselves.
func recordChange(ctx context.Context, tx pgx.Tx, change, by string, t Table) error {
	_, err := tx.Exec(ctx, changeSQL,
		t.Name, t.Version, change, by, t.File, string(t.Identity), t.Key, asJSON(t.Columns), t.Rows)
	if err != nil {
		return fmt.Errorf("record the change: %w", err)
	}
	return nil
}

// asJSON is text, since a connection that prepares nothing cannot know that a parameter is jsonb.
func asJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("encode %T: %v", value, err)) // plain structs do not fail
	}
	return string(text)
}
