package segment

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Preview is what a definition would yield now.
type Preview struct {
	Size      int64                `json:"size"`
	Universe  int64                `json:"universe"`
	Share     float64              `json:"share"` // of the universe, 0 to 1
	Sentence  string               `json:"sentence"`
	Waterfall []Level              `json:"waterfall"`
	Sample    []Member             `json:"sample"`
	TookMs    float64              `json:"tookMs"`
	Executed  string               `json:"executed"` // the SQL
	Notices   []string             `json:"notices"`  // what the definition names that is not there
	Unknown   []filter.UnknownName `json:"unknown"`  // its pages, actions and errors that no event has had
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

// members are those for whom the conditions hold as they must, of those for whom each does.
func (o outermost) members(e *evaluation, levels []people) (people, error) {
	switch {
	case o.none:
		everyone, err := e.universe()
		return roaring.AndNot(everyone, roaring.FastOr(levels...)), err
	case o.alone:
		return roaring.FastOr(levels...), nil
	}
	return roaring.FastAnd(levels...), nil
}

// level is how many users one level tells of.
func (o outermost) level(levels []people, i int) int64 {
	if o.alone {
		return size(levels[i])
	}
	return size(roaring.FastAnd(levels[:i+1]...))
}

func size(of people) int64 { return int64(of.GetCardinality()) } //nolint:gosec // users

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
	if p.Unknown, err = env.Asked.Unknown(ctx, db); err != nil {
		return p, err
	}
	p.Notices = env.Asked.NoticesOf(p.Unknown, env.Names)
	if p.Universe > 0 {
		p.Share = float64(p.Size) / float64(p.Universe)
	}
	p.TookMs = float64(time.Since(began)) / float64(time.Millisecond)
	return p, nil
}

// sampleSQL are those seen last of some users.
var sampleSQL = fmt.Sprintf(`select u.id, u.name, u.email, p.last_seen
  from footfall.profiles p
  join footfall.users u on u.key = p.user_key
 where p.user_key = any ($1)
 order by p.last_seen desc, p.user_key
 limit %d`, sampleSize)

func (p *Preview) read(ctx context.Context, db store.Querier, d Definition, env Env) error {
	e := &evaluation{of: d, env: env, ctx: ctx, db: db}
	members, err := p.members(e)
	if err != nil {
		return err
	}
	p.Size = size(members)
	if p.Universe, err = e.universeSize(); err != nil {
		return err
	}
	var m Member
	err = e.each(sampleSQL, []any{keysOf(members)}, []any{&m.UserID, &m.Name, &m.Email, &m.LastSeen}, func() error {
		p.Sample = append(p.Sample, m)
		m = Member{}
		return nil
	})
	p.Executed = store.ExecutedText(e.executed...)
	return err
}

// members finds the members, and how many users each of the outermost conditions leaves.
func (p *Preview) members(e *evaluation) (people, error) {
	top := e.of.outermost()
	levels, err := e.evaluate(top.conditions)
	if err != nil {
		return nil, err
	}
	for i, condition := range top.conditions {
		at := strings.Replace(top.path, "%d", strconv.Itoa(i), 1)
		p.Waterfall = append(p.Waterfall, Level{Path: at, Sentence: condition.sentence(), Users: top.level(levels, i)})
	}
	matched, err := top.members(e, levels)
	if err != nil {
		return nil, err
	}
	return e.withShared(matched)
}
