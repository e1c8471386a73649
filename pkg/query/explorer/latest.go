package explorer

import (
	"context"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// latest is the last event of a group among those of users that count: an example of what the group is made of, whose link
// leads to the session.
type latest struct {
	at   time.Time
	key  int32 // of the user
	user string
}

// findUsers reads the ids of users.
func (r *result) findUsers(ctx context.Context, db store.Querier) (store.Statement, error) {
	byKey := map[int32][]*latest{}
	keys := []int32{}
	for _, g := range r.groups {
		if g.latest != nil {
			keys = append(keys, g.latest.key)
			byKey[g.latest.key] = append(byKey[g.latest.key], g.latest)
		}
	}
	statement := store.Statement{SQL: "select key, id from footfall.users where key = any ($1)", Args: []any{keys}}
	var key int32
	var id string
	return statement, statement.Each(ctx, db, []any{&key, &id}, func() error {
		for _, one := range byKey[key] {
			one.user = id
		}
		return nil
	})
}

func (r *result) latestFields() []*data.Field {
	times, users := make([]*time.Time, len(r.groups)), make([]*string, len(r.groups))
	for i, g := range r.groups {
		if g.latest != nil {
			times[i], users[i] = &g.latest.at, &g.latest.user
		}
	}
	at, user := data.NewField("latest", nil, times), data.NewField("latest_user", nil, users)
	at.Config = &data.FieldConfig{DisplayNameFromDS: "Latest session", Links: query.SessionLink("latest_user")}
	user.Config = &data.FieldConfig{DisplayNameFromDS: "Latest session's user"}
	return []*data.Field{at, user}
}
