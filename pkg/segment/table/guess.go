package table

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/csvfile"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

const guessRows = 100 // that a guess looks at

// guessDelimiter is a comma, unless the file says something else, or its header is one column that another sign cuts.
func guessDelimiter(file []byte) rune {
	buffered := bufio.NewReader(bytes.NewReader(file))
	if separator, err := begin(buffered); separator != 0 || err != nil {
		return separator
	}
	header, _ := csv.NewReader(buffered).Read() // what cannot be read is told later
	return cmp.Or(csvfile.OtherDelimiter(header, ','), ',')
}

// Names of columns that tell their identity: surely, and where no values tell another one.
var (
	sureKeys   = []string{"usr_id", "user_id", "userid", "usr_email", "user_email", "email", "e_mail", "email_address", "mail", "usr_name", "user_name"}
	likelyKeys = []string{"id", "name"}
)

// firstOf is the first of the names that is a column, "" if none is.
func (r *reader) firstOf(names []string) string {
	for _, name := range names {
		if slices.Contains(r.columns, name) {
			return name
		}
	}
	return ""
}

// guess says which column is the key and what it holds: by names that tell it surely, else by users who have the values,
// else by values that look like e-mails, else it is the first one and an id.
func (r *reader) guess(ctx context.Context, db Beginner, file []byte, o *Options) error {
	o.Key = cmp.Or(o.Key, r.firstOf(sureKeys))
	chosen := -1
	if o.Key != "" {
		i, err := r.findColumn(o.Key)
		if err != nil {
			return err
		}
		if o.Identity != "" || slices.Contains(sureKeys, r.columns[i]) {
			return nil
		}
		chosen = i
	}
	columns, err := readColumns(file, *o)
	if err != nil {
		return err
	}
	found, err := findMatches(ctx, db, r.columns, columns, chosen, o.Identity)
	if err != nil {
		return err
	}
	switch {
	case found.of != "":
		o.Key, o.Identity = r.columns[found.column], found.of
	case o.Key == "":
		mails := slices.IndexFunc(columns, sampled.isMails)
		o.Key = cmp.Or(r.firstOf(likelyKeys), r.columns[max(0, mails)])
	}
	i, err := r.findColumn(o.Key)
	if err == nil && o.Identity == "" && keyNames[r.columns[i]] == "" {
		o.Identity = ID
		if columns[i].isMails() {
			o.Identity = Email
		}
	}
	return err
}

func isMail(cell string) bool {
	name, domain, _ := strings.Cut(cell, "@")
	return name != "" && strings.Contains(domain, ".")
}

// guessFirstLine says whether the first line names the columns: it does if one of its names tells an identity, and is a
// row if it has an e-mail, begins with a number, or names a user, whose column is the key then.
func guessFirstLine(ctx context.Context, db Beginner, file []byte, o *Options) error {
	asRow := *o
	asRow.FirstLine = Row
	r, err := newReader(bytes.NewReader(file), asRow)
	if err != nil {
		return nil //nolint:nilerr // which is told later
	}
	cells := r.first
	isUnreadable := func(cell string) bool { return unreadable(cell) != "" }
	if slices.ContainsFunc(cells, tellsIdentity) || slices.ContainsFunc(cells, isUnreadable) {
		return nil
	}
	if event.IsNumber(cells[0]) || slices.ContainsFunc(cells, isMail) {
		o.FirstLine = Row
		return nil
	}
	column, of, err := findUser(ctx, db, cells)
	if err != nil || of == "" {
		return err
	}
	o.FirstLine = Row
	if o.Key == "" {
		o.Key, o.Identity = csvfile.NumberedName(column), cmp.Or(o.Identity, of)
	}
	return nil
}

func tellsIdentity(cell string) bool {
	name, err := NormaliseName(Unguard(cell))
	return err == nil && keyNames[name] != ""
}

// knownSQL finds the first cell that is a user's id or name.
const knownSQL = `
select c.place - 1, found.identity
  from unnest($1::text[]) with ordinality c (cell, place)
 cross join lateral (select 'usr.id' as identity from footfall.users u where u.kind = 'usr' and u.id = c.cell
                      union all
                     select 'usr.name' from footfall.users u where u.kind = 'usr' and u.name = c.cell
                      limit 1) found
 order by c.place
 limit 1`

// findUser tells which of the cells names a user by id or name, and by which of them: "" if none does.
func findUser(ctx context.Context, db Beginner, cells []string) (column int, of Identity, err error) {
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, knownSQL, cells).Scan(&column, &of)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, "", nil
	}
	if err != nil {
		return 0, "", fmt.Errorf("look for users in the first line: %w", err)
	}
	return column, of, nil
}
