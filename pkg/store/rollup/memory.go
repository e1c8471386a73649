package rollup

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// memory holds the ids of all dictionaries, so that a batch resolves its events without asking. What a batch adds
// counts only once the batch is committed; what other workers added is read at the start of each batch, by id.
type memory struct {
	epoch    int64
	texts    map[textKey]int32
	tokens   map[event.Token]int32
	tokenOf  map[int32]event.Token
	perType  map[event.Type]int
	contexts map[attrs]int32
	attrsOf  map[int32]attrs
	traits   map[event.Key]int32
	names    attributeNames // nil until they are needed
	last     lastIDs        // the greatest ids in the maps
	perKind  map[string]int // texts
	limits   limits

	added  additions
	recent recent
}

// limits are how many values the dictionaries take, so that values which never come twice fill neither tables nor memory.
type limits struct {
	Texts    int // of a kind; also tokens of a type
	Contexts int
	Traits   int
}

// recent are the values of the batch at work, so that each is hashed once and not for each event.
type recent struct {
	texts    map[recentText]int32
	contexts map[event.Context]int32
	traits   map[string]int32
}

type recentText struct{ kind, value string }

func newRecent() recent {
	return recent{texts: map[recentText]int32{}, contexts: map[event.Context]int32{}, traits: map[string]int32{}}
}

type textKey struct {
	kind string
	hash event.Key
}

// lastIDs are the greatest ids given so far; footfall.worker keeps them.
type lastIDs struct {
	Text, Token, Context, Traits, User int32
}

// additions are the rows a batch has yet to write; keys are column names.
type additions struct {
	texts, tokens, contexts, traits []map[string]any
}

const (
	// otherText stands in for texts, and for page and name of tokens, beyond the cap.
	otherText = "(other)"
	// ownTraits are the traits of an event that keeps them among its attributes, beyond the cap.
	ownTraits = -1
)

func newMemory() *memory {
	return &memory{
		texts: map[textKey]int32{}, tokens: map[event.Token]int32{}, tokenOf: map[int32]event.Token{}, perType: map[event.Type]int{},
		contexts: map[attrs]int32{}, attrsOf: map[int32]attrs{}, traits: map[event.Key]int32{},
		recent: newRecent(), perKind: map[string]int{},
	}
}

// catchUp reads what has been added since the last batch, here or elsewhere. It runs under the worker's lock.
func (m *memory) catchUp(ctx context.Context, tx pgx.Tx) error {
	for _, step := range []func(context.Context, pgx.Tx) error{m.readTexts, m.readTokens, m.readContexts, m.readTraits} {
		if err := step(ctx, tx); err != nil {
			return fmt.Errorf("read dictionaries: %w", err)
		}
	}
	return nil
}

func (m *memory) readTexts(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `select id, kind::text, hash from footfall.dictionary where id > $1`, m.last.Text)
	if err != nil {
		return err
	}
	var id int32
	var key textKey
	_, err = pgx.ForEachRow(rows, []any{&id, &key.kind, (*[16]byte)(&key.hash)}, func() error {
		m.texts[key] = id
		m.perKind[key.kind]++
		m.last.Text = max(m.last.Text, id)
		return nil
	})
	return err
}

func (m *memory) readTokens(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `
		select id, type::text, coalesce(page, 0), coalesce(name, 0), frustration
		  from footfall.tokens
		 where id > $1`, m.last.Token)
	if err != nil {
		return err
	}
	var id int32
	var t event.Token
	_, err = pgx.ForEachRow(rows, []any{&id, (*string)(&t.Type), &t.Page, &t.Name, (*uint8)(&t.Frustration)}, func() error {
		m.rememberToken(t, id)
		m.last.Token = max(m.last.Token, id)
		return nil
	})
	return err
}

func (m *memory) readContexts(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `
		select id, coalesce(application, 0), coalesce(country, 0), coalesce(region, 0), coalesce(city, 0),
		       coalesce(device_type, 0), coalesce(os_name, 0), coalesce(os_version, 0),
		       coalesce(browser_name, 0), coalesce(browser_version, 0)
		  from footfall.contexts
		 where id > $1`, m.last.Context)
	if err != nil {
		return err
	}
	var id int32
	var a attrs
	targets := []any{&id}
	for i := range a {
		targets = append(targets, &a[i])
	}
	_, err = pgx.ForEachRow(rows, targets, func() error {
		m.contexts[a], m.attrsOf[id] = id, a
		m.last.Context = max(m.last.Context, id)
		return nil
	})
	return err
}

// readTraits reads as many as the limit allows. Those that it leaves out are as if they were not there.
func (m *memory) readTraits(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `select id, hash from footfall.traits where id > $1 order by id limit $2`,
		m.last.Traits, max(m.limits.Traits-len(m.traits), 0))
	if err != nil {
		return err
	}
	var id int32
	var hash event.Key
	_, err = pgx.ForEachRow(rows, []any{&id, (*[16]byte)(&hash)}, func() error {
		m.traits[hash] = id
		m.last.Traits = max(m.last.Traits, id)
		return nil
	})
	return err
}

// text returns the id of a value of a dictionary kind, a new one if need be, or beyond the limit that of "(other)"; 0 for "".
func (m *memory) text(kind, value string) int32 {
	if value == "" {
		return 0
	}
	if id := m.recent.texts[recentText{kind, value}]; id != 0 {
		return id
	}
	key := textKey{kind, event.HashKey(value)}
	id, known := m.texts[key]
	if !known {
		if m.perKind[kind] >= m.limits.Texts && value != otherText {
			return m.text(kind, otherText)
		}
		m.perKind[kind]++
		m.last.Text++
		id = m.last.Text
		m.texts[key] = id
		m.added.texts = append(m.added.texts, map[string]any{
			"id": id, "kind": kind, "hash": key.hash.String(), "value": value,
		})
	}
	m.recent.texts[recentText{kind, value}] = id
	return id
}

// knownText is text without adding anything: 0 for what is not in the dictionary.
func (m *memory) knownText(kind, value string) int32 {
	return m.texts[textKey{kind, event.HashKey(value)}]
}

func (m *memory) rememberToken(t event.Token, id int32) {
	m.tokens[t], m.tokenOf[id] = id, t
	m.perType[t.Type]++
}

// token returns a token's id. Beyond limit tokens of a type, page and name give way to "(other)".
func (m *memory) token(t event.Token, limit int) int32 {
	id, known := m.tokens[t]
	if known {
		return id
	}
	if m.perType[t.Type] >= limit {
		other := event.Token{
			Type: t.Type, Page: m.text("page", otherText), Name: m.text(nameKind(t.Type), otherText), Frustration: t.Frustration,
		}
		if other != t {
			return m.token(other, math.MaxInt)
		}
	}
	m.last.Token++
	id = m.last.Token
	m.rememberToken(t, id)
	m.added.tokens = append(m.added.tokens, map[string]any{
		"id": id, "type": t.Type, "page": null(t.Page), "name": null(t.Name), "frustration": t.Frustration,
	})
	return id
}

// nameKind is the dictionary that the name of a token of this type stands in; "" for types without a name.
func nameKind(t event.Type) string {
	switch t {
	case event.View:
		return "view_name"
	case event.Error:
		return "error_type"
	}
	return "action_name"
}

func (m *memory) context(c *event.Context) int32 {
	if id := m.recent.contexts[*c]; id != 0 {
		return id
	}
	var a attrs
	for i, value := range attrTexts(c) {
		a[i] = m.text(attrKinds[i], value)
	}
	id, known := m.contexts[a]
	if n := len(m.contexts); !known && n >= m.limits.Contexts {
		a = m.coarse(a, n >= 2*m.limits.Contexts)
		id, known = m.contexts[a]
	}
	if !known {
		m.last.Context++
		id = m.last.Context
		m.contexts[a], m.attrsOf[id] = id, a
		row := map[string]any{"id": id}
		for i, text := range a {
			row[attrKinds[i]] = null(text)
		}
		m.added.contexts = append(m.added.contexts, row)
	}
	m.recent.contexts[*c] = id
	return id
}

// coarse is a context beyond the limit: what has many values is "(other)", or all but the application.
func (m *memory) coarse(a attrs, all bool) attrs {
	for i, kind := range attrKinds {
		many := kind == "region" || kind == "city" || kind == "os_version" || kind == "browser_version"
		if a[i] != 0 && (many || all && kind != "application") {
			a[i] = m.text(kind, otherText)
		}
	}
	return a
}

// trait returns the id of what an event says of its user, a new one if need be; ownTraits beyond the limit, 0 for "".
func (m *memory) trait(value string) int32 {
	if value == "" {
		return 0
	}
	if id := m.recent.traits[value]; id != 0 {
		return id
	}
	hash := event.HashKey(value)
	id, known := m.traits[hash]
	if !known && len(m.traits) >= m.limits.Traits {
		return ownTraits
	}
	if !known {
		m.last.Traits++
		id = m.last.Traits
		m.traits[hash] = id
		m.added.traits = append(m.added.traits, map[string]any{
			"id": id, "hash": hash.String(), "value": json.RawMessage(value),
		})
	}
	m.recent.traits[value] = id
	return id
}

// write stores what the batch added.
func (m *memory) write(ctx context.Context, tx pgx.Tx) error {
	for _, table := range []struct {
		name, insert string
		rows         []map[string]any
	}{
		{"dictionary", `insert into footfall.dictionary
			select * from jsonb_populate_recordset(null::footfall.dictionary, $1)`, m.added.texts},
		{"tokens", `insert into footfall.tokens
			select * from jsonb_populate_recordset(null::footfall.tokens, $1)`, m.added.tokens},
		{"contexts", `insert into footfall.contexts
			select * from jsonb_populate_recordset(null::footfall.contexts, $1)`, m.added.contexts},
		{"traits", `insert into footfall.traits
			select * from jsonb_populate_recordset(null::footfall.traits, $1)`, m.added.traits},
	} {
		if len(table.rows) == 0 {
			continue
		}
		if _, err := tx.Exec(ctx, table.insert, table.rows); err != nil {
			return fmt.Errorf("write %s: %w", table.name, err)
		}
	}
	if len(m.added.tokens) > 0 {
		if _, err := tx.Exec(ctx, groupTokensSQL, m.added.tokens[0]["id"]); err != nil {
			return fmt.Errorf("group pages: %w", err)
		}
	}
	m.added, m.recent = additions{}, newRecent()
	return nil
}

// null is nil for 0: how ids and hashes without a value stand in the tables.
func null[T int16 | int32 | int64](value T) any {
	if value == 0 {
		return nil
	}
	return value
}
