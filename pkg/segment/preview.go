package segment

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Preview is what a definition would yield now.
type Preview struct {
	Size      int64    `json:"size"`
	Universe  int64    `json:"universe"`
	Share     float64  `json:"share"` // of the universe, 0 to 1
	Sentence  string   `json:"sentence"`
	Waterfall []Level  `json:"waterfall"`
	Sample    []Member `json:"sample"`
	TookMs    float64  `json:"tookMs"`
	Executed  string   `json:"executed"` // the SQL
}

// Level is how many users are left when the conditions up to one have been applied, those of the outermost "all" one
// after the other. Users who are members for sharing an identity are not among them.
type Level struct {
	Path     string `json:"path"`
	Sentence string `json:"sentence"`
	Users    int64  `json:"users"`
}

// Member is a user of the sample: the members seen last.
type Member struct {
	UserID   string    `json:"userId"`
	Name     *string   `json:"name"`
	Email    *string   `json:"email"`
	LastSeen time.Time `json:"lastSeen"`
}

const sampleSize = 10

// ReadPreview computes a preview. Its errors are of type Error or *store.StatementError.
func ReadPreview(ctx context.Context, db store.Querier, d Definition, env Env) (Preview, error) {
	began := time.Now()
	p := Preview{Sentence: d.Sentence(), Sample: []Member{}}
	if err := p.readSample(ctx, db, d, env); err != nil {
		return p, err
	}
	if err := p.readWaterfall(ctx, db, d, env); err != nil {
		return p, err
	}
	if p.Universe > 0 {
		p.Share = float64(p.Size) / float64(p.Universe)
	}
	p.TookMs = float64(time.Since(began)) / float64(time.Millisecond)
	return p, nil
}

// sampleSQL counts the members and shows those seen last.
const sampleSQL = `
with members as materialized (
%s
)
select (select count(*) from members), u.id, u.name, u.email, p.last_seen
  from members m
  join footfall.profiles p using (user_key)
  join footfall.users u on u.key = m.user_key
 order by p.last_seen desc, p.user_key
 limit %d`

func (p *Preview) readSample(ctx context.Context, db store.Querier, d Definition, env Env) error {
	var params store.Params
	members, err := d.Compile(env, &params)
	if err != nil {
		return err
	}
	statement := store.Statement{SQL: fmt.Sprintf(sampleSQL, members, sampleSize), Args: params.Values}
	p.Executed = statement.String()
	var m Member
	return statement.Each(ctx, db, []any{&p.Size, &m.UserID, &m.Name, &m.Email, &m.LastSeen}, func() error {
		p.Sample = append(p.Sample, m)
		m = Member{}
		return nil
	})
}

// readWaterfall counts all levels in one pass over the profiles.
func (p *Preview) readWaterfall(ctx context.Context, db store.Querier, d Definition, env Env) error {
	levels := []Condition{d.Where}
	path := "where"
	if len(d.Where.All) > 0 {
		levels, path = d.Where.All, "where.all[%d]"
	}
	var params store.Params
	b := &builder{env: env, params: &params}
	c := b.compiler()
	columns := make([]string, len(levels))
	counts := []string{"count(*)"}
	for i, level := range levels {
		at := path
		if strings.Contains(path, "%d") {
			at = fmt.Sprintf(path, i)
		}
		condition, err := b.condition(c, level, at)
		if err != nil {
			return err
		}
		columns[i] = fmt.Sprintf("(%s) is true as l%d", condition, i)
		counts = append(counts, fmt.Sprintf("count(*) filter (where %s)", upTo(i)))
		p.Waterfall = append(p.Waterfall, Level{Path: at, Sentence: level.sentence()})
	}
	matched := b.levels(c, d, columns)
	targets := []any{&p.Universe}
	for i := range p.Waterfall {
		targets = append(targets, &p.Waterfall[i].Users)
	}
	statement := store.Statement{
		SQL:  fmt.Sprintf("select %s from (\n%s) levels", strings.Join(counts, ", "), matched),
		Args: params.Values,
	}
	return statement.Each(ctx, db, targets, func() error { return nil })
}

func upTo(last int) string {
	list := make([]string, last+1)
	for i := range list {
		list[i] = fmt.Sprintf("l%d", i)
	}
	return strings.Join(list, " and ")
}

// levels selects for each user of the universe which conditions hold.
func (b *builder) levels(c *filter.Compiler, d Definition, columns []string) string {
	join, universe := "", "not p.anonymous"
	if c.Needs.Users {
		join = "\n  join footfall.users u on u.key = p.user_key"
	}
	if d.IncludeAnonymous {
		universe = "true"
	}
	return fmt.Sprintf("select %s\n  from footfall.profiles p%s\n where %s", strings.Join(columns, ",\n       "), join, universe)
}
