package plugin

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// namesAge is how long the list of custom attributes may be out of date.
const namesAge = 5 * time.Second

// attributeNames remembers the custom attributes of a store, which every query needs.
type attributeNames struct {
	mu     sync.Mutex
	readAt time.Time
	names  filter.Names
}

// read returns the attributes, asking the store where they are too old. Two queries may ask at once; that does no harm.
func (n *attributeNames) read(ctx context.Context, db store.Querier) (filter.Names, error) {
	n.mu.Lock()
	known, fresh := n.names, time.Since(n.readAt) < namesAge
	n.mu.Unlock()
	if fresh {
		return known, nil
	}
	found, err := filter.ReadNames(ctx, db)
	if err != nil {
		return filter.Names{}, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.names, n.readAt = found, time.Now()
	return found, nil
}

// forget makes the next query ask the store.
func (n *attributeNames) forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.readAt = time.Time{}
}

// listAttributes lists all that filters can speak of.
func listAttributes(r *http.Request, db store.Querier) ([]filter.Attribute, error) {
	names, err := filter.ReadNames(r.Context(), db)
	return names.All(filter.Profile, filter.Session, filter.Event), err
}
