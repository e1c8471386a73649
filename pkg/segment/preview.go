package segment

import (
	"context"
	"fmt"
	"strconv"
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

// Level tells what one of the outermost conditions does: of "all", how many users are left when it and those before it
// have been applied; of "any", and of "not" "any", how many it holds for by itself. Users who are members for sharing an
// identity are not among them.
type Level struct {
	Path     string `json:"path"`
	Sentence string `json:"sentence"`
	Users    int64  `json:"users"`
}

// outermost is what a definition is made of at its top: members are those for whom all of the conditions hold, or with
// alone any of them, or with none as well none of them.
type outermost struct {
	conditions  []Condition
	path        string // of the conditions, with %d for the place of each
	alone, none bool
}

func (d Definition) outermost() outermost {
	switch w := d.Where; {
	case len(w.All) > 0:
		return outermost{conditions: w.All, path: "where.all[%d]"}
	case len(w.Any) > 0:
		return outermost{conditions: w.Any, path: "where.any[%d]", alone: true}
	case w.Not != nil && len(w.Not.Any) > 0:
		return outermost{conditions: w.Not.Any, path: "where.not.any[%d]", alone: true, none: true}
	default:
		return outermost{conditions: []Condition{w}, path: "where"}
	}
}

// members is the condition on columns l0, l1 ... that holds for members.
func (o outermost) members() string {
	switch all := joined(len(o.conditions), " or "); {
	case o.none:
		return "not (" + all + ")"
	case o.alone:
		return all
	}
	return o.level(len(o.conditions) - 1)
}

// level is the condition on columns l0, l1 ... that holds for the users of one level.
func (o outermost) level(i int) string {
	if o.alone {
		return fmt.Sprintf("l%d", i)
	}
	return joined(i+1, " and ")
}

func joined(n int, with string) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("l%d", i)
	}
	return strings.Join(list, with)
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
	top := d.outermost()
	levels, err := p.levels(b, d, top)
	if err != nil {
		return err
	}
	members := b.shared(d, "select user_key, last_seen from levels where "+top.members(), identity, "p.user_key, p.last_seen")
	counts := []string{"count(*)"}
	targets := []any{&p.Size, &p.Universe}
	for i := range p.Waterfall {
		counts = append(counts, fmt.Sprintf("count(*) filter (where %s)", top.level(i)))
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
func (p *Preview) levels(b *builder, d Definition, top outermost) (string, error) {
	c := b.compiler()
	columns := []string{"p.user_key", "p.last_seen"}
	for i, level := range top.conditions {
		at := strings.Replace(top.path, "%d", strconv.Itoa(i), 1)
		condition, err := b.condition(c, level, at)
		if err != nil {
			return "", err
		}
		columns = append(columns, fmt.Sprintf("(%s) is true as l%d", condition, i))
		p.Waterfall = append(p.Waterfall, Level{Path: at, Sentence: level.sentence()})
	}
	return b.ofUniverse(c, d, columns), nil
}

// ofUniverse selects columns of each user there is to choose from.
func (b *builder) ofUniverse(c *filter.Compiler, d Definition, columns []string) string {
	return fmt.Sprintf("select %s\n  from footfall.profiles p%s\n where %s",
		strings.Join(columns, ",\n       "), c.Needs.JoinUser(), d.universe())
}
