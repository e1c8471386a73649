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
	Notices   []string `json:"notices"`  // what the definition names that is not there
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
	env.Asked = &filter.Asked{}
	if err := p.read(ctx, db, d, env); err != nil {
		return p, err
	}
	var err error
	if p.Notices, err = env.Asked.Notices(ctx, db, env.Names); err != nil {
		return p, err
	}
	if p.Universe > 0 {
		p.Share = float64(p.Size) / float64(p.Universe)
	}
	p.TookMs = float64(time.Since(began)) / float64(time.Millisecond)
	return p, nil
}

// previewSQL finds out once which conditions hold for whom, counts, and shows the members seen last. It has one row
// without a user where there is no member.
const previewSQL = `
with levels as materialized (
%s
), members as materialized (
%s
)
select counted.*, sample.id, sample.name, sample.email, sample.last_seen
  from (select (select count(*) from members), %s
          from levels) counted
  left join (
       select m.user_key, u.id, u.name, u.email, m.last_seen
         from (select user_key, last_seen from members order by last_seen desc, user_key limit %d) m
         join footfall.users u on u.key = m.user_key) sample on true
 order by sample.last_seen desc, sample.user_key`

func (p *Preview) read(ctx context.Context, db store.Querier, d Definition, env Env) error {
	var params store.Params
	b, err := newBuilder(d, env, &params)
	if err != nil {
		return err
	}
	identity, err := b.identity(d.Identity)
	if err != nil {
		return err
	}
	levels, err := p.levels(b, d)
	if err != nil {
		return err
	}
	last := len(p.Waterfall) - 1
	members := b.shared(d, "select user_key, last_seen from levels where "+upTo(last), identity, "p.user_key, p.last_seen")
	counts := []string{"count(*)"}
	targets := []any{&p.Size, &p.Universe}
	for i := range p.Waterfall {
		counts = append(counts, fmt.Sprintf("count(*) filter (where %s)", upTo(i)))
		targets = append(targets, &p.Waterfall[i].Users)
	}
	statement := store.Statement{
		SQL:  fmt.Sprintf(previewSQL, levels, members, strings.Join(counts, ", "), sampleSize),
		Args: params.Values,
	}
	p.Executed = statement.String()
	var id *string
	var lastSeen *time.Time
	var m Member
	return statement.Each(ctx, db, append(targets, &id, &m.Name, &m.Email, &lastSeen), func() error {
		if id != nil {
			m.UserID, m.LastSeen = *id, *lastSeen
			p.Sample = append(p.Sample, m)
		}
		id, lastSeen, m = nil, nil, Member{}
		return nil
	})
}

// levels selects for each user of the universe which conditions hold, as l0, l1 ..., and lists them in the waterfall.
func (p *Preview) levels(b *builder, d Definition) (string, error) {
	levels, path := []Condition{d.Where}, "where"
	if len(d.Where.All) > 0 {
		levels, path = d.Where.All, "where.all[%d]"
	}
	c := b.compiler()
	columns := []string{"p.user_key", "p.last_seen"}
	for i, level := range levels {
		at := path
		if strings.Contains(path, "%d") {
			at = fmt.Sprintf(path, i)
		}
		condition, err := b.condition(c, level, at)
		if err != nil {
			return "", err
		}
		columns = append(columns, fmt.Sprintf("(%s) is true as l%d", condition, i))
		p.Waterfall = append(p.Waterfall, Level{Path: at, Sentence: level.sentence()})
	}
	return b.ofUniverse(c, d, columns), nil
}

func upTo(last int) string {
	list := make([]string, last+1)
	for i := range list {
		list[i] = fmt.Sprintf("l%d", i)
	}
	return strings.Join(list, " and ")
}

// ofUniverse selects columns of each user there is to choose from.
func (b *builder) ofUniverse(c *filter.Compiler, d Definition, columns []string) string {
	join := ""
	if c.Needs.Users {
		join = "\n  join footfall.users u on u.key = p.user_key"
	}
	return fmt.Sprintf("select %s\n  from footfall.profiles p%s\n where %s", strings.Join(columns, ",\n       "), join, d.universe())
}
